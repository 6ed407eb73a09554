"""Score coding sheets: compare learners' codes with the published ones and with one another."""

import functools
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from embedgov import coding
from embedgov.agreement import Coefficient, agreement_table, agreement_with, alpha
from embedgov_study.language import say

from . import sheet, sheet_reader, submissions
from .errors import TeachingError

DRAWS, SEED = 1000, 0  # of the bootstrap: of items, the same for everybody
CONSENSUS = "consensus"  # the reference beside the coders
_SET = r"(statements|segments)-(\d{1,3})-(-?\d{1,9})"  # see sheet.set_name
_AT_ONCE = 25  # sheets for which another process is worth its start
_LONGEST = 30  # seconds for a sheet; one takes hundredths


@dataclass
class Class:
    """The learners who coded items of one kind, and the results of comparing them.

    ``values`` and ``published`` hold one table of items by codes for each learner, and for the
    consensus and each published coder; items are named by their rows' ids.
    """

    of: str
    set: str  # as the sheets name it; empty if they do not
    codes: pd.DataFrame  # the codebook
    items: pd.DataFrame  # by row id: item, text_en, text_zh
    sheets: dict[str, sheet_reader.Sheet]  # by learner
    values: dict[str, pd.DataFrame]  # only the learner's own items
    published: dict[str, pd.DataFrame]  # consensus first, then the coders
    terms: pd.DataFrame | None  # of statements: what each coder named, by coder and row id
    pairs: pd.DataFrame  # see agreement_with; reference is the consensus or a coder
    wholes: dict[str, Coefficient]  # per learner, alpha of sets (MASI) with the consensus
    among: pd.DataFrame | None  # agreement_table of the learners; None for a single one
    matches: pd.DataFrame  # see matching_codes
    hardest: pd.DataFrame  # see hardness


def read(
    paths: Sequence[Path],
    progress: Callable = iter,
    but: Path | None = None,
    *,
    marks: bool = False,
    latest: bool = False,
) -> list[sheet_reader.Sheet]:
    """Read coding sheets in separate processes, so that a file that crashes its reader stops no other.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, and archives of Moodle or Canvas.
    progress : callable
        Takes an iterable of sheets and gives it back, as tqdm does.
    but : Path, optional
        A folder within them that is passed over: that of the reports.
    marks : bool
        See `sheet_reader.read`.
    latest : bool
        See `submissions.settle`.

    Returns
    -------
    list of Sheet
        In the order of their names, refused and superseded ones among them.

    Raises
    ------
    TeachingError
        There is no file.

    Notes
    -----
    The processes import the script that calls this, which must not call it again when imported:
    let it stand under ``if __name__ == "__main__":``.
    """
    layouts = [
        sheet_reader.Layout(of, tuple(sheet.codebook(of).index), dict(sheet.items(of)["text_zh"]))
        for of in sheet.KINDS
    ]
    with tempfile.TemporaryDirectory(prefix="embedgov-score-") as scratch:
        files = sheet_reader.find_sheets(submissions.unpacked(paths, Path(scratch)), but)
        if not files:
            raise TeachingError(
                f"no sheets in {', '.join(map(str, paths))}; name files, or a folder with files"
            )
        sheets = list(progress(_read_in_processes(files, layouts, marks)))
    _find_sets(sheets)
    submissions.settle(sheets, latest)
    _name_missing_rows(sheets)
    return sheets


def classes(sheets: Sequence[sheet_reader.Sheet]) -> list[Class]:
    """Compare the learners of all sheets that were not refused, for each kind of item.

    Parameters
    ----------
    sheets : sequence of Sheet
        As of `read`; their order does not matter.

    Returns
    -------
    list of Class
        Empty if every sheet was refused.
    """
    by_set = defaultdict(dict)
    for one in sorted(sheets, key=lambda one: (sheet_reader.name_key(one.learner), one.file)):
        if not one.refused and not one.superseded:
            by_set[one.of, one.set][one.learner] = one
    order = sorted(by_set, key=lambda key: (list(sheet.KINDS).index(key[0]), key[1]))
    return [_class(*key, by_set[key]) for key in order]


