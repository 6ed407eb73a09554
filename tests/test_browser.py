"""The site in a browser: found, sorted, followed, read by keyboard, in the dark, on a phone."""

import html
import re
from collections import Counter, defaultdict

import accessibility
import pytest
import targets
import yaml
from conftest import ROOT
from playwright.sync_api import expect

DESKTOP, PHONE = 1280, 390
WAYS = [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "dark"), (PHONE, "light")]
MADE = ["certificate.html", "exhibits.html"]
BEHIND = ["evidence", "lab", "tables"]  # folders of many pages from a few templates
# What a class takes away, one of each chapter or plan.
SHEETS = {"slides": "*-slides.html", "worksheet": "*-worksheet.html", "plan": "plan-*.html"}

# By how many pixels a page is too wide, and which of its images cannot be read.
_FITS = """
[document.documentElement.scrollWidth - document.documentElement.clientWidth,
 [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)]
"""
_TOP = "document.querySelectorAll('.table-box').forEach((box) => box.scrollTo(0, 0)); scrollTo(0, 0)"
_SIDEWAYS = """
(letters) => {
  const html = document.documentElement;
  html.style.setProperty("font-size", letters, "important");
  const over = html.scrollWidth - html.clientWidth;
  html.style.removeProperty("font-size");
  return over;
}
"""


