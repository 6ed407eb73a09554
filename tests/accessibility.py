"""What axe finds wrong with an open page, at the least cost.

Loading axe and letting it judge every colour is most of what a visit costs.
So it is loaded once a page, and of elements that look alike, and lie on what looks alike, it judges
the colours of a few.
"""

from axe_playwright_python.base import AXE_SCRIPT

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What follows from how an element and all behind it look.
COLOURS = ["color-contrast", "link-in-text-block"]

_JUDGE = """
async ([among, options]) => {
  // Rows of a table are made alike: the first ones are judged.
  const context = among ? {include: window.unlike} : {exclude: [["tbody tr:nth-child(n+13)"]]};
  const {violations} = await axe.run(context, options);
  return violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)}`);
}
"""

# A look is all that the rules of colours go by. Where axe skips an element or cannot tell, as with a
# single letter, others that look like it must not be taken for judged.
_LOOKS = """
(judged) => {
  const known = new Set(judged), behind = new Map(), alike = new Map();
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
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].map((n) => n.nodeType === 3 ? n.data.trim() : "").join("");
    if (!own && e.tagName !== "INPUT" || !e.checkVisibility({visibilityProperty: true})) continue;
    const link = e.closest("a[href]"), around = link && link.parentElement;
    const off = e.closest(":disabled, [aria-disabled=true]") || e.closest("label")?.control?.disabled;
    const look = [
      letters(e), under(e), own.length < 2, !!off,
      link && [letters(link), letters(around), around.textContent.trim() === link.textContent.trim()],
    ].join("|");
    if (!known.has(look)) alike.set(look, [...alike.get(look) ?? [], link ?? e]);
  }
  window.unlike = [...alike.values()].flatMap((all) => [all[0], all[all.length >> 1], all.at(-1)]);
  return [...alike.keys()];
}
"""


def faults(page, rules=ALL, but=()):
    """What axe finds wrong with the page as it is shown now, by rules or tags of rules."""
    return _judged(page, False, rules, but)


def faults_of_colour(page, known):
    """What axe finds wrong with the colours of elements whose look is not in `known`, which grows.

    A look is known for one theme at one width.
    """
    looks = page.evaluate(_LOOKS, known)
    known += looks
    return _judged(page, True, COLOURS) if looks else []


def _judged(page, among, rules, but=()):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": rules,
        "rules": {rule: {"enabled": False} for rule in but},
        "resultTypes": ["violations"],  # the rest is much and slow to hand over
        "preload": False,  # axe would fetch imported style sheets from where they are not
        "selectors": False,  # an element is told by its source
    }
    return page.evaluate(_JUDGE, [among, options])
