"""The site in a browser: found, sorted, followed, read by keyboard, in the dark, on a phone."""

import re
from collections import defaultdict
from itertools import cycle

import accessibility
import pytest
import yaml
from conftest import ROOT
from playwright.sync_api import expect

DESKTOP, PHONE = 1280, 390
WAYS = [(DESKTOP, "light"), (PHONE, "dark"), (DESKTOP, "dark"), (PHONE, "light")]
MADE = ["certificate.html", "exhibits.html"]
BEHIND = ["evidence", "lab", "tables"]  # folders of many pages from a few templates
# Another theme changes colours, and with them what is shown or how large it is.
SHOWN = [
    "target-size",
    "scrollable-region-focusable",
    "p-as-heading",
    "empty-heading",
    "image-alt",
    "svg-img-alt",
    "role-img-alt",
    "link-name",
    "button-name",
]
# What a page can do wrong whose template is sound.
FILLED = [
    *SHOWN,
    "aria-valid-attr",
    "aria-valid-attr-value",
    "definition-list",
    "dlitem",
    "document-title",
    "duplicate-id-aria",
    "empty-table-header",
    "heading-order",
    "html-has-lang",
    "label",
    "list",
    "listitem",
    "page-has-heading-one",
    "scope-attr-valid",
    "summary-name",
    "table-duplicate-name",
    "td-has-header",
    "td-headers-attr",
    "th-has-data-cells",
    "valid-lang",
]


def listed():
    """The pages of the table of contents, in the order of the book."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    return [f"{name}.html" for name in [contents["root"], *parts]]


def behind(site, folder):
    """The pages of a folder, and those of them of which everything is asked.

    These are of each template the first and the ten longest.
    """
    pages, templates = sorted((site / folder).glob("*.html")), defaultdict(list)
    for path in pages:  # those of evidence begin with the letter of their kind
        templates[path.name[0] if folder == "evidence" else folder].append(path)
    whole = {
        path
        for made in templates.values()
        for path in [made[0], *sorted(made, key=lambda path: path.stat().st_size)[-10:]]
    }
    return {path.relative_to(site).as_posix(): path in whole for path in pages}


class Visitor:
    """Opens a page once, looks at it in several ways, and says what is wrong with it in each."""

    def __init__(self, page, address):
        self.page = page
        self.told = []  # errors, and requests for what is elsewhere
        self.known = defaultdict(list)  # by way, the looks whose colours were judged
        page.on("request", lambda request: self.asked(request.url, address))
        page.on(
            "console", lambda line: line.type == "error" and self.tell(line.text, line.location.get("url"))
        )
        page.on("pageerror", lambda error: self.tell(error))

    def tell(self, *parts):
        self.told.append(" ".join(map(str, parts)))

    def asked(self, url, address):
        if not url.startswith((address, "data:", "blob:")):
            self.tell("asks for", url)

    def turn(self, width, theme):
        """Take another width, and another theme by the theme's own button, which remembers it."""
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate("new Promise((done) => setTimeout(done, 350))")  # the theme's scripts take 300
        self.page.evaluate(
            "(theme) => { for (let i = 0; i < 3 && document.documentElement.dataset.theme !== theme; i++)"
            " document.querySelector('button.theme-switch-button').click(); }",
            theme,
        )
        assert self.page.locator("html").get_attribute("data-theme") == theme

    def visit(self, name, ways, everything=True):
        """Open a page in the first of the ways, and look at it in each."""
        width, theme = ways[0]
        self.page.set_viewport_size({"width": width, "height": 900})
        if self.page.url != "about:blank":
            self.turn(width, theme)
        self.told.clear()
        self.page.goto(name, wait_until="load")
        return self.look(ways, everything)

    def look(self, ways, everything=True):
        """Look at the page that is open; what is wrong stands beside the width and the theme.

        All rules are applied once at each width, since a width hides and shows parts of a page; in
        the other theme, those that can come to another verdict there.
        """
        # Nothing moves, and nothing hides a colour from axe: tables have shadows at their edges.
        self.page.add_style_tag(
            content="* { transition: none !important; animation: none !important; }"
            ".table-box { background-image: none !important; }"
        )
        found, widths = [], set()
        for width, theme in ways:
            self.turn(width, theme)
            over, unread = self.page.evaluate(
                "[document.documentElement.scrollWidth - document.documentElement.clientWidth,"
                " [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)]"
            )
            if not everything:
                faults = accessibility.faults(self.page, FILLED)
            elif width in widths:
                faults = accessibility.faults(self.page, SHOWN)
            else:
                faults = accessibility.faults(self.page, but=accessibility.COLOURS if widths else ())
            faults += accessibility.faults_of_colour(self.page, self.known[width, theme])
            faults += [f"scrolls sideways by {over} px"] if over > 0 else []
            found += [(width, theme, fault) for fault in [*unread, *faults, *self.told]]
            widths.add(width)
            self.told.clear()
        return found


