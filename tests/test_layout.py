"""What the packages under ``src`` may import, which runs one way, and what the first may know."""

import ast
import csv
import functools
import io
import re
import sys
import tokenize
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[1] / "src"
# What each package may import of the others.
MAY_IMPORT = {
    "embedgov": set(),
    "embedgov_study": {"embedgov"},
    "embedgov_edition": {"embedgov", "embedgov_study"},
    "embedgov_press": {"embedgov", "embedgov_study", "embedgov_edition"},
    "embedgov_exchange": {"embedgov", "embedgov_study"},
    "embedgov_teach": {"embedgov", "embedgov_study", "embedgov_press"},
}
MAY_IMPORT["embedgov_cli"] = set(MAY_IMPORT)
# What another study has to install for `embedgov`.
LIBRARIES = {"joblib", "lazy_loader", "matplotlib", "numpy", "pandas", "scipy", "seaborn"}
COMMAND = "embedgov/__main__.py imports embedgov_cli"  # so that `python -m embedgov` is the command


@functools.cache
def imported(src):
    """Every import in a folder of packages, also those within functions, with the file that has it."""
    found = []
    for path in sorted(src.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            found += [(path.relative_to(src), name.split(".")[0]) for name in names]
    return found


def forbidden(src):
    """The imports that go against the direction."""
    return {
        f"{file.as_posix()} imports {name}"
        for file, name in imported(src)
        if name in MAY_IMPORT and name not in {file.parts[0], *MAY_IMPORT[file.parts[0]]}
    } - {COMMAND}


def test_every_package_has_its_place_in_the_order():
    assert {path.parent.name for path in SRC.glob("*/__init__.py")} == set(MAY_IMPORT)


def test_imports_run_one_way():
    assert forbidden(SRC) == set()


@pytest.mark.parametrize(
    "code",
    [
        "import embedgov_teach.lab",
        "from embedgov_teach import lab",
        "def late():\n    from embedgov_teach.lab import pages",
    ],
)
def test_an_import_against_the_direction_is_found(tmp_path, code):
    (tmp_path / "embedgov_press").mkdir()
    (tmp_path / "embedgov_press" / "site.py").write_text(code)
    assert forbidden(tmp_path) == {"embedgov_press/site.py imports embedgov_teach"}


def private_imports(src):
    """Names that begin with an underscore and are imported from another package."""
    return [
        f"{path.relative_to(src).as_posix()} imports {alias.name}"
        for path in sorted(src.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and not node.level
        for alias in node.names
        if node.module.split(".")[0] in MAY_IMPORT
        and node.module.split(".")[0] != path.relative_to(src).parts[0]
        and alias.name.startswith("_")
    ]


def test_no_package_uses_a_private_name_of_another():
    assert private_imports(SRC) == []


def test_an_import_of_a_private_name_is_found(tmp_path):
    (tmp_path / "embedgov_press").mkdir()
    (tmp_path / "embedgov_press" / "site.py").write_text("from embedgov.ledger import _found, verdict")
    assert private_imports(tmp_path) == ["embedgov_press/site.py imports _found"]


def test_what_any_study_can_use_needs_few_libraries():
    names = {name for file, name in imported(SRC) if file.parts[0] == "embedgov"}
    assert names - {"embedgov", "embedgov_cli", *sys.stdlib_module_names} <= LIBRARIES


def test_the_rooms_that_a_contributor_is_sent_to_exist():
    root = SRC.parent
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", (root / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    assert [path for path in named if not (root / path).exists()] == []


# ---- what any study can use knows no word of this one

WORDS = {  # besides the codes
    *("batch", "designation", "zone", "article", "ministry", "province", "milestone", "programme"),
    *("pilot", "statement", "dimension", "direction", "embedding", "socialisation"),
}
LEFT = {"coding.py": {"zone"}}  # in the title of a work; nothing may be added


def codes():
    """The codes of all codebooks; call themes, too."""
    rows = []
    for path in sorted((SRC.parent / "data" / "codebooks").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return {row["code"] for row in rows if "code" in row} - {"OTHER"}


def words(path):
    """The words of a file: of code without its comments, where names count by their parts."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        text = "\n".join(
            token.string
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type != tokenize.COMMENT
        )
    return set(re.findall("[A-Za-z]+", text.replace("_", " ")))


def of_this_study(core):
    """The words of this study in each file of a package."""
    known = codes()
    found = {}
    for path in sorted([*core.rglob("*.py"), *core.rglob("*.csv")]):
        used = words(path)
        plain = {word.lower().removesuffix(end) for word in used for end in ("", "s", "es")}
        if here := (used & known) | (plain & WORDS):
            found[path.relative_to(core).as_posix()] = here
    return found


def test_what_any_study_can_use_has_no_word_of_this_study():
    assert of_this_study(SRC / "embedgov") == LEFT


@pytest.mark.parametrize(
    "code, word",
    [
        ('names = ["SOC"]', "SOC"),
        ("def of(batches): ...", "batch"),
        ('"""Count the zones."""', "zone"),
        ("left_out_DELIB = 1", "DELIB"),
    ],
)
def test_a_word_of_this_study_is_found(tmp_path, code, word):
    (tmp_path / "one.py").write_text(f"import re  # a batch of zones\n{code}\n")
    assert of_this_study(tmp_path) == {"one.py": {word}}
