"""A small book that builds in seconds: one page, two short chapters, a few rows of each table."""

import csv
import json
import shutil

from conftest import copy_of_project, write_notebook

from embedgov_study.check import check, resources

FIRST, SECOND = "notebooks/first.ipynb", "notebooks/second.ipynb"


def small_book(folder):
    """Make a book of one page, two short chapters and a few rows of each table."""
    project = copy_of_project(folder)
    shutil.rmtree(project / "book" / "instructor")
    for page in (*project.glob("book/*.md"), *project.glob("notebooks/*.ipynb")):
        page.unlink()
    cut_tables(project / "data")
    show = "from embedgov_study import data\nfrom embedgov_study import display\nshown = data.table({!r})\n"
    show += "display.table(shown, caption='Rows of {}')\ndisplay.tell(n=len(shown))"
    for path, table in ((FIRST, "terms"), (SECOND, "batches")):
        write_notebook(project / path, [("parameters", "batch = 3"), (None, show.format(table, table))])
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


def cut_tables(data):
    """Leave as few designations as the coding lab needs, and of the other tables what belongs to them."""
    package, tables = resources(data), {}
    for name, one in package.items():
        with open(data / one["path"], encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    tables["designations"] = [
        row
        for row in tables["designations"]
        if int(row["order_in_notice"]) <= (17 if row["batch"] == "3" else 1)
    ]
    units = {row["unit_id"] for row in tables["designations"]}
    tables["units"] = [row for row in tables["units"] if row["unit_id"] in units]
    keys = [
        (name, key["fields"], key["reference"]["resource"] or name, key["reference"]["fields"])
        for name, one in package.items()
        for key in one["schema"].get("foreignKeys", [])
    ]
    size = None
    while size != (size := sum(map(len, tables.values()))):
        for name, own, target, theirs in keys:
            there = {tuple(row[field] for field in theirs) for row in tables[target]}
            tables[name] = [
                row
                for row in tables[name]
                if "" in (value := tuple(row[field] for field in own)) or value in there
            ]
    for row in tables["batches"]:
        row["designations"] = sum(one["batch"] == row["batch"] for one in tables["designations"])
    descriptor = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [one for one in descriptor["resources"] if tables[one["name"]]]
    (data / "datapackage.json").write_text(json.dumps(descriptor))
    for name, rows in tables.items():
        (data / package[name]["path"]).unlink()
        if rows:
            with open(data / package[name]["path"], "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    assert not check(data)
