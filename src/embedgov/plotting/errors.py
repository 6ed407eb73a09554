"""What a figure refuses."""

from ..errors import EmbedgovError


class PlottingError(EmbedgovError):
    """A figure was asked for something that its data, its labels or its fonts cannot give."""
