"""The messages of a text in MyST: titles, paragraphs, points, cells of tables, texts of directives.

A message is what a translator sees at once: the sentences of a paragraph, one a line, as the source
has them, with roles and emphasis.
Labels, options, code and the structure of a page are no messages and stay as they are.
"""

import functools
import re
from collections.abc import Callable

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from embedgov_study.project import here

Say = Callable[[str, str], str]  # of a message and its kind, what stands in its place

FRONT = ("questions", "objectives")  # texts in the metadata of a chapter
_DIRECTIVE = re.compile(r"^(?P<fence>\s*[`:]{3,})\{(?P<name>[\w-]+)\}[ \t]*(?P<argument>.*)$")
_OPTION = re.compile(r":(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")
# Directives whose argument is a text, or whose body is none.
_TITLED = {"exercise", "grid-item-card", "dropdown", "admonition", "list-table", "table", "card"}
_CODE = {"code", "code-block", "code-cell", "bibliography", "toctree", "eval-rst", "raw", "math"}
_CODE |= {"autofunction", "autoclass", "automodule", "autodata", "autoexception", "literalinclude"}
_ROW = re.compile(r"\s*\|.*\|\s*$")
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—·]"


def translated(source: str, say: Say, within: str = "") -> str:
    """Put something in the place of every message of a text.

    Parameters
    ----------
    source : str
        The text of a page or of a cell.
    say : callable
        Takes a message and what it is (title, paragraph, point, cell ...), and gives what stands in
        its place. If that is the message itself, the text stays as it is, byte for byte.
    within : str
        What the text is the body of, for what is said of its messages.
    """
    lines: list[str | None] = list(source.split("\n"))
    named = functools.partial(_named, within)
    done: dict[int, int] = {}  # line of a table: where its next cell is looked for
    lists = 0
    for token in parser().parse(source):
        lists += token.nesting if token.type in ("list_item_open", "list_item_close") else 0
        if token.map is None:
            continue
        start, end = token.map
        if token.type == "inline" and token.content.strip():
            if _ROW.match(lines[start] or "") and end - start == 1:
                _cell(lines, start, token, say, named("cell"), done)
            else:
                heading = (lines[start] or "").lstrip().startswith("#")
                kind = "title" if heading else "point" if lists else "paragraph"
                _paragraph(lines, start, token, say, named(kind))
        elif token.type == "html_block":
            for at in range(start, end):
                lines[at] = re.sub(
                    r'(\balt=")([^"]+)"', lambda m: f'{m[1]}{say(m[2], named("alt"))}"', lines[at] or ""
                )
        elif token.type == "front_matter":
            _front_matter(lines, start, end, token.content, say)
        elif token.type in ("fence", "colon_fence") and (opened := _DIRECTIVE.match(lines[start] or "")):
            _directive(lines, start, opened, token, say, within)
    return "\n".join(line for line in lines if line is not None)


def _named(within: str, kind: str) -> str:
    return f"{kind} of {within}" if within else kind


def _cell(lines: list, at: int, token: Token, say: Say, kind: str, done: dict[int, int]) -> None:
    begin = lines[at].find(token.content, done.get(at, 0))
    new = say(token.content, kind)
    lines[at] = lines[at][:begin] + new + lines[at][begin + len(token.content) :]
    done[at] = begin + len(new)


def _paragraph(lines: list, start: int, token: Token, say: Say, kind: str) -> None:
    new = say(token.content, kind)
    if new == token.content:
        return
    content = token.content.split("\n")
    first, last = lines[start], lines[start + len(content) - 1]
    at = first.find(content[0])
    rest = last[last.rfind(content[-1]) + len(content[-1]) :]
    indent = re.sub(r"\S", " ", first[:at])
    _put(lines, start, start + len(content), f"{first[:at]}{flowing(new)}{rest}".replace("\n", f"\n{indent}"))


def _front_matter(lines: list, start: int, end: int, content: str, say: Say) -> None:
    about = yaml.safe_load(content)
    own = about.get("embedgov", {})
    new = {key: [say(each, key[:-1]) for each in own[key]] for key in FRONT if key in own}
    if new != {key: own[key] for key in new}:
        own |= new
        text = yaml.safe_dump(about, allow_unicode=True, sort_keys=False, width=1000)
        _put(lines, start, end, f"---\n{text}---")


def _directive(lines: list, start: int, opened: re.Match, token: Token, say: Say, within: str) -> None:
    name, argument = opened["name"], opened["argument"]
    if name in _TITLED and argument:
        lines[start] = f"{opened['fence']}{{{name}}} {say(argument, _named(within, f'title of {name}'))}"
    if name in _CODE:
        return
    body = token.content.rstrip("\n").split("\n")
    options = 0
    label = ""
    while options < len(body) and (option := _OPTION.match(body[options])):
        options += 1
        if option["name"] == "label":
            label = f" {option['value']}"
        elif option["name"] in ("alt", "caption"):
            line = lines[start + options]
            lines[start + options] = line.replace(option["value"], say(option["value"], option["name"]))
    text = "\n".join(body[options:])
    indent = re.match(r"\s*", lines[start])[0]
    whole = f"{name}{label or (f' {argument}' if argument and name == 'solution' else '')}"
    new = _glossary(text, say) if name == "glossary" else translated(text, say, whole)
    if new != text:
        first = start + 1 + options
        _put(lines, first, start + 1 + len(body), "\n".join(f"{indent}{x}".rstrip() for x in new.split("\n")))


def _glossary(text: str, say: Say) -> str:
    parts = []
    for entry in re.split(r"\n\n+(?=\S)", text.strip("\n")):
        term, _, definition = entry.partition("\n")
        inner = translated(re.sub(r"^  ", "", definition, flags=re.M), say, f"glossary entry {term}")
        # The term of the source stays as a second headword: it is what references and addresses name.
        heads = list(dict.fromkeys([say(term, "term of the glossary"), term]))
        parts.append("\n".join(heads) + "\n" + "\n".join(f"  {line}".rstrip() for line in inner.split("\n")))
    return "\n\n".join(parts)


def _put(lines: list, start: int, end: int, new: str) -> None:
    """Put a text in the place of lines, so that the numbers of those that follow stay."""
    lines[start:end] = [new] + [None] * (end - start - 1)


def flowing(text: str) -> str:
    """Join the lines of a paragraph, without a space where Chinese meets Chinese."""
    text = re.sub(rf"(?<={_WIDE})[ \t]*\n[ \t]*(?={_WIDE}|[{{`\[*(])", "", text)
    text = re.sub(rf"(?<=[`)\]}}*])[ \t]*\n[ \t]*(?={_WIDE})", "", text)
    return re.sub(r"(?<!\\)[ \t]*\n[ \t]*", " ", text)


@functools.cache
def parser() -> MarkdownIt:
    """The parser of the book's pages, with the extensions that its configuration names."""
    config = yaml.safe_load(here().config.read_text(encoding="utf-8"))
    extensions = set(config["parse"]["myst_enable_extensions"])
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
