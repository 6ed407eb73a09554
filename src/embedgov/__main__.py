"""``python -m embedgov`` is the command ``embedgov``."""

from embedgov_cli import main

main(prog_name="embedgov")
