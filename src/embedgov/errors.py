"""What the package raises.

Every message says what is wrong, where, and what to do next.
"""


class EmbedgovError(Exception):
    """Base of the errors that the command line prints without a traceback."""


class ProjectError(EmbedgovError):
    """Something was asked for that only a checkout of the study has, and the current folder is in none."""


class DataError(EmbedgovError):
    """A table, a code or a value is not what its schema allows."""


class PlottingError(EmbedgovError):
    """A figure was asked for something that its data, its labels or its fonts cannot give."""


class NotebookError(EmbedgovError):
    """A chapter could not be executed or may not be published as it is."""


class BuildError(EmbedgovError):
    """The site could not be built; the last good one is kept."""


class ClaimError(EmbedgovError):
    """A claim of the ledger cannot be checked as its row says."""


class TeachingError(EmbedgovError):
    """A kit for teaching cannot be made or scored as asked; nothing was overwritten."""


class SourceError(EmbedgovError):
    """A copy of a source could not be fetched or is not what it should be."""


class ExchangeError(EmbedgovError):
    """A file for another program could not be made or written; what stood there is kept."""
