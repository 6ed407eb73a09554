"""Commands for teachers: coding sheets, scores, hand-outs."""

import click


@click.group()
def teach():
    """Sheets, scores and hand-outs for a class."""


COMMANDS = [teach]
