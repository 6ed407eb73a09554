"""The published site: complete, linked, described, and sufficient unto itself."""

import csv
import posixpath
import re
import zipfile
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

from embedgov_exchange import refi


@pytest.fixture(scope="session")
def pages(site):
    """Every page of the English edition, parsed."""
    return {
        str(path.relative_to(site)): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
        if path.relative_to(site).parts[0] not in ("_static", "zh")
    }


def in_contents():
    def files(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("root", "file"):
                    yield value
                else:
                    yield from files(value)
        elif isinstance(node, list):
            for item in node:
                yield from files(item)

    return sorted(files(yaml.safe_load((ROOT / "_toc.yml").read_text())))


def test_contents_and_sources_agree(site):
    sources = [
        str(path.relative_to(ROOT).with_suffix(""))
        for pattern in ("book/*.md", "book/reference/*.md", "notebooks/*.ipynb")
        for path in ROOT.glob(pattern)
    ]
    assert in_contents() == sorted(sources)
    for name in in_contents():
        assert (site / f"{name}.html").is_file(), name


def test_a_page_is_cited_as_part_of_this_book(pages):
    """Sphinx has a name of its own for a project without one."""
    titled = yaml.safe_load((ROOT / "_config.yml").read_text())["title"]
    cited = {
        name: page.select_one(".cite-this").get_text(" ", strip=True)
        for name, page in pages.items()
        if page.select_one(".cite-this")
    }
    assert len(cited) > 20
    assert not [name for name, text in cited.items() if f"In {titled} , version" not in text]
    assert not [name for name, page in pages.items() if "Project name not set" in str(page)]


def test_every_internal_link_leads_somewhere(site, pages):
    ids = {name: {one["id"] for one in page.select("[id]")} for name, page in pages.items()}
    broken = []
    for name, page in pages.items():
        for link in page.select("[href]"):
            address = urlsplit(link["href"])
            if address.scheme or address.netloc:
                continue
            here = site / name
            target = (here.parent / unquote(address.path)).resolve() if address.path else here
            if not target.exists():
                broken.append((name, link["href"]))
            elif address.fragment and target.suffix == ".html":
                if unquote(address.fragment) not in ids[str(target.relative_to(site.resolve()))]:
                    broken.append((name, link["href"]))
    assert broken == []


def test_every_image_says_what_it_shows(pages):
    for name, page in pages.items():
        for image in page.select("main img"):
            alt = image.get("alt", "")
            assert len(alt.split()) >= 5, (name, image)
            assert "_images" not in alt


def test_every_figure_has_number_caption_and_stable_address(pages):
    count = 0
    for name, page in pages.items():
        for chapter_figure in page.select("article figure"):
            count += 1
            assert chapter_figure.get("id", "").startswith("fig-"), name
            caption = chapter_figure.select_one("figcaption")
            assert re.match(r"Fig\. \d+", caption.get_text().strip()), name
            assert len(caption.get_text().split()) > 6
    assert count >= 4


def test_no_trace_of_the_machine_or_of_a_failure_is_published(site, built):
    trace = re.compile(
        r"np\.\w+\(|at 0x[0-9a-f]{6,}|Traceback \(most recent|cell_output_stderr|output stderr|\[R[0-9a-f]{8,}-"
    )
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not trace.search(text), path.name
        assert str(built) not in text and str(ROOT) not in text, path.name


def majority(folder, unit):
    """The codes of three coders by majority, counted from their files."""
    files = sorted((ROOT / "data" / "coding" / folder).glob("coder_*.csv"))
    assert len(files) == 3
    rows = pd.concat([pd.read_csv(file).set_index(unit) for file in files])
    return (
        rows[["SUB", "INS", "RES", "TEC", *rows.columns.intersection(["SOC", "LAW", "INT", "PRO", "CLAIM"])]]
        .groupby(level=0)
        .sum()
        >= 2
    )


def among(some, all_):
    return f"All {all_}" if some == all_ else f"{some} of the {all_}"


def test_numbers_of_the_landing_page_are_those_of_the_tables(pages):
    dimensions = ["SUB", "INS", "RES", "TEC"]
    article = ROOT / "data" / "article"
    coded = majority("segments", "seg_id")
    passages = pd.read_csv(article / "segments.csv").set_index("seg_id").join(coded)
    told = passages.dropna(subset="zone_id")
    kinds = told.groupby("zone_id")[dimensions].any().sum(axis=1)
    steps = pd.read_csv(article / "rule_steps.csv")["holder"]
    text = re.sub(r"\s+", " ", pages["book/intro.html"].select_one("main").get_text())
    for phrase in (
        "in 40 places that the Ministry",
        "socialisation in 37 of them and described 12.",
        f"{among((kinds >= 2).sum(), len(kinds))} described zones show at least two of these four dimensions",
        f"residents do or answer for {(steps == 'residents').sum()} of {len(steps)} steps",
        f"They never describe {37 - 12} of the 37",
    ):
        assert phrase in text, phrase


def test_the_landing_page_opens_three_doors(pages):
    doors = [link["href"] for link in pages["book/intro.html"].select(".sd-card a.sd-stretched-link")]
    assert [door.partition("#")[0] for door in doors] == ["study.html", "", "../notebooks/teach.html"]
    assert pages["book/intro.html"].find(id=doors[1].partition("#")[2])


def test_no_address_is_lost(site, pages):
    """Links into the book from elsewhere keep working: what is listed is never renamed."""
    lines = (ROOT / "tests" / "addresses.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    lines += [f"evidence/Z{number:02}.html" for number in range(1, 13)]
    lines += [
        f"evidence/B{batch}-{number:02}.html"
        for batch, size in enumerate((12, 31, 40, 31), 1)
        for number in range(1, size + 1)
    ]
    for line in lines:
        name, _, place = line.partition("#")
        assert (site / name).is_file(), line
        assert not place or pages[name].find(id=place), line


def test_no_page_is_heavy(site):
    heavy = {p.name: p.stat().st_size for p in site.rglob("*.html") if p.stat().st_size > 300_000}
    assert heavy == {}


def test_what_the_pages_offer_to_take_away_is_what_they_show(site, pages):
    for name, page in pages.items():
        for chapter_figure in page.select("article figure"):
            svg = (site / "downloads" / f"{chapter_figure['id']}.svg").read_bytes()
            shown = chapter_figure.select_one("img")["src"]
            same = (site / name).parent.joinpath(shown).resolve().read_bytes().strip() == svg.strip()
            assert same, (name, chapter_figure["id"])
            png = (site / "downloads" / f"{chapter_figure['id']}.png").read_bytes()
            assert png.startswith(b"\x89PNG"), name
        for box in page.select("main .cell_output .table-box"):
            offered = box.find_previous("p", class_="take").a["href"]
            file = (site / name).parent.joinpath(offered).resolve()
            rows = list(csv.reader(file.open(encoding="utf-8", newline="")))
            heads = [head.get_text() for head in box.select("thead th")]
            assert rows[0] == heads, (name, offered)
            assert len(rows) - 1 == len(box.select("tbody tr")), (name, offered)


def test_each_figure_and_table_leads_to_how_it_was_made_and_from_there_back(pages):
    shown_on = {}
    for name, page in pages.items():
        for link in page.select('a[href^="../exhibits.html#"]'):
            label = link["href"].partition("#")[2]
            exhibit = link.find_parent("figure") or link.find_previous(class_="table-caption")
            assert exhibit["id"].removesuffix("-caption") == label, name
            shown_on[label] = name
    rows = pages["exhibits.html"].select("#exhibits tbody tr[id]")
    leading = {row["id"]: row.a["href"] for row in rows}
    assert leading.pop("fig-cover").count("#") == 0  # it is made in a chapter and shown elsewhere
    assert leading.keys() == shown_on.keys()
    for label, href in leading.items():
        name, _, place = href.partition("#")
        assert name == shown_on[label] and pages[name].find(id=place), label


def test_a_general_function_leads_to_its_place_in_the_reference(pages):
    links = pages["exhibits.html"].select('#exhibits td a[href^="book/reference/"]')
    assert {"plotting.case_matrix", "coding.consensus", "bounds.bound"} <= {link.get_text() for link in links}
    for name, _, place in {link["href"].partition("#") for link in links}:
        assert pages[name].find(id=place), (name, place)


def test_the_archive_holds_the_tables_of_the_repository(site):
    with zipfile.ZipFile(site / "downloads" / "embedded-governance-data.zip") as archive:
        assert archive.testzip() is None
        files = {
            f"data/{path.relative_to(ROOT / 'data').as_posix()}": path.read_bytes()
            for path in (ROOT / "data").rglob("*")
            if path.is_file()
        }
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_the_coding_is_offered_as_a_project_for_other_programs(site):
    offered = site / "downloads" / "embedded-governance.qdpx"
    assert offered.read_bytes() == refi.project()
    page = (site / "notebooks" / "codebooks.html").read_text(encoding="utf-8")
    assert f'href="../downloads/{offered.name}" download' in page


def test_a_configured_repository_opens_chapters_elsewhere_and_none_does_not(pages):
    for page in pages.values():
        assert not page.select('a[href*="mybinder"], a[href*="colab"], a[href*="jupyter-book"]')


def test_previous_and_next_walk_through_the_whole_book(pages):
    walked = ["book/intro.html"]
    while (link := pages[walked[-1]].select_one("a.right-next")) and len(walked) < len(pages):
        walked.append(posixpath.normpath(posixpath.join(posixpath.dirname(walked[-1]), link["href"])))
    assert sorted(walked) == sorted(f"{name}.html" for name in in_contents())
