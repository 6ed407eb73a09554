"""The messages of a chapter's code: its texts in quotation marks, and how a copy in another language has them.

A text is a string of a code cell that is meant for readers: a caption, a heading, a part of a sentence.
Of an f-string, the message has the expressions as they are written; a translation has the same.
The copy differs from the chapter in its texts only, and in that it takes the Chinese column where the
chapter takes the English one, and the other way round.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

_NAME = re.compile(r"[\w./#-]*|[\W\d_]*|.*\{glue:.*", re.S)  # no text: an id, a column, an address, a format
_PATTERN = re.compile(r"\\[bdwsW]|\w\|\w|^\^|\$$")  # nor a regular expression
_SIGNS = re.compile(r"(?=.*[,;.:()–])[\s,;.:()–]*")  # what stands between the parts of a sentence
_HEADING = re.compile(r"[A-Z][a-z]+")  # a heading of one word
_JOINT = re.compile(r"[,;:] | \(")  # in an f-string, which then is an enumeration or the like
_PHRASE = re.compile("[A-Za-z]{2,} [A-Za-z]{2,}")
_WORD = re.compile(r"[a-z]{2,}")
_LOOKUPS = {"query", "contains", "fullmatch", "match", "replace", "extract", "split", "startswith", "eval"}
_LOOKUPS |= {
    "removesuffix",
    "removeprefix",
    "strftime",
    "codes",
    "named",
    "label",
    "table",
    "sub",
    "read_csv",
}
_TEXTS = {"caption", "alt"}  # arguments that are always texts
_SWAP = {"en": "zh", "zh": "en"}


def strings(tree: ast.AST) -> Iterator[tuple[ast.expr, list[ast.AST]]]:
    """Every string of a piece of code that is no documentation and no part of another.

    Yields
    ------
    tuple of ast.expr and list of ast.AST
        The string, and what it stands in, from the inside outwards.
    """
    above = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    inside = _inside_strings(tree)
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not (text or isinstance(node, ast.JoinedStr)) or id(node) in inside:
            continue
        parents, one = [], node
        while one := above.get(id(one)):
            parents.append(one)
        if not (text and isinstance(parents[0], ast.Expr)):
            yield node, parents


def _inside_strings(tree: ast.AST) -> set[int]:
    """What stands within an f-string."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }


def message(node: ast.expr) -> str:
    """The text of a string; of an f-string with its expressions in braces."""
    if isinstance(node, ast.Constant):
        return node.value
    return "".join(
        part.value.replace("{", "{{").replace("}", "}}") if isinstance(part, ast.Constant) else _field(part)
        for part in node.values
    )


def _field(part: ast.FormattedValue) -> str:
    spec = "" if part.format_spec is None else ":" + message(part.format_spec)
    how = "" if part.conversion == -1 else f"!{chr(part.conversion)}"
    return f"{{{ast.unparse(part.value)}{how}{spec}}}"


def is_text(node: ast.expr, parents: list[ast.AST]) -> bool:
    """Whether a string is meant for readers, as far as its form and place tell."""
    plain, parent = isinstance(node, ast.Constant), parents[0]
    parts = [node] if plain else [part for part in node.values if isinstance(part, ast.Constant)]
    words = "".join(part.value for part in parts)
    if isinstance(parent, ast.keyword) and parent.arg in _TEXTS:
        return True
    if any(isinstance(outer, ast.Dict) and _of_both_languages(outer) for outer in parents):
        return False
    if not plain and (_JOINT.search(words) or any(map(_is_phrase, ast.walk(node)))):
        return True
    if _PATTERN.search(words) or not re.search("[A-Za-z]{2}", words) and not _SIGNS.fullmatch(words):
        return False
    if plain and isinstance(parent, ast.Subscript | ast.Compare):
        return False
    if isinstance(parent, ast.Call) and (function := _name(parent.func)) in _LOOKUPS:
        return function == "replace" and node is parent.args[-1] and " " in words
    if plain and isinstance(parent, ast.Attribute):  # a method of the string
        if parent.attr == "join":
            return bool(_SIGNS.fullmatch(words) or " " in words)
        return parent.attr == "format" and " " in words
    if _SIGNS.fullmatch(words):
        return isinstance(parent, ast.BinOp | ast.IfExp)
    if plain and (_HEADING.fullmatch(words) or _WORD.fullmatch(words) and _is_told(parents)):
        return True
    return not _NAME.fullmatch(words)


