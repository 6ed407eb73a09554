"""The pages of the site, and a visitor who looks at them in several ways."""

import re
from collections import defaultdict

import accessibility
import targets
import yaml
from conftest import ROOT

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
