"""The tables as a Data Package: a second opinion on them, and on the check, by Frictionless.

The check judges what its own descriptor says; Frictionless knows the standard and not our check.
"""

import copy
import csv
import json
import re

import frictionless
import pytest
from conftest import ROOT

from embedgov_study.check import check


def test_the_tables_of_the_book_are_sound_to_frictionless_too():
    report = frictionless.validate(str(ROOT / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    assert report.stats["tasks"] == len(list((ROOT / "data").rglob("*.csv")))


def test_a_description_that_counts_rows_counts_those_of_the_table():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    wrong = []
    for one in package["resources"]:
        with open(ROOT / "data" / one["path"], encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
        said = re.match(r"One row per [^.;]*?\((\d+)\)[.;:]", one["description"])
        if said and int(said[1]) != rows:
            wrong.append((one["name"], int(said[1]), rows))
    assert wrong == []


def field(name, kind="string", **constraints):
    return {"name": name, "type": kind, "constraints": constraints}


def key(fields, resource, theirs):
    return {"fields": fields, "reference": {"resource": resource, "fields": theirs}}


# Streets, their houses, and who lives there; the last row of each leaves empty what may be empty.
SCHEMAS = {
    "streets": {
        "fields": [
            field("street", required=True, pattern="S[0-9]"),
            field("kind", required=True, enum=["lane", "road"]),
            field("into"),
            field("page") | {"format": "uri"},
        ],
        "primaryKey": ["street"],
        "foreignKeys": [key(["into"], "", ["street"])],
    },
    "houses": {
        "fields": [
            field("street", required=True),
            field("number", "integer", required=True, minimum=1, maximum=99),
            field("floors", "integer"),
            field("name", minLength=2, maxLength=4),
        ],
        "primaryKey": ["street", "number"],
        "foreignKeys": [key(["street"], "streets", ["street"])],
    },
    "people": {
        "fields": [field("person", required=True), field("street"), field("number", "integer")],
        "primaryKey": ["person"],
        "foreignKeys": [key(["street", "number"], "houses", ["street", "number"])],
    },
}
RESOURCES = [{"name": name, "path": f"{name}.csv", "schema": one} for name, one in SCHEMAS.items()]
PACKAGE = {"name": "town", "resources": RESOURCES}
ROWS = {
    "streets": ["S1,lane,S2,https://example.org/s1", "S2,road,,urn:isbn:9780262640015", "S3,lane,,"],
    "houses": ["S1,1,0,Yard", "S1,2,12,社区", "S2,1,,"],
    "people": ["Ann,S1,2", "Bo,S2,1", "Cy,,"],
}


@pytest.fixture
def opinions(tmp_path):
    """Write the three tables with one cell replaced; return both opinions, as files and lines."""

    def judged(table=None, line=None, column=None, value=None):
        for name, schema in SCHEMAS.items():
            names = [one["name"] for one in schema["fields"]]
            rows = [names, *(row.split(",") for row in ROWS[name])]
            if name == table:
                rows[line - 1][names.index(column)] = value
            with open(tmp_path / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        descriptor = tmp_path / "datapackage.json"
        descriptor.write_text(json.dumps(PACKAGE))
        report = frictionless.validate(str(descriptor))
        ours = {(problem.file.removesuffix(".csv"), problem.row) for problem in check(tmp_path)}
        theirs = {(task.name, error.row_number) for task in report.tasks for error in task.errors}
        return ours, theirs

    return judged


def test_both_find_nothing_where_nothing_is_wrong(opinions):
    assert opinions() == (set(), set())


@pytest.mark.parametrize(
    "table, line, column, value, wrong",
    [
        ("streets", 4, "street", "", [("streets", 4)]),  # required
        ("streets", 3, "kind", "", [("streets", 3)]),
        ("streets", 4, "street", "Z3", [("streets", 4)]),  # pattern
        ("streets", 4, "street", "S33", [("streets", 4)]),
        ("streets", 2, "kind", "alley", [("streets", 2)]),  # enum
        ("streets", 2, "kind", "Lane", [("streets", 2)]),
        ("streets", 2, "page", "example.org", [("streets", 2)]),  # format
        ("houses", 2, "number", "one", [("houses", 2)]),  # type
        ("houses", 3, "floors", "1.5", [("houses", 3)]),
        ("houses", 3, "floors", "12 or 13", [("houses", 3)]),
        ("houses", 2, "number", "0", [("houses", 2)]),  # minimum
        ("houses", 2, "number", "100", [("houses", 2)]),  # maximum
        ("houses", 2, "name", "Y", [("houses", 2)]),  # minLength
        ("houses", 3, "name", "社区治理创", [("houses", 3)]),  # maxLength, in characters
        ("streets", 4, "street", "S1", [("streets", 4)]),  # primary key
        ("houses", 2, "number", "2", [("houses", 3)]),  # primary key of two fields
        ("houses", 2, "street", "S9", [("houses", 2)]),  # foreign key
        ("streets", 2, "into", "S9", [("streets", 2)]),  # foreign key to the table itself
        ("people", 2, "number", "3", [("people", 2)]),  # foreign key of two fields
        ("people", 2, "street", "S2", [("people", 2)]),
        ("people", 2, "street", "", [("people", 2)]),  # of which one is empty
        ("people", 2, "number", "", [("people", 2)]),
        ("houses", 4, "street", "S3", [("people", 3)]),  # a row that another one points to
        ("streets", 3, "street", "S4", [("houses", 4), ("streets", 2)]),
    ],
)
def test_both_find_a_planted_fault_in_its_row(opinions, table, line, column, value, wrong):
    assert opinions(table, line, column, value) == (set(wrong), set(wrong))


@pytest.mark.parametrize(
    "damage",
    [
        lambda streets: streets["fields"][0].update(type="strng"),
        lambda streets: streets["fields"][0]["constraints"].update(most=3),
        lambda streets: streets["fields"][0]["constraints"].update(minimum=3),
        lambda streets: streets["fields"][0]["constraints"].update(pattern="[S"),
        lambda streets: streets["fields"][0]["constraints"].update(required="yes"),
        lambda streets: streets["fields"][3].update(format="url"),
        lambda streets: streets["fields"].append({"name": "kind", "type": "string"}),
        lambda streets: streets["foreignKeys"][0]["reference"].update(resource="towns"),
    ],
)
def test_both_refuse_a_descriptor_that_is_none(tmp_path, damage):
    schema = copy.deepcopy(SCHEMAS["streets"])
    damage(schema)
    resource = {"name": "streets", "path": "streets.csv", "schema": schema}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "town", "resources": [resource]}))
    names = [one["name"] for one in schema["fields"]]
    (tmp_path / "streets.csv").write_text(f"{','.join(names)}\nS1,lane{',' * (len(names) - 2)}\n")
    assert [problem.file for problem in check(tmp_path)] == ["datapackage.json"]
    try:
        valid = frictionless.validate(str(tmp_path / "datapackage.json")).valid
    except re.error:  # is not caught there
        valid = False
    assert not valid
