"""A reader of sheets as nobody should meet it; a process that begins with it imports nothing heavy."""

import os
import time
from unittest.mock import patch

from embedgov_teach import sheet_reader, table_files


def read(path, shown, layouts, marks, read=sheet_reader.read):
    """Read as `sheet_reader.read` does, but for three sheets that nobody thought of."""
    if b"Bo" in path.read_bytes():
        with patch.object(table_files, "decoded", side_effect=RecursionError):
            return read(path, shown, layouts, marks)
    if b"Cy" in path.read_bytes():
        os.abort()  # as a fault in a library written in C, or the system when memory is short
    if b"Di" in path.read_bytes():
        time.sleep(600)
    return read(path, shown, layouts, marks)
