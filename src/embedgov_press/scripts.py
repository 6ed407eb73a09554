"""What the scripts of the pages say, in the language of the project.

A script says a text in English, with ``say("...")`` of ``book/_static/embedgov.js``. For a site in another
language the build writes ``_static/texts.js``, which holds the other texts by the English ones.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from embedgov_study.language import translated
from embedgov_study.project import here

FILE = "texts.js"


def messages() -> Iterator[tuple[str, Path]]:
    """Find the texts that the scripts say, each with its script."""
    from babel.messages.extract import extract_javascript  # only where something is translated

    for script in sorted((here().book / "_static").glob("*.js")):
        with open(script, "rb") as content:
            for _, _, text, _ in extract_javascript(content, ("say",), (), {}):
                yield text if isinstance(text, str) else text[0], script


def write(site: Path) -> None:
    """Write the texts of the scripts into the folder ``_static`` of a site."""
    texts = {text: translated(text) for text, _ in messages()}
    held = json.dumps(texts, ensure_ascii=False, indent=1)
    (site / "_static" / FILE).write_text(f"var TEXTS = {held};\n", encoding="utf-8")
