"""Describe the repository for archives and harvesters, as RO-Crate 1.1 metadata.

``ro-crate-metadata.json`` says what the repository holds, who made it, under which licences, and
which study it re-does (https://www.researchobject.org/ro-crate/specification/1.1/). All of it is
read from where it is kept; it holds no date of its own and no sums, so that it changes only when
what it describes is added, removed or renamed.
"""

import json
import os
import re
import tomllib
from pathlib import Path

import nbformat
import yaml
from sphinx_external_toc.parsing import parse_toc_yaml

from .errors import ExchangeError

CRATE = "ro-crate-metadata.json"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_MIT = "https://opensource.org/licenses/MIT"
_OFL = "https://openfontlicense.org"
_DATA_PACKAGE = "https://specs.frictionlessdata.io/data-package/"
_PYTHON = "https://www.python.org/"
_FILES = {  # at the root, beside what the folders hold: name and format
    "README.md": ("What this is, and how to build and check it", "text/markdown"),
    "CITATION.cff": ("How to cite the compendium", "application/yaml"),
    "codecheck.yml": ("The figures and tables that a codechecker compares", "application/yaml"),
    "codemeta.json": ("What catalogues of software ask for", "application/ld+json"),
    ".zenodo.json": ("What Zenodo asks for", "application/json"),
    "requirements.lock": ("The packages that the book is built with", "text/plain"),
}


