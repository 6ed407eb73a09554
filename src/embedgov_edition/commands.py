"""The commands of translators: bring the catalogues up to date, and say what they lack."""

from pathlib import Path

import click

from embedgov_study.project import here


@click.group()
def translate():
    """The catalogues in ``locale``, for editions in other languages."""


@translate.command("update")
@click.option("--language", default="zh", show_default=True, help="The folder below locale.")
def translate_update(language):
    """Bring the catalogues of a language up to date with the sources, and count what is to translate."""
    from . import catalogue

    found = catalogue.update(language)
    for name, (messages, left) in found.items():
        if left:
            click.echo(f"locale/{language}/{name.as_posix()}: {left} of {messages} to translate")
    messages, left = (sum(each) for each in zip(*found.values()))
    click.echo(f"{left} of {messages} messages in {len(found)} catalogues are to be translated")


@translate.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--language", default="zh", show_default=True, help="The folder below locale.")
def translate_check(files, language):
    """Say what the catalogues lack: all of them, or these FILES.

    A translation must be there and made for the very words of its message, with its references, numbers
    and values, and with the words of locale/LANGUAGE/terms.csv. The status is 1 if one is not.
    """
    from . import checks

    folder = here().root / "locale" / language
    found = checks.faults(language, [file.resolve().relative_to(folder) for file in files] or None)
    for fault in found:
        click.echo(fault)
    click.echo(checks.summary(found))
    if found:
        raise SystemExit(1)


COMMANDS = [translate]
