"""Whether a reader who follows a link sees what it names, and sees which it is."""

import html
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

_HREF = re.compile(r"""<a\b[^>]*?\bhref="([^"]*)\"""")

# One script walks all targets of a page: it follows each as a link within the page does, and then asks
# what is drawn where the target begins, and whether it looks otherwise than before.
WALK = """
(ids) => {
  const wrong = [];
  const shown = (element) => {  // what a reader looks at: of a section its heading, of a mark what follows
    if (element.matches("section:not(.passage)")) return element.querySelector("h1, h2, h3, h4, h5, h6") ?? element;
    if (element.matches("table")) return element.caption ?? element;
    if (!element.getClientRects().length || !element.textContent.trim() && !element.querySelector("img"))
      return element.nextElementSibling ?? element.parentElement;
    return element;
  };
  const look = (element) => {
    const s = getComputedStyle(element);
    return [s.backgroundColor, s.outlineStyle, s.outlineColor].join();
  };
  for (const id of ids) {
    const target = document.getElementById(id);
    if (!target) { wrong.push(`${id}: is not there`); continue; }
    const element = shown(target), before = look(element);
    location.hash = encodeURIComponent(id);
    const text = element.matches("tr") ? element.cells[0] : element;
    const {left, top, width, height} = text.getBoundingClientRect();
    if (!height) { wrong.push(`${id}: is hidden`); continue; }
    const seen = [0.15, 0.5].some((share) => {
      const [x, y] = [Math.min(left + 14, left + width / 2), top + Math.min(height * share, 30)];
      const there = document.elementFromPoint(x, y);
      return there && (element.contains(there) || there.contains(element) && !there.closest("thead"));
    });
    if (!seen || top < -1 || top > innerHeight - 8) wrong.push(`${id}: is not seen, at ${Math.round(top)}`);
    if (look(element) === before && !target.matches("main")) wrong.push(`${id}: is not marked`);
  }
  return wrong;
}
"""


def targets(site: Path) -> dict[str, list[str]]:
    """The targets of all links of a site, by page."""
    found, root = defaultdict(set), site.resolve()
    for path in site.rglob("*.html"):
        if "_static" in path.parts:
            continue
        for link in map(html.unescape, _HREF.findall(path.read_text(encoding="utf-8"))):
            name, sign, target = link.partition("#")
            if re.match(r"\w+:", link) or not target:
                continue
            page = (path.parent / unquote(name)).resolve() if name else path.resolve()
            found[page.relative_to(root).as_posix()].add(unquote(target))
    return {page: sorted(found[page]) for page in sorted(found)}