def describe(root: Path) -> str:
    """Make the description of the repository.

    Parameters
    ----------
    root
        Folder of the project.

    Returns
    -------
    str
        JSON-LD in the one form in which it is committed.
    """
    about = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    authors, affiliations = _authors(about["authors"])
    groups = [one for one in authors if one["@type"] == "Organization"]
    study = _study(about["references"][0])
    folders = [_tables(root, study[0]), _notebooks(root), _prose(root), _package(root)]
    files = [_file(name, *about) for name, about in _FILES.items()]
    dataset = {
        "@id": "./",
        "@type": "Dataset",
        "name": about["title"],
        "description": about["abstract"],
        "keywords": about["keywords"],
        "version": about["version"],
        "datePublished": str(about["date-released"]),
        "inLanguage": "en",
        "author": _to(*authors),
        **({"publisher": _to(*groups)} if groups else {}),
        "license": [{"@id": _CC_BY}, {"@id": _MIT}],
        "isBasedOn": _to(study[0]),
        "citation": _to(study[0]),
        "hasPart": _to(*files, *(folder for folder, *_ in folders)),
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": _to(dataset),
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    context = [
        *authors,
        *affiliations,
        *study,
        _named("CreativeWork", _CC_BY, "Creative Commons Attribution 4.0 International"),
        _named("CreativeWork", _MIT, "MIT License"),
        _named("CreativeWork", _OFL, "SIL Open Font License 1.1"),
        _named("CreativeWork", _DATA_PACKAGE, "Data Package"),
        _named("ComputerLanguage", _PYTHON, "Python"),
    ]
    graph = [descriptor, dataset, *files, *(one for folder in folders for one in folder), *context]
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(crate, ensure_ascii=False, indent=1) + "\n"


def write(root: Path) -> Path:
    """Write the description to the root of the repository.

    Parameters
    ----------
    root
        Folder of the project.

    Returns
    -------
    Path
        The file.
    """
    file = root / CRATE
    fresh = file.with_suffix(".new")
    fresh.write_text(describe(root), encoding="utf-8")
    os.replace(fresh, file)
    return file


def differences(root: Path) -> list[str]:
    """List where the committed description differs from the repository.

    Parameters
    ----------
    root
        Folder of the project.

    Returns
    -------
    list of str
        One line per entity that is missing, that is not there any more, or that has changed.

    Raises
    ------
    ExchangeError
        The file is missing, or is no such description.
    """
    fresh = describe(root)
    try:
        kept = (root / CRATE).read_text(encoding="utf-8")
        old, new = ({one["@id"]: one for one in json.loads(text)["@graph"]} for text in (kept, fresh))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExchangeError(
            f"{CRATE}: no description to compare with ({error}); run `embedgov crate`"
        ) from error
    found = [f"{name}: is not described" for name in new if name not in old]
    found += [f"{name}: is described, and is not there any more" for name in old if name not in new]
    for name in new.keys() & old.keys():
        keys = sorted(
            key for key in new[name].keys() | old[name].keys() if new[name].get(key) != old[name].get(key)
        )
        found += [f"{name}: its {', '.join(keys)} changed"] if keys else []
    if kept != fresh and not found:
        found = [f"{CRATE}: holds the same in another form"]
    return sorted(found)


# ---- what there is


def english_title(reference: dict) -> str:
    """The title of the study in English, which CITATION.cff has among its notes."""
    return reference["notes"].partition("In English: ")[2].strip().removesuffix(".")


def _authors(listed: list[dict]) -> tuple[list[dict], list[dict]]:
    """Who made the compendium, persons or groups, and the organisations that persons belong to."""
    authors, affiliations = [], {}
    for one in listed:
        kind, name = (
            ("Person", f"{one['given-names']} {one['family-names']}")
            if "family-names" in one
            else ("Organization", one["name"])
        )
        author = _named(kind, one.get("orcid", f"#{_slug(name)}"), name)
        if "website" in one:
            author["url"] = one["website"]
        if "affiliation" in one:
            place = _named("Organization", f"#{_slug(one['affiliation'])}", one["affiliation"])
            author["affiliation"] = _to(affiliations.setdefault(place["@id"], place))
        authors.append(author)
    return authors, [*affiliations.values()]


def _study(reference: dict) -> list[dict]:
    """The article that is replicated, with its authors and its journal."""
    authors = [
        _named("Person", f"#{_slug(name)}", name) | {"alternateName": alias}
        for name, alias in (
            (f"{one['given-names']} {one['family-names']}", one["alias"]) for one in reference["authors"]
        )
    ]
    journal = _named("Periodical", f"#{_slug(reference['journal'])}", reference["journal"])
    journal["alternateName"] = reference["abbreviation"]
    article = _named("ScholarlyArticle", "#article", reference["title"]) | {
        "alternateName": english_title(reference),
        "author": _to(*authors),
        "isPartOf": _to(journal),
        "issueNumber": reference["issue"],
        "datePublished": str(reference["year"]),
        "inLanguage": "zh",
    }
    return [article, *authors, journal]


def _tables(root: Path, study: dict) -> list[dict]:
    """The folder of the data, its tables, and their schemas."""
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    descriptor = _file("data/datapackage.json", package["title"], "application/json") | {
        "description": package["description"],
        "conformsTo": {"@id": _DATA_PACKAGE},
    }
    schemas, tables = {}, []
    for resource in package["resources"]:
        # A schema of its own is in the descriptor; one that several tables share is a file.
        schema = descriptor
        if isinstance(resource["schema"], str):
            path = f"data/{resource['schema']}"
            schema = schemas.setdefault(path, _file(path, f"Schema {Path(path).stem}", "application/json"))
        table = _file(f"data/{resource['path']}", resource["name"], "text/csv")
        table |= {"description": resource["description"], "conformsTo": _to(schema)}
        if resource["path"].startswith("article/"):
            table["isBasedOn"] = _to(study)
        tables.append(table)
    readme = _file(
        "data/README.md", "What a row of each table is, and where the tables come from", "text/markdown"
    )
    parts = [descriptor, readme, *schemas.values(), *tables]
    return [_folder("data/", "The tables", _CC_BY, parts), *parts]


def _notebooks(root: Path) -> list[dict]:
    """The folder of the executable chapters, the chapters in the order of the book, their figures."""
    notebooks, figures = [], []
    for page in parse_toc_yaml(root / "_toc.yml"):
        path = root / f"{page}.ipynb"
        if not path.is_file():
            continue
        source = nbformat.read(path, as_version=4)
        about = source.metadata["embedgov"]
        notebook = _file(f"{page}.ipynb", _title(source.cells[0].source), "application/x-ipynb+json")
        notebook |= {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "description": about.get("reference") or " ".join(about["questions"]),
            "programmingLanguage": {"@id": _PYTHON},
        }
        own = [
            _named("ImageObject", f"#{name}", name)
            for cell in source.cells
            if cell.cell_type == "code"
            for name in re.findall(r'\bname="(fig-[\w-]+)"', cell.source)
        ]
        notebooks.append(notebook | ({"hasPart": _to(*own)} if own else {}))
        figures += own
    folder = _folder("notebooks/", "The executable chapters", _CC_BY, notebooks)
    folder["license"] = [{"@id": _CC_BY}, {"@id": _MIT}]  # of the prose and of the code
    return [folder, *notebooks, *figures]


def _prose(root: Path) -> list[dict]:
    """The folder of the pages of prose, and the pages in the order of the book."""
    files = [f"{page}.md" for page in parse_toc_yaml(root / "_toc.yml")]
    pages = [
        _file(file, _title((root / file).read_text(encoding="utf-8")), "text/markdown")
        for file in files
        if (root / file).is_file()
    ]
    return [_folder("book/", "The pages of prose", _CC_BY, pages), *pages]


def _package(root: Path) -> list[dict]:
    """The code, and the fonts in it, which have another licence."""
    about = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    fonts = _folder("src/embedgov/plotting/fonts/", "Noto Sans SC", _OFL, [])
    package = _folder("src/", about["name"], _MIT, [fonts]) | {
        "@type": ["Dataset", "SoftwareSourceCode"],
        "description": about["description"],
        "version": about["version"],
        "programmingLanguage": {"@id": _PYTHON},
        "runtimePlatform": f"Python {about['requires-python']}",
        "softwareRequirements": {"@id": "requirements.lock"},
    }
    return [package, fonts]


# ---- how it is said


def _to(*entities: dict) -> dict | list[dict]:
    """References to entities; JSON-LD makes no difference between one and a list of one."""
    references = [{"@id": entity["@id"]} for entity in entities]
    return references[0] if len(references) == 1 else references


def _named(kind: str, id: str, name: str) -> dict:
    return {"@id": id, "@type": kind, "name": name}


def _file(path: str, name: str, encoding: str) -> dict:
    return _named("File", path, name) | {"encodingFormat": encoding}


def _folder(path: str, name: str, license: str, parts: list[dict]) -> dict:
    folder = _named("Dataset", path, name) | {"license": {"@id": license}}
    return folder | {"hasPart": _to(*parts)} if parts else folder


def _title(text: str) -> str:
    """The first heading of a page."""
    return re.search(r"^# (.+)$", text, re.M)[1]


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())
