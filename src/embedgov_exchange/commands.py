"""The commands that check the tables against the sources and export the coding and the metadata."""

import json
import sys
from pathlib import Path

import click

from embedgov_study.project import here

_COPY = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.option("--article", type=_COPY, help="Text of the web reprint of the article.")
@click.option("--statements", type=_COPY, help="Word file (.docx) with the official statements.")
@click.option("--json", "as_json", is_flag=True, help="Everything that was checked and found.")
def verify_command(article, statements, as_json):
    """Check every anchor term, name and count against your copies of the sources."""
    from .verify import verify

    report = verify(article, statements)
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        width = max(len(table.file) for table in report.tables)
        for table in report.tables:
            done = f"{table.matching} of {table.checked} {table.items} match"
            done += f", {table.left} rest on sources without a copy" if table.left else ""
            click.echo(f"{table.file:{width}}  {done}")
        for line in (*report.notes, *report.mismatches):
            click.echo(line)
        click.echo(f"{len(report.mismatches)} mismatches")
    sys.exit(bool(report.mismatches))


@click.command("fetch-sources")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files; _sources in the project by default, which git leaves alone.",
)
def fetch_sources_command(into):
    """Download the Word file with the official statements, and say how to get the article."""
    from embedgov_study.data import table

    from .fetch import fetch

    project = here()
    for source, file in fetch(into or project.sources, project.data).items():
        click.echo(f"{source} is in {file}: give it to `embedgov verify --statements`")
    for article in table("sources", project.data).query("source_id == 'article'").fillna("").itertuples():
        click.echo(
            "article cannot be fetched: save the text of its web reprint by hand, and give it to "
            f"`embedgov verify --article`. {article.url or article.description}"
        )


@click.command("refi")
@click.argument("out", type=click.Path(path_type=Path))
def refi_command(out):
    """Write the coding for QualCoder, NVivo, MAXQDA or ATLAS.ti.

    OUT is the file to write: .qdpx for codebooks, coders, cases, texts and codings, .qdc for the
    codebooks alone.
    """
    from .refi import write

    click.echo(write(out))


@click.group("validate")
def validate():
    """Have two people check the codes of the statements: write their sheets, score them."""


@validate.command("sheet")
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--statements", type=_COPY, required=True, help="Word file (.docx) with the official statements."
)
@click.option("--undisputed", default=29, show_default=True, help="Statements on which the passes agree.")
@click.option("--seed", default=7, show_default=True, help="Of the draw and of each reader's order.")
def validate_sheet_command(into, statements, undisputed, seed):
    """Write two readers' sheets, the codebook and the key into INTO, a folder outside the project."""
    from .validate import sheets

    for path in sheets(statements, into, undisputed, seed):
        click.echo(path)
    click.echo("Give each reader a sheet and the codebook; keep the key to yourself until both are done.")


@validate.command("score")
@click.argument("readers", nargs=2, type=_COPY)
@click.option("--key", type=_COPY, required=True, help="The key that was written with the sheets.")
@click.option("--json", "as_json", is_flag=True, help="Every column, at full precision.")
def validate_score_command(readers, key, as_json):
    """Compare the two filled sheets with one another and with the majority of the passes."""
    from .validate import LEAST_ALPHA, score, to_json

    table = score(readers, key)
    if as_json:
        click.echo(to_json(table))
        return
    click.echo(table.round(2).to_string(index=False))
    dropped = ", ".join(table.loc[~table["used"], "code"]) or "none"
    click.echo(f"codes not to be used, since the readers' alpha is below {LEAST_ALPHA:.2f}: {dropped}")


@click.command("crate")
@click.option("--check", is_flag=True, help="Only say whether the committed files are up to date.")
def crate_command(check):
    """Describe the repository for archives: ro-crate-metadata.json, codemeta.json, .zenodo.json."""
    from . import crate, deposit

    root = here().root
    if not check:
        for path in (crate.write(root), *deposit.write(root)):
            click.echo(path)
        return
    found = [*crate.differences(root), *deposit.differences(root)]
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException("run `embedgov crate` and commit the files")


COMMANDS = [verify_command, fetch_sources_command, refi_command, crate_command, validate]
