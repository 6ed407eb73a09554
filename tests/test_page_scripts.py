"""The scripts and styles of the pages on pages made here: sorted, searched, marked, followed, printed."""

import json
from urllib.parse import quote

import pytest
from conftest import ROOT

from embedgov_press.postprocess import process as finished
from embedgov_press.search import Search

STATIC = ROOT / "book" / "_static"
SCRIPT = (STATIC / "embedgov.js").read_text(encoding="utf-8")
STYLE = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("embedgov.css", "lab.css"))


@pytest.fixture(scope="module")
def opened(browser):
    """Give a page a body, with the scripts and styles of the book, at an address."""
    page = browser.new_context(viewport={"width": 800, "height": 400}, reduced_motion="reduce").new_page()
    bodies = {}
    page.route("**/*", lambda route: route.fulfill(body=bodies["now"], content_type="text/html"))

    def at(body, address="http://book.test/page.html", before=""):
        bodies["now"] = (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><style>{STYLE}</style>"
            f"<script>{before}</script><script>{SCRIPT}</script></head>"
            f"<body><article class='bd-article'>{body}</article></body></html>"
        )
        page.goto("about:blank")
        page.goto(address)
        return page

    yield at
    page.context.close()


def table(cells, tall=""):
    rows = "".join(f"<tr id='r{i}'><td>{cell}</td></tr>" for i, cell in enumerate(cells))
    return (
        f"<div class='table-box {tall}'><table><thead><tr><th>A</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


@pytest.mark.parametrize(
    "cells",
    [  # as they are expected in ascending order; the missing come last either way
        ["0", "714 of 1,296", "961 of 1,296", "1,296 of 1,296", "1,818 of 7,200"],
        ["0", "&lt; 1%", "1%", "8%", "&gt; 90%", "95%"],
        ["−3", "-2.5", "0", "+1", "1,234,567"],
        ["0.45 (0.31–0.62)", "0.5", "0.62–0.7", "1"],
        ["2011", "2014-01", "2015-07", "2019-03-25"],
        ["1 March 2015", "12 March 2015", "July 2015", "2 January 2016"],
        ["B1-2", "B1-10", "B2-1", "B10-1"],
        ["7 zones", "12 zones", "apple", "Zebra", "安徽", "北京", "上海", "云南"],
        ["１", "2", "１０", "11"],
        ["3", "4", "", "–", "n/a"],
    ],
)
def test_a_column_sorts_by_what_it_holds(opened, cells):
    page = opened(table(sorted(cells, key=lambda cell: cell[::-1])))
    plain = [cell.replace("&lt;", "<").replace("&gt;", ">") for cell in cells]
    read = "() => [...document.querySelectorAll('tbody td')].map((cell) => cell.textContent)"
    page.click("th button")
    missing = [cell for cell in plain if cell in ("", "–", "n/a")]
    there = [cell for cell in plain if cell not in missing]
    assert [cell for cell in page.evaluate(read) if cell not in missing] == there
    assert set(page.evaluate(read)[len(there) :]) == set(missing)
    page.click("th button")
    assert page.evaluate(read)[: len(there)] == there[::-1]
    assert set(page.evaluate(read)[len(there) :]) == set(missing)


# ---- the search page

INDEX = {
    "docnames": ["one", "two", "three"],
    "filenames": ["one.md", "two.md", "three.md"],
    "titles": ["One", "Two", "Three"],
    "alltitles": {},
    "indexentries": {},
    "objects": {},
    "objnames": {},
    "terms": {
        "社会": [0, 1],
        "会化": 0,
        "村": 2,
        "村民": [1],
        "2014": [0, 2],
        "37": 1,
        "zone": [0, 1],
        "deliber": [2],
    },
    "titleterms": {"zone": 2},
}
# Of Sphinx's searchtools.js what the book's own code replaces or uses.
SPHINX = """
const stopwords = ["the"];
class Stemmer { stemWord(word) { return word.replace(/(ation|ating|s)$/, ""); } }
const Scorer = {term: 5, partialTerm: 2, title: 15, partialTitle: 7};
const Search = { _index: null, setIndex: (index) => { Search._index = index; } };
"""


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("社", ["one", "two"]),
        ("民", ["two"]),
        ("村", ["three", "two"]),
        ("社会化", ["one"]),
        ("2014", ["one", "three"]),
        ("37 zones", ["two"]),
        ("38 zones", []),
        ("the zones", ["one", "three", "two"]),
        ("deliberation", ["three"]),
        ("水煮鱼", []),
    ],
)
def test_characters_and_numbers_are_found_and_all_words_must_be_there(opened, query, pages):
    page = opened("<div id='search-results'></div>", before=f"{SPHINX}{Search.js_splitter_code}")
    found = page.evaluate(
        "([index, query]) => { Search.setIndex(index);"
        " const [, words] = Search._parseQuery(query);"
        " return Search.performTermsSearch(words).map(([name]) => name).sort(); }",
        [json.loads(json.dumps(INDEX)), query],
    )
    assert found == pages


