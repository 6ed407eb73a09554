"""A small book that builds in seconds: one page, two short chapters, a few rows of each table."""

import csv
import hashlib
import json
import re
import shutil

from conftest import copy_of_project, write_notebook

from embedgov_study.check import check
from embedgov_study.data_package import resources

FIRST, SECOND = "notebooks/first.ipynb", "notebooks/second.ipynb"


def tree(folder):
    """Contents of a folder but for byte code, to compare."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file() and p.suffix != ".pyc"
    }


def small_book(folder, whole=False):
    """Make a book of one page, two short chapters and a few rows of each table.

    If it is `whole`, it has the coding lab and the project for other programs, which need more rows.
    """
    project = copy_of_project(folder)
    if not whole:
        config = (project / "_config.yml").read_text(encoding="utf-8")
        config, changed = re.subn("(embedgov_providers:) .*", r"\1 [embedgov_study.evidence]", config)
        assert changed == 1
        (project / "_config.yml").write_text(config, encoding="utf-8")
    for folder in ("instructor", "reference"):
        shutil.rmtree(project / "book" / folder)
    for page in (*project.glob("book/*.md"), *project.glob("notebooks/*.ipynb")):
        page.unlink()
    cut_tables(project / "data", 17 if whole else 8)
    show = "from embedgov_study import data\nfrom embedgov_study import display\nshown = data.table({!r})\n"
    show += "display.table(shown, name='table-rows-of-{}', caption='Rows of {}')\ndisplay.tell(n=len(shown))"
    for path, table in ((FIRST, "terms"), (SECOND, "batches")):
        write_notebook(
            project / path, [("parameters", "batch = 3"), (None, show.format(table, table, table))]
        )
        notebook = json.loads((project / path).read_text())
        title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# On {table}"}
        notebook["cells"].insert(0, title)
        notebook["metadata"]["embedgov"]["minutes"]["exercises"] = 0
        (project / path).write_text(json.dumps(notebook))
    (project / "book" / "start.md").write_text(
        "# Start\n\nThere are {glue:text}`../notebooks/first.ipynb::n:d` terms.\n"
    )
    (project / "_toc.yml").write_text(
        "format: jb-book\nroot: book/start\nchapters:\n"
        "  - file: notebooks/first\n  - file: notebooks/second\n"
    )
    return project


# Tables that no page but their own shows.
UNUSED = {
    "milestones",
    "batch_sources",
    "statement_parts",
    "rule_steps",
    "selection_steps",
    "links",
    "funds",
    "techniques",
    "answers",
    "codebook-segments_draft",
}
# As many rows as the coding lab needs of what is coded, and of the others some to show.
ROWS = {
    "zones": 7,
    "actors": 3,
    "lists": 3,
    "definitions": 3,
    "issues": 3,
    "literature": 3,
    "practice_evidence": 3,
    "findings_limits_directions": 3,
    "claims": 3,
    "terms": 5,
}
POINTED_TO = ("units", "provinces", "sources", "sections", "actor_kinds", "numbers")


def cut_tables(data, designations):
    """Leave so many designations of the third batch, and of the other tables what belongs to them."""
    package, tables = resources(data), {}
    for name, one in package.items():
        with open(data / one["path"], encoding="utf-8", newline="") as file:
            rows = [] if name in UNUSED else list(csv.DictReader(file))
        tables[name] = rows if name in POINTED_TO else rows[: ROWS.get(name)]
    tables["designations"] = [
        row
        for row in tables["designations"]
        if int(row["order_in_notice"]) <= (designations if row["batch"] == "3" else 1)
    ]
    keys = [
        (name, key["fields"], key["reference"]["resource"] or name, key["reference"]["fields"])
        for name, one in package.items()
        for key in one["schema"].get("foreignKeys", [])
    ]
    size = None
    while size != (size := sum(map(len, tables.values()))):
        used = {name: set() for name in POINTED_TO}
        for name, own, target, theirs in keys:
            there = {tuple(row[field] for field in theirs) for row in tables[target]}
            tables[name] = [
                row
                for row in tables[name]
                if "" in (value := tuple(row[field] for field in own)) or value in there
            ]
            if target in used:
                used[target] |= {(*zip(theirs, (row[field] for field in own)),) for row in tables[name]}
        for name, rows in used.items():
            tables[name] = [row for row in tables[name] if any(set(key) <= row.items() for key in rows)]
    del tables["syllabi"][1:]
    tables["syllabi"][0]["sessions"] = 1
    (step,) = tables["syllabus_steps"] = tables["syllabus_steps"][:1]
    step.update(session=1, step=1, place="class", chapter="first", exercises="")
    for row in tables["batches"]:
        row["designations"] = sum(one["batch"] == row["batch"] for one in tables["designations"])
    descriptor = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [one for one in descriptor["resources"] if tables[one["name"]]]
    left = {"ledger", *(one["name"] for one in descriptor["resources"])}
    tables["labels"] = [row for row in tables["labels"] if row["table"] in left]
    (data / "datapackage.json").write_text(json.dumps(descriptor))
    for name, rows in tables.items():
        (data / package[name]["path"]).unlink()
        if rows:
            with open(data / package[name]["path"], "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    assert not check(data)
