"""The error of everything that is made for teaching."""

from embedgov.errors import EmbedgovError


class TeachingError(EmbedgovError):
    """Teaching material could not be made or scored as asked; nothing was overwritten."""
