"""Kernels in which nothing of the repository is found, each a fork of a process that is warm.

``serve SOCKET`` imports once what kernels and hand-outs import.
It is run by ``python -S``: without `site`, Python reads no ``.pth`` file, and an editable install is one.
``ask SOCKET FILE`` gets a kernel in the current folder and ends with it: a kernel's command for Jupyter.

What is loaded in such a kernel says little, as the server has loaded it.
So a kernel notes in ``__import__.noted`` what the notebook and the code beside it import.
"""

import os
import select
import socket
import sys
import threading
import traceback
from importlib import import_module

LIBRARIES = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "jinja2",
    "joblib",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "pandas",
    "scipy.stats",
    "seaborn",
]


def serve(path):
    """Fork a kernel for whoever connects, until standard input ends."""
    del sys.path[0]  # the folder of this file
    for library in LIBRARIES:
        import_module(library)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        print("ready", flush=True)
        while server in select.select([server, sys.stdin], [], [])[0]:
            connection, _ = server.accept()
            if os.fork() == 0:
                server.close()
                be_kernel(connection)
            connection.close()
    while True:  # so that what kernels took counts as taken by the server
        try:
            os.wait()
        except ChildProcessError:
            return


def be_kernel(connection):
    """Be a kernel, until told to stop or until who asked for it is gone."""
    from ipykernel.kernelapp import IPKernelApp

    folder, file = connection.makefile().readline().rstrip("\n").split("\0")
    threading.Thread(target=lambda: (connection.recv(1), os._exit(1)), daemon=True).start()
    os.chdir(folder)
    note_imports(folder)
    try:
        IPKernelApp.launch_instance(argv=["-f", file])
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def note_imports(folder):
    """Note each package that the notebook, or a file of the folder, imports."""
    import builtins

    load = builtins.__import__

    def note(name, globals=None, locals=None, fromlist=(), level=0):
        importer = globals or {}
        if not level and (
            importer.get("__name__") == "__main__" or str(importer.get("__file__")).startswith(folder)
        ):
            note.noted.add(name.partition(".")[0])
        return load(name, globals, locals, fromlist, level)

    note.noted = set()
    builtins.__import__ = note


def ask(path, file):
    """Get a kernel, and wait for its end."""
    with socket.socket(socket.AF_UNIX) as kernel:
        kernel.connect(path)
        kernel.sendall(f"{os.getcwd()}\0{file}\n".encode())
        kernel.recv(1)


if __name__ == "__main__":
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
