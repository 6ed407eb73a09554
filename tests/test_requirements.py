"""What has to be installed: ranges for users, pins for the book, and all files in the package."""

import ast
import functools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from embedgov.plotting.fonts import FONT_FILES
from embedgov_press import manifest, packages

ABOUT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# The extras that the code of a package may rely on, beside the core.
EXTRAS = {
    "embedgov": (),
    "embedgov_study": ("book",),
    "embedgov_edition": ("book",),
    "embedgov_press": ("book",),
    "embedgov_exchange": ("exchange",),
    "embedgov_teach": ("teach",),
    "embedgov_cli": (),
}

# Packages that many distributions share; what ours import of them.
NAMESPACES = {"sphinxcontrib": ["sphinxcontrib-bibtex"]}


def ranges(*extras):
    """The ranges of the core and of some extras, with the extras that these name, by distribution."""
    found = {}
    for requirement in map(Requirement, ABOUT["dependencies"]):
        found[canonicalize_name(requirement.name)] = requirement.specifier
    for extra in extras:
        for requirement in map(Requirement, ABOUT["optional-dependencies"][extra]):
            if requirement.name == ABOUT["name"]:
                found |= ranges(*requirement.extras)
            else:
                found[canonicalize_name(requirement.name)] = requirement.specifier
    return found


known_modules = functools.cache(packages_distributions)


def imported(package):
    """The distributions that a package imports, each with the files that do."""
    known, found = known_modules(), {}
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for name in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - EXTRAS.keys():
                for distribution in NAMESPACES.get(name, known[name]):
                    found.setdefault(canonicalize_name(distribution), set()).add(path.name)
    return found


@pytest.mark.parametrize("package", packages.PACKAGES, ids=lambda package: package.name)
def test_what_a_package_imports_is_in_the_core_or_in_its_extra(package):
    lacking = {
        name: files for name, files in imported(package).items() if name not in ranges(*EXTRAS[package.name])
    }
    assert lacking == {}


@pytest.mark.parametrize(("file", "extras"), [("", ("book", "teach", "exchange")), ("-test", ("test",))])
def test_every_pin_is_within_the_range_of_its_requirement(file, extras):
    lines = (ROOT / f"requirements{file}.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if re.match(r"\w", line)]
    assert len(pins) > 15
    known = ranges(*extras)
    for pin in pins:
        (version,) = (one.version for one in pin.specifier)
        assert canonicalize_name(pin.name) in known, pin
        assert known[canonicalize_name(pin.name)].contains(version), pin


@pytest.mark.parametrize("python", ["3.11.14", "3.12.1", "3.13.9"])
def test_what_is_locked_is_within_every_range(python):
    locked = manifest.locked_packages(ROOT / "requirements.lock", python)
    for name, specifier in ranges("test").items():
        version = str(locked[name].specifier).removeprefix("==")
        assert specifier.contains(version), (name, version)


def test_no_range_is_a_pin_and_each_has_a_lower_bound():
    for name, specifier in ranges("test").items():
        operators = {one.operator for one in specifier}
        assert ">=" in operators and operators <= {">=", "<"}, name


# ---- the package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as `pip install` makes it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, "."], cwd=folder, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_package_holds_every_file_of_ours(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    kept = (path for path in (ROOT / "src").rglob("*") if path.is_file())
    ours = {path.relative_to(ROOT / "src").as_posix() for path in kept}
    assert held == {name for name in ours if "__pycache__" not in name and ".egg-info" not in name}
    assert "embedgov/py.typed" in held


def test_the_installed_package_works_in_any_folder(wheel, tmp_path):
    installed, folder = tmp_path / "installed", tmp_path / "folder"
    zipfile.ZipFile(wheel).extractall(installed)
    folder.mkdir()
    run = functools.partial(
        subprocess.run, cwd=folder, env=os.environ | {"PYTHONPATH": str(installed)}, text=True
    )
    use = (
        "from embedgov import agreement, bounds, coding, ledger, multiverse, plotting\n"
        "from embedgov_cli import main\n"
        "print(plotting.FONT_FILES['regular'].stat().st_size, plotting.__file__)\n"
        "main('bounds --total 3 --margin A=2 --margin B=2'.split())"
    )
    done = run([sys.executable, "-P", "-c", use], capture_output=True)
    size, _, rest = done.stdout.partition(" ")
    assert int(size) == FONT_FILES["regular"].stat().st_size and rest.startswith(str(installed)), done.stderr
    assert done.returncode == 0 and re.search(r"^A and B +1 to 2$", rest, re.M), done
