"""Every page of the contents, in a browser: accessible, not too wide, with all that it names."""

import html
import re
from collections import Counter

import accessibility
import pytest
import targets
from playwright.sync_api import expect
from visitor import BEHIND, DESKTOP, MADE, PHONE, SHEETS, WAYS, behind, listed, sheets


@pytest.fixture
def blank(browser):
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("style", "body", "fault"),
    [
        ("[data-theme=dark] p { color: #777; background: #666 }", "", "color-contrast"),
        ("[data-theme=light] img { display: none }", '<img src="data:,">', "image-alt"),
        ("@media (min-width: 600px) { a { display: none } }", '<a href="#here"></a>', "link-name"),
        (
            "@media (max-width: 600px) { button { width: 9px; height: 9px; padding: 0; border: 0 } }",
            "<button>a</button><button>b</button>",
            "target-size",
        ),
    ],
    ids=["other colours", "shown in the dark", "shown on a phone", "small on a phone"],
)
def test_a_fault_that_shows_in_one_way_only_is_found(blank, style, body, fault):
    """Although not every rule is applied in every way, once a page was judged in it."""
    judge = accessibility.Judge(blank)

    def judged(body):
        blank.set_viewport_size({"width": DESKTOP, "height": 900})
        blank.set_content(
            f'<html lang="en" data-theme="light"><title>One</title><style>{style}</style>'
            f"<main><h1>One</h1>{body}</main></html>"
        )
        judge.begin()
        yield judge.faults("light")
        blank.set_viewport_size({"width": PHONE, "height": 900})
        blank.evaluate("document.documentElement.dataset.theme = 'dark'")
        yield [found.partition(":")[0] for found in judge.faults("dark")]

    assert list(judged("<p>")) == [[], []]
    assert list(judged(f"<p>Words.</p>{body}")) == [[], [fault]]


def test_of_many_rows_each_that_looks_otherwise_is_judged(blank):
    rows = [f"<tr><td>{n}.</td></tr>" for n in range(100, 140)]
    rows[30] = '<tr><td style="color: #ddd">pale</td></tr>'
    blank.set_content(
        '<html lang="en"><title>One</title><main><h1>One</h1><table><thead><tr><th>Number</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></main></html>"
    )
    (found,) = accessibility.faults(blank)
    assert found.startswith("color-contrast") and "pale" in found
    assert blank.locator("tbody tr").all_inner_texts()[29:32] == ["129.", "pale", "131."]


@pytest.mark.parametrize("name", [*listed(), *MADE])
def test_a_page_is_accessible_fits_and_loads_nothing_from_elsewhere(visitor, name):
    assert visitor.visit(name, WAYS) == []


@pytest.mark.parametrize("name", [*listed(), *MADE])
def test_a_page_in_chinese_is_accessible_fits_and_loads_nothing_from_elsewhere(visitor, name):
    """Its frame is that of the English page, which was looked at in every way."""
    assert visitor.visit(f"zh/{name}", [(PHONE, "light")]) == []


@pytest.mark.parametrize("name", ["notebooks/cases.html", "evidence/B3-02.html", "tables/units.html"])
def test_a_page_is_accessible_in_forced_colours_and_on_paper(visitor, name):
    visitor.open(name, DESKTOP)
    assert visitor.look_otherwise() == []


def test_the_comparison_of_the_lab_is_accessible_and_fits(visitor):
    """When it is shown; the page as it opens is among those behind."""
    visitor.open("lab/statements.html", DESKTOP)
    page = visitor.page
    for code in ("SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"):
        page.locator(f"input[name={code}][value='1']").check()
        page.locator("#next").click()
    page.locator("#compare").click()
    page.locator(".strip button").first.click()
    expect(page.locator("#results")).to_be_visible()
    assert visitor.look(WAYS) == []
    assert visitor.look_otherwise() == []


def test_every_link_within_the_site_leads_to_something_and_every_id_occurs_once(site):
    """What is followed on pages of which not everything is asked is looked for, too."""
    lacking = []
    for name, ids in targets.targets(site).items():
        text = (site / name).read_text(encoding="utf-8")
        there = Counter(map(html.unescape, re.findall(r"<[^>]*?\sid=\"([^\"]+)\"", text)))
        lacking += [(name, one) for one in ids if one not in there]
        lacking += [(name, one, times) for one, times in there.items() if times > 1 or re.search(r"\s", one)]
    assert lacking == []


def test_no_page_goes_unvisited(site):
    there = {
        path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts
    }
    visited = {
        *listed(),
        *MADE,
        *(name for folder in BEHIND for pages in behind(site, folder) for name in pages),
        *(name for kind in SHEETS for name in sheets(site, kind)),
    }
    left = {"index.html", "search.html"}
    assert {name for name in there if not name.startswith("zh/")} - visited == left
    assert {name for name in there if name.startswith("zh/")} == {f"zh/{name}" for name in visited | left}
