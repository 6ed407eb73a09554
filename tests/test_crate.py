"""The RO-Crate metadata: as the specification asks, complete, and up to date."""

import csv
import json
import re
import shutil
from importlib.resources import files

import pytest
import yaml
from click.testing import CliRunner
from conftest import ROOT
from rocrate.rocrate import ROCrate

from embedgov_cli import main
from embedgov_exchange import crate

CRATE = ROOT / "ro-crate-metadata.json"


@pytest.fixture(scope="module")
def entities():
    return {one["@id"]: one for one in json.loads(CRATE.read_text(encoding="utf-8"))["@graph"]}


def kinds(entity):
    return {entity["@type"]} if isinstance(entity["@type"], str) else set(entity["@type"])


def references(value):
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        assert set(value) == {"@id"}  # flat: entities stand side by side
        yield value["@id"]


def test_the_committed_description_is_that_of_the_repository():
    done = CliRunner().invoke(main, ["crate", "--check"])
    assert done.exit_code == 0, done.output
    assert CRATE.read_text(encoding="utf-8") == crate.describe(ROOT)


def test_it_has_what_the_specification_requires(entities):
    graph = json.loads(CRATE.read_text(encoding="utf-8"))
    assert graph["@context"] == "https://w3id.org/ro/crate/1.1/context"
    assert len(graph["@graph"]) == len(entities)  # ids are unique
    descriptor, root = entities["ro-crate-metadata.json"], entities["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert kinds(root) == {"Dataset"}
    assert {"name", "description", "datePublished", "license", "author"} <= set(root)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"])
    for entity in entities.values():
        assert entity.get("name") or entity is descriptor
        for key, value in entity.items():
            for target in references(value) if key not in ("@type", "@id") else ():
                assert target in entities or key == "conformsTo" and entity is descriptor, (entity, key)


def test_every_word_is_one_of_the_vocabulary(entities):
    """What the context does not define would be dropped in silence."""
    context = json.loads((files("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8"))
    for entity in entities.values():
        for word in {*entity, *kinds(entity)} - {"@id", "@type"}:
            assert word in context["@context"], word


def test_every_file_is_there_and_part_of_the_whole(entities):
    reached, open_ = set(), ["./"]
    while open_:
        one = open_.pop()
        if one not in reached:
            reached.add(one)
            open_ += references(entities[one].get("hasPart", []))
    for name, entity in entities.items():
        if kinds(entity) & {"File", "Dataset"}:
            assert name in reached
            assert (ROOT / name).is_dir() if name.endswith("/") else (ROOT / name).is_file()


def test_a_library_reads_it():
    read = ROCrate(str(ROOT))
    assert read.root_dataset["citation"]["@type"] == "ScholarlyArticle"
    assert [author["name"] for author in read.root_dataset["citation"]["author"]] == [
        "Ming Tang",
        "Menglan Li",
    ]
    assert {one["name"] for one in read.root_dataset["license"]} == {
        "Creative Commons Attribution 4.0 International",
        "MIT License",
    }
    tables = {entity.id for entity in read.data_entities if entity.id.endswith(".csv")}
    on_disk = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*.csv")}
    assert tables == on_disk


def test_every_table_says_what_it_holds_and_by_which_schema(entities):
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        table = entities[f"data/{resource['path']}"]
        assert (table["name"], table["description"]) == (resource["name"], resource["description"])
        schema = json.loads((ROOT / table["conformsTo"]["@id"]).read_text(encoding="utf-8"))
        own = [one for one in schema.get("resources", []) if one["path"] == resource["path"]]
        fields = (own[0]["schema"] if own else schema)["fields"]
        with open(ROOT / "data" / resource["path"], encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [field["name"] for field in fields]
        assert ("isBasedOn" in table) == resource["path"].startswith("article/")


def test_every_chapter_and_every_figure_is_described(entities):
    chapters = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "notebooks").glob("*.ipynb")}
    described = {name for name, one in entities.items() if "ComputationalWorkflow" in kinds(one)}
    assert described == set(chapters)
    for name, path in chapters.items():
        code = "".join(
            "".join(cell["source"])
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        )
        assert code.count('name="fig-') == len(list(references(entities[name].get("hasPart", []))))


def test_persons_whom_the_maintainers_name_are_the_authors(repository):
    path = repository / "CITATION.cff"
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    li = {"family-names": "Li", "given-names": "An", "affiliation": "A University"}
    about["authors"] = [
        li | {"orcid": "https://orcid.org/0000-0002-1825-0097"},
        li | {"given-names": "Bo"},
        {"name": "A Group", "website": "https://example.org"},
    ]
    path.write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    made = {one["@id"]: one for one in json.loads(crate.describe(repository))["@graph"]}
    authors = [made[name] for name in references(made["./"]["author"])]
    assert [(one["@type"], one["name"]) for one in authors] == [
        ("Person", "An Li"),
        ("Person", "Bo Li"),
        ("Organization", "A Group"),
    ]
    assert authors[0]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert [made[one["affiliation"]["@id"]]["name"] for one in authors[:2]] == ["A University"] * 2
    assert list(references(made["./"]["publisher"])) == [authors[2]["@id"]]
    assert authors[2]["url"] == "https://example.org"  # for which archives ask of an organisation


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A copy of what is described, for harm."""
    for name in ("book", "data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("_toc.yml", "pyproject.toml", "CITATION.cff", "ro-crate-metadata.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "file, old, new, told",
    [
        ("CITATION.cff", "version: 0.1.0", "version: 0.2.0", "./: its version changed"),
        (
            "_toc.yml",
            "      - file: book/limits\n",
            "",
            "book/limits.md: is described, and is not there any more",
        ),
        ("notebooks/register.ipynb", 'name=\\"fig-', 'name=\\"fig-new-', ": is not described"),
        (
            "data/datapackage.json",
            '"description": "One row per unit',
            '"description": "A row per unit',
            "data/registry/units.csv: its description changed",
        ),
        ("ro-crate-metadata.json", '"@graph": [\n  {', '"@graph": [{', "in another form"),
        ("ro-crate-metadata.json", '"@graph": [', '"@graph": ', "no description to compare with"),
    ],
)
def test_a_change_is_named_until_it_is_described(repository, file, old, new, told):
    path = repository / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = CliRunner().invoke(main, ["crate", "--check"])
    assert done.exit_code == 1
    assert told in done.output and "embedgov crate" in done.output
    assert CliRunner().invoke(main, ["crate"]).exit_code == 0
    assert CliRunner().invoke(main, ["crate", "--check"]).exit_code == 0
