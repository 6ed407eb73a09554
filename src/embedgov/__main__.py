"""``python -m embedgov`` is the command ``embedgov``."""

from .cli import main

main(prog_name="embedgov")
