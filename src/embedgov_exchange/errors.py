"""Errors about copies of the sources and about files for other programs."""

from embedgov.errors import EmbedgovError


class SourceError(EmbedgovError):
    """A copy of a source could not be fetched, or is not what it should be."""


class ExchangeError(EmbedgovError):
    """A file for another program could not be made or written; what stood there is kept."""
