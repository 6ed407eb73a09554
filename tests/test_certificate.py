"""What a reviewer is given beside the book: its certificate, its exhibits, codecheck.yml, the manifest."""

import ast
import csv
import importlib
import json
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

from embedgov.ledger import VERDICTS
from embedgov_press import certificate, exhibits, manifest

REFRESH = "run `make manifest` and commit MANIFEST.sha256, codecheck.yml and README.md"


@pytest.fixture(scope="module")
def page(site):
    return BeautifulSoup((site / "certificate.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def run(site):
    return json.loads((site / "certificate.json").read_text(encoding="utf-8"))


def rows(page, caption):
    table = page.find("table", attrs={"aria-labelledby": caption})
    return [[cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr")]


def test_the_certificate_says_what_was_run_with_what_and_when(page, run, built):
    facts = dict(zip(*([e.get_text() for e in page.select(f"#certificate {tag}")] for tag in ("dt", "dd"))))
    assert facts["Python"] == platform.python_version()
    finished = datetime.fromisoformat(facts["Finished"])
    assert timedelta(0) <= datetime.now(UTC) - finished < timedelta(days=1)
    assert facts["Book"].endswith("commit unknown")  # a copy of the project, which git does not know
    notebooks = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    shown = rows(page, "notebooks")
    assert [name for name, *_ in shown] == notebooks
    for name, _, total in shown:
        assert total == manifest.of_project(built).sums[f"_executed/{name}.ipynb"], name


def test_the_verdicts_are_those_of_the_ledger(page):
    with open(ROOT / "data" / "claims.csv", encoding="utf-8") as file:
        kinds = [row["kind"] for row in csv.DictReader(file)]
    counts = {name: int(count) for name, count in rows(page, "verdicts")}
    assert sum(counts.values()) == len(kinds)
    assert counts["interpretation"] == kinds.count("interpretation") > 0
    assert list(counts) == [*VERDICTS, "interpretation"] and counts["reproduced"] > 0


def test_the_certificate_names_nothing_personal(site):
    for name in ("certificate.html", "certificate.json"):
        text = (site / name).read_text(encoding="utf-8")
        assert platform.node() not in text or len(platform.node()) < 4
        assert str(ROOT) not in text and not re.search(r"/(?:home|root|tmp|Users)/", text)


def test_without_a_run_the_page_says_so():
    assert "without a record of its run" in certificate.blank()[2]


def test_the_commit_and_what_is_not_committed_are_named(notebook_project):
    project = notebook_project(one=[(None, "1")])
    assert certificate._commit() == ("unknown", [])

    def git(*arguments):
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(["git", *who, *arguments], cwd=project, capture_output=True, text=True)
        return done.stdout.strip()

    git("init"), git("add", "-A"), git("commit", "-m", "first")
    assert certificate._commit() == (git("rev-parse", "HEAD"), [])
    (project / "data" / "new.csv").write_text("a")
    (project / "note.txt").write_text("no input")
    (project / "book" / "instructor").mkdir(parents=True)
    (project / "book" / "instructor" / "key.md").write_text("not even to be named")
    assert certificate._commit() == (git("rev-parse", "HEAD"), ["data/new.csv"])


# ---- exhibits


def test_every_figure_and_table_of_the_chapters_is_an_exhibit(site):
    page = BeautifulSoup((site / "exhibits.html").read_text(encoding="utf-8"), "html.parser")
    listed = [row["id"] for row in page.select("#exhibits tbody tr[id]")]
    offered = {path.stem for path in (site / "downloads").glob("*.csv")}
    assert len(listed) == len(set(listed)) and set(listed) == offered
    for row in page.select("#exhibits tbody tr[id]"):
        _, kind, notebook, cell, functions, _ = (part.get_text() for part in row.select("td"))
        assert (ROOT / "notebooks" / f"{notebook}.ipynb").is_file() and cell
        assert kind == ("figure" if row["id"].startswith("fig-") else "table")
        if kind == "figure":
            assert functions.startswith(("plotting.", "figures.")), row["id"]


def test_the_functions_of_an_exhibit_are_in_the_packages_that_the_page_names(site):
    page = BeautifulSoup((site / "exhibits.html").read_text(encoding="utf-8"), "html.parser")
    listed = {code.get_text() for code in page.select("#exhibits tbody tr[id] td:nth-of-type(5) code")}
    sentences = re.findall(r"Functions of ([\w., ]+?) (?:is|are) in the package (\w+)", page.get_text())
    named = {
        name: importlib.import_module(f"{package}.{name.removeprefix('teach.')}")
        for modules, package in sentences
        for name in re.split(", | and ", modules)
    }
    for function in listed:
        module, _, name = function.rpartition(".")
        assert callable(getattr(named[module], name)), function


SET_UP = ast.parse("""
from embedgov.bounds import bound
from embedgov_study.display import figure, table
from embedgov import coding, plotting
from embedgov import comparison as rounds
from embedgov_study import claims, data, figures, vocabulary
from embedgov_study.project import here
plotting.set_theme()
zones = data.table("zones")
codes = data.segment_codes()
ledger = claims.ledger()
shown = coding.consensus(codes)
shown["name"] = data.codebook("segments")
limit = bound(zones)
figure(figures.timeline(ledger), data=[zones for zones in ledger])
""").body


@pytest.mark.parametrize(
    "cell, functions, loaders",
    [
        ("table(zones)", (), (("table", "zones"),)),
        (
            "figure(plotting.upset(shown))",
            ("plotting.upset", "coding.consensus"),
            (("codebook", "segments"), ("segment_codes", "")),
        ),
        ("table(limit)", ("bounds.bound",), (("table", "zones"),)),
        ("table(rounds.compare_rounds(codes))", ("comparison.compare_rounds",), (("segment_codes", ""),)),
        ("table(zones[vocabulary.codes()])", (), (("table", "zones"),)),
        ("table([zones for zones in ledger])", ("claims.ledger",), ()),
        ("table(here().data)", (), ()),
        ("table(nothing)", (), ()),
    ],
)
def test_an_exhibit_names_what_leads_to_it_and_nothing_else(cell, functions, loaders):
    assert exhibits._origins(SET_UP, ast.parse(cell).body) == (functions, loaders)


# ---- what is committed


def test_codecheck_lists_the_outputs_of_this_build(built, bare_project):
    committed = (ROOT / "codecheck.yml").read_text(encoding="utf-8")
    (bare_project / "_executed").symlink_to(built / "_executed")
    shutil.copy(ROOT / "codecheck.yml", bare_project)
    exhibits.write_codecheck()
    assert committed == (bare_project / "codecheck.yml").read_text(encoding="utf-8"), REFRESH
    for each in yaml.safe_load(committed)["manifest"]:
        assert (built / each["file"]).is_file(), each


def test_the_readme_lists_the_exhibits_of_this_build(built, bare_project):
    committed = (ROOT / "README.md").read_text(encoding="utf-8")
    (bare_project / "_executed").symlink_to(built / "_executed")
    shutil.copy(ROOT / "README.md", bare_project)
    exhibits.write_readme()
    assert committed == (bare_project / "README.md").read_text(encoding="utf-8"), REFRESH
    listed = yaml.safe_load((ROOT / "codecheck.yml").read_text(encoding="utf-8"))["manifest"]
    rows = committed.partition("<!-- exhibits -->")[2].strip().splitlines()[2:-2]
    assert len(rows) == len(listed) and all(len(re.split(r"(?<!\\)\|", row)) == 8 for row in rows)


def test_a_readme_without_its_comments_is_left_alone(bare_project):
    path = bare_project / "README.md"
    path.write_text("# Book\n<!-- exhibits -->\n")
    with pytest.raises(exhibits.BuildError, match="lacks the comments"):
        exhibits.write_readme()
    assert path.read_text() == "# Book\n<!-- exhibits -->\n"


def test_codecheck_is_what_the_specification_asks_of_authors():
    """https://codecheck.org.uk/spec/config/1.0/: what a codechecker adds is not there yet."""
    text = (ROOT / "codecheck.yml").read_text(encoding="utf-8")
    assert text.startswith("%YAML 1.1\n---\n")
    told = yaml.safe_load(text)
    assert told["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert told["paper"]["title"] == yaml.safe_load((ROOT / "CITATION.cff").read_text())["title"]
    assert [author["name"] for author in told["paper"]["authors"]]
    files = [each["file"] for each in told["manifest"]]
    assert len(files) == len(set(files)) > 50 and not any(file.startswith("/") for file in files)
    assert all(len(each["comment"].split()) > 5 for each in told["manifest"])
    assert not {"codechecker", "report", "check_time", "certificate"} & told.keys()


def test_a_codecheck_file_without_its_list_is_left_alone(bare_project):
    path = bare_project / "codecheck.yml"
    path.write_text("---\nversion: 1\n")
    with pytest.raises(exhibits.BuildError, match="has no line 'manifest:'"):
        exhibits.write_codecheck()
    assert path.read_text() == "---\nversion: 1\n"


def test_the_committed_manifest_is_that_of_this_build(built):
    published = manifest.read(ROOT / "MANIFEST.sha256")
    # The tests build a copy of the book; the sources that are committed are those here.
    sums = {p: s for p, s in manifest.of_project(ROOT).sums.items() if manifest.group(p) == "inputs"}
    sums |= {p: s for p, s in manifest.of_project(built).sums.items() if manifest.group(p) != "inputs"}
    here = manifest.Manifest(manifest.environment(ROOT / "requirements.lock"), sums)
    found = manifest.compare(published, here)
    assert not found.differing["inputs"], f"{manifest.summary(found)}\n{REFRESH}"
    assert found.status in (0, 3), manifest.summary(found)