def round_from(way):
    """All ways from one on, the width changing once."""
    (width, theme), (other, another) = way, next(w for w in WAYS if w[0] != way[0] and w[1] != way[1])
    return [(width, theme), (width, another), (other, another), (other, theme)]


@pytest.fixture(scope="module")
def context(browser, address):
    opened = browser.new_context(viewport={"width": DESKTOP, "height": 900}, base_url=address)
    yield opened
    opened.close()


@pytest.fixture
def page(context):
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def visitor(browser, address):
    opened = browser.new_context(
        viewport={"width": DESKTOP, "height": 900}, bypass_csp=True, base_url=address
    )
    yield Visitor(opened.new_page(), address)
    opened.close()


@pytest.mark.parametrize(("name", "way"), list(zip([*listed(), *MADE], cycle(WAYS))))
def test_a_page_is_accessible_fits_and_loads_nothing_from_elsewhere(visitor, name, way):
    assert visitor.visit(name, round_from(way)) == []


@pytest.mark.parametrize("folder", BEHIND)
def test_the_pages_behind_are_accessible_fit_and_load_nothing_from_elsewhere(visitor, site, folder):
    """They are many and made from a few templates: each is opened in one of the ways."""
    pages = zip(behind(site, folder).items(), cycle(WAYS))
    found = {name: visitor.visit(name, [way], whole) for (name, whole), way in pages}
    assert found and {name: faults for name, faults in found.items() if faults} == {}


def test_no_page_goes_unvisited(site):
    there = {
        path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts
    }
    visited = {*listed(), *MADE, *(name for folder in BEHIND for name in behind(site, folder))}
    assert there - visited == {"index.html", "search.html"}


@pytest.mark.parametrize(
    "name",
    ["notebooks/cases.html", "search.html?q=deliberation", "evidence/B3-02.html", "lab/statements.html"],
)
def test_the_policy_lets_the_page_work_and_nothing_else(page, name):
    told = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.goto(name, wait_until="networkidle")
    assert told == []
    blocked = page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.intruder = 1';"
        " document.body.append(s); return window.intruder; }"
    )
    assert blocked is None
    assert "Content Security Policy" in told[0]


@pytest.mark.parametrize(
    ("query", "goal"),
    [
        ("三社联动", "evidence/B3-01.html"),
        ("协商", "evidence/B3-04.html"),
        ("海淀", "evidence/B3-02.html"),
        ("Haidian", "evidence/Z01.html"),
        ("Jing'an", "evidence/Z07.html"),
        ("Xian Beilin", "evidence/B3-37.html"),
        ("shehuihua", "book/glossary.html"),
        ("B3-02", "evidence/B3-02.html"),
        ("Z07-08", "evidence/Z07.html"),
        ("deliberating foundations", "notebooks/resource.html"),
    ],
)
def test_the_search_finds(page, query, goal):
    page.goto(f"search.html?q={query}", wait_until="networkidle")
    expect(page.locator(f'#search-results a[href*="{goal}"]').first).to_be_attached()


