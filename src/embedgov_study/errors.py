"""Errors about the project as a whole and about its chapters."""

from embedgov.errors import EmbedgovError


class ProjectError(EmbedgovError):
    """A command needs a checkout of the study, and the current folder is in none."""


class NotebookError(EmbedgovError):
    """A chapter could not be executed, or it may not be published as it is."""
