"""Two editions in one build: both or none, linked page by page, sharing what is alike."""

import csv
import os
import re
import shutil
import time

import pseudo
import pytest
from bs4 import BeautifulSoup
from conftest import embedgov, move_to
from small_book import small_book

from embedgov_press import editions, stale
from embedgov_study.check import resources


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A small book in English and in a pseudo-translation, built once; copy it before you change it."""
    project = small_book(tmp_path_factory.mktemp("two") / "book")
    with pytest.MonkeyPatch.context() as patch:
        move_to(project, patch)
        pseudo.write()
    done = embedgov("book", cwd=project)
    assert done.returncode == 0, done.stderr
    return project


def pages(site):
    found = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}
    return {name for name in found if "_static/" not in name}


def parsed(page):
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.book
def test_every_page_and_place_of_one_edition_is_in_the_other_and_each_leads_there(two):
    site = two / "_build" / "html"
    chinese = pages(site / "zh")
    assert chinese == {name for name in pages(site) if not name.startswith("zh/")}
    for name in sorted(chinese - {"index.html"}):
        here, there = parsed(site / name), parsed(site / "zh" / name)
        places, others = (
            {each["id"] for each in page.select("section[id], tr[id]")} for page in (here, there)
        )
        assert others == places, name
        for page, file, tag in ((here, site / name, "zh-Hans"), (there, site / "zh" / name, "en")):
            (link,) = page.select(f'a.edition-switch[hreflang="{tag}"]')
            target = (site / name if tag == "en" else site / "zh" / name).resolve()
            assert (file.parent / link["href"]).resolve() == target
            assert {each["hreflang"] for each in page.select('link[rel="alternate"]')} == {"en", "zh-Hans"}


@pytest.mark.book
def test_no_address_of_either_edition_leads_nowhere(two):
    site = two / "_build" / "html"
    for file in (site / name for name in pages(site) if not name.endswith("certificate.html")):
        for element in parsed(file).select("[src], link[href], a[href]"):
            address = (element.get("src") or element["href"]).partition("#")[0].partition("?")[0]
            if any(
                part in address for part in ("_static/", "_images/", "downloads/")
            ):  # this is a small book
                assert (file.parent / address).exists(), (file, address)


@pytest.mark.book
def test_what_both_editions_hold_alike_is_there_once(two):
    site = two / "_build" / "html"
    assert not (site / "zh" / "_static" / "embedgov.js").exists()
    assert (site / "zh" / "_static" / "book-chinese.woff").exists()  # other characters
    weight = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    alone = two / "_build" / "zh" / "_build" / "html"
    own, whole = (sum(p.stat().st_size for p in f.rglob("*") if p.is_file()) for f in (site / "zh", alone))
    assert own < 0.75 * whole and own < weight / 2


@pytest.mark.book
def test_the_chinese_pages_are_in_chinese(two):
    page = parsed(two / "_build" / "html" / "zh" / "book" / "start.html")
    assert page.html["lang"].startswith("zh") and page.h1.get_text().startswith("〔译Start〕")
    assert "〔译There are" in page.get_text()


@pytest.fixture
def project(two, tmp_path, monkeypatch):
    """A built copy of the two editions, to be changed."""
    shutil.copytree(two, tmp_path / "book", symlinks=True)
    move_to(tmp_path / "book", monkeypatch)
    return tmp_path / "book"


def content(site):
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


@pytest.mark.book
def test_a_build_without_a_change_does_nothing_and_a_fault_in_either_leaves_both(project):
    site = project / "_build" / "html"
    before, began = content(site), os.times()
    done = embedgov("book", cwd=project)
    assert done.returncode == 0 and "pages: nothing to do" in done.stderr
    assert content(site) == before and (project / "_build" / "html").stat().st_mtime < time.time()
    assert os.times().children_user - began.children_user < 3
    # A translation with a broken reference stops the Chinese edition, and with it the English one.
    catalogue = project / "locale" / "zh" / "book" / "start.po"
    sound = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(sound.replace("〔译There", "{ref}`nowhere`〔译There"), encoding="utf-8")
    (project / "book" / "start.md").write_text("# Start\n\nThere are no terms.\n\n{ref}`nowhere`\n")
    done = embedgov("book", cwd=project)
    assert done.returncode == 1 and "nowhere" in done.stderr
    assert content(site) == before


@pytest.mark.book
def test_a_sentence_that_changed_is_english_and_marked_and_english_alone_can_be_built(project):
    start = project / "book" / "start.md"
    start.write_text(start.read_text().replace("There are", "Here are"))
    done = embedgov("book", cwd=project)
    assert done.returncode == 0, done.stderr
    page = parsed(project / "_build" / "html" / "zh" / "book" / "start.html")
    (marked,) = page.select("main .stale")
    assert marked.get_text().startswith("Here are") and marked["lang"] == "en"
    assert "1 texts" in page.select_one(".stale-note").get_text()
    done = embedgov("book", "--edition", "en", cwd=project)
    assert done.returncode == 0, done.stderr
    site = project / "_build" / "html"
    assert not (site / "zh").exists() and "edition-switch" not in (site / "book" / "start.html").read_text(
        "utf-8"
    )


def test_english_texts_of_code_and_tables_are_marked_and_counted():
    page = "<main><h1>题</h1><td>Two words</td><p>12 of 40 zones.</p><p>其他</p><td>Two more</td></main>"
    assert (
        stale.mark(page, ["Two words", "{n} of {total} zones."]).count('<span class="stale" lang="en">') == 2
    )
    assert stale.mark(page, ["Two words"]).index("stale-note") > page.index("</h1>")
    assert stale.mark(page, ["Three words"]) == page


def test_an_english_description_of_a_picture_is_marked_and_counted():
    page = (
        '<main><h1>题</h1><img src="a.svg" alt="A map of 12 zones." /><img src="b.svg" alt="图。" /></main>'
    )
    marked = BeautifulSoup(stale.mark(page, ["A map of {n} zones."]), "html.parser")
    (image,) = marked.select(".stale")
    assert (image["lang"], image["src"], image["alt"]) == ("en", "a.svg", "A map of 12 zones.")
    assert "1 texts" in marked.select_one(".stale-note").get_text()


def test_a_project_without_catalogues_has_one_edition(bare_project):
    (bare_project / "_config.yml").write_text("title: A book\n")
    assert editions.wanted({}) == {}
    (bare_project / "locale" / "zh").mkdir(parents=True)
    (bare_project / "locale" / "zh" / "_toc.po").write_text('msgid "a"\nmsgstr "b"\n')
    assert list(editions.wanted({})) == ["zh"]


# What may be English on a Chinese page: code, works of the bibliography, and what is marked as English.
ENGLISH = (
    "script, style, code, pre, kbd, samp, dt.sig, [lang|=en], .citation-list, a[href*='bibliography.html']"
)
NAMES = {"SIL Open Font License"}  # of four words and more
WORD = r"(?<![A-Za-zÀ-ɏ-])[A-Za-z][A-Za-z'’-]*(?![A-Za-zÀ-ɏ])"  # which pinyin, with its accents, is not
RUN = re.compile(rf"{WORD}(?:[^\w\s▮]*\s[^\w▮]*{WORD}){{3,}}")
ATTRIBUTES = ("alt", "aria-label", "title", "placeholder")
BLOCKS = "p li dt dd td th h1 h2 h3 h4 div section figcaption caption summary option button br".split()


def own_words(page):
    """What a Chinese page says to its readers: its texts, block by block, and those of attributes."""
    for element in page.select(ENGLISH):
        element.replace_with("▮")  # no run of words goes across it
    for element in page.find_all(BLOCKS):
        element.insert_before("▮")
        element.insert_after("▮")
    yield page.get_text()
    for element in page.find_all(True):
        yield from (element[name] for name in ATTRIBUTES if name in element.attrs)


@pytest.mark.book
def test_no_four_english_words_in_a_row_stand_on_a_chinese_page(site):
    found = {
        (name, " ".join(run.split()))
        for name in sorted(pages(site / "zh"))
        for text in own_words(parsed(site / "zh" / name))
        for run in RUN.findall(text)
    }
    assert {each for each in found if each[1] not in NAMES} == set()


NAMES_IN_TABLES = {  # by page; those under nothing may stand on any
    "": "Krippendorff Gwet Jaccard Manski Claude Anthropic Sphinx Python Linux Word Noto Sans SIL Open Font License",
    "notebooks/gallery.html": "ada ben cleo",  # invented coders
    "tables/prompts.html": "theme task point term context confidence",  # columns of what a coder gets
    "tables/issues.html": "RES-capital RES-money TEC-delib level",  # codes of a draft, a column
}
LISTS = {"certificate.html", "exhibits.html", "notebooks/colophon.html", "notebooks/tables.html"}


def names_of_files(project):
    """Tables, chapters and packages, as pages list them."""
    packages = re.findall(r"^[\w-]+", (project / "requirements.txt").read_text("utf-8"), re.M)
    return {
        *resources(project / "data"),
        *packages,
        *(path.stem for path in project.glob("notebooks/*.ipynb")),
    }


@pytest.mark.book
def test_every_word_in_a_chinese_table_is_chinese_or_a_name(built):
    with (built / "data" / "registry" / "sources.csv").open(encoding="utf-8") as file:
        sources = {row["source_id"] for row in csv.DictReader(file)}
    files, found = names_of_files(built), set()
    for name in sorted(pages(built / "_build" / "html" / "zh")):
        known = sources | {*NAMES_IN_TABLES[""].split(), *NAMES_IN_TABLES.get(name, "").split()}
        known |= files if name in LISTS else set()
        for cell in parsed(built / "_build" / "html" / "zh" / name).select("td, th"):
            marked = cell.select("[lang=en], code")
            if not name.startswith("tables/"):  # where the data are as their files have them
                text = cell.get_text().strip()
                found |= {(name, text) for each in marked if each.name == "span" and each.get_text() == text}
            for each in marked:
                each.replace_with("▮")
            words = re.findall(r"(?<![\w./-])[A-Za-z][\w-]*(?![\w./])", cell.get_text(), re.ASCII)
            found |= {
                (name, word)
                for word in words
                if re.search("[a-z]{3}", word) and not re.search(r"[\d_]", word) and word not in known
            }
    assert found == set()
