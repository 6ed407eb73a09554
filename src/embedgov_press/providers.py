"""Providers: modules, named in ``_config.yml``, that add pages, labels and downloads to the book.

A provider has any of these functions, most of which take no argument:

- ``pages()`` yields pages that no source is read for: the address without ending, the title (plain
  text) and the body (HTML)
- ``labels()`` says what a chapter may refer to by ``{ref}``: a label in lower case, with the page,
  the place on it and the title
- ``downloads()`` yields files for readers to take away: name and content
- ``chapter_files(executed, instructor)`` yields such files that are made of the executed chapters: the
  name, a hash of all that the file is made of, and what makes its content, which is called if the hash
  is not that of the last build
- ``chapter_links()`` says of each chapter what can be taken away: words, and the file's name

They are asked again when a table changes.
"""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from sphinx.config import Config
from sphinx.errors import ConfigError


def pages(config: Config) -> list[tuple[str, str, str]]:
    """Make the pages of all providers, in the order of ``_config.yml``."""
    return [page for one in _that_have("pages", config) for page in one.pages()]


def labels(config: Config) -> dict[str, tuple[str, str, str]]:
    """Collect the labels of all providers, for ``{ref}``."""
    return {label: to for one in _that_have("labels", config) for label, to in one.labels().items()}


def downloads(config: Config) -> list[tuple[str, bytes]]:
    """Make the files for download of all providers."""
    return [file for one in _that_have("downloads", config) for file in one.downloads()]


def chapter_files(
    config: Config, executed: Path, instructor: bool
) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """List the files that are made of the executed chapters, for one of the two editions."""
    for one in _that_have("chapter_files", config):
        yield from one.chapter_files(executed, instructor)


def chapter_links(config: Config) -> dict[str, list[tuple[str, str]]]:
    """Collect what can be taken away of each chapter."""
    return {
        name: links
        for one in _that_have("chapter_links", config)
        for name, links in one.chapter_links().items()
    }


def _that_have(function: str, config: Config) -> Iterator[ModuleType]:
    """Import and yield the providers that have a function of this name."""
    for name in config.embedgov_providers:
        try:
            provider = importlib.import_module(name)
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"_config.yml, embedgov_providers: {name} cannot be imported ({error}); correct the "
                "name, or take it out"
            ) from error
        if hasattr(provider, function):
            yield provider
