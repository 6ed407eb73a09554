"""The site in a browser: found, sorted, followed, read by keyboard, in the dark, on a phone."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import AXE, chromium
from playwright.sync_api import expect

DESKTOP, PHONE = 1280, 390
# Rows of a table are made alike; to look at the first ones keeps this to minutes.
SEEN = {"exclude": [["tbody tr:nth-child(n+13)"]]}


@pytest.fixture
def page(browser, address):
    opened = browser.new_page(viewport={"width": DESKTOP, "height": 900}, base_url=address)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def chapters(site):
    return sorted(str(p.relative_to(site)) for f in ("book", "notebooks") for p in (site / f).glob("*.html"))


def behind(site):
    return sorted(
        str(p.relative_to(site)) for f in ("evidence", "lab", "tables") for p in (site / f).glob("*.html")
    )


def faults(program, address, visits):
    """Open pages, each at a width and in a theme, and say what is wrong with any of them."""
    found, requested = [], set()
    with chromium(program) as browser:
        for width, theme in sorted({visit[1:] for visit in visits}):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, bypass_csp=True, base_url=address
            )
            context.add_init_script(
                f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
            )
            page = context.new_page()
            here = []
            page.on("request", lambda request: requested.add(request.url))
            page.on(
                "console",
                lambda line, to=here: (
                    to.append(f"{line.text} {line.location.get('url')}") if line.type == "error" else None
                ),
            )
            page.on("pageerror", lambda error, to=here: to.append(str(error)))
            for name, *_ in (visit for visit in visits if visit[1:] == (width, theme)):
                here.clear()
                page.goto(name, wait_until="load")
                over = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                unread = page.evaluate(
                    "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
                )
                axe = Axe().run(page, context=SEEN, options=AXE).response["violations"]
                told = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in axe]
                wide = [f"scrolls sideways by {over} px"] if over > 0 else []
                found += [(name, width, theme, fault) for fault in [*wide, *unread, *here, *told]]
            context.close()
    elsewhere = {url for url in requested if not url.startswith((address, "data:", "blob:"))}
    return found + sorted(elsewhere)


def test_every_page_is_accessible_fits_and_loads_nothing_from_elsewhere(program, site, address):
    ways = [(width, theme) for width in (DESKTOP, PHONE) for theme in ("light", "dark")]
    made = ["certificate.html", "exhibits.html"]
    visits = [(name, *way) for name in (*chapters(site), *made) for way in ways]
    # The pages behind are many and made from three templates: each is opened in one of the ways.
    visits += [(name, *way) for name, way in zip(behind(site), cycle(ways))]
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(lambda half: faults(program, address, half), (visits[::2], visits[1::2])))
    assert halves == [[], []]


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
        assert [cell for cell in first_cells(table)] == left
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


def test_previous_and_next_walk_through_the_whole_book(page, site):
    page.goto("book/intro.html")
    walked = [page.url.rsplit("/", 2)[-2:]]
    while page.locator("a.right-next").count():
        page.goto(page.locator("a.right-next").evaluate("a => a.href"))
        walked.append(page.url.rsplit("/", 2)[-2:])
    assert sorted("/".join(step) for step in walked) == chapters(site)
