"""Two builds under other circumstances agree, and where they do not, the place is shown."""

import json
import re
import shutil

import pytest
from conftest import ROOT, embedgov
from small_book import FIRST, small_book

from embedgov_press import manifest, reproduce

FIGURE = """\
from embedgov import plotting
from embedgov_study.display import figure
plotting.set_theme()
counts = data.table("batches")[["batch", "designations"]]
ax = counts.plot.bar(x="batch", y="designations")
figure(ax, name="fig-batches", caption="Designations in each batch.",
       alt="Bars, one for each batch of designations.", data=counts)"""
# What shows a kernel's circumstances.
DATE = "import datetime\nprint('today', datetime.date.today().year)"
FOLDER = "import pathlib\nprint(len(str(pathlib.Path.cwd())), 'letters')"


@pytest.mark.book
def test_two_builds_agree_but_for_what_shows_their_circumstances(tmp_path):
    """Dates reach kernels and Sphinx, folders reach kernels; nothing else may differ."""
    book = small_book(tmp_path / "book", whole=True)
    shutil.copytree(ROOT / "src", book / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, book)
    chapter = json.loads((book / FIRST).read_text())
    chapter["cells"] += [
        {
            "cell_type": "code",
            "id": f"more-{i}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate((FIGURE, DATE, FOLDER))
    ]
    (book / FIRST).write_text(json.dumps(chapter))
    with open(book / "book" / "start.md", "a") as page:
        page.write("\nRead on {sub-ref}`today`.\n")
    done = embedgov("reproduce", cwd=book)
    assert done.returncode == 1, done.stderr
    assert "Build 1 of 2" in done.stderr and "Build 2 of 2" in done.stderr
    differing = set(re.findall(r"^(\S+) differs between the two builds$", done.stdout, re.M))
    shown = {"_executed/first.ipynb", "_build/html/notebooks/first.html", "_build/html/book/start.html"}
    assert shown <= differing <= shown | {"_build/html/searchindex.js"}, done.stdout
    years = re.findall(r"build \d: .*?today (\d{4})", done.stdout)
    assert len(set(years)) == 2, done.stdout
    for line in done.stdout.splitlines()[1 : 1 + len(manifest.GROUPS)]:
        group, (files, same, listed) = line[:20].strip(), line[20:].split(maxsplit=2)
        assert int(files) - int(same) == sum(manifest.group(path) == group for path in differing)
        assert int(files) > 0 and listed == "no manifest"


@pytest.mark.parametrize(
    "one, other, place",
    [
        (b"first\nsecond line\n", b"first\nsecond time\n", "line 2, character 8"),
        (b"same", b"same and more", "line 1, character 5"),
        ("a\nä1".encode(), "a\nä2".encode(), "line 2, character 2"),
        (b"\x89PNG\x00\x01", b"\x89PNG\x00\x02", "byte 6"),
    ],
)
def test_the_first_difference_is_shown_where_it_is(tmp_path, one, other, place):
    for name, content in (("one", one), ("other", other)):
        (tmp_path / name).write_bytes(content)
    told = reproduce.first_difference(tmp_path / "one", tmp_path / "other").splitlines()
    assert told[0] == f"  first at {place}"
    assert told[1].startswith("  build 1: ") and told[2].startswith("  build 2: ")


def test_a_file_of_one_build_only_is_a_difference(tmp_path):
    (tmp_path / "one").write_text("x")
    told = reproduce.first_difference(tmp_path / "one", tmp_path / "other")
    assert told == "  build 2 has no such file"


def verdict(differing, published):
    counts = dict.fromkeys(manifest.GROUPS, 2)
    return reproduce.Verdict(counts, differing, published)


def compared(*, explained):
    differing = {group: {} for group in manifest.GROUPS} | {"pages": {"_build/html/a.html": "differs"}}
    reasons = dict.fromkeys(manifest.GROUPS, ["another Python"] if explained else [])
    return manifest.Comparison(dict.fromkeys(manifest.GROUPS, 2), differing, reasons)


@pytest.mark.parametrize(
    "differing, published, status",
    [
        ({}, None, 0),
        ({"_build/html/a.html": "  first at byte 1"}, None, 1),
        ({}, compared(explained=True), 3),
        ({}, compared(explained=False), 1),
        ({"_build/html/a.html": "  first at byte 1"}, compared(explained=True), 1),
    ],
)
def test_the_status_says_what_was_found(differing, published, status):
    found = verdict(differing, published)
    assert found.status == status
    pages = next(line for line in str(found).splitlines() if line.startswith("pages")).split()
    assert pages[1:3] == ["2", "1" if differing else "2"]
    assert pages[3:] == (["no", "manifest"] if published is None else ["1"])
