"""Parts of docstrings that several functions share, each kept once."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Documented = TypeVar("Documented", bound=Callable[..., Any])


def filled(parts: Mapping[str, str], function: Documented) -> Documented:
    """Fill in the parts of a docstring that many functions share, each a line such as ``<ax>``."""
    lines = []
    for line in (function.__doc__ or "").splitlines():
        bare = line.strip()
        block = parts.get(bare[1:-1]) if bare.startswith("<") and bare.endswith(">") else None
        indent = line[: len(line) - len(line.lstrip())]
        lines += [line] if block is None else [(indent + each).rstrip() for each in block.splitlines()]
    function.__doc__ = "\n".join(lines)
    return function
