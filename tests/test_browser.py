"""The site in a browser: found, sorted, followed, read by keyboard, in the dark, on paper."""

import re

import pytest
from playwright.sync_api import expect
from visitor import DESKTOP


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
        ("村", "evidence/B3-29.html"),
        ("2014", "tables/batches.html"),
        ("Jing'an", "evidence/Z07.html"),
        ("Xian Beilin", "evidence/B3-37.html"),
        ("shehuihua", "book/glossary.html"),
        ("B3-02", "evidence/B3-02.html"),
        ("Z07-08", "evidence/Z07.html"),
        ("deliberating foundations", "notebooks/resource.html"),
    ],
)
def test_the_search_finds(page, query, goal):
    page.goto(f"search.html?q={query}")
    expect(page.locator(f'#search-results a[href*="{goal}"]').first).to_be_attached()


def test_the_search_of_the_chinese_edition_finds(page):
    goals = {
        "book/glossary": "社会化 shehuihua",
        "book/study": "嵌入",
        "book/limits": "限度",
        "book/bibliography": "唐鸣",
        "notebooks/setting": "网格 居委会",
        "notebooks/selection": "37",
        "notebooks/zones": "协商 公益银行",
        "notebooks/resource": "基金会",
        "notebooks/agreement": "一致性",
        "notebooks/passes": "提示词 上下文",
        "notebooks/claims": "论断",
        "notebooks/codebooks": "编码手册",
        "notebooks/teach": "讲义包 教学大纲",
        "evidence/B3-02": "海淀区 B3-02",
        "evidence/B3-29": "村",
    }
    for goal, words in goals.items():
        for query in words.split():
            page.goto(f"zh/search.html?q={query}")
            expect(page.locator(f'#search-results a[href*="{goal}.html"]').first).to_be_attached()


@pytest.mark.parametrize("query", ["唐鸣", "社会主义研究", "整体性建构"])
def test_who_looks_for_the_study_finds_the_pages_on_it_and_not_every_citation(page, query):
    page.goto(f"search.html?q={query}")
    expect(page.locator('#search-results a[href*="book/bibliography.html"]')).to_be_attached()
    found = page.locator("#search-results li > a").evaluate_all("found => found.map(a => a.pathname)")
    assert "/book/intro.html" in found and len(found) < 10


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
