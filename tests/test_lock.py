"""requirements.lock: what it names for each Python satisfies what is asked for, with hashes."""

import importlib.metadata
import re

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from embedgov_press import manifest
from embedgov_press.errors import BuildError

PYTHONS = ("3.11.0", "3.11.14", "3.12.1", "3.13.0", "3.13.9")


def direct():
    lines = "\n".join((ROOT / f"requirements{part}.txt").read_text() for part in ("", "-test"))
    return [Requirement(line) for line in lines.splitlines() if re.match(r"\w", line)]


def needed(requirements, locked, here):
    """Everything that some requirements need in turn, as far as it is installed here to be asked."""
    seen, open_ = set(), list(requirements)
    while open_:
        requirement = open_.pop()
        name = canonicalize_name(requirement.name)
        yield name, requirement
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                texts = importlib.metadata.requires(name) or []
            except importlib.metadata.PackageNotFoundError:
                continue
            if importlib.metadata.version(name) != str(locked[name].specifier)[2:]:
                continue  # another Python has another version, whose needs are not known here
            for need in map(Requirement, texts):
                if need.marker is None or need.marker.evaluate(here | {"extra": extra}):
                    open_.append(need)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_all_that_is_needed_for_each_python(python):
    locked = manifest.locked_packages(ROOT / "requirements.lock", python)
    here = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    asked = direct()
    for requirement in asked:
        assert locked[canonicalize_name(requirement.name)].specifier == requirement.specifier
    count = 0
    for name, requirement in needed(asked, locked, here):
        count += 1
        assert name in locked, (name, python)
        version = str(locked[name].specifier)[2:]
        assert requirement.specifier.contains(version, prereleases=True), (requirement, version)
    assert count > 2 * len(asked)
    for name in locked:
        try:
            about = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if about["Version"] == str(locked[name].specifier)[2:]:
            assert python in SpecifierSet(about.get("Requires-Python", "")), name


def test_the_pythons_are_those_that_the_package_promises():
    promised = SpecifierSet(re.search(r'requires-python = "(.+)"', (ROOT / "pyproject.toml").read_text())[1])
    assert {f"3.{minor}" for minor in range(9, 17) if f"3.{minor}.5" in promised} == {
        python.rpartition(".")[0] for python in PYTHONS
    }


HASH = f"    --hash=sha256:{'0' * 64}\n"


@pytest.mark.parametrize(
    "text, fault",
    [
        (
            f"# made\na==1 ; python_full_version < '3.12' \\\n{HASH}a==2 ; python_full_version >= '3.12' \\\n{HASH}",
            None,
        ),
        (f"a==1 \\\n{HASH}b==1\n", "b==1 has no exact version with a hash"),
        (f"a>=1 \\\n{HASH}", "a>=1 has no exact version"),
        (f"a==1 \\\n    --hash=sha256:{'0' * 63}\n", "a==1 has no exact version with a hash"),
        (f"a==1 \\\n{HASH}a==2 \\\n{HASH}", "a is locked twice for Python 3.12.1"),
    ],
)
def test_a_lock_that_does_not_bind_is_refused(tmp_path, text, fault):
    lock = tmp_path / "requirements.lock"
    lock.write_text(text)
    if fault is None:
        assert str(manifest.locked_packages(lock, "3.12.1")["a"].specifier) == "==2"
        assert str(manifest.locked_packages(lock, "3.11.9")["a"].specifier) == "==1"
        return
    with pytest.raises(BuildError, match=fault):
        manifest.locked_packages(lock, "3.12.1")


def test_an_installed_package_of_another_version_is_named(tmp_path):
    lock = tmp_path / "requirements.lock"
    here = importlib.metadata.version("click")
    lock.write_text(f"click==0.1 \\\n{HASH}not-installed==1 \\\n{HASH}")
    assert manifest.deviating_packages(lock) == [f"click {here} instead of 0.1"]
    lock.write_text(f"click=={here} \\\n{HASH}")
    assert manifest.deviating_packages(lock) == []
