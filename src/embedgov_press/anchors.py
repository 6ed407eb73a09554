"""The places of a page are those of the English edition, so that an address leads to the same in each."""

import re

import yaml
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from .chapter_structure import FRONT

_KEY = "embedgov_anchors"  # under which the places of the page that is read are kept


def note(app: Sphinx, source: str | NotebookNode) -> None:
    """Keep the anchors that the source of a page names, for the transform of the page."""
    if isinstance(source, str):
        front = FRONT.match(source) if re.search(r"^anchors:", source, re.M) else None
        app.env.temp_data[_KEY] = yaml.safe_load(front[1]).get("anchors", []) if front else []
    else:
        app.env.temp_data[_KEY] = source.metadata.get("embedgov", {}).get("anchors", [])


class KeepAnchors(SphinxTransform):
    """Gives the sections of a page the anchors that its source names, in their order."""

    default_priority = 200  # before labels are propagated to sections

    def apply(self, **options) -> None:
        """Change the page that was just read."""
        places = self.env.temp_data.get(_KEY, [])
        for section, place in zip(list(self.document.findall(nodes.section)), places):
            for own in section["ids"]:
                self.document.ids.pop(own, None)
            section["ids"] = [place]
            self.document.ids[place] = section
            for name in section["names"]:
                self.document.nameids[name] = place
