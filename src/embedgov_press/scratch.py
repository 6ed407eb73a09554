"""One folder for all temporary files of a build."""

import functools
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

PREFIX = "embedgov-"  # what the names of folders of temporary files begin with


@functools.cache
def scratch() -> Path:
    """The folder for temporary files of this process and its children; removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    # After multiprocessing has removed its own things in it, with priority -100.
    Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-200)
    return folder
