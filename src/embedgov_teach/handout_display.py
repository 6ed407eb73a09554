"""Show figures, tables and changed numbers in the notebook of a hand-out.

The notebook imports this instead of `embedgov_study.display`, since no page of the book surrounds it.
``handout.json`` next to the notebook holds what it needs of the book: where the book is published,
the order of the figures, the numbers with the published parameters and the sentences that quote them.
"""

import functools
import json
import re

from IPython.display import Markdown, display
from IPython.utils.capture import capture_output

from embedgov_study import display as book
from embedgov_study.language import say
from embedgov_study.project import here

_NUMBER = re.compile(r"\{glue:text\}`(\w+)`")
_numbers: dict[str, str] = {}  # the latest value of each number, from the cells that have run


def figure(ax, *, name: str, caption: str, **options) -> None:
    """Show a figure as `embedgov_study.display.figure` does, with its number and caption below."""
    image, values = _shown(book.figure, ax, name=name, caption=caption, **options)
    image.display()
    number = _about()["figures"].index(name) + 1
    display(Markdown(say("**Figure {number}.** {caption}", number=number, caption=caption)))
    values.display()


def table(data, **options) -> None:
    """Show a table as `embedgov_study.display.table` does."""
    for output in _shown(book.table, data, **options):
        output.display()


def tell(**values: object) -> None:
    """Show the sentences of the text that would read differently with the present parameters.

    A sentence is shown as soon as all its numbers have been computed.
    """
    _numbers.update({name: str(value) for name, value in values.items()})
    moved = []
    for sentence in _about()["sentences"]:
        names = set(_NUMBER.findall(sentence))
        if names & values.keys() and names <= _numbers.keys():
            now = _NUMBER.sub(_number_now, sentence)
            if now != _NUMBER.sub(lambda number: _about()["numbers"][number[1]], sentence):
                moved.append(f"- {now}")
    if moved:
        display(Markdown(say("With your parameters the text reads:") + "\n\n" + "\n".join(moved)))


def _number_now(number: re.Match) -> str:
    """The latest value of a number, in bold if it is not the published one."""
    now = _numbers[number[1]]
    return now if now == _about()["numbers"][number[1]] else f"**{now}**"


def _shown(show, *values, **options) -> list:
    """The outputs that the book would show, without links to other files of its site."""
    with capture_output() as shown:
        show(*values, **options)
    address = _about()["book"]
    for output in shown.outputs:
        if "text/html" in output.data:
            page = re.sub(r'<p class="take">.*?</p>\n', "", output.data["text/html"])
            if address:
                page = page.replace('href="../', f'href="{address}/')
            else:
                page = re.sub(r'<a href="(?!https?://)[^"]*"[^>]*>(.*?)</a>', r"\1", page)
            # Jupyter sets every cell of a table to the right.
            page = re.sub(r' class="(?:short|text|long)"', ' style="text-align: left"', page)
            output.data["text/html"] = page
    return shown.outputs


@functools.cache
def _about() -> dict:
    return json.loads((here().root / "handout.json").read_text(encoding="utf-8"))