def _is_phrase(node: ast.AST) -> bool:
    """Whether a part of an f-string is a string of several words, as in ``{count or "not one"}``."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_PHRASE.search(node.value))


def _of_both_languages(node: ast.Dict) -> bool:
    """Whether a dictionary has a value for each language."""
    return {"en", "zh"} <= {getattr(key, "value", None) for key in node.keys}


def _is_told(parents: list[ast.AST]) -> bool:
    """Whether a word stands for nothing, ``found or "none"``, or is one of several told to the prose."""
    if isinstance(parents[0], ast.BoolOp):
        return True
    chosen = 0
    while isinstance(parents[chosen], ast.IfExp | ast.BoolOp):
        chosen += 1
    told = isinstance(parents[chosen], ast.keyword) and _name(getattr(parents[chosen + 1], "func", None))
    return bool(chosen) and told == "tell"


def _name(function: ast.AST | None) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def texts(source: str, ids: Collection[str] = ()) -> Iterator[tuple[str, str, bool]]:
    """The texts of a cell in their order: each with what it is for, and whether it is an f-string.

    Strings that are among `ids`, such as the values of an enumeration, are none unless the prose is told them.
    """
    found = [
        (node, parents)
        for node, parents in strings(ast.parse(source))
        if is_text(node, parents) and (message(node) not in ids or _is_told(parents))
    ]
    for node, parents in sorted(found, key=lambda each: (each[0].lineno, each[0].col_offset)):
        yield message(node), _use(node, parents), isinstance(node, ast.JoinedStr)


def _use(node: ast.expr, parents: list[ast.AST]) -> str:
    """What a text is for, as far as the code says: the argument that it is a part of, or a heading."""
    for inner, outer in zip([node, *parents], parents):
        if isinstance(outer, ast.Dict) and inner in outer.keys:
            return "heading"
        if isinstance(outer, ast.keyword) and outer.arg:
            return outer.arg
    return ""


def pairs(names: Iterable[str]) -> set[str]:
    """Of names with ``_en`` or ``_zh``, the stems of those that are there in both languages."""
    names = set(names)
    return {
        stem
        for stem, _, end in (name.rpartition("_") for name in names)
        if {f"{stem}_en", f"{stem}_zh"} <= names
    }


def translated(source: str, known: Mapping[str, str], stems: set[str]) -> str:
    """Put translations in the place of the texts of a cell, and the other language's columns in.

    A heading or a text of several words is also translated where it is a key, so that what is found by
    it is still found. A line that ends with the comment ``# in any language`` stays as it is, and so does
    what stands in a dictionary of both languages, ``{"en": ..., "zh": ...}``.

    Parameters
    ----------
    source : str
        The code of a cell.
    known : mapping
        What stands in the place of each text of the chapter; one that is lacking stays.
    stems : set of str
        Names of columns without ``_en`` or ``_zh`` which there are in both languages.

    Raises
    ------
    ValueError
        If a translation of an f-string is none itself, or has other expressions.
    """
    tree, edits = ast.parse(source), []
    begins, kept = [0], set()
    for number, line in enumerate(source.encode().splitlines(keepends=True), 1):
        begins.append(begins[-1] + len(line))
        if line.rstrip().endswith(b"# in any language"):
            kept.add(number)

    def place(node: ast.AST) -> tuple[int, int]:
        return begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset

    of_both = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict) and _of_both_languages(node)
        for value in node.values
        for part in ast.walk(value)
    }
    for node, parents in strings(tree):
        if node.lineno in kept or id(node) in of_both:
            continue
        own = message(node)
        new = known.get(own, own)
        if not is_text(node, parents) and (_SIGNS.fullmatch(own) or _WORD.fullmatch(own)):
            new = own
        if isinstance(node, ast.JoinedStr):
            if new != own or any(_other(name, stems) != name for name in re.findall(r"\w+", own)):
                edits.append((*place(node), _f_string(own, new, stems)))
        elif (other := _others(_other(new, stems), stems)) != own:
            edits.append((*place(node), quoted(other)))
    inside = _inside_strings(tree)
    for node in ast.walk(tree):
        if id(node) in inside | of_both or getattr(node, "lineno", None) in kept:
            continue
        if isinstance(node, ast.Attribute):
            end = place(node)[1]
            edits.append((end - len(node.attr.encode()), end, _other(node.attr, stems)))
        elif isinstance(node, ast.Name):
            edits.append((*place(node), _other(node.id, stems)))
        elif isinstance(node, ast.keyword) and node.arg:
            start = place(node)[0]
            edits.append((start, start + len(node.arg.encode()), _other(node.arg, stems)))
    content = source.encode()
    for start, end, new in sorted(edits, reverse=True):
        content = content[:start] + new.encode() + content[end:]
    return content.decode()


def _other(name: str, stems: set[str]) -> str:
    found = re.fullmatch(r"(\w+?)_(en|zh)(_[a-z]+)?", name)
    return f"{found[1]}_{_SWAP[found[2]]}{found[3] or ''}" if found and found[1] in stems else name


def _others(text: str, stems: set[str]) -> str:
    """A text for ``format`` with the places of the other language."""
    return re.sub(r"(?<=\{)\w+", lambda name: _other(name[0], stems), text)


def quoted(text: str) -> str:
    """A text as a string of Python, in double quotes as the chapters have them."""
    return '"' + repr(text + '"')[1:-2].replace('"', '\\"') + '"' if "'" not in text else repr(text)


def fields(text: str) -> list[ast.FormattedValue]:
    """The expressions of a text that is written as the inside of an f-string.

    Raises
    ------
    ValueError
        If it is none.
    """
    return [part for part in _parsed(text).values if isinstance(part, ast.FormattedValue)]


def _parsed(text: str) -> ast.JoinedStr:
    escaped = text.replace("\\", "\\\\") if "\\" in text else text
    escaped = re.sub("'{3,}", lambda quotes: "\\'" * len(quotes[0]), escaped)  # which would end it
    try:
        made = ast.parse(f"f'''{escaped}\n'''", mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no text with expressions in braces: {error.msg}") from None
    last = made.values[-1]  # the line break that keeps a quotation mark at the end apart
    last.value = last.value.removesuffix("\n")
    if not last.value:
        made.values.pop()
    return made


def bare(text: str) -> set[str]:
    """The expressions of a text without the texts in them, which a translation may change.

    Raises
    ------
    ValueError
        If it is no text with expressions in braces.
    """

    return {_field(_blank(part)) for part in fields(text)}


def _blank(part: ast.FormattedValue) -> ast.FormattedValue:
    for node in ast.walk(part):
        if isinstance(node, ast.Subscript | ast.Call | ast.Compare | ast.keyword | ast.JoinedStr):
            continue  # here a string is a key or a format
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                child.value = ""
    return part


def _f_string(own: str, new: str, stems: set[str]) -> str:
    """An f-string as code, with the expressions of the text that it stands for."""
    if bare(own) != bare(new):
        raise ValueError(f"{new!r} has the expressions {sorted(bare(new))}, and the text {sorted(bare(own))}")
    parts = []
    for part in _parsed(new).values:
        if isinstance(part, ast.Constant):
            parts.append(part.value.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(_swapped(part, stems))
    within = "".join(part for part in parts if part.startswith("{") and not part.startswith("{{"))
    mark = next(mark for mark in ('"', '"""', "'''") if mark[0] not in within or len(mark) == 3)
    inner = "".join(parts).replace("\n", "\\n")
    return f"f{mark}{inner.replace(mark[0], chr(92) + mark[0]) if mark[0] not in within else inner}{mark}"


def _swapped(part: ast.FormattedValue, stems: set[str]) -> str:
    for node in ast.walk(part):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = _other(node.value, stems)
        elif isinstance(node, ast.Attribute):
            node.attr = _other(node.attr, stems)
        elif isinstance(node, ast.Name):
            node.id = _other(node.id, stems)
    return _field(part)
