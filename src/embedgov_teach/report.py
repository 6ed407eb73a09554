"""Write the reports on scored sheets: a page for each learner, one for the class, and two tables.

Pages are complete in themselves: they load nothing, and whatever a learner wrote becomes text.
"""

import base64
import hashlib
import io
import json
import re
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from embedgov import plotting
from embedgov.plotting.likeness import NAMED
from embedgov_study import data
from embedgov_study.language import in_language, language, say

from . import score, sheet_reader, submissions
from .errors import TeachingError
from .page_templates import page
from .sheet import words

MANIFEST = "embedgov-scores.json"  # the files that we wrote, so that no other is ever deleted
HARDEST = 10  # items that the report of the class shows
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.I)  # names that Windows keeps


def require_ours(out: Path) -> None:
    """Refuse a folder for the reports that holds anything but earlier reports.

    Raises
    ------
    TeachingError
        The folder is a file, or holds a file that is not ours or that was changed.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise TeachingError(f"{out} is a file; name a folder for the reports")
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if not path.is_dir()}
    try:
        ours = json.loads(files.pop(MANIFEST).read_text("utf-8"))["files"] if files else {}
    except (KeyError, TypeError, ValueError, OSError):
        raise TeachingError(
            f"{out} is a folder that is not of reports; it stays as it is: name another"
        ) from None
    for name, path in sorted(files.items()):
        if ours.get(name) != _sum(path.read_bytes()):
            raise TeachingError(
                f"{path} is not ours or was changed, so the folder stays as it is: "
                "move the file away, or name another folder"
            )


def write(
    out: Path,
    sheets: Sequence[sheet_reader.Sheet],
    compared: Sequence[score.Class],
    progress: Callable = iter,
    roster: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write all reports into a folder, completely or not at all.

    Parameters
    ----------
    out : Path
        Folder to be made; if it is there, it must hold nothing but earlier reports.
    sheets, compared
        As of `score.read` and `score.classes`.
    progress : callable
        Takes an iterable of pages and gives it back, as tqdm does.
    roster : sequence of (name, id)
        As of `submissions.roster`; who is missing is said on the page of the class.

    Returns
    -------
    Path
        The page of the class, ``index.html``. Beside it are ``projector.html``, the same without
        names, ``learners/``, ``learners.csv`` with a row for each file, ``codes.csv`` (see
        `score.long_table`), ``agreement.csv`` (see `embedgov.agreement.agreement_with`) and, if a
        platform named the files, ``feedback.zip``, which it takes back.

    Raises
    ------
    TeachingError
        See `require_ours`.
    """
    out = out.resolve()
    require_ours(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    shown = [one for one in sheets if not one.superseded]
    addresses = _addresses(shown)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
        fresh = Path(beside) / "fresh"
        (fresh / "learners").mkdir(parents=True)
        pages = _learners(shown, compared)
        for one, text in zip(shown, progress(pages)):
            (fresh / addresses[one.file]).write_text(text, encoding="utf-8")
        (fresh / "index.html").write_text(_class(sheets, compared, addresses, roster), encoding="utf-8")
        (fresh / "projector.html").write_text(_anonymous(sheets, compared), encoding="utf-8")
        _feedback(fresh, shown, addresses)
        pairs = pd.concat([one.pairs.assign(of=one.of, set=one.set) for one in compared] or [pd.DataFrame()])
        tables = {
            "learners.csv": _summary(sheets, compared),
            "codes.csv": score.long_table(compared),
            "agreement.csv": pairs,
        }
        for name, table in tables.items():
            _guarded(table).to_csv(fresh / name, index=False, encoding="utf-8-sig")
        files = {
            path.relative_to(fresh).as_posix(): _sum(path.read_bytes())
            for path in sorted(fresh.rglob("*"))
            if path.is_file()
        }
        (fresh / MANIFEST).write_text(json.dumps({"files": files}, indent=1, ensure_ascii=False), "utf-8")
        old = Path(beside) / "old"
        if out.exists():
            out.rename(old)
        try:
            fresh.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    return out / "index.html"


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _addresses(sheets: Sequence[sheet_reader.Sheet]) -> dict[str, str]:
    """The address of the page for each file, made of the letters and digits of the learner's name."""
    addresses, taken = {}, set()
    for one in sorted(sheets, key=lambda one: (sheet_reader.name_key(one.learner), one.file)):
        stem = re.sub(r"\W+", "-", unicodedata.normalize("NFC", one.learner)).strip("-_")[:60] or "learner"
        if _RESERVED.fullmatch(stem):
            stem += "-"
        number, name = 1, stem
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        addresses[one.file] = f"learners/{name}.html"
    return addresses


def _feedback(folder: Path, sheets: Sequence[sheet_reader.Sheet], addresses: dict) -> None:
    """The pages of learners under the names by which their platform gives them back."""
    pages = {
        f"{one.submission.back}-report.html"
        if "/" in one.submission.back
        else f"{one.submission.back}.html": (folder / addresses[one.file])
        for one in sheets
        if one.submission
    }
    if not pages:
        return
    with zipfile.ZipFile(folder / "feedback.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(pages.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), path.read_bytes())


def _summary(sheets: Sequence[sheet_reader.Sheet], compared: Sequence[score.Class]) -> pd.DataFrame:
    """One row for each file: whose it is, what became of it, and how it compares."""
    scores = {
        row["file"]: row for one in compared for row in _learner_rows(one, dict.fromkeys(_files(one), ""))
    }
    rows = [
        {
            "file": one.file,
            "learner": one.learner,
            "id": one.submission.id if one.submission else "",
            "set": one.set,
            "status": "refused" if one.refused else "does not count" if one.superseded else "scored",
            "why": "; ".join(filter(None, [one.refused, one.superseded, one.aside])),
            **{
                name: scores.get(one.file, {}).get(name)
                for name in ("decided", "differ", "masi", "findings", "compared")
            },
        }
        for one in sheets
    ]
    counts = dict.fromkeys(("decided", "differ", "findings", "compared"), "Int64")
    return pd.DataFrame(rows).astype(counts)


def _files(one: score.Class) -> list[str]:
    return [sheet.file for sheet in one.sheets.values()]


def doubts(sheets: Sequence[sheet_reader.Sheet]) -> list[tuple[str, str]]:
    """What a teacher should know of sheets that were scored all the same.

    Returns
    -------
    list of (file, what)
    """
    told = []
    with_set = Counter((one.of, one.set) for one in sheets if not one.refused and not one.superseded)
    for one in sheets:
        if one.refused:
            continue
        if one.superseded:
            told.append((one.file, say("does not count: {reason}", reason=one.superseded)))
            continue
        if one.findings:
            columns = say(", ").join(dict.fromkeys(found.column or say("cells") for found in one.findings))
            told.append(
                (
                    one.file,
                    say(
                        "read in part: {n} places in {columns} could not be read; they are on the learner's page",
                        n=len(one.findings),
                        columns=columns,
                    ),
                )
            )
        if one.compared:
            told.append((one.file, say("{n} rows were compared before the sheet was saved", n=one.compared)))
        if not one.set:
            told.append((one.file, say("names no set, so it is scored apart")))
        elif with_set[one.of, one.set] == 1 < with_set.total():
            told.append(
                (one.file, say("is the only sheet of the set {set}, so it is scored apart", set=one.set))
            )
        if one.aside:
            told.append((one.file, say("{what}: scored as {learner}", what=one.aside, learner=one.learner)))
    return told


def _guarded(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before each text that a spreadsheet would take for a formula."""
    texts = table.select_dtypes(["object", "str"])
    return table.assign(
        **{
            column: texts[column].map(
                lambda text: (
                    f"'{text}" if isinstance(text, str) and text.startswith(tuple("=+-@\t\r")) else text
                )
            )
            for column in texts
        }
    )


# ---- the page of a learner


def _learners(sheets: Sequence[sheet_reader.Sheet], compared: Sequence[score.Class]):
    """Yield the page of each sheet, also of one that was refused."""
    kinds = {(one.of, one.set): (one, _Tables(one)) for one in compared}
    for sheet in sheets:
        shared = {
            "name": sheet.learner,
            "file": sheet.file,
            "findings": sheet.findings,
            "refused": sheet.refused,
        }
        if not sheet.refused:
            kind, tables = kinds[sheet.of, sheet.set]
            shared |= tables.of_learner(kind, sheet)
        yield page("learner.html", **shared)


class _Tables:
    """Look-up tables that the pages of all learners share."""

    def __init__(self, one: score.Class):
        self.rules = [
            {
                "code": code.Index,
                "label": code.label_en,
                "label_zh": code.label_zh,
                "definition": code.definition,
                "rule": rule,
            }
            for code, rule in zip(one.codes.itertuples(), data.rules(one.codes))
        ]
        self.published = {name: known.to_dict("index") for name, known in one.published.items()}
        self.texts = one.items.to_dict("index")
        self.coders = [name for name in one.published if name != score.CONSENSUS]
        self.pairs = defaultdict(list)
        for row in one.pairs.to_dict("records"):
            self.pairs[row["coder"], row["reference"]].append((row["code"], row))
        self.terms = {} if one.terms is None else one.terms.to_dict("index")
        self.shared = {"of": one.of, "coders": self.coders, **words(one.of)}
        self.labels = in_language(one.codes)["label"].to_dict()

    def of_learner(self, one: score.Class, sheet: sheet_reader.Sheet) -> dict:
        values = one.values[sheet.learner]
        own = dict(zip(values.index, values.to_numpy(object)))
        consensus = self.published[score.CONSENSUS]
        whole, codes, decided, alike = one.wholes[sheet.learner], [], 0, 0
        for place, rule in enumerate(self.rules):
            code = rule["code"]
            cross, parted, undecided = [[0, 0], [0, 0]], [], 0
            for row_id, given in own.items():
                value, known = given[place], consensus[row_id][code]
                if value is pd.NA:
                    undecided += 1
                    continue
                cross[value][known] += 1
                if value != known:
                    parted.append(self._disagreement(row_id, code, value, sheet))
            decided += sum(map(sum, cross))
            alike += cross[0][0] + cross[1][1]
            codes.append(rule | {"cross": cross, "parted": parted, "open": undecided})
        return {
            "one": self.shared,
            "labels": self.labels,
            "n": len(own),
            "set": sheet.set,
            "messages": sheet.messages,
            "codes": codes,
            "decided": decided,
            "alike": alike,
            "differ": decided - alike,
            "whole": sum(
                not any(
                    value is pd.NA or value != known
                    for value, known in zip(given, consensus[row_id].values())
                )
                for row_id, given in own.items()
            ),
            "masi": {
                "alpha": float(whole),
                "alpha_low": whole.low,
                "alpha_high": whole.high,
                "reason": whole.reason
                and (say("all that can be compared is alike") if whole.units else say("nothing to compare")),
            },
            "draws": score.DRAWS,
            "against": self.pairs[sheet.learner, score.CONSENSUS],
            "each": [(coder, self.pairs[sheet.learner, coder]) for coder in self.coders],
        }

    def _disagreement(self, row_id: str, code: str, value: int, sheet: sheet_reader.Sheet) -> dict:
        """One item on which a learner differs from the consensus, with texts, codes, terms and note."""
        text = self.texts[row_id]
        item = text["item"]
        terms = [self.terms.get((coder, row_id), {}).get(f"{code}_term") for coder in self.coders]
        return text | {
            "row_id": row_id,
            "row": sheet.rows[item],
            "own": value,
            "consensus": self.published[score.CONSENSUS][row_id][code],
            "coders": [self.published[coder][row_id][code] for coder in self.coders],
            "terms": list(dict.fromkeys(term for term in terms if isinstance(term, str))),
            "confidence": sheet.confidence.get(item),
            "note": sheet.notes.get(item),
        }


# ---- the page of the class


def _class(
    sheets: Sequence[sheet_reader.Sheet],
    compared: Sequence[score.Class],
    addresses: dict,
    roster: Sequence[tuple[str, str]] = (),
) -> str:
    refused = [(sheet, addresses[sheet.file]) for sheet in sheets if sheet.refused]
    absent, unknown = submissions.missing(roster, sheets) if roster else ([], [])
    return page(
        "class.html",
        anonymous=False,
        sheets=sheets,
        refused=refused,
        doubts=doubts(sheets),
        listed=len(roster),
        absent=absent,
        unknown=unknown,
        scored=sum(not one.refused and not one.superseded for one in sheets),
        draws=score.DRAWS,
        kinds=[_kind(one, addresses) for one in compared],
    )


def _anonymous(sheets: Sequence[sheet_reader.Sheet], compared: Sequence[score.Class]) -> str:
    """The page of the class without names, files and notes, for all to see.

    Learners are numbered in the order of a digest, since that of the alphabet would tell who is who.
    """
    kinds = []
    for one in compared:
        order = sorted(one.values, key=lambda name: _sum(f"{one.set} {name}".encode()))
        number = {name: say("Learner {number}", number=place) for place, name in enumerate(order, 1)}
        matches = one.matches.replace({"coder_a": number, "coder_b": number})
        kinds.append(
            replace(
                one,
                sheets={number[name]: one.sheets[name] for name in order},
                values={number[name]: one.values[name] for name in order},
                wholes={number[name]: one.wholes[name] for name in order},
                matches=matches,
            )
        )
    return page(
        "class.html",
        anonymous=True,
        sheets=sheets,
        refused=[one for one in sheets if one.refused],
        doubts=[],
        listed=0,
        absent=[],
        unknown=[],
        scored=sum(not one.refused and not one.superseded for one in sheets),
        draws=score.DRAWS,
        kinds=[_kind(one, dict.fromkeys(_files(one), "")) for one in kinds],
    )


def _kind(one: score.Class, addresses: dict) -> dict:
    consensus = one.published[score.CONSENSUS]
    given = pd.concat(one.values)
    figure, alt = _likeness_figure(one)
    whose = pd.concat(one.values, names=["learner", "row_id"]).groupby("row_id")
    yes, counted = whose.sum().to_dict("index"), whose.count().to_dict("index")
    known = consensus.to_dict("index")
    hardest = []
    for row_id, row in one.hardest.query("apart + differ > 0").head(HARDEST).iterrows():
        bars = [
            {"code": code, "yes": yes[row_id][code], "given": counted[row_id][code], "consensus": value}
            for code, value in known[row_id].items()
            if counted[row_id][code] and yes[row_id][code] != counted[row_id][code] * value
        ]
        hardest.append({"row_id": row_id, "codes": bars, **one.items.loc[row_id], **row})
    return {
        "of": one.of,
        **words(one.of),
        "set": one.set,
        "n": len(consensus),
        "learners": _learner_rows(one, addresses),
        "hardest": hardest,
        "coders": [name for name in one.published if name != score.CONSENSUS],
        "labels": in_language(one.codes)["label"].to_dict(),
        "among": None if one.among is None else [(row["code"], row) for row in one.among.to_dict("records")],
        "prevalence": [
            (code, float(given[code].mean()), float(consensus[code].mean())) for code in consensus
        ],
        "figure": figure,
        "alt": alt,
        "named": len(one.values) + len(one.published) <= NAMED,
    }


def _learner_rows(one: score.Class, addresses: dict) -> list[dict]:
    """How each learner compares with the consensus, in numbers."""
    rows = []
    against = one.matches[
        one.matches["coder_b"] == score.display_name(score.CONSENSUS, one.values)
    ].set_index("coder_a")
    for name in one.values:
        decided, same = against.loc[name, ["decided", "same"]]
        sheet = one.sheets[name]
        rows.append(
            {
                "name": name,
                "file": sheet.file,
                "address": addresses[sheet.file],
                "decided": decided,
                "differ": decided - same,
                "masi": float(one.wholes[name]),
                "findings": len(sheet.findings),
                "compared": sheet.compared,
            }
        )
    return rows


def _likeness_figure(one: score.Class) -> tuple[str, str]:
    """Draw which coders code alike, and describe the figure in words."""
    plotting.set_theme()
    names = list(dict.fromkeys([*one.matches["coder_a"], *one.matches["coder_b"]]))
    names = _drawable(names) if len(names) <= NAMED else dict(zip(names, names))
    pairs = one.matches.assign(
        coder_a=one.matches["coder_a"].map(names), coder_b=one.matches["coder_b"].map(names)
    )
    ax = plotting.likeness(pairs, language=language())
    svg = io.StringIO()
    ax.figure.savefig(svg, format="svg", metadata={"Date": None})
    plt.close(ax.figure)
    learners = pairs[one.matches["coder_a"].isin(one.values) & one.matches["coder_b"].isin(one.values)]
    sentences = [
        say(
            "Codes given alike by {n} learners, the consensus and the three published coders.",
            n=len(one.values),
        )
    ]
    learners = learners.dropna(subset=["share"]).sort_values("share", kind="stable")
    for row in learners.tail(1).itertuples():
        sentences.append(
            say(
                "Of two learners, {one} and {other} code most alike: {same} of {decided} codes.", **_pair(row)
            )
        )
    for row in learners.head(1).itertuples():
        sentences.append(
            say(
                "Of two learners, {one} and {other} code least alike: {same} of {decided} codes.",
                **_pair(row),
            )
        )
    between = "" if language() == "zh" else " "
    return base64.b64encode(svg.getvalue().encode()).decode(), between.join(sentences)


def _pair(row) -> dict[str, object]:
    """Two coders, and how many of the codes that both gave are alike."""
    return {"one": row.coder_a, "other": row.coder_b, "same": row.same, "decided": row.decided}


def _drawable(names) -> dict[str, str]:
    """Replace characters that the fonts lack by question marks, and keep the names distinct."""
    figure = Figure()
    for name in names:
        figure.text(0, 0, name, parse_math=False)
    missing, drawable = plotting.missing_glyphs(figure), {}
    for name in names:
        text = "".join("?" if c in missing.get(name, "") else c for c in name)
        while text in drawable.values():
            text += "\u2032"
        drawable[name] = text
    return drawable
