"""The command ``embedgov``: every command only calls the package and prints."""

import errno
import json
import sys
from pathlib import Path

import click

from embedgov.errors import EmbedgovError
from embedgov_edition.commands import COMMANDS as EDITION
from embedgov_exchange.commands import COMMANDS as EXCHANGE
from embedgov_press.commands import COMMANDS as PRESS
from embedgov_study.project import here
from embedgov_teach.commands import COMMANDS as TEACH

# The extra that installs what the commands of a package need beside the core.
EXTRAS = {
    "embedgov_edition": "book",
    "embedgov_press": "book",
    "embedgov_exchange": "exchange",
    "embedgov_teach": "teach",
}


class _Group(click.Group):
    """A group whose commands say in plain words why they fail, and exit with status 1."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except EmbedgovError as error:
            reason = f"{type(error).__name__}: {error}"
        except ModuleNotFoundError as error:
            command = self.get_command(context, context.invoked_subcommand)
            extra = EXTRAS.get(command.callback.__module__.partition(".")[0])
            if extra is None or error.name.startswith("embedgov"):
                raise
            reason = (
                f"`embedgov {command.name}` needs {error.name}, which is not installed; run "
                f'`pip install "embedgov[{extra}]"`, or in a clone `pip install ".[{extra}]"`'
            )
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has ended: click's business
                raise
            place = f"{error.filename}: " if error.filename else ""
            reason = f"{place}{error.strerror or error}; mend this and run the command again"
        click.echo(reason, err=True)
        sys.exit(1)


@click.group(cls=_Group)
@click.version_option(package_name="embedgov")
def main():
    """Check, execute and build the book Embedded Governance."""


for command in (*PRESS, *EDITION, *EXCHANGE, *TEACH):
    main.add_command(command)


@main.group()
def data():
    """The tables."""


@data.command("check")
@click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the tables; the project's own by default.",
)
def data_check(folder):
    """Check every table against its schema; one line per problem."""
    from embedgov_study.check import check

    folder = folder or here().data
    problems = check(folder)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems in {folder}" if problems else f"{folder}: sound", err=True)
    sys.exit(bool(problems))


@main.command("agreement")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--unit", required=True, help="Column that names what was coded.")
@click.option("--codes", required=True, metavar="A,B", help="Columns of 0 and 1 to compare.")
@click.option("--cluster", help="Column with the cluster of each unit; intervals then resample clusters.")
@click.option(
    "--distance", type=click.Choice(["jaccard", "masi"]), help="Only all codes as sets, by this distance."
)
@click.option("--draws", default=10_000, show_default=True, help="Draws for the intervals; 0 for none.")
@click.option("--seed", default=0, show_default=True, help="Seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="Every column, at full precision.")
def agreement_command(files, unit, codes, cluster, distance, draws, seed, as_json):
    """Compare coders, one table each: agreement, alpha and AC1 per code and for all.

    A table is a CSV or another file of text, whatever its encoding and delimiter, or an XLSX or ODS
    workbook; it has a header row, and the name of the file is that of the coder.
    """
    from embedgov.agreement import agreement_table
    from embedgov.coding import read_coders
    from embedgov_teach.table_files import coder_rows

    names = [code.strip() for code in codes.split(",")]
    if not all(names):
        raise click.BadParameter(f"{codes!r}: expected names with one comma between, as in A,B")
    messages: list[str] = []
    columns = [unit, *names, *([cluster] if cluster else [])]
    coded = read_coders(files, unit, names, cluster, lambda path: coder_rows(path, columns, messages))
    for line in messages:
        click.echo(line, err=True)
    table = agreement_table(
        coded, unit=unit, codes=names, cluster=cluster, distance=distance, draws=draws, seed=seed
    )
    if as_json:
        click.echo(table.to_json(orient="records", indent=1, double_precision=15))
    else:
        click.echo(table.round(3).to_string(index=False))


@main.command("bounds")
@click.option("--total", type=int, required=True, help="How many units there are.")
@click.option(
    "--margin",
    "margins",
    multiple=True,
    required=True,
    metavar="LABEL=COUNT",
    help="How many units carry a label; repeat for each label.",
)
@click.option("--cover", is_flag=True, help="Every unit carries at least one label.")
@click.option("--within", help="A label that whoever carries any other carries too.")
@click.option("--json", "as_json", is_flag=True, help="Everything, with a table for each end.")
def bounds_command(total, margins, cover, within, as_json):
    """Say what counts of overlapping labels leave open about their overlaps."""
    from embedgov.bounds import Margins, bound, quantities

    counts = {}
    for margin in margins:
        label, _, count = margin.rpartition("=")  # a label may have one itself
        if not label or not count.isdecimal():
            raise click.BadParameter(f"{margin!r}: expected a label and a count, as in LAW=18")
        if label in counts:
            raise click.BadParameter(f"{label!r} is given twice; name each label once")
        counts[label] = int(count)
    given = Margins(total, counts, cover=cover, within=within)
    found = [bound(given, quantity) for quantity in quantities(given)]
    if as_json:
        click.echo(json.dumps([one.to_dict() for one in found], ensure_ascii=False, indent=1))
        return
    width = max(len(one.quantity.name) for one in found)
    for one in found:
        holes = f", but never {', '.join(map(str, one.holes))}" if one.holes else ""
        click.echo(f"{one.quantity.name:{width}}  {one.low} to {one.high}{holes}")


@main.command("claims")
@click.option(
    "--rule",
    default="majority",
    show_default=True,
    help="How three coders' codes become one: majority, any or all.",
)
@click.option("--json", "as_json", is_flag=True, help="Every column of every claim.")
def claims_command(rule, as_json):
    """Work out every claim of the article again; one line each, with its verdict."""
    from embedgov.ledger import VERDICTS
    from embedgov_study.claims import ledger

    claims = ledger(rule=rule)
    if as_json:
        rows = json.loads(claims.to_json(orient="records"))
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    verdicts = claims["verdict"].fillna("interpretation")
    for claim, verdict in zip(claims.fillna({"found": "-"}).itertuples(), verdicts):
        values = f" {claim.expected} | {claim.found}" if verdict in VERDICTS else ""
        click.echo(f"{claim.claim_id} {verdict:15} {claim.statement_en}{values}")
    counts = verdicts.value_counts()
    listed = ", ".join(f"{counts.get(name, 0)} {name}" for name in (*VERDICTS, "interpretation"))
    click.echo(f"{len(claims)} claims: {listed}")
    printed = claims.loc[claims["stated"] == "yes", "verdict"].value_counts()
    listed = ", ".join(f"{printed[name]} {name}" for name in VERDICTS if name in printed)
    click.echo(f"on what the article states: {listed} of {printed.sum()}")
