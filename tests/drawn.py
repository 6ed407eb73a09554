"""What stands on the Axes of a figure, read back."""


def texts(ax):
    """The texts that are not blank."""
    return [text for text in ax.texts if text.get_text().strip()]


def contents(ax):
    """What the texts say."""
    return [text.get_text() for text in texts(ax)]
