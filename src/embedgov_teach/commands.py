"""The commands for teachers: draw coding sheets, score them, pack hand-outs."""

import os
from pathlib import Path

import click


@click.group()
def teach():
    """Sheets, scores and hand-outs for a class."""


@teach.command("sheet")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--of",
    type=click.Choice(["statements", "segments"]),
    default="statements",
    show_default=True,
    help="What learners code.",
)
@click.option("--n", default=20, show_default=True, help="How many of them.")
@click.option("--seed", default=7, show_default=True, help="Another seed, another draw.")
def sheet_command(out, of, n, seed):
    """Draw statements or segments for learners to code, and write sheet and codebook into OUT."""
    from .sheet import write

    for path in write(out, of, n, seed):
        click.echo(path)


@teach.command("score")
@click.argument("sheets", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the reports; reports that are there are replaced.",
)
def score_command(sheets, out):
    """Compare filled SHEETS (files, or folders of them) with the published codes and one another.

    Writes a page for each learner, one for the class, and two tables. A sheet that cannot be
    scored is refused with a reason and stops nobody else's.
    """
    # Before numpy is imported: for many small products its threads cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from tqdm import tqdm

    from . import report
    from .score import classes, read

    report.require_ours(out)
    read_sheets = read(sheets, lambda all_of_them: tqdm(all_of_them, "Reading", disable=None), out)
    index = report.write(
        out,
        read_sheets,
        classes(read_sheets),
        lambda pages: tqdm(pages, "Writing", len(read_sheets), disable=None),
    )
    refused = [one for one in read_sheets if one.refused]
    for one in refused:
        click.echo(f"{one.file}: refused: {one.refused}", err=True)
    click.echo(f"{len(read_sheets) - len(refused)} of {len(read_sheets)} sheets scored: {index}")
    if len(refused) == len(read_sheets):
        raise SystemExit(1)


@teach.command("pack")
@click.argument("chapter")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--solutions", is_flag=True, help="Make the key: the same with the solutions.")
def pack_command(chapter, out, solutions):
    """Write the hand-out of CHAPTER, which runs by itself and holds no solutions, into OUT.zip."""
    from .pack import pack

    click.echo(pack(chapter, out, solutions=solutions))


COMMANDS = [teach]
