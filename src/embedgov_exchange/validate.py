"""Let two people check the codes of the statements: write their sheets, and score them.

The sample holds every statement on which the published coders disagree, and of the others a share of
each stratum: by batch, and by whether the majority gives the first code of the codebook. A statement
stands for as many as its stratum has for each drawn.

What follows is declared here, before anybody has coded:

- a code on which the two people reach an alpha below `LEAST_ALPHA` is not used any more;
- where both people agree and the majority of the passes says otherwise, the majority is in error
  there, and the count of the code is corrected by the weighted errors and shown beside the old one;
- where the two people differ, neither is right: the statement is listed, and corrects nothing.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from embedgov import agreement, coding
from embedgov_study import data as tables_of
from embedgov_study import vocabulary
from embedgov_study.project import here

from . import source_texts, statements
from .errors import ExchangeError

LEAST_ALPHA = 2 / 3
READERS = (1, 2)
DRAWS = 10_000
_KEY = ["id", "designation_id", "stratum", "in_stratum", "drawn", "weight"]


def sample(undisputed: int = 29, seed: int = 7, data: Path | None = None) -> pd.DataFrame:
    """Draw the statements that two people are to code.

    Parameters
    ----------
    undisputed : int
        How many of the statements on which the published coders agree; at least one of each
        stratum is drawn.
    seed : int
        Of the draw.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per statement, in random order: id (a number that says nothing), designation_id,
        stratum, in_stratum (statements of the stratum), drawn (of them) and weight.

    Raises
    ------
    ExchangeError
        There are fewer undisputed statements than asked for, or fewer than strata are asked for.
    """
    codes_long, codes = tables_of.statement_codes(data=data), _codes(data)
    votes = codes_long.groupby("designation_id", sort=False)[codes].sum()
    coders = codes_long["coder"].nunique()
    disputed = ((votes > 0) & (votes < coders)).any(axis=1)
    batch = tables_of.designations(data).set_index("designation_id")["batch"].loc[votes.index]
    first = (2 * votes[codes[0]] > coders).map({True: f"with {codes[0]}", False: f"without {codes[0]}"})
    stratum = ("batch " + batch.astype(str) + ", " + first).mask(disputed, "disputed")
    sizes = stratum.value_counts().sort_index()
    quota = _quota(sizes.drop("disputed", errors="ignore"), undisputed)
    random = np.random.default_rng(seed)
    chosen = list(votes.index[disputed])
    for name, number in quota.items():
        chosen += list(random.choice(stratum.index[stratum == name], number, replace=False))
    drawn = pd.DataFrame({"designation_id": random.permutation(chosen)})
    drawn["stratum"] = drawn["designation_id"].map(stratum)
    drawn["in_stratum"] = drawn["stratum"].map(sizes)
    drawn["drawn"] = drawn["stratum"].map(drawn["stratum"].value_counts())
    drawn["weight"] = drawn["in_stratum"] / drawn["drawn"]
    drawn.insert(0, "id", [f"T{place:02d}" for place in range(1, len(drawn) + 1)])
    return drawn[_KEY]


def _codes(data: Path | None) -> list[str]:
    return vocabulary.codes(vocabulary.rounds(data=data)[vocabulary.published_round(data)], data=data)


def _quota(sizes: pd.Series, number: int) -> pd.Series:
    """How many of each stratum: proportional by largest remainders, at least one and at most all."""
    if not len(sizes) <= number <= sizes.sum():
        raise ExchangeError(
            f"{number} undisputed statements are asked for; expected {len(sizes)} (one of each stratum) "
            f"to {sizes.sum()} (all)"
        )
    quota = pd.Series(1, sizes.index)
    while quota.sum() < number:
        want = (sizes * number / sizes.sum() - quota).where(quota < sizes, -np.inf)
        quota[want.idxmax()] += 1
    return quota


def write(
    into: Path, texts: Mapping[str, Mapping[str, str]], drawn: pd.DataFrame, seed: int = 7
) -> list[Path]:
    """Write a sheet for each reader, the codebook, and the key, which the readers do not get.

    Parameters
    ----------
    into
        A folder outside the project, since the texts are not ours to publish.
    texts
        Theme, and task where there is one, of each designation.
    drawn
        From `sample`.
    seed : int
        Of the order of each reader.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ExchangeError
        The folder lies in the project, or a text is missing.
    """
    root = here().root.resolve()
    if into.resolve().is_relative_to(root) and not into.resolve().is_relative_to(here().sources.resolve()):
        raise ExchangeError(
            f"{into} lies in the project, and the sheets hold the ministry's texts, which are not ours to "
            "publish: choose a folder elsewhere"
        )
    if lacking := [unit for unit in drawn["designation_id"] if not texts.get(unit, {}).get("theme")]:
        raise ExchangeError(f"the file of statements has no text of {', '.join(lacking)}; fetch it again")
    codes = _codes(None)
    into.mkdir(parents=True, exist_ok=True)
    header = ["id", "theme", "task", *codes, *(f"{code}_term" for code in codes), "confidence", "minutes"]
    files = {}
    for reader in READERS:
        order = np.random.default_rng([seed, reader]).permutation(len(drawn))
        rows = [
            [row.id, texts[row.designation_id]["theme"], texts[row.designation_id].get("task", "")]
            for row in drawn.iloc[order].itertuples()
        ]
        files[f"reader_{reader}.csv"] = [header, *([*row, *[""] * (len(header) - 3)] for row in rows)]
    book = tables_of.codebook(vocabulary.rounds()[vocabulary.published_round()])
    book = book[book["code"].isin(codes)].fillna("")
    files["codebook.csv"] = [list(book.columns), *book.to_numpy().tolist()]
    files["key.csv"] = [_KEY, *drawn[_KEY].to_numpy().tolist()]
    for name, rows in files.items():
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        (into / name).write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))  # so that Excel knows
    return [into / name for name in files]


def sheets(path: Path, into: Path, undisputed: int = 29, seed: int = 7) -> list[Path]:
    """Write the material for two readers from a copy of the Word file with the statements; see `write`."""
    drawn = sample(undisputed, seed)
    document = source_texts.read_document(path)
    known = statements.texts(document, path, len(tables_of.table("batches")))
    return write(into, known, drawn, seed)


def score(readers: Sequence[Path], key: Path, data: Path | None = None) -> pd.DataFrame:
    """Compare two readers with one another and with the majority of the published passes.

    Parameters
    ----------
    readers : sequence of Path
        The two filled sheets.
    key
        The key that was written with them.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per code: ``alpha`` of the two readers with ``alpha_low`` and ``alpha_high``;
        ``disagreed``, statements on which they differ; ``errors_disputed`` and ``errors_others``,
        statements on which both contradict the majority, among the disputed and the others;
        ``errors_at_most``, how many errors the undisputed statements could hold with 95%
        confidence; ``count``, statements with the code by the majority, and ``corrected``, the
        same with the weighted errors; ``used``, whether the code stands by the rules.

    Raises
    ------
    ExchangeError
        There are not two sheets, a sheet has other rows than the key, or a code is not 0 or 1.
    """
    if len(readers) != 2:
        raise ExchangeError(f"{len(readers)} sheets; expected two, one of each reader")
    codes = _codes(data)
    drawn = pd.DataFrame(_rows(key), columns=_KEY).astype({"in_stratum": int, "drawn": int, "weight": float})
    drawn = drawn.set_index("id")
    said = [_sheet(path, drawn.index, codes) for path in readers]
    published = coding.consensus(
        tables_of.statement_codes(data=data), unit="designation_id", codes=codes
    ).values
    majority = published.loc[drawn["designation_id"]].set_axis(drawn.index).astype(int)
    disputed = drawn["stratum"] == "disputed"
    others = int(drawn.loc[~disputed].drop_duplicates("stratum")["in_stratum"].sum())
    rows = []
    for code in codes:
        one, other = (each[code] for each in said)
        pair = pd.DataFrame({1: one, 2: other})
        alike = agreement.alpha(pair, draws=DRAWS)
        wrong = (one == other) & (one != majority[code])
        shift = (drawn["weight"] * (one - majority[code]))[wrong].sum()
        found = int((wrong & ~disputed).sum())
        usable = alike.value is not None and float(alike) >= LEAST_ALPHA or bool((one == other).all())
        rows.append(
            {
                "code": code,
                "alpha": float(alike),
                "alpha_low": alike.low,
                "alpha_high": alike.high,
                "disagreed": int((one != other).sum()),
                "errors_disputed": int((wrong & disputed).sum()),
                "errors_others": found,
                "errors_at_most": at_most(found, int((~disputed).sum()), others),
                "count": int(published[code].sum()),
                "corrected": float(published[code].sum() + shift),
                "used": usable,
            }
        )
    return pd.DataFrame(rows)


def at_most(found: int, drawn: int, whole: int, confidence: float = 0.95) -> int:
    """An upper bound on the errors in all items, from the errors found in a random draw of them.

    The greatest number with which as few as were found would still come up with a probability
    above 1 - confidence, were all draws equally likely (hypergeometric).

    Examples
    --------
    >>> at_most(0, 29, 103)
    8
    """
    held = np.arange(found, whole - drawn + found + 1)
    return int(held[hypergeom.cdf(found, whole, held, drawn) > 1 - confidence].max())


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExchangeError(f"{path}: cannot be read ({error}); save it as CSV UTF-8") from error
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _sheet(path: Path, ids: pd.Index, codes: list[str]) -> pd.DataFrame:
    rows = _rows(path)
    found = [row.get("id") for row in rows]
    if sorted(map(str, found)) != sorted(ids):
        raise ExchangeError(
            f"{path}: the ids are not those of the key; keep each row of the sheet once, and take the key "
            "that was written with it"
        )
    for line, row in enumerate(rows, 2):
        for code in codes:
            if row.get(code) not in ("0", "1"):
                raise ExchangeError(
                    f"{path}, row {line}, column {code}: {row.get(code)!r}; write 1 (applies) or 0 (does not)"
                )
    return pd.DataFrame(rows).set_index("id")[codes].astype(int).loc[ids]


def to_json(table: pd.DataFrame) -> str:
    """The result of `score` for other programs; what is undefined is null."""
    return json.dumps(json.loads(table.to_json(orient="records")), indent=1)