def listed():
    """The pages of the table of contents, in the order of the book."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in contents["parts"] for chapter in part["chapters"]]
    pages = [page["file"] for chapter in chapters for page in [chapter, *chapter.get("sections", [])]]
    return [f"{name}.html" for name in [contents["root"], *pages]]


def behind(site, folder):
    """The pages of a folder, those in one list that are the same but for title and article."""
    alike = defaultdict(list)
    for path in sorted((site / folder).glob("*.html")):
        before, article, after = re.split(r"(<article.*?</article>)", path.read_text("utf-8"), flags=re.S)
        before = re.sub(
            r"<title>.*?</title>|<meta http-equiv=\"Content-Sec[^>]*>|pagename = '[^']*'", "", before
        )
        frame = before, *re.findall("<script.*?</script>", article, re.S), after
        alike[frame].append(path.relative_to(site).as_posix())
    return list(alike.values())


def sheets(site, kind):
    """All slides or worksheets: pages of a style and a body, without a script."""
    return [
        path.relative_to(site).as_posix()
        for path in sorted((site / "downloads" / "teach").glob(SHEETS[kind]))
    ]


SETTLED = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))"


class Visitor:
    """Opens a page once, looks at it in several ways, and says what is wrong with it in each."""

    def __init__(self, page, address, followed):
        self.page, self.judge = page, accessibility.Judge(page)
        self.followed = followed  # by page, what the links of the site point into
        self.name = ""
        self.told = []  # errors, and requests for what is elsewhere
        page.on("request", lambda request: self.asked(request.url, address))
        page.on("console", self.said)
        page.on("pageerror", lambda error: self.tell(error))
        # The theme's scripts wait for 300 ms before they act on another width.
        page.add_init_script(
            "const wait = setTimeout;"
            " window.setTimeout = (then, ms, ...more) => wait(then, ms === 300 ? 0 : ms, ...more)"
        )
        # What our script does with a page when it is loaded can be done again.
        page.add_init_script(
            "const listen = document.addEventListener.bind(document);"
            " document.addEventListener = (kind, does, ...more) => {"
            "  if (kind === 'DOMContentLoaded' && document.currentScript?.src.includes('/embedgov.js'))"
            "   window.begin = does;"
            "  listen(kind, does, ...more); };"
        )

    def tell(self, *parts):
        self.told.append(" ".join(map(str, parts)))

    def said(self, line):
        """Note an error; but a browser looks for an icon by itself where a page, as a sheet, names none."""
        url = line.location.get("url", "")
        if line.type == "error" and not url.endswith("/favicon.ico"):
            self.tell(line.text, url)

    def asked(self, url, address):
        if not url.startswith((address, "data:", "blob:")):
            self.tell("asks for", url)

    def turn(self, width, theme):
        """Take another width, and another theme by the theme's own button, which remembers it."""
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(SETTLED)
        self.page.evaluate(
            "(theme) => { for (let i = 0; i < 3 && document.documentElement.dataset.theme !== theme; i++)"
            " document.querySelector('button.theme-switch-button').click(); }",
            theme,
        )
        assert self.page.locator("html").get_attribute("data-theme") == theme

    def open(self, name, width):
        """Open a page, in which nothing moves and no shadow at a table's edge hides a colour from axe."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.told.clear()
        self.name = name
        self.page.goto(name, wait_until="load")
        self.page.add_style_tag(
            content="* { transition: none !important; animation: none !important; scroll-behavior: auto !important; }"
            ".table-box { background-image: none !important; }"
        )

    def visit(self, name, ways):
        """Open a page in the first of the ways, and look at it in each."""
        self.open(name, ways[0][0])
        return self.look(ways)

    def swap(self, name, way):
        """Put the title and the article of another page into the one that is open, and look at it.

        It may differ from the other one in nothing else; loading all of it would take most of a visit.
        """
        self.told.clear()
        self.name = name
        self.page.evaluate(
            "async (name) => {"
            " history.replaceState(null, '', `/${name}`);"
            " const text = await (await fetch(`/${name}`)).text();"
            " const page = new DOMParser().parseFromString(text, 'text/html');"
            " document.title = page.title;"
            " document.querySelector('article').replaceWith(document.adoptNode(page.querySelector('article')));"
            " begin();"
            " await Promise.allSettled([...document.images].map((image) => image.decode())); }",
            name,
        )
        self.page.evaluate(SETTLED)
        return self.look([way])

    def look_at_sheet(self, name, kind):
        """Put a whole sheet into the one that is open, in which axe is loaded, and look at it."""
        self.told.clear()
        self.page.evaluate(
            "async (name) => {"
            " const text = await (await fetch(`/${name}`)).text();"
            " const page = new DOMParser().parseFromString(text, 'text/html');"
            " history.replaceState(null, '', `/${name}`);"
            " document.head.replaceWith(document.adoptNode(page.head));"
            " document.body.replaceWith(document.adoptNode(page.body));"
            " await Promise.allSettled([...document.images].map((image) => image.decode())); }",
            name,
        )
        self.judge.begin()
        found = []
        for width in (DESKTOP, PHONE, 320):
            self.page.set_viewport_size({"width": width, "height": 900})
            over, unread = self.page.evaluate(_FITS)
            faults = [*unread, *self.judge.faults((width, kind)), *self.told]
            faults += [f"scrolls sideways by {over} px"] if over > 0 else []
            found += [(width, fault) for fault in faults]
            self.told.clear()
        return found

    def look(self, ways):
        """Look at the page that is open; what is wrong stands beside the width and the theme."""
        self.judge.begin()
        found, widths = [], set()
        for way in ways:
            self.turn(*way)
            over, unread = self.page.evaluate(_FITS)
            faults = [*unread, *self.judge.faults(way), *self.told]
            faults += [f"scrolls sideways by {over} px"] if over > 0 else []
            if way[0] not in widths and self.followed.get(self.name, ["main-content"]) != ["main-content"]:
                faults += self.page.evaluate(targets.WALK, self.followed[self.name])
                self.page.evaluate(_TOP)  # else a link lies half below a head that stays in sight
            widths.add(way[0])
            found += [(*way, fault) for fault in faults]
            self.told.clear()
        if len(ways) > 1:
            for width, letters in ((320, "100%"), (640, "200%")):  # as when a page is enlarged fourfold
                self.page.set_viewport_size({"width": width, "height": 900})
                over = self.page.evaluate(_SIDEWAYS, letters)
                found += [(width, letters, f"scrolls sideways by {over} px")] if over > 0 else []
        return found

    def look_otherwise(self):
        """Look at the page that is open in forced colours and as it is printed."""
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})
        self.judge.begin()
        found = []
        for way in ({"forced_colors": "active"}, {"media": "print"}):
            self.page.emulate_media(**way)
            found += [(*way, fault) for fault in self.judge.faults(str(way))]
            self.page.emulate_media(**dict.fromkeys(way, "null"))
        return found


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


@pytest.fixture
def blank(browser):
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def visitor(browser, address, site):
    opened = browser.new_context(
        viewport={"width": DESKTOP, "height": 900}, bypass_csp=True, base_url=address
    )
    yield Visitor(opened.new_page(), address, targets.targets(site))
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


@pytest.mark.parametrize("folder", BEHIND)
def test_the_pages_behind_are_accessible_fit_and_load_nothing_from_elsewhere(visitor, site, folder):
    """They are many and made from a few templates: each is opened in one of the ways."""
    found = {}
    for pages in behind(site, folder):
        for start, way in enumerate(WAYS):  # a theme is remembered from page to page
            for n, name in enumerate(pages[start :: len(WAYS)]):
                found[name] = visitor.swap(name, way) if n else visitor.visit(name, [way])
    assert found and {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("kind", SHEETS)
def test_slides_and_worksheets_are_accessible_fit_and_load_nothing_from_elsewhere(visitor, site, kind):
    names = sheets(site, kind)
    visitor.open(names[0], DESKTOP)
    found = {name: visitor.look_at_sheet(name, kind) for name in names}
    assert found and {name: faults for name, faults in found.items() if faults} == {}


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
