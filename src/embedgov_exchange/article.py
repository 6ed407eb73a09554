"""Check the tables against a copy of the article: paragraphs, anchor terms, quoted words and numbers.

Places in the article are compared as places in its folded text (`source_texts.fold`). A paragraph starts
where its line starts, if the copy has the lines of the reprint. If not, it starts where most of
its anchor terms say: each stands somewhere, and its place in the line tells where that began.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from . import numerals, source_texts
from .findings import LOCATOR, Checked, Mismatch, Tables, checked, terms
from .source_texts import fold


class _Paragraph:
    """A row of sections.csv: a paragraph, and what its line was in the reprint."""

    def __init__(self, row: dict[str, str]):
        self.line = int(row["file_line"])
        self.spaces = [int(place) for place in row["spaces"].split(";") if place]
        indent = sum(place == i for i, place in enumerate(self.spaces))
        self.characters = int(row["characters"])
        self.length = self.characters - len(self.spaces) + indent  # without any space
        self.start: int | None = None  # place in the copy
        self.found = self.line  # line in the copy, if it has the lines of the reprint

    def folded(self, offset: int) -> int | None:
        """Turn a place in the line into one in the folded line; None if a space stands there."""
        if offset in self.spaces:
            return None
        return offset - sum(space < offset for space in self.spaces)

    def unfolded(self, place: int) -> int:
        """Turn a place in the folded line into one in the line."""
        for space in self.spaces:
            place += space <= place
        return place


class Article:
    """A copy of the article, with its paragraphs as ``sections.csv`` lists them."""

    def __init__(self, text: source_texts.Text, tables: Tables):
        self.text = text
        self.inventory = tables.having(LOCATOR)
        self.paragraphs = {_key(row): _Paragraph(row) for _, row in tables["sections"]}
        anchors = defaultdict(list)
        for rows in self.inventory.values():
            for _, row in rows:
                anchors[_key(row)].append((fold(row["anchor_zh"]), int(row["anchor_char_offset"])))
        own = [
            paragraph
            for paragraph in self.paragraphs.values()
            if paragraph.line <= len(text.lines) and len(text.lines[paragraph.line - 1]) == paragraph.length
        ]
        self.has_lines = len(own) > len(self.paragraphs) / 2
        for key, paragraph in self.paragraphs.items():
            if self.has_lines and paragraph in own:
                paragraph.start = text.starts[paragraph.line - 1]
            else:
                paragraph.start = _start(text.whole, paragraph, anchors[key])
            if self.has_lines and paragraph.start is not None:
                paragraph.found = text.line(paragraph.start)

    def own(self, row: dict[str, str]) -> str:
        """The text of the paragraph in which a row has its place; empty if it is not found."""
        paragraph = self.paragraphs.get(_key(row))
        if paragraph is None or paragraph.start is None:
            return ""
        return self.text.whole[paragraph.start : paragraph.start + paragraph.length]

    def around(self, row: dict[str, str], ends: str) -> str:
        """The piece of text between two of these signs that contains the anchor of a row."""
        own, anchor = self.own(row), fold(row["anchor_zh"])
        places = _places(own, anchor)
        if not places:
            return ""
        place = self.paragraphs[_key(row)].folded(int(row["anchor_char_offset"]))
        place = place if place in places else places[0]
        before = max(own.rfind(end, 0, place) for end in ends) + 1
        after = min((at for end in ends if (at := own.find(end, place + len(anchor))) >= 0), default=len(own))
        return own[before:after]


def checks(text: source_texts.Text, tables: Tables, notes: list[str]) -> Iterator[Checked]:
    """Compare what the tables say of the article with a copy of it.

    Parameters
    ----------
    text
        The copy.
    tables
        The tables.
    notes
        What there is to know about the copy is added.

    Yields
    ------
    Checked
        Paragraphs; anchors of a table; cells of a table whose ``origin`` is the article.
    """
    article = Article(text, tables)
    if not article.has_lines:
        notes.append(
            "the copy of the article has other lines than the reprint: its paragraphs "
            "were found by their anchor terms, and line numbers and lengths could not be "
            "checked"
        )
    path = tables.path("sections")
    yield checked(
        path,
        "paragraphs",
        (
            list(_paragraph(text, article.paragraphs[_key(row)], article.has_lines, path, line))
            for line, row in tables["sections"]
        ),
    )
    for name, rows in article.inventory.items():
        path = tables.path(name)
        yield checked(
            path,
            "anchors",
            (list(_anchor(text, article.paragraphs.get(_key(row)), row, path, line)) for line, row in rows),
        )
    yield from _cells(article, tables)


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row["section"], row["paragraph"]


def _places(text: str, term: str) -> list[int]:
    places, place = [], text.find(term)
    while place >= 0:
        places.append(place)
        place = text.find(term, place + 1)
    return places


def _start(text: str, paragraph: _Paragraph, anchors: list[tuple[str, int]]) -> int | None:
    """Where a paragraph starts, as a third of its anchor terms say at least; otherwise None."""
    votes = Counter(
        place - paragraph.folded(offset)
        for anchor, offset in anchors
        if paragraph.folded(offset) is not None
        for place in _places(text, anchor)
    )
    start = max(votes, key=lambda start: (votes[start], -start), default=-1)
    return start if start >= 0 and 3 * votes[start] >= len(anchors) else None


def _paragraph(
    text: source_texts.Text, paragraph: _Paragraph, has_lines: bool, path: str, row: int
) -> Iterator[Mismatch]:
    if paragraph.start is None:
        yield Mismatch(
            path,
            row,
            "file_line",
            str(paragraph.line),
            "the paragraph is not found: nowhere do its anchor terms stand together",
        )
    elif paragraph.found != paragraph.line:
        yield Mismatch(
            path, row, "file_line", str(paragraph.line), f"the paragraph stands in line {paragraph.found}"
        )
    elif has_lines and (more := len(text.lines[paragraph.line - 1]) - paragraph.length):
        yield Mismatch(
            path,
            row,
            "characters",
            str(paragraph.characters),
            f"the paragraph has {paragraph.characters + more} characters",
        )
    elif has_lines:
        spaces = text.spaces[paragraph.line - 1]
        if len(spaces) == len(paragraph.spaces) and spaces != paragraph.spaces:  # a copy may have others
            places = ";".join(map(str, spaces))
            given = ";".join(map(str, paragraph.spaces))
            yield Mismatch(path, row, "spaces", given, f"the spaces stand at {places}")


def _anchor(
    text: source_texts.Text, paragraph: _Paragraph | None, row: dict[str, str], path: str, line: int
) -> Iterator[Mismatch]:
    def mismatch(column, reason):
        subject = "" if column == "anchor_zh" else f"{row['anchor_zh']} "
        return Mismatch(path, line, column, row[column], subject + reason)

    anchor, offset = fold(row["anchor_zh"]), int(row["anchor_char_offset"])
    if paragraph is None:
        yield mismatch("paragraph", "is placed in a paragraph that sections.csv does not have")
        return
    if int(row["file_line"]) not in (paragraph.line, paragraph.found):
        yield mismatch("file_line", f"has its paragraph in line {paragraph.found}")
    start = len(text.whole) if paragraph.start is None else paragraph.start
    own = text.whole[start : start + paragraph.length]
    places = _places(own, anchor)
    if not places:
        elsewhere = sorted({text.line(place) for place in _places(text.whole, anchor)})
        lines = ", ".join(map(str, elsewhere[:5])) + (" and others" if elsewhere[5:] else "")
        yield mismatch(
            "anchor_zh",
            f"is not in its paragraph, but in line {lines} of the copy"
            if elsewhere
            else "is not found at all",
        )
        return
    if paragraph.folded(offset) not in places:
        found = " and ".join(str(paragraph.unfolded(place)) for place in places)
        yield mismatch("anchor_char_offset", f"stands at {found} of the line")
    if own.count(anchor) != int(row["anchor_occurrences_in_par"]):
        yield mismatch("anchor_occurrences_in_par", f"occurs {own.count(anchor)} times in its paragraph")


# ---- what the rows take from the article

_CLAUSE, _SENTENCE = ",.;:!?", ".!?"  # as they are folded


def _cells(article: Article, tables: Tables) -> Iterator[Checked]:
    """Look up the Chinese and the numbers of every column that stems from the article."""
    for name, columns in tables.columns("article", "paragraph").items():
        columns = [field for field in columns if field["name"] not in LOCATOR]
        path, results = tables.path(name), []
        judge = {field["name"]: _NUMBERS.get((name, field["name"])) for field in columns}
        for line, row in tables[name]:
            place = _rests(row, name, tables)
            for field in columns:
                column = field["name"]
                cell = row[column]
                if number := judge[column]:
                    reason = number(article, row, tables) if cell else None
                else:
                    reason = _missing(article, place if field["origin"] == "paragraph" else None, field, cell)
                if cell and reason is not None:
                    results.append([Mismatch(path, line, column, cell, reason)] if reason else [])
        if results:
            yield checked(path, "cells", results)


def _rests(row: dict[str, str], name: str, tables: Tables) -> dict[str, str] | None:
    """The row that says where in the article a row rests: itself, or one that it points to."""
    if LOCATOR <= set(row):
        return row
    for key in tables.resources[name]["schema"].get("foreignKeys", []):
        target = key["reference"]["resource"]
        if len(key["fields"]) == 1 and row[key["fields"][0]] and target in tables:
            found = tables.by(target, key["reference"]["fields"][0]).get(row[key["fields"][0]])
            if found and LOCATOR <= set(found):
                return found
    return None


def _missing(article: Article, place: dict[str, str] | None, field: dict, cell: str) -> str | None:
    """Say which Chinese of a cell is not where it should be; None if it has none that is the article's."""
    sought = [term for term in terms(field["name"], cell) if term not in field.get("ours", [])]
    if not sought:
        return None
    where = article.own(place) if place else article.text.whole
    lacking = [term for term in sought if fold(term) not in where]
    elsewhere = all(fold(term) in article.text.whole for term in lacking)
    return (
        f"{' and '.join(lacking)}: not in the paragraph of the row, but elsewhere in the article"
        if lacking and elsewhere
        else f"{' and '.join(lacking)}: not in the article"
        if lacking
        else ""
    )


