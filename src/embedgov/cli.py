"""The command ``embedgov``: every command only calls the package and prints."""

import functools
import http.server
import sys
from pathlib import Path

import click
import yaml

from . import paths
from .errors import EmbedgovError


class _Group(click.Group):
    """A group whose commands print our own errors in plain words and exit with status 1."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except EmbedgovError as error:
            click.echo(f"{type(error).__name__}: {error}", err=True)
            sys.exit(1)


@click.group(cls=_Group)
@click.version_option(package_name="embedgov")
def main():
    """Check, execute and build the book Embedded Governance."""


@main.group()
def data():
    """The tables."""


@data.command("check")
@click.option(
    "--data", "folder", type=click.Path(file_okay=False, path_type=Path), default=paths.DATA,
    help="Folder of the tables; the project's own by default.",
)  # fmt: skip
def data_check(folder):
    """Check every table against its schema; one line per problem."""
    from .check import check

    problems = check(folder)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems in {folder}" if problems else f"{folder}: sound", err=True)
    sys.exit(bool(problems))


@main.command()
def book():
    """Check the data, execute the chapters, build the site into _build/html."""
    from .press.site import publish

    click.echo(f"The book is in {publish() / 'index.html'}")


@main.group()
def notebooks():
    """The executable chapters."""


@notebooks.command("run")
@click.argument("name")
@click.option(
    "-p", "parameters", nargs=2, multiple=True, metavar="KEY VALUE",
    help="A parameter that the chapter declares, and its value.",
)  # fmt: skip
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), required=True,
    help="Folder for the executed notebook.",
)  # fmt: skip
def notebooks_run(name, parameters, into):
    """Execute the chapter NAME with other parameters into a folder of yours."""
    from .press.chapters import run

    values = {key: yaml.safe_load(value) for key, value in parameters}
    click.echo(run(name, into, values))


@main.command()
@click.option("--port", default=8000, show_default=True)
def serve(port):
    """Show the built site on this computer."""
    if not (paths.SITE / "index.html").is_file():
        raise click.ClickException(f"there is no site in {paths.SITE}: run `make book` first")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=paths.SITE)
    click.echo(f"http://localhost:{port} (stop with Ctrl-C)")
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.serve_forever()
