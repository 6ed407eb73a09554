"""The certificate of a build: what was executed, with which software, for how long, with which result.

It differs from run to run, and therefore stands on a page of its own that the manifest leaves out.
"""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from embedgov_study.html_tables import templates
from embedgov_study.language import say
from embedgov_study.project import here
from embedgov_study.vocabulary import label

from . import dependencies, manifest
from .errors import BuildError
from .execution import chapters


def checks() -> tuple[str, ...]:
    """What stops `embedgov book`; a site that is there has passed."""
    return (
        say("Every table is as its schema says, and every row that another row points to exists."),
        say("Every notebook ran from its first cell to its last without an error or a warning."),
        say("Every figure has a name, a caption and an alternative text."),
        say("No output holds a memory address or an absolute path."),
        say("Sphinx found nothing to warn of: no dead reference, no missing file."),
        say("Every image has a text and lies within the site."),
    )


def blank() -> tuple[str, str, str]:
    """Make the page before there is a result.

    Returns
    -------
    name, title, body : str
        The page's address without ending, its title and its body (HTML).
    """
    return manifest.CERTIFICATE, say("Certificate"), _body(None)


def count_verdicts() -> dict[str, int]:
    """Count the claims of the ledger by verdict.

    Returns
    -------
    dict
        The number of claims for each verdict; empty in a book without the chapter on claims.
    """
    if "claims" not in chapters():
        return {}
    from embedgov.ledger import VERDICTS
    from embedgov_study import claims  # they need pandas, which takes a while to import

    of_claims = claims.ledger()["verdict"].fillna("interpretation")
    return {name: int((of_claims == name).sum()) for name in (*VERDICTS, "interpretation")}


def issue(site: Path, executed: Path, verdicts: dict[str, int]) -> None:
    """Write the certificate into a site: as JSON, and as the page that shows it.

    Parameters
    ----------
    site : Path
        A site that is complete but for its certificate.
    executed : Path
        The executed notebooks that it was made from, with the records of their execution.
    verdicts : dict
        What `count_verdicts` gives.
    """
    page = site / f"{manifest.CERTIFICATE}.html"
    run = _record(site, executed, verdicts)
    (site / f"{manifest.CERTIFICATE}.json").write_text(
        json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    text = page.read_text(encoding="utf-8")
    body = _body(run)
    text = re.sub(
        r'<section class="evidence" id="certificate">.*?</section>', lambda _: body, text, flags=re.S
    )
    page.write_text(text, encoding="utf-8")


def _record(site: Path, executed: Path, verdicts: dict[str, int]) -> dict:
    project = here()
    made = manifest.of_project(project.root, site, executed)
    commit, edited = _commit()
    deviations = []
    if made.made_with["packages"] != manifest.LOCKED:
        deviations.append(say("Packages of {packages}.", packages=made.made_with["packages"]))
    if edited:
        files = say(", ").join(edited)
        deviations.append(say("Files that are not as committed: {files}.", files=files))
    compared = None
    try:
        compared = manifest.compare(manifest.read(project.manifest), made)
        for group, files in compared.differing.items():
            if files:
                why = say("; ").join(compared.reasons[group])
                counts = {"n": len(files), "total": compared.counts[group], "group": words()[group]}
                deviations.append(
                    say(
                        "{n} of {total} {group} are not as in the manifest: {reasons}.", **counts, reasons=why
                    )
                    if why
                    else say(
                        "{n} of {total} {group} are not as in the manifest, and nothing explains it: a fault.",
                        **counts,
                    )
                )
    except BuildError as error:  # no reason to build no site
        message = str(error).replace("`", "")  # which marks a command in a terminal
        deviations.append(say("The manifest was not compared: {reason}.", reason=message))
    return {
        "version": version("embedgov"),
        "commit": commit,
        "finished": datetime.now(UTC).isoformat(" ", "seconds"),
        "machine": say("{n} processors, {memory}", n=os.cpu_count(), memory=_memory()),
        "made_with": made.made_with,
        "checks": checks(),
        "manifest": compared
        and {
            group: {
                "listed": compared.counts[group] - len(files),
                "differing": files,
                "reasons": compared.reasons[group] if files else [],
            }
            for group, files in compared.differing.items()
        },
        "deviations": deviations,
        "verdicts": verdicts,
        "notebooks": {
            copy.stem: {
                "seconds": dependencies.read_record(copy)["seconds"],
                "sha256": made.sums[f"_executed/{copy.name}"],
            }
            for copy in sorted(executed.glob("*.ipynb"))
        },
        "inputs": {p: s for p, s in made.sums.items() if manifest.group(p) == "inputs"},
    }


def _body(run: dict | None) -> str:
    template = templates("embedgov_press").get_template("certificate.html")
    if run is None:
        return template.render(title=say("Certificate"), run=None)
    return template.render(
        title=say("Certificate"),
        run=run,
        seconds=sum(each["seconds"] for each in run["notebooks"].values()),
        groups=[
            (
                words()[group],
                each["listed"],
                len(each["differing"]),
                say("; ").join(each["reasons"]) or (say("a fault") if each["differing"] else ""),
            )
            for group, each in (run["manifest"] or {}).items()
        ],
        notebooks=[
            (name, round(each["seconds"], 1), each["sha256"]) for name, each in run["notebooks"].items()
        ],
        words=words(),
        verdicts=[(label(name, "ledger", "verdict"), count) for name, count in run["verdicts"].items()],
        tables=[(path, total) for path, total in run["inputs"].items() if re.match(r"data/.*\.csv$", path)],
    )


def words() -> dict[str, str]:
    """What a reader is shown for the names of groups of files and of parts of the environment."""
    return {
        "inputs": say("inputs"),
        "executed notebooks": say("executed notebooks"),
        "figures and tables": say("figures and tables"),
        "pages": say("pages"),
        "Python": say("Python"),
        "packages": say("Packages"),
        "platform": say("Platform"),
        "processor": say("Processor"),
    }


def _commit() -> tuple[str, list[str]]:
    """The commit of the sources and the inputs that are not as committed, as far as git knows."""
    root = here().root

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    try:
        if not root.samefile(git("rev-parse", "--show-toplevel").strip()):
            return "unknown", []  # the project lies within another one's repository
        # The site must not even name the instructor's pages.
        silent = ":!book/instructor", ":(exclude,glob)locale/*/book/instructor/**"
        edited = git("status", "--porcelain", "-uall", "--", *manifest.INPUTS, *silent)
        return git("rev-parse", "HEAD").strip(), [line[3:] for line in edited.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        return "unknown", []


def _memory() -> str:
    try:
        size = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}"
        return say("{size} GiB of memory", size=size)
    except (AttributeError, OSError, ValueError):
        return say("memory unknown")