def _stated(article: Article, row: dict[str, str], value: str, ends: str = _CLAUSE) -> bool:
    """Whether every number of a value is in the anchor, or around it if the anchor has none."""
    anchor = fold(row["anchor_zh"])
    if fold(value) in anchor and not value.isdigit():
        return True
    near = numerals.read(anchor) or numerals.read(article.around(row, ends))
    if set(numerals.read(value)) <= set(near):
        return True
    around = article.around(row, ends)
    if set(numerals.read(value)) <= set(numerals.read(around)) and not value.isdigit():
        return True
    return fold(value) in article.own(row) and not value.isdigit()


def _value(article: Article, row: dict[str, str], tables: Tables) -> str:
    """A number stands at its anchor, or it is our count of what is listed there."""
    if not article.around(row, _SENTENCE):
        return ""  # the anchor is not there, which is said of the anchor
    claims = [claim for _, claim in tables["claims"]] if "claims" in tables else []
    own = [
        claim for claim in claims if (claim["source_table"], claim["source_id"]) == ("numbers", row["num_id"])
    ]
    lists = [claim["arguments"] for claim in own if claim["function"] == "list_length"]
    counted = [str(sum(item["list_id"] == each for _, item in tables["lists"])) for each in lists]
    counted = counted or re.findall(r"\d+", row["items_listed"])
    merely_counted = own and all(claim["stated"] == "counted" for claim in own)
    if not merely_counted or counted == ["0"]:
        if _stated(article, row, row["value"]):
            return ""
        if numerals.read(fold(row["anchor_zh"])):  # the anchor has a number, and it is another one
            return f"does not stand at {row['anchor_zh']}"
    if row["value"] in counted:
        return ""
    there = " or ".join(counted) or "nothing"
    return f"does not stand at {row['anchor_zh']} ({there} is counted in the tables)"