def test_a_search_keeps_nothing_and_hands_on_what_is_to_be_marked(opened):
    blocked = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }});"
    page = opened("<div id='search-results'></div>", before=f"{blocked}{SPHINX}{Search.js_splitter_code}")
    link = page.evaluate(
        "async () => { Search._parseQuery('deliberation 社会化');"
        " const results = document.getElementById('search-results');"
        " results.innerHTML = '<ul><li><a href=\"two.html#here\">Two</a></li></ul>';"
        " await new Promise(requestAnimationFrame);"
        " return results.querySelector('a').href; }"
    )
    assert link == f"http://book.test/two.html?highlight=deliber+{quote('社会化')}#here"


@pytest.mark.parametrize(
    ("highlight", "marked"),
    [
        ("deliber", ["deliberation", "Deliberate"]),
        ("社会化", ["社会化", "社会化"]),
        ("shehuihua", ["shèhuìhuà"]),
        ("37", ["37"]),
        ("b3-02", ["B3-02"]),
        ("2014 社", ["社", "社", "社"]),
        ("[", []),
    ],
)
def test_the_words_of_a_search_are_marked_on_the_page_and_escape_takes_them_away(opened, highlight, marked):
    body = (
        "<p>Of deliberation (37 of 370) in B3-02, shèhuìhuà.</p><p>Deliberate: 社会化, 社区 or "
        "<em lang='zh'>社会化</em>; undeliberate.</p><script>const deliberation = 1</script>"
    )
    page = opened(body, f"http://book.test/page.html?highlight={quote(highlight)}")
    read = "() => [...document.querySelectorAll('mark')].map((mark) => mark.textContent)"
    assert page.evaluate(read) == marked
    page.keyboard.press("Escape")
    assert page.evaluate(read) == []
    assert "Of deliberation (37 of 370) in B3-02" in page.inner_text("article")


def test_only_the_search_page_loads_the_index():
    scripts = "".join(
        f'<script src="../{name}"></script>'
        for name in ("_static/searchtools.js", "_static/language_data.js", "searchindex.js", "_static/a.js")
    )
    page = f'<html><head><meta charset="utf-8" />{scripts}</head><body>{{}}</body></html>'
    assert "searchindex.js" not in finished(page.format("")) and "a.js" in finished(page.format(""))
    assert "searchindex.js" in finished(page.format('<div id="search-results"></div>'))


# ---- what an address points into


