"""What is in the other language than its page is marked as such, for voices, fonts and line breaks."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from embedgov_study.html_tables import FROZEN
from embedgov_study.language import language, say

_CHINESE = re.compile("([\u3400-\u9fff\uf900-\ufaff]+(?:[“”、，。（）·]*[\u3400-\u9fff\uf900-\ufaff]+)*)")
_MARK, _ENGLISH = "language-zh", "language-en"  # classes that docutils turns into the attribute ``lang``


class MarkLanguage(SphinxPostTransform):
    """Gives every run of Chinese in an English text an element of its own, which says its language.

    On a Chinese page, what is English by its nature is marked: works of the bibliography without Chinese,
    the frozen wording of a codebook beside its translation, and what the code says of itself.
    """

    default_priority = 30  # after terms are linked
    formats = ("html",)

    def run(self, **options) -> None:
        """Mark what is in the other language on the page that is about to be written."""
        if language() == "zh":
            self._mark_english()
            return
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if not _CHINESE.search(text) or isinstance(parent, nodes.raw | nodes.literal_block | nodes.math):
                continue
            if isinstance(parent, nodes.literal):
                parent["classes"].append(_MARK)
                continue
            parts = [
                nodes.inline("", part, classes=[_MARK]) if _CHINESE.fullmatch(part) else nodes.Text(part)
                for part in _CHINESE.split(text)
                if part
            ]
            parent.replace(text, parts)

    def _mark_english(self) -> None:
        kinds = [nodes.citation, nodes.term]
        if any(self.document.findall(addnodes.desc)):
            kinds.append(nodes.paragraph)
            self._name_parts()
        kinds = tuple(kinds)
        for node in self.document.findall(lambda each: isinstance(each, kinds)):
            if not _CHINESE.search(node.astext()):
                node["classes"].append(_ENGLISH)
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, nodes.inline) and (frozen := FROZEN.search(text)):
                before = nodes.Text(text[: frozen.start(1)])
                text.parent.replace(text, [before, nodes.inline("", frozen[1], classes=[_ENGLISH])])

    def _name_parts(self) -> None:
        """Put the headings of what the code says of itself into Chinese."""
        names = {
            "Parameters": say("Parameters"),
            "Attributes": say("Attributes"),
            "Returns": say("Returns"),
            "Yields": say("Yields"),
            "Raises": say("Raises"),
            "Notes": say("Notes"),
            "References": say("References"),
            "See also": say("See also"),
            "Examples": say("Examples"),
        }
        for kind in (nodes.field_name, nodes.rubric):
            for heading in self.document.findall(kind):
                if heading.astext() in names:
                    heading.children = [nodes.Text(names[heading.astext()])]
