"""Check the tables against the sources: is every term, name, number and count where they say it is?

What is compared with what, the schemas say: the ``origin`` of a column is the article or the
paragraph of it in which the row rests, the statements, other tables that can be counted, the
coders, ``elsewhere`` for a source of which no copy is compared, or ``ours``.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from embedgov_study.project import here

from . import article as against_article
from . import counts, source_texts
from . import statements as against_statements
from .errors import SourceError
from .findings import LOCATOR, Checked, Mismatch, Tables, checked
from .quotations import LONGEST, Quotations, project_files, readable_texts


@dataclass
class Report:
    """The result: what was checked, what does not match, and notes on the copies."""

    tables: list[Checked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def mismatches(self) -> list[Mismatch]:
        return [mismatch for table in self.tables for mismatch in table.mismatches]

    def to_dict(self) -> dict:
        """Everything, in types that JSON knows."""
        return asdict(self)


def verify(
    article: Path | None = None,
    statements: Path | None = None,
    data: Path | None = None,
    root: Path | None = None,
) -> Report:
    """Compare the tables with copies of the sources.

    Parameters
    ----------
    article
        Text of the web reprint of the article.
    statements
        The Word file with the official statements.
    data
        Folder that holds ``datapackage.json``; that of the project by default.
    root
        A folder that is searched for quotations that are too long; the project by default.

    Returns
    -------
    Report
        One entry per table that rests on a given source, one for the files of the project and, where it
        was built, one for the pages of its site.

    Raises
    ------
    SourceError
        A copy cannot be read or is of something else, or none is given.
    DataError
        A table is not what its schema says.
    """
    if article is None and statements is None:
        raise SourceError("no copy of a source is given: give the article, the statements, or both")
    tables = Tables(Path(data or here().data))
    report, known = Report(), []
    if article is not None:
        inventory = tables.having(LOCATOR)
        text = source_texts.read_article(
            article, {row["anchor_zh"] for rows in inventory.values() for _, row in rows}
        )
        known.append(text.whole)
        report.tables += against_article.checks(text, tables, report.notes)
    if statements is not None:
        document = source_texts.read_document(statements)
        known.append("".join(document.paragraphs))
        report.tables += against_statements.checks(document, statements, tables, report.notes)
    report.tables += counts.checks(tables)
    units = {row["unit_id"]: row["zone_zh"] for _, row in tables["units"]}
    names = [*units.values(), *(row["name_zh"] for _, row in tables["names"])]
    # In the Word file, and in tables of the book, a place stands behind its number in the notice.
    names += [f"{row['order_in_notice']}{units[row['unit_id']]}" for _, row in tables["designations"]]
    given = {path.resolve() for path in (article, statements) if path}
    report.tables += _quotations(root or here().root, Quotations(known, names), given)
    return report


def _quotations(root: Path, quotes: Quotations, given: set[Path]) -> list[Checked]:
    """Look through the files of the project and, where it was built, through the pages of its site."""

    def judged(path):
        for first, text in readable_texts(path):
            for line, shared in quotes.find(text, first):
                yield Mismatch(
                    path.relative_to(root).as_posix(),
                    line,
                    None,
                    shared,
                    f"quotes {len(shared)} characters of a source in a row, more than "
                    f"{LONGEST}: paraphrase it",
                )

    found = [checked("the project", "files", (list(judged(path)) for path in project_files(root, given)))]
    if pages := sorted((root / "_build" / "html").rglob("*.html")):
        found.append(checked("the built site", "pages", (list(judged(path)) for path in pages)))
    return found