def test_a_row_is_seen_below_a_header_of_any_height_and_is_marked(opened):
    page = opened(
        table([f"row {i}" for i in range(60)], "tall").replace(
            "<th>A</th>", "<th style='background: white'>A<br>b<br>c<br>d<br>e</th>"
        ),
        "http://book.test/page.html#r40",
    )
    seen = page.evaluate(
        "() => { const row = document.getElementById('r40'), {left, top} = row.getBoundingClientRect();"
        " const there = document.elementFromPoint(left + 9, top + 9);"
        " return [row.contains(there), getComputedStyle(row).backgroundColor]; }"
    )
    assert seen[0] and seen[1] != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(
    "body",
    [
        "<details><summary>s</summary><p id='there'>text</p></details>",
        "<div class='admonition toggle-hidden'><button class='toggle-button' onclick=\"this.parentElement"
        ".classList.remove('toggle-hidden'); document.getElementById('there').hidden = false\">b</button>"
        "<p id='there' hidden>text</p></div>",
    ],
)
@pytest.mark.parametrize("typed", [False, True])
def test_what_hides_the_place_that_an_address_points_into_is_opened(opened, body, typed):
    page = opened(body, "http://book.test/page.html" + ("" if typed else "#there"))
    if typed:
        page.evaluate("location.hash = 'there'")
    page.wait_for_selector("#there", state="visible", timeout=2000)


# ---- other ways of seeing


def test_a_note_marks_its_chinese(opened):
    page = opened("<p><a href='#x' title='嵌入 qiànrù To be embedded'>embedding</a></p>")
    assert page.evaluate(
        "() => [...document.querySelectorAll('.note-box [lang=zh]')].map((part) => part.textContent)"
    ) == ["嵌入"]


def test_forced_colours_keep_every_state_of_the_lab_apart(opened):
    signs = "".join(f"<span class='sign {name}'></span>" for name in ("both", "you", "they", "neither"))
    stops = "".join(
        f"<li><button class='{name}'>1</button></li>" for name in ("", "begun", "coded", "compared")
    )
    choice = "".join(
        f"<label><input type='radio' name='a' {state}><span>yes</span></label>" for state in ("", "checked")
    )
    page = opened(
        f"<div class='lab'>{signs}<ul class='strip'>{stops}</ul><div class='choice'>{choice}</div>"
        "<span class='parted'>p</span></div>"
    )
    page.emulate_media(forced_colors="active")
    for group in (".sign", ".strip button", ".choice span"):
        looks = page.evaluate(
            "(group) => [...document.querySelectorAll(group)].map((one) => { const s = getComputedStyle(one);"
            " return [s.backgroundColor, s.backgroundImage, s.borderStyle, s.borderRadius, s.borderColor].join(); })",
            group,
        )
        assert len(set(looks)) == len(looks) > 1, group
    assert page.evaluate("() => getComputedStyle(document.querySelector('.parted')).outlineStyle") == "dashed"
    page.emulate_media(forced_colors="none")


def test_on_paper_a_citation_is_open_and_no_label_stays_of_what_is_closed(opened):
    page = opened(
        "<details class='cite-this'><summary>Cite this page</summary><p id='cited'>Ann 2026</p></details>"
        "<details class='figure-data'><summary>The figure as a table</summary><p>t</p></details>"
        "<button class='toggle-button'>Click to hide</button>"
    )
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.is_visible("#cited")
    assert not page.is_visible(".figure-data") and not page.is_visible(".toggle-button")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.is_visible("#cited")


def test_long_paths_and_twenty_stops_fit_where_letters_are_twice_as_large(opened):
    stops = "".join(f"<li><button>{i}</button></li>" for i in range(20))
    page = opened(
        "<p>See <code><span class='pre'>src/embedgov/plotting/fonts/OFL.txt</span></code></p>"
        f"<div class='lab'><ol class='strip'>{stops}</ol></div>"
        "<style>html { font-size: 200% !important } body { margin: 8px }</style>"
    )
    page.set_viewport_size({"width": 320, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.set_viewport_size({"width": 800, "height": 400})


def test_the_chinese_of_a_worksheet_is_marked_and_its_tags_are_left_alone():
    from embedgov_teach.worksheet import _with_language

    page = '<p title="社区">Ann &amp; 协商 &lt;b&gt;</p>'
    assert _with_language(page) == '<p title="社区">Ann &amp; <span lang="zh">协商</span> &lt;b&gt;</p>'
