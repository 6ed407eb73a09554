"""The error of a build."""

from embedgov.errors import EmbedgovError


class BuildError(EmbedgovError):
    """The site could not be built; the last good one is kept."""
