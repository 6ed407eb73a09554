"""Warm kernels: each chapter gets a kernel of its own, forked from a process that has imported the libraries.

Starting Python and importing pandas and matplotlib is most of what a short chapter costs.
A server process does both once and then only waits; a kernel is a fork of it, so no two kernels
share any state, and what a chapter imports of our own package it imports itself.
A kernel also notes which files it reads, so that a chapter is executed again when one changes.
"""

import importlib.util
import multiprocessing
import os
import sys
import threading
from importlib.metadata import EntryPoint
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "embedgov-warm"
# What chapters import, apart from our own package, and what runs them.
LIBRARIES = [
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completer", "matplotlib.pyplot",
    "matplotlib_inline.backend_inline", "pandas", "seaborn", "scipy.stats", "networkx",
    "frictionless", "myst_nb", "fontTools.ttLib", "bs4", "jinja2",
]  # fmt: skip

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LIBRARIES)


def warm_up() -> None:
    """Start the server now, so that it imports the libraries while something else is done."""
    from multiprocessing import forkserver

    forkserver.ensure_running()


class WarmKernelManager(AsyncKernelManager):
    """Starts its kernel as a fork of the server."""

    @property
    def kernel_spec(self):
        """The specification of the kernel, with the way of starting it."""
        spec = super().kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME}
        return spec


class WarmKernel(LocalProvisioner):
    """A kernel as a fork of the server; the last argument of its command names its file of reads."""

    async def launch_kernel(self, cmd, **kwargs):
        """Fork the server."""
        started = _context.Process(
            target=_kernel, daemon=True,
            args=(self.connection_info_file(cmd), cmd[-1], kwargs["env"], os.getcwd()),
        )  # fmt: skip
        started.start()
        self.process, self.pid = _Started(started), started.pid
        return self.connection_info

    @staticmethod
    def connection_info_file(cmd: list[str]) -> str:
        """The file that tells a kernel its ports."""
        return cmd[cmd.index("-f") + 1]


class _Started:
    """A process of multiprocessing as jupyter_client expects it, which is as one of subprocess."""

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.Process):
        self.process, self.pid = process, process.pid
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.process.exitcode is None:
            os.kill(self.pid, number)


KernelProvisionerFactory.instance().provisioners[NAME] = EntryPoint(
    NAME, f"{__name__}:WarmKernel", KernelProvisionerFactory.GROUP_NAME
)


def _kernel(connection: str, reads: str, environment: dict[str, str], folder: str) -> None:
    """Be a kernel, until told to stop or until the build that started this one has ended."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[:] = [sys.argv[0]]
    from ipykernel.kernelapp import IPKernelApp

    _note_reads(reads)
    IPKernelApp.launch_instance(argv=["-f", connection])


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)


def _note_reads(file: str) -> None:
    """Write to a file, one a line, each file that is opened for reading and each folder that is listed."""
    seen, notes = set(), open(file, "w", encoding="utf-8", buffering=1)

    def note(event: str, arguments: tuple) -> None:
        if event == "open":
            path, mode, flags = arguments
            if (mode and set(mode) & set("wax+")) or flags & (os.O_WRONLY | os.O_RDWR):
                return
        elif event in ("os.listdir", "os.scandir"):
            path = arguments[0]
        else:
            return
        if isinstance(path, str | os.PathLike) and (path := os.path.abspath(path)) not in seen:
            seen.add(path)
            notes.write(path + "\n")

    sys.addaudithook(note)


def read_files(file: Path) -> list[Path]:
    """What a kernel has noted, with the sources of the modules that it read as byte code."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        path = Path(line)
        found.append(
            Path(importlib.util.source_from_cache(line)) if path.suffix == ".pyc" else path
        )
    return found
