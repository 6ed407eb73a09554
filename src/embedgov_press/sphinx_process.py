"""The entry point of the process in which a build runs jupyter-book.

``python -m embedgov_press.sphinx_process EXECUTED BUILD ...`` is the command ``jupyter-book ...`` that
takes the executed chapters from the folder EXECUTED, waits for those that are not there yet, and
ends when the process of the number BUILD ends.
"""

import sys
from pathlib import Path

from . import extension


def main() -> None:
    """Run the command ``jupyter-book`` for a build."""
    executed, build, *arguments = sys.argv[1:]
    extension.started_by = extension.Build(Path(executed), int(build))
    from jupyter_book.cli.main import main as jupyter_book

    jupyter_book(arguments)


if __name__ == "__main__":
    main()
