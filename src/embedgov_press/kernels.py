"""Start kernels quickly: each is a fork of a process that has already imported the libraries.

Starting Python and importing pandas and matplotlib is most of what a short chapter costs.
A server process does both once and then only waits; a kernel is a fork of it, so no two kernels
share any state, and what a chapter imports of our own package it imports itself.
A kernel also notes which files it reads, so that a chapter is executed again when one changes.
"""

import importlib.util
import multiprocessing
import os
import sys
import tempfile
import threading
from importlib.metadata import EntryPoint
from multiprocessing import forkserver
from pathlib import Path
from uuid import uuid4

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import default

from .scratch import scratch

NAME = "embedgov-warm"
# What chapters import, apart from our own package, and what runs them.
LIBRARIES = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "matplotlib.pyplot",
    "pandas",
    "seaborn",
    "scipy.stats",
    "myst_nb",
    "fontTools.ttLib",
    "bs4",
    "jinja2",
]

# What kernels are started with, so that a chapter does not depend on who runs it and where.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
PERSONAL = ("PYTHONSTARTUP", "PYTHONWARNINGS")  # settings that a kernel must not inherit

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LIBRARIES)
_starting = threading.Lock()
_running = set()


def warm_up() -> None:
    """Start the process that kernels are forked from, if there is none; it imports the libraries meanwhile.

    Every kernel has the environment in which this process is started.
    """
    with _starting:
        folder, usual = scratch(), tempfile.tempdir
        (folder / "matplotlibrc").touch()
        given = (
            dict.fromkeys(PERSONAL)
            | ENVIRONMENT
            | {
                "IPYTHONDIR": str(folder),
                "MATPLOTLIBRC": str(folder / "matplotlibrc"),
                "TMPDIR": str(folder),
            }
        )
        before = {name: os.environ.get(name) for name in given}
        try:
            _set(given)
            tempfile.tempdir = str(folder)  # of the server's own socket
            forkserver.ensure_running()
        finally:
            _set(before)
            tempfile.tempdir = usual


def _set(variables: dict[str, str | None]) -> None:
    """Set variables of the environment, or remove those without a value."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def stop_all() -> None:
    """Kill every kernel that runs."""
    for process in list(_running):
        process.kill()


class WarmKernelManager(AsyncKernelManager):
    """Starts a kernel as a fork, and talks to it through socket files instead of network ports.

    A free port may be taken by another program before the kernel comes to it; a file of ours is not.
    """

    @default("transport")
    def _by_files(self) -> str:
        return "ipc"

    @default("connection_file")
    def _own_file(self) -> str:
        warm_up()
        return str(scratch() / f"{uuid4().hex[:8]}.json")

    @property
    def kernel_spec(self):
        """The kernel's specification, which names `WarmKernel` as the way of starting it."""
        spec = super().kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME}
        return spec


class WarmKernel(LocalProvisioner):
    """A forked kernel, which notes the files that it reads in FILE of its argument ``--reads=FILE``."""

    async def launch_kernel(self, cmd, **kwargs):
        """Fork the kernel."""
        arguments = cmd[cmd.index("-f") :]
        (reads,) = (a.removeprefix("--reads=") for a in arguments if a.startswith("--reads="))
        arguments.remove(f"--reads={reads}")
        started = _context.Process(target=_kernel, args=(arguments, reads, kwargs["cwd"]))
        started.start()
        _running.add(started)
        self.process, self.pid = _Started(started), started.pid
        return self.connection_info


class _Started:
    """Gives a process of multiprocessing the methods of `subprocess.Popen` that jupyter_client calls."""

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.Process):
        self.process, self.pid = process, process.pid
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        _running.discard(self.process)
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.process.exitcode is None:
            os.kill(self.pid, number)


KernelProvisionerFactory.instance().provisioners[NAME] = EntryPoint(
    NAME, f"{__name__}:WarmKernel", KernelProvisionerFactory.GROUP_NAME
)


def _kernel(arguments: list[str], reads: str, folder: str) -> None:
    """Run an IPython kernel in this forked process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.chdir(folder)
    from ipykernel.kernelapp import IPKernelApp

    from embedgov_study.language import language

    language()  # it is asked for by what shows figures; no chapter depends on the rest of the configuration
    _note_reads(reads)
    IPKernelApp.launch_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)


def _note_reads(file: str) -> None:
    """From now on write to a file the path of every file opened for reading and every folder listed."""
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
    """Read the paths that a kernel noted; for compiled modules the paths of their sources."""
    return [
        Path(importlib.util.source_from_cache(line) if line.endswith(".pyc") else line)
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