def test_the_search_says_when_there_is_nothing(page):
    page.goto("search.html?q=水煮鱼", wait_until="networkidle")
    assert page.locator("#search-results li").count() == 0


def register_table(page):
    page.goto("notebooks/register.html")
    return page.locator(".table-box:has(tbody tr:nth-child(114)) table")


def first_cells(table, column=1):
    return table.locator(f"tbody tr:visible td:nth-child({column})").all_inner_texts()


def test_a_table_sorts_by_keyboard_and_back(page):
    table = register_table(page)
    before = first_cells(table)
    button = table.locator("th button").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    assert table.locator("th").nth(1).get_attribute("aria-sort") == "ascending"
    places = first_cells(table, 2)
    assert places != sorted(places, reverse=True) and places[0] < places[-1]
    assert sorted(first_cells(table)) == sorted(before)
    page.keyboard.press("Enter")
    assert first_cells(table, 2) == places[::-1]
    page.keyboard.press("Enter")
    assert first_cells(table) == before
    assert table.locator("th[aria-sort]").count() == 0


def test_a_table_filters_and_says_how_many_rows_are_left(page):
    table = register_table(page)
    box = page.locator(".table-filter input").last
    for words, left in (("haidian", ["B3-02"]), ("海淀", ["B3-02"]), ("no such place", [])):
        box.fill(words)
        assert list(first_cells(table)) == left
        expect(page.locator(".table-count").last).to_have_text(f"{len(left)} of 114 rows")
    box.fill("")
    assert len(first_cells(table)) == 114


def test_numbers_sort_as_numbers(page):
    page.goto("notebooks/tables.html")
    table = page.locator(".table-box table").first
    heads = table.locator("th").all_inner_texts()
    column = next(i for i, head in enumerate(heads) if head.startswith("Rows"))
    table.locator("th button").nth(column).click()
    rows = [int(n) for n in first_cells(table, column + 1)]
    assert rows == sorted(rows) and rows[0] < 10 < 100 < rows[-1]


def test_without_scripts_everything_is_there_to_read(browser, address):
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    table = register_table(page)
    assert table.locator("tbody tr").count() == 114
    assert "Haidian" in table.inner_text()
    page.goto("notebooks/register.html")
    assert page.locator("a[href$='.csv']").count() > 3
    context.close()


def test_a_cell_of_the_matrix_leads_to_its_evidence_and_back(page):
    page.goto("notebooks/cases.html")
    for folded in page.locator("summary:has-text('The figure as a table')").all():
        folded.click()
    page.locator('.table-box a[href="../evidence/Z01.html"]:visible').first.click()
    expect(page.locator("article h1")).to_contain_text("Haidian")
    assert page.locator("section.passage").count() == 9
    page.locator(".trail a").first.click()
    expect(page.locator("article h1")).to_contain_text("Across the cases")


def test_a_term_is_explained_on_focus_and_the_note_closes_by_key(page):
    page.goto("notebooks/framework.html")
    term = page.locator("article a.reference:has(.term)").first
    term.focus()
    note = page.locator(f"#{term.get_attribute('aria-describedby')}")
    expect(note).to_be_visible()
    assert len(note.inner_text().split()) > 5
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    term.hover()
    expect(note).to_be_visible()


def test_a_solution_opens_by_keyboard(page):
    page.goto("notebooks/selection.html")
    solution = page.locator(".solution").first
    inside = solution.locator(".solution-content, section, p:not(.admonition-title)").first
    expect(inside).to_be_hidden()
    solution.locator("button.toggle-button").focus()
    page.keyboard.press("Enter")
    expect(inside).to_be_visible()


def test_the_theme_can_be_dark(page):
    page.goto("book/intro.html")
    for _ in range(3):
        if page.locator("html").get_attribute("data-theme") == "dark":
            break
        page.locator("button.theme-switch-button").first.click()
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", shade)[:3])) < 150


def test_a_chapter_can_be_printed(page):
    page.goto("notebooks/cases.html")
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF") and len(printed) > 50_000
