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
    from .lab import is_on_a_page
    from .sheet import write

    for path in write(out, of, n, seed):
        click.echo(path)
    if is_on_a_page(n, seed):
        click.echo(
            f"With seed {seed} this is a set of the lab's pages, where its codes can be seen; "
            "another --seed draws another.",
            err=True,
        )


@teach.command("score")
@click.argument("sheets", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the reports; reports that are there are replaced.",
)
@click.option(
    "--marks", is_flag=True, help="Learners marked what applies: √ or x is yes, an empty cell beside it no."
)
@click.option("--latest", is_flag=True, help="Of several sheets of one learner the latest counts.")
@click.option(
    "--roster",
    "list_of_class",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Names of the class, one a line, or CSV with a column name: says who is missing.",
)
def score_command(sheets, out, marks, latest, list_of_class):
    """Compare filled SHEETS with the published codes and one another.

    SHEETS are files, folders of them, or the archive of all submissions that Moodle or Canvas gives.

    Writes a page for each learner, two for the class, one of them without names, and three tables;
    of a platform's files also an archive of feedback that it takes back. A sheet that cannot be
    scored is refused with a reason and stops nobody else's.
    """
    # Before numpy is imported: for many small products its threads cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from tqdm import tqdm

    from . import report, submissions
    from .score import classes, read

    report.require_ours(out)
    listed = submissions.roster(list_of_class) if list_of_class else []
    read_sheets = read(
        sheets,
        lambda all_of_them: tqdm(all_of_them, "Reading", disable=None),
        out,
        marks=marks,
        latest=latest,
    )
    index = report.write(
        out,
        read_sheets,
        classes(read_sheets),
        lambda pages: tqdm(pages, "Writing", len(read_sheets), disable=None),
        listed,
    )
    refused = [one for one in read_sheets if one.refused]
    for one in refused:
        click.echo(f"{one.file}: refused: {one.refused}{one.aside and f' ({one.aside})'}", err=True)
    for file, what in report.doubts(read_sheets):
        click.echo(f"{file}: {what}", err=True)
    if listed:
        absent, unknown = submissions.missing(listed, read_sheets)
        click.echo(f"Handed nothing in: {', '.join(absent) or 'nobody'}", err=True)
        if unknown:
            click.echo(f"Not on the list: {', '.join(unknown)}", err=True)
    scored = [one for one in read_sheets if not one.refused and not one.superseded]
    click.echo(f"{len(scored)} of {len(read_sheets)} sheets scored: {index}")
    if len(refused) == len(read_sheets):
        raise SystemExit(1)


@teach.command("pack")
@click.argument("chapter")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--solutions", is_flag=True, help="Make the key: the same with the solutions.")
def pack_command(chapter, out, solutions):
    """Write the hand-out of CHAPTER, which runs by itself and holds no solutions, into OUT.zip."""
    from .pack import pack

    cut = []
    click.echo(pack(chapter, out, solutions=solutions, cut=cut))
    if cut:
        click.echo(
            f"{len(cut)} links into the book are plain words there, since html: baseurl in _config.yml says "
            f"nowhere that it is published: {', '.join(dict.fromkeys(cut))}. What the exercises need of them "
            "is at the end.",
            err=True,
        )


COMMANDS = [teach]