def matching_codes(coders: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Count the codes that two coders gave alike, for every pair of coders.

    Parameters
    ----------
    coders : dict of str to DataFrame, units x codes
        Each may have other units.

    Returns
    -------
    DataFrame
        One row per pair in the order of the coders: ``coder_a``, ``coder_b``, ``decided`` (codes
        that both gave), ``same`` (of these) and ``share``, missing if nothing was decided by both.
    """
    units = list(dict.fromkeys(unit for values in coders.values() for unit in values.index))
    cells = np.array(
        [values.reindex(units).to_numpy(float, na_value=np.nan).ravel() for values in coders.values()]
    )
    one, zero = (cells == 1).astype(int), (cells == 0).astype(int)
    same, decided = one @ one.T + zero @ zero.T, (one + zero) @ (one + zero).T
    a, b = np.triu_indices(len(coders), 1)
    names = np.array(list(coders), object)
    pairs = pd.DataFrame(
        {"coder_a": names[a], "coder_b": names[b], "decided": decided[a, b], "same": same[a, b]}
    )
    return pairs.assign(share=pairs["same"] / pairs["decided"].where(pairs["decided"] > 0))


def hardness(learners: dict[str, pd.DataFrame], consensus: pd.DataFrame) -> pd.DataFrame:
    """Rank items by how much learners differ on them.

    Parameters
    ----------
    learners : dict of str to DataFrame, units x codes
        Each may have other units.
    consensus : DataFrame, units x codes

    Returns
    -------
    DataFrame
        One row per unit that somebody coded, the hardest first: ``decided`` (codes given by
        learners), ``differ`` (of these, other than the consensus), ``pairs`` (pairs of learners'
        codes for the same unit and code), ``apart`` (of these, that differ). Units are ordered
        by the share of pairs apart, then of codes that differ.
    """
    long = pd.concat(learners, names=["learner", "unit"])
    counts = {value: long.eq(value).fillna(False).groupby("unit").sum() for value in (0, 1)}
    given = counts[0] + counts[1]
    expected = consensus.reindex(given.index).astype(int)
    table = pd.DataFrame(
        {
            "decided": given.sum(axis=1),
            "differ": (counts[1].where(expected == 0, counts[0])).sum(axis=1),
            "pairs": (given * (given - 1) // 2).sum(axis=1),
            "apart": (counts[0] * counts[1]).sum(axis=1),
        }
    ).query("decided > 0")
    shares = pd.DataFrame(
        {
            "apart": table["apart"] / table["pairs"].where(table["pairs"] > 0),
            "differ": table["differ"] / table["decided"],
        }
    )
    order = shares.fillna(0).sort_values(["apart", "differ"], ascending=False, kind="stable").index
    return table.loc[order]


def long_table(compared: Sequence[Class]) -> pd.DataFrame:
    """Make a long table: one row per learner, item and code, with the published codes.

    Returns
    -------
    DataFrame
        ``of``, ``set``, ``learner``, ``file``, ``item``, ``row_id``, ``code``, ``value`` (1, 0 or
        missing), ``consensus``, ``coders`` and ``coders_yes`` (published coders, and those of
        them who gave the code), ``confidence`` (the learner's, of the row).
    """
    frames = []
    for one in compared:
        coders = [known for name, known in one.published.items() if name != CONSENSUS]
        published = pd.DataFrame(
            {
                "consensus": _long(one.published[CONSENSUS]),
                "coders": len(coders),
                "coders_yes": _long(sum(coders)),
            }
        ).reset_index()
        own = pd.concat(one.values, names=["learner", "row_id"]).pipe(_long).rename("value")
        frame = own.reset_index().merge(published, on=["row_id", "code"], validate="many_to_one")
        frame["item"] = frame["row_id"].map(one.items["item"])
        for column in ("set", "file"):
            frame[column] = frame["learner"].map(
                {name: getattr(sheet, column) for name, sheet in one.sheets.items()}
            )
        sure = {
            (name, item): degree
            for name, sheet in one.sheets.items()
            for item, degree in sheet.confidence.items()
        }
        frame["confidence"] = pd.array(
            [sure.get(key) for key in zip(frame["learner"], frame["item"])], "Int8"
        )
        frames.append(frame.assign(of=one.of))
    columns = [
        "of",
        "set",
        "learner",
        "file",
        "item",
        "row_id",
        "code",
        "value",
        "consensus",
        "coders",
        "coders_yes",
        "confidence",
    ]
    return pd.concat(frames)[columns] if frames else pd.DataFrame(columns=columns)


def _read_in_processes(
    files: Sequence[tuple[Path, str]], layouts: Sequence[sheet_reader.Layout], marks: bool
) -> Iterator[sheet_reader.Sheet]:
    """Read sheets in a few processes; if one crashes, read its sheet alone and go on in new processes."""
    processes = min(joblib.cpu_count(), 1 + len(files) // _AT_ONCE)
    place = 0
    while place < len(files):
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            calls = []
            with suppress(BrokenProcessPool):
                for path, shown in files[place:]:
                    calls.append(
                        pool.submit(
                            sheet_reader.with_deadline,
                            _LONGEST,
                            sheet_reader.read,
                            path,
                            shown,
                            layouts,
                            marks,
                        )
                    )
                for call in calls:
                    yield call.result()
                    place += 1
        if place < len(files):
            yield _read_alone(*files[place], layouts, marks)
            place += 1


def _read_alone(
    path: Path, shown: str, layouts: Sequence[sheet_reader.Layout], marks: bool
) -> sheet_reader.Sheet:
    """Read one sheet in a process of its own, so that a crash can be blamed on that file."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        try:
            return pool.submit(
                sheet_reader.with_deadline, _LONGEST, sheet_reader.read, path, shown, layouts, marks
            ).result()
        except BrokenProcessPool:
            return sheet_reader.crashed_sheet(shown)


def _long(values: pd.DataFrame) -> pd.Series:
    """Stack a table of items by codes: one entry per item and code."""
    return values.rename_axis("code", axis=1).stack(future_stack=True)


def _find_sets(sheets: list[sheet_reader.Sheet]) -> None:
    """Refuse sheets with the same learner's name: they may be two learners, or two attempts of one."""
    named = {one.set: one.of for one in sheets if not one.refused and _items_of(one.set, one.of)}
    for one in sheets:
        if one.refused or one.set in named:
            continue
        fitting = [
            name
            for name, of in named.items()
            if of == one.of and set(one.answers) <= set(_items_of(name, of) or [])
        ]
        if len(fitting) == 1:
            (one.set,) = fitting
            one.messages.append(
                say("The column set names no draw; the items are those of {set}.", set=one.set)
            )


def _name_missing_rows(sheets: list[sheet_reader.Sheet]) -> None:
    """Add a finding for each item of the draw that is missing in a sheet."""
    drawn = {}
    for one in sheets:
        if one.refused or one.superseded:
            continue
        if one.set not in drawn:
            drawn[one.set] = _items_of(one.set, one.of)
        if drawn[one.set] is None:
            one.messages.append(
                say(
                    "The column set does not say which draw this is, so it is not known whether rows are "
                    "missing."
                )
            )
            continue
        for item in drawn[one.set]:
            if item not in one.rows:
                one.findings.append(
                    sheet_reader.Finding(
                        None,
                        "item",
                        item,
                        say(
                            "The row of this item is missing; it counts as not decided. Copy the row from the "
                            "sheet that you were given."
                        ),
                    )
                )
                one.answers[item] = []


@functools.cache
def _items_of(name: str, of: str) -> list[str] | None:
    found = re.fullmatch(_SET, name)
    if not found or found[1] != of:
        return None
    try:
        return list(sheet.draw(of, int(found[2]), int(found[3])).index)
    except TeachingError:
        return None


def _class(of: str, set_name: str, sheets: dict[str, sheet_reader.Sheet]) -> Class:
    codes, items, unit = sheet.codebook(of), sheet.items(of), sheet.KINDS[of].unit
    names = list(codes.index)
    long = sheet.published(of)
    published = {CONSENSUS: coding.consensus(long, unit=unit, codes=names).values}
    for coder, rows in long.groupby("coder", observed=True):
        published[str(coder)] = rows.set_index(unit)[names].astype("Int8")
    row_ids, values = items["row_id"], {}
    for learner, one in sheets.items():
        own = [item for item in items.index if item in one.answers]  # in the order of the register
        cells = [one.answers[item] or [None] * len(names) for item in own]
        values[learner] = pd.DataFrame(cells, pd.Index(row_ids[own], name="row_id"), names, "Int8")
    used = [row for row in row_ids if any(row in own.index for own in values.values())]
    published = {name: known.loc[used].rename_axis("row_id") for name, known in published.items()}
    terms = [f"{code}_term" for code in names]
    everybody = dict(values)
    for name, known in published.items():
        everybody[display_name(name, values)] = known
    return Class(
        of,
        set_name,
        codes,
        items.reset_index().set_index("row_id")[["item", "text_en", "text_zh"]],
        sheets,
        values,
        published,
        long.set_index(["coder", unit])[terms] if terms[0] in long else None,
        _pairs(values, published),
        _wholes(values, published[CONSENSUS]),
        _among(values, used),
        matching_codes(everybody),
        hardness(values, published[CONSENSUS]),
    )


def display_name(reference: str, taken) -> str:
    """The name of a reference in figures, different from the name of every learner."""
    name = say("Consensus") if reference == CONSENSUS else say("Coder {coder}", coder=reference)
    while name in taken:  # a learner may call himself so
        name += say(" (published)")
    return name


def _pairs(values: dict, published: dict) -> pd.DataFrame:
    """Agreement of every learner with the consensus and each coder, over the learner's own items."""
    groups = defaultdict(dict)
    for learner, own in values.items():
        groups[tuple(own.index)][learner] = own
    tables = [
        agreement_with(
            group,
            {name: known.loc[list(rows)] for name, known in published.items()},
            draws=DRAWS if len(rows) > 1 else 0,
            seed=SEED,
        )
        for rows, group in groups.items()
    ]
    return pd.concat(tables, ignore_index=True)


def _wholes(values: dict, consensus: pd.DataFrame) -> dict[str, Coefficient]:
    """Alpha of every learner with the consensus, with the set of an item's codes as its value."""
    own, theirs = coding.sets(pd.concat(values)), coding.sets(consensus)
    return {
        learner: alpha(
            pd.DataFrame({"own": own[learner], CONSENSUS: theirs[rows.index]}),
            "masi",
            draws=DRAWS if len(rows) > 1 else 0,
            seed=SEED,
        )
        for learner, rows in values.items()
    }


def _among(values: dict[str, pd.DataFrame], used: list[str]) -> pd.DataFrame | None:
    if len(values) < 2:
        return None
    long = pd.concat(
        {learner: own.reindex(used) for learner, own in values.items()}, names=["learner", "unit"]
    ).reset_index()
    codes = list(long.columns[2:])
    return agreement_table(
        long,
        unit="unit",
        coder="learner",
        codes=codes,
        together=False,
        draws=DRAWS if len(used) > 1 else 0,
        seed=SEED,
    )