def _of_list(article: Article, row: dict[str, str], tables: Tables) -> str:
    """The number that is stated for a list is the claim about the list, or stands in its sentence."""
    claims = [claim for _, claim in tables["claims"]] if "claims" in tables else []
    values = {
        claim["expected"]
        for claim in claims
        if claim["stated"] == "yes"
        and claim["function"] == "list_length"
        and claim["arguments"] == row["list_id"]
        and claim["source_table"] == "numbers"
    }
    value = row["n_stated_in_text"]
    if values:
        return "" if value in values else f"the claim about the list has {' and '.join(sorted(values))}"
    if _stated(article, row, value, _SENTENCE):
        return ""
    return f"does not stand in the sentence of {row['anchor_zh']}"


def _of_segment(article: Article, row: dict[str, str], tables: Tables) -> str:
    """The count of a segment stands at its anchor, or it is our count of what is listed there."""
    value = row["count_stated"]
    if value == row["count_listed"] or _stated(article, row, value):
        return ""
    return f"does not stand at {row['anchor_zh']}, and {row['count_listed'] or 'nothing'} is listed there"


_NUMBERS = {
    ("numbers", "value"): _value,
    ("lists", "n_stated_in_text"): _of_list,
    ("segments", "count_stated"): _of_segment,
}
