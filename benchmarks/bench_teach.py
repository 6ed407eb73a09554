"""Scoring 300 sheets by the command against a loop over pandas and the public coefficients.

300 learners, twenty statements, half of the sheets XLSX and half CSV, made up from a fixed seed. The
loop reads every sheet with pandas and compares every learner with the consensus and the three
coders by `agreement_table`; it writes nothing. It takes minutes, so that it gets 15 of the 300
sheets, and its time is that of a sheet times 300. Both sides must find the same coefficients.
Time is of the whole process; memory is the most that the command and its processes held together
(PSS, in which memory that processes share counts once; Linux only). The limit of time is for two
cores that have nothing else to do.
"""

import csv
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from embedgov import coding
from embedgov.agreement import agreement_table
from embedgov_teach import score, sheet

LEARNERS, LOOPED, AT_LEAST, AT_MOST, MEMORY = 300, 15, 5, 20, 500


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """Sheets of learners who differ from the consensus now and then, each in its own way."""
    folder = tmp_path_factory.mktemp("class")
    random = np.random.default_rng(1)
    header, drawn = sheet.columns("statements"), sheet.draw("statements", 20, 7)
    codes = list(sheet.codebook("statements").index)
    given = drawn[codes].to_numpy(int)
    sheet.write(folder / "pack", "statements", 20, 7)
    book = openpyxl.load_workbook(folder / "pack" / "coding-sheet.xlsx")
    with open(folder / "pack" / "coding-sheet.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    first = header.index(codes[0])
    (folder / "sheets").mkdir()
    for number in range(LEARNERS):
        codes_given = given ^ (random.random(given.shape) < random.uniform(0.02, 0.3))
        name = folder / "sheets" / f"learner {number:03}"
        for row, coded in enumerate(codes_given, 1):
            rows[row][first : first + len(codes)] = map(str, coded)
            for column, code in enumerate(coded, first + 1):
                book["Coding"].cell(row + 1, column).value = int(code)
        if number % 2:
            with open(f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        else:
            book.save(f"{name}.xlsx")
    return folder / "sheets"


def _held(root: int) -> float:
    """Megabytes that a process and its descendants hold together."""
    parents, held = {}, 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    for process in parents:
        ancestor = process
        while ancestor in parents and ancestor != root:
            ancestor = parents[ancestor]
        if ancestor == root:
            try:
                lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
                held += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except OSError:
                continue
    return held / 1024


def test_300_sheets_are_scored_faster_than_in_a_loop(sheets, tmp_path):
    start, most = time.perf_counter(), []
    command = subprocess.Popen(
        [sys.executable, "-m", "embedgov", "teach", "score", str(sheets), "--out", str(tmp_path / "out")],
        stderr=subprocess.DEVNULL,
    )
    ended = threading.Event()

    def watch():
        while not ended.wait(0.1):
            most.append(_held(command.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    code = command.wait()
    seconds = time.perf_counter() - start
    ended.set()
    watching.join()
    assert code == 0

    start = time.perf_counter()
    items, codes = sheet.items("statements"), list(sheet.codebook("statements").index)
    published = sheet.published("statements").astype({"coder": str})
    consensus = coding.consensus(published, unit="designation_id", codes=codes).values
    looped = []
    for path in sorted(sheets.iterdir())[:LOOPED]:
        read = pd.read_excel if path.suffix == ".xlsx" else pd.read_csv
        own = read(path).set_index("item")[codes]
        own.index = items["row_id"][own.index]
        own = own.sort_index()
        references = {"consensus": consensus}
        references |= {
            name: rows.set_index("designation_id")[codes] for name, rows in published.groupby("coder")
        }
        for reference, known in references.items():
            both = pd.concat({path.stem: own, reference: known.loc[own.index]}, names=["coder", "unit"])
            table = agreement_table(both.reset_index(), unit="unit", codes=codes, draws=score.DRAWS)
            looped.append(table.query("code != 'ALL'").assign(coder=path.stem, reference=reference))
    slow = (time.perf_counter() - start) / LOOPED * LEARNERS

    key = ["coder", "reference", "code"]
    ours = pd.read_csv(tmp_path / "out" / "agreement.csv").set_index(key)
    theirs = pd.concat(looped).set_index(key)
    assert len(ours) == LEARNERS * 4 * len(codes)
    for name in ("agreement", "alpha", "ac1"):
        np.testing.assert_allclose(ours.loc[theirs.index, name], theirs[name], atol=1e-12)
    print(
        f"\n{LEARNERS} sheets: {seconds:.1f} s, {max(most):.0f} MB; a loop {slow:.0f} s, "
        f"ratio {slow / seconds:.0f}"
    )
    assert slow / seconds >= AT_LEAST and seconds < AT_MOST and max(most) < MEMORY
