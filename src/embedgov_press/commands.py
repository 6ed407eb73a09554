"""The commands of the press: execute chapters, build, print, show and reproduce the site."""

import ast
import errno
import functools
import gc
import http.server
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import click

from embedgov_study.project import here


@click.command("book")
@click.option(
    "--instructor",
    is_flag=True,
    help="Build the instructor's edition, with its notes and keys, into _build/instructor.",
)
@click.option("--force", is_flag=True, help="Use nothing that an earlier build made.")
@click.option("--explain", is_flag=True, help="Say what would be done and why, and do nothing.")
@click.option(
    "--edition",
    type=click.Choice(["en", "all"]),
    default="all",
    show_default=True,
    help="Build the English edition alone, or also one for each language with catalogues.",
)
def book_command(instructor, force, explain, edition):
    """Check the data, execute the chapters, build the site into _build/html.

    What an earlier build made is used again where nothing has changed that it follows from.
    """
    from . import site

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as by Ctrl-C, with a message
    if explain:
        click.echo(site.explain(instructor, force, edition == "en"))
    else:
        click.echo(f"The book is in {site.publish(instructor, force, edition == 'en') / 'index.html'}")
        gc.freeze()  # nothing is left to do: no look for garbage at the end


@click.command("pdf")
def pdf_command():
    """Print the book that was built last into one PDF, by Chromium."""
    from .pdf import write

    click.echo(f"The PDF is {write()}")


@click.group()
def notebooks():
    """The executable chapters."""


@notebooks.command("run")
@click.argument("name")
@click.option(
    "-p",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="KEY VALUE",
    help="A parameter that the chapter declares, and its value.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the executed notebook, its figures and its tables.",
)
def notebooks_run(name, parameters, into):
    """Execute the chapter NAME with other parameters into a folder of yours.

    The copy says at its top which values are not the published ones.
    Its figures (SVG, PNG) and tables (CSV) lie beside it.
    """
    from .downloads import write_exhibits_beside
    from .execution import run

    copy = run(name, into, {key: _value(value) for key, value in parameters})
    write_exhibits_beside(copy)
    click.echo(copy)


def _value(text):
    """A number or another plain value of Python, and otherwise the text itself."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


@click.command("serve")
@click.option("--port", default=8000, show_default=True)
@click.option("--instructor", is_flag=True, help="Show the instructor's edition.")
def serve_command(port, instructor):
    """Show the built site on this computer."""
    site = here().instructor_site if instructor else here().site
    if not (site / "index.html").is_file():
        make = "make instructor" if instructor else "make book"
        raise click.ClickException(f"there is no site in {site}: run `{make}` first")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
    with _at(port), http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        click.echo(f"http://localhost:{port} (stop with Ctrl-C)")
        server.serve_forever()


@click.command("watch")
@click.option("--port", default=8000, show_default=True)
def watch_command(port):
    """Build and show the site; build again and reload the page on every save."""
    from .watch import serve as show

    with _at(port):
        show(port)


@contextmanager
def _at(port):
    """Say so where another program answers at a port."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(
            f"port {port} is taken by another program; end it, or name another port with --port"
        ) from None


@click.command("manifest")
@click.option("--check", "checking", is_flag=True, help="Compare; write nothing.")
def manifest_command(checking):
    """Write MANIFEST.sha256 and the outputs in codecheck.yml and README.md from the last build, or compare.

    The status of a comparison is 0 if nothing differs, 3 if something does and inputs, Python,
    packages or processor explain it, and 1 if nothing explains it.
    """
    from . import manifest

    if checking:
        found = manifest.check_build()
        click.echo(manifest.summary(found))
        sys.exit(found.status)
    from .exhibits import write_codecheck, write_readme

    click.echo(f"{manifest.write()}, {write_codecheck()} and {write_readme()} are those of the last build")


@click.command("reproduce")
def reproduce_command():
    """Build the book twice, elsewhere and under other circumstances, and compare every byte.

    The status is 0 if both builds agree with each other and with MANIFEST.sha256, 3 if only the
    manifest differs and Python, packages or processor explain it, and 1 otherwise.
    """
    from .reproduce import reproduce

    verdict = reproduce()
    click.echo(verdict)
    sys.exit(verdict.status)


COMMANDS = [
    book_command,
    pdf_command,
    notebooks,
    serve_command,
    watch_command,
    manifest_command,
    reproduce_command,
]
