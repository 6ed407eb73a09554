"""What is in the other language than its page is marked as such, for voices, fonts and line breaks."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from embedgov_study.language import language

_CHINESE = re.compile("([\u3400-\u9fff\uf900-\ufaff]+(?:[“”、，。（）·]*[\u3400-\u9fff\uf900-\ufaff]+)*)")
_MARK = "language-zh"  # the class that docutils turns into the attribute ``lang``


class MarkLanguage(SphinxPostTransform):
    """Gives every run of Chinese in an English text an element of its own, which says its language.

    On a Chinese page, works of the bibliography without Chinese are marked as English.
    """

    default_priority = 30  # after terms are linked
    formats = ("html",)

    def run(self, **options) -> None:
        """Mark what is in the other language on the page that is about to be written."""
        if language() == "zh":
            for work in self.document.findall(nodes.citation):
                if not _CHINESE.search(work.astext()):
                    work["classes"].append("language-en")
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
