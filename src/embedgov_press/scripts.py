"""What the scripts of the pages say, in the language of the project.

A script says a text in English, with ``say("...")`` of ``book/_static/embedgov.js``. For a site in another
language the build writes ``_static/texts.js``, which holds the other texts by the English ones.
"""

import json
from pathlib import Path

from embedgov_study.language import translated

FILE = "texts.js"


def write(site: Path) -> None:
    """Write the texts of the scripts into the folder ``_static`` of a site."""
    from embedgov_edition.messages import script_messages  # no English build needs it

    texts = {each.text: translated(each.text) for each in script_messages()}
    held = json.dumps(texts, ensure_ascii=False, indent=1)
    (site / "_static" / FILE).write_text(f"var TEXTS = {held};\n", encoding="utf-8")
