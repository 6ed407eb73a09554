"""Link glossary terms: the first mention on a page becomes a link with the definition as its tooltip."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

GLOSSARY = "book/glossary"
# Headwords that a text also uses in their everyday sense: they are linked only by ``{term}``.
EVERYDAY = {
    "batch",
    "blind",
    "announced",
    "bound",
    "bounded",
    "case",
    "claim",
    "code",
    "coder",
    "community",
    "counted",
    "differs",
    "district",
    "finding",
    "interval",
    "limit",
    "margin",
    "participation",
    "reproduced",
    "replicated",
    "round",
    "sharing",
    "statement",
    "unit",
}


class LinkTerms(SphinxPostTransform):
    """Links the first mention of each glossary term on a page, with the definition as a tooltip."""

    default_priority = 20  # after references are resolved

    def run(self, **options) -> None:
        """Add the links to the page that is about to be written."""
        if self.env.docname == GLOSSARY or GLOSSARY not in self.env.all_docs:
            return
        notes = _notes(self.app)
        linked = set()
        for reference in self.document.findall(nodes.reference):
            page, _, anchor = reference.get("refuri", "").partition("#")
            if page.endswith("glossary.html") and anchor in notes:
                word, reference["reftitle"] = notes[anchor]
                linked.add(word)
        words = {
            word.lower(): (anchor, word, note)
            for anchor, (word, note) in notes.items()
            if word.lower() not in EVERYDAY and word not in linked
        }
        for text in list(self.document.findall(nodes.Text)):
            if words and _in_prose(text):
                self._link(text, words)

    def _link(self, text: nodes.Text, words: dict) -> None:
        """Link the terms in a piece of text, and remove them from the words still to be linked."""
        pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        parts, start = [], 0
        for found in re.finditer(rf"(?<![\w-])({pattern})(s?)(?![\w-])", text, re.I):
            if (key := found[1].lower()) not in words:
                continue
            anchor, _, note = words.pop(key)
            parts.append(nodes.Text(text[start : found.start()]))
            inner = nodes.inline("", found[0], classes=["term"])
            parts.append(
                make_refnode(self.app.builder, self.env.docname, GLOSSARY, anchor, inner, title=note)
            )
            start = found.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[start:])])


def _in_prose(text: nodes.Text) -> bool:
    """Whether a text stands in a paragraph, and in no link, caption or code within it."""
    node = text.parent
    if not isinstance(node, nodes.paragraph):
        return False
    while node is not None:
        if isinstance(node, nodes.table | nodes.figure | nodes.block_quote | nodes.footnote):
            return False
        node = node.parent
    return True


def _notes(app: Sphinx) -> dict[str, tuple[str, str]]:
    """For each term of the glossary its anchor, with the headword and the definition."""
    if not hasattr(app, "_embedgov_notes"):
        app._embedgov_notes = {
            item.next_node(nodes.term)["ids"][0]: (
                item.next_node(nodes.term).astext(),
                " ".join(
                    text.strip()
                    for text in item.next_node(nodes.definition).findall(nodes.Text)
                    if not isinstance(text.parent, nodes.raw)
                ),
            )
            for item in app.env.get_doctree(GLOSSARY).findall(nodes.definition_list_item)
        }
    return app._embedgov_notes
