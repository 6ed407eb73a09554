"""What axe finds wrong with an open page, at the least cost.

Loading axe, reading the page anew for each of its runs and judging every colour is most of what a
visit costs. So axe is loaded once a page and runs once for each way of looking at it; of elements
that look alike, and lie on what looks alike, it judges the colours of a few; rows of a table are
made alike, and the first twelve are judged, with those that look otherwise; and what follows from
what is shown, or from how large it is, is judged again only where that has changed.

The contents beside a page are shown at a great width only, in which a page has to be judged first.
"""

from axe_playwright_python.base import AXE_SCRIPT

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What follows from how an element and all behind it look.
COLOURS = ["color-contrast", "link-in-text-block"]
# What follows from the places and sizes of elements, beside what follows from which are shown.
SIZES = ["target-size", "scrollable-region-focusable"]
# What all pages of the site share: the bars above and to the left, and the search.
FRAME = ":is(.bd-header, .bd-header-article, .bd-sidebar-primary, #pst-search-dialog)"

_ONLY_UNLIKE = """
() => axe.configure({rules: [
  {id: "color-contrast", selector: "[data-unlike]"},
  {id: "link-in-text-block", selector: "a[href][data-unlike]"},
]})
"""

_JUDGE = """
async ([passed, options]) => {
  const rows = [...document.querySelectorAll("tbody tr:nth-child(n+13):not(:has([data-unlike]))")];
  const places = rows.map((row) => [row, row.parentNode, row.nextSibling]);
  for (const row of rows) row.remove();
  const exclude = passed.map((selector) => [`${selector}:not(:has([data-unlike]))`]);
  const {violations} = await axe.run({exclude}, options);
  for (const [row, body, next] of places.reverse()) body.insertBefore(row, next);
  return violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)}`);
}
"""

# A look is all that the rules of colours go by. Where axe skips an element or cannot tell, as with a
# single letter, others that look like it must not be taken for judged.
_LOOK = """
([judged, frame]) => {
  const known = new Set(judged), behind = new Map(), alike = new Map(), shown = [], sizes = [];
  const TARGETS = "a, button, input, label, select, summary, textarea, [role=button], [tabindex]";
  const near = (distance) => Math.max(-100, Math.min(100, distance));  // what is further apart does not matter
  let last = {x: 0, y: 0};
  const under = (e) => {
    if (e && !behind.has(e)) {
      const s = getComputedStyle(e), {width, height} = e.getBoundingClientRect();
      const own = [
        s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode,
        s.transform, s.clip, s.clipPath, width < 2 || height < 2,
      ].join();
      const plain = own === "rgba(0, 0, 0, 0),none,1,none,normal,none,auto,none,false";
      behind.set(e, under(e.parentElement) + (plain ? "" : own + ";"));
    }
    return e ? behind.get(e) : "";
  };
  const letters = (e) => {
    const s = getComputedStyle(e);
    return [s.color, s.fontSize, s.fontWeight, s.fontStyle, s.textShadow, s.textDecoration, s.borderBottom];
  };
  for (const e of document.querySelectorAll("[data-unlike]")) delete e.dataset.unlike;
  for (const e of document.body.querySelectorAll("*")) {
    const visible = e.checkVisibility({visibilityProperty: true});
    if (!e.closest(frame)) {
      if (!e.closest(".bd-sidebar-secondary")) shown.push(visible ? 1 : 0);
      if (visible && e.matches(TARGETS)) {
        const box = e.getBoundingClientRect();
        sizes.push(...[box.width, box.height, near(box.x - last.x), near(box.y - last.y)].map(Math.round));
        last = box;
      }
      sizes.push(e.scrollWidth > e.clientWidth ? 1 : 0, e.scrollHeight > e.clientHeight ? 1 : 0);
    }
    const own = [...e.childNodes].map((n) => n.nodeType === 3 ? n.data.trim() : "").join("");
    if (!own && e.tagName !== "INPUT" || !visible) continue;
    const link = e.closest("a[href]"), around = link && link.parentElement;
    const off = e.closest(":disabled, [aria-disabled=true]") || e.closest("label")?.control?.disabled;
    const look = [
      letters(e), under(e), own.length < 2, !!off,
      link && [letters(link), letters(around), around.textContent.trim() === link.textContent.trim()],
    ].join("|");
    if (!known.has(look)) alike.set(look, [...alike.get(look) ?? [], link ?? e]);
  }
  for (const all of alike.values())
    for (const e of [all[0], all[all.length >> 1], all.at(-1)]) e.dataset.unlike = "";
  return [[...alike.keys()], shown.join(""), sizes.join()];
}
"""


class Judge:
    """Judges an open page in one way after the other; of the frame, only what is new in a way."""

    def __init__(self, page):
        self.page = page
        self.known = {}  # by way, the looks whose colours were judged, here and on pages before

    def begin(self):
        """Forget the page that was open before."""
        self.shown, self.sizes = set(), set()  # of what rules were applied to

    def faults(self, way):
        """What axe finds wrong with the page as it is shown now, in a width and a theme."""
        first = way not in self.known
        known = self.known.setdefault(way, [])
        looks, shown, sizes = self.page.evaluate(_LOOK, [known, FRAME])
        known += looks
        if first or shown not in self.shown:
            rules = ALL
        else:
            rules = [*(COLOURS if looks else []), *([] if sizes in self.sizes else SIZES)]
        self.shown.add(shown)
        self.sizes.add(sizes)
        return _judged(self.page, rules, () if first else (FRAME,)) if rules else []


def faults(page):
    """What axe finds wrong with the page that is open."""
    judge = Judge(page)
    judge.begin()
    return judge.faults("as it is")


def _judged(page, rules, passed):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(_ONLY_UNLIKE)
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],  # the rest is much and slow to hand over
        "preload": False,  # axe would fetch imported style sheets from where they are not
        "selectors": False,  # an element is told by its source
    }
    return page.evaluate(_JUDGE, [passed, options])
