"""Take out of a chapter's code what it computes only for the solutions.

A solution's numbers are computed, too, and the code that computes them gives the answer away.
"""

import ast


def without_answers(sources: list[str], told: list[set[str]], shown: set[str]) -> list[str]:
    """Take the numbers that the remaining text does not show out of the code.

    Of a call of ``tell`` such arguments go; then, in the same cell, what was assigned or defined
    for them and is used nowhere else.

    Parameters
    ----------
    sources : list of str
        The source of each cell of code, in order.
    told : list of set of str
        The names of the numbers that each of the cells tells when it runs.
    shown : set of str
        The names of the numbers that the text shows.

    Returns
    -------
    list of str
        The sources; an empty one where nothing is left.
    """
    sources = list(sources)
    for place, (source, names) in enumerate(zip(sources, told, strict=True)):
        later = set().union(*(_names(ast.parse(other), ast.Load) for other in sources[place + 1 :]))
        cut = _without_numbers(source, names, shown)
        while cut != source:
            source = cut
            cut = "" if _is_for_nothing(source, later) else _without_unused(source, later)
        sources[place] = source.strip()
    return sources


def _without_numbers(source: str, told: set[str], shown: set[str]) -> str:
    spans, tree = [], ast.parse(source)
    named = {word.arg for word in ast.walk(tree) if isinstance(word, ast.keyword)}
    unnamed = not shown & (told - named)  # whether all that is told by ** goes
    for statement in tree.body:
        call = getattr(statement, "value", None)
        if not (isinstance(call, ast.Call) and getattr(call.func, "id", None) == "tell"):
            continue
        words = call.keywords
        gone = [unnamed if word.arg is None else word.arg not in shown for word in words]
        if all(gone):
            spans.append((_start(statement), _end(statement)))
            continue
        for i, word in enumerate(words):
            if gone[i] and all(gone[i:]):  # to the end: with the comma before it
                spans.append((_end(words[i - 1]), _end(word)))
            elif gone[i]:
                spans.append((_start(word), _start(words[i + 1])))
    return _without(source, spans)


def _is_for_nothing(source: str, later: set[str]) -> bool:
    """Whether a cell only binds names, and later cells use none of them."""
    tree = ast.parse(source)
    return _only_binds(tree) and not _names(tree, ast.Store) & later


def _without_unused(source: str, later: set[str]) -> str:
    """Cut the statements that only bind names which nothing uses."""
    body = ast.parse(source).body
    spans = []
    for statement in body:
        others = [_names(other, ast.Load) for other in body if other is not statement]
        if _only_binds(statement) and not _names(statement, ast.Store) & later.union(*others):
            spans.append((_start(statement), _end(statement)))
    return _without(source, spans)


def _only_binds(tree: ast.AST) -> bool:
    """Whether code does no more than give names to values, or change what it has itself named."""
    own = _names(tree, ast.Store)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            changed = node.value
        elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            changed = getattr(getattr(node.value, "func", None), "value", None)
        else:
            continue
        if not (isinstance(changed, ast.Name) and changed.id in own):
            return False
    return True


def _names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """The names that a tree loads, or those that it stores."""
    names = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }
    if context is ast.Store:
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return names


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset


def _without(source: str, spans: list[tuple[tuple[int, int], tuple[int, int]]]) -> str:
    """Cut spans, given as lines and bytes within them."""
    lines = source.encode().splitlines(keepends=True)
    begins = [sum(map(len, lines[:i])) for i in range(len(lines))]
    content = source.encode()
    for (first, column), (last, end) in sorted(spans, reverse=True):
        content = content[: begins[first - 1] + column] + content[begins[last - 1] + end :]
    return content.decode()
