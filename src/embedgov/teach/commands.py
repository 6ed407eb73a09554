"""Commands for teachers: coding sheets, scores, hand-outs."""

from pathlib import Path

import click


@click.group()
def teach():
    """Sheets, scores and hand-outs for a class."""


@teach.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--of", type=click.Choice(["statements", "segments"]), default="statements",
              show_default=True, help="What learners code.")
@click.option("--n", default=20, show_default=True, help="How many of them.")
@click.option("--seed", default=7, show_default=True, help="Another seed, another draw.")
def sheet(out, of, n, seed):
    """Draw statements or segments for learners to code, and write sheet and codebook into OUT."""
    from .sheet import write

    for path in write(out, of, n, seed):
        click.echo(path)


COMMANDS = [teach]
