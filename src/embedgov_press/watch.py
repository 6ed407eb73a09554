"""Rebuild the book on every save, and reload the page in the browser."""

import re
import shutil
import subprocess
import sys

from livereload import Server

from embedgov_study.project import here

from . import packages
from .execution import replace_folder

# The site is shown without its security policy, which would stop the script that reloads it.
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def serve(port: int) -> None:
    """Build and serve the book on this computer, and rebuild and reload on every save until Ctrl-C.

    Parameters
    ----------
    port : int
        Of the address on this computer.
    """
    project, server = here(), Server()
    build()
    for folder, names in (
        (project.book, "**/*"),
        (project.notebooks, "*.ipynb"),
        (project.data, "**/*"),
        *((package, "**/*.*") for package in packages.PACKAGES),
        (project.root, "_*.yml"),
    ):
        server.watch(f"{folder}/{names}", build)
    server.serve(port=port, host="127.0.0.1", root=str(project.watched))


def build() -> None:
    """Build in a new process, so that changed code counts; on success copy the site to what is served."""
    if subprocess.run([sys.executable, "-m", "embedgov", "book", "--edition", "en"]).returncode == 0:
        project = here()
        fresh = project.build / "watch.fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(project.site, fresh)
        for page in fresh.rglob("*.html"):
            page.write_text(POLICY.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
        replace_folder(fresh, project.watched)
