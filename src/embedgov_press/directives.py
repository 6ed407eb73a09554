"""Parse MyST text into directives, such as ``{exercise}`` and ``{solution}``, code blocks and prose."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin

_PARSER = MarkdownIt("commonmark").use(colon_fence_plugin)


@dataclass(frozen=True)
class Directive:
    """A directive as it is written: its name, its argument, its options and its text."""

    name: str
    argument: str
    options: Mapping[str, str]
    body: str


class Code(str):
    """A block of code as it is written, with its fences."""


@functools.lru_cache(maxsize=4096)  # a text is asked for by each hand-out, worksheet and deck
def blocks(source: str) -> tuple[str | Code | Directive, ...]:
    """Split MyST source into directives, code blocks and prose, in order."""
    return tuple(_blocks(source))


def _blocks(source: str) -> Iterator[str | Code | Directive]:
    lines, start = source.splitlines(), 0
    for token in _PARSER.parse(source):
        if token.level or token.type not in ("fence", "colon_fence"):
            continue
        yield "\n".join(lines[start : token.map[0]])
        start = token.map[1]
        if not (found := re.fullmatch(r"\{([\w:-]+)\}\s*(.*)", token.info.strip())):
            yield Code("\n".join(lines[token.map[0] : start]))
            continue
        inner = token.content.splitlines()
        options = {}
        while inner and (option := re.fullmatch(r":([\w-]+):\s*(.*)", inner[0])):
            options[option[1]] = option[2]
            del inner[0]
        yield Directive(found[1], found[2], options, "\n".join(inner).strip())
    yield "\n".join(lines[start:])
