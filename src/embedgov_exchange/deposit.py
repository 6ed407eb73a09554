"""What archives and catalogues ask for, from CITATION.cff: codemeta.json and .zenodo.json.

CodeMeta (https://codemeta.github.io) is read by Software Heritage and by research catalogues. Zenodo
takes ``.zenodo.json`` before CITATION.cff, and gives DataCite from it a description, keywords and the
study that the compendium rests on.
"""

import json
from pathlib import Path

import yaml

from .crate import english_title

CODEMETA, ZENODO = "codemeta.json", ".zenodo.json"


def describe(root: Path) -> dict[str, str]:
    """Make both descriptions.

    Parameters
    ----------
    root
        Folder of the project.

    Returns
    -------
    dict of str
        By file, its text.
    """
    about = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    made = {CODEMETA: _codemeta(about), ZENODO: _zenodo(about)}
    return {name: json.dumps(one, ensure_ascii=False, indent=1) + "\n" for name, one in made.items()}


def write(root: Path) -> list[Path]:
    """Write both descriptions to the root of the repository.

    Parameters
    ----------
    root
        Folder of the project.
    """
    for name, text in describe(root).items():
        (root / name).write_text(text, encoding="utf-8")
    return [root / CODEMETA, root / ZENODO]


def differences(root: Path) -> list[str]:
    """List which of the two files is missing or not up to date.

    Parameters
    ----------
    root
        Folder of the project.
    """
    return [
        f"{name}: is not what CITATION.cff says"
        for name, text in describe(root).items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text
    ]


def _codemeta(about: dict) -> dict:
    persons = [
        {"@type": "Person", "givenName": one["given-names"], "familyName": one["family-names"]}
        | ({"@id": one["orcid"]} if "orcid" in one else {})
        | (
            {"affiliation": {"@type": "Organization", "name": one["affiliation"]}}
            if "affiliation" in one
            else {}
        )
        if "family-names" in one
        else {"@type": "Organization", "name": one["name"]}
        for one in about["authors"]
    ]
    study = about["references"][0]
    made = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": about["title"],
        "description": " ".join(about["abstract"].split()),
        "version": about["version"],
        "datePublished": str(about["date-released"]),
        "license": f"https://spdx.org/licenses/{about['license']}",
        "keywords": about["keywords"],
        "programmingLanguage": "Python",
        "author": persons,
        "referencePublication": {
            "@type": "ScholarlyArticle",
            "name": study["title"],
            "alternateName": english_title(study),
            "inLanguage": study["languages"][0],
            "datePublished": str(study["year"]),
            "isPartOf": {
                "@type": "Periodical",
                "name": study["journal"],
                "alternateName": study["abbreviation"],
            },
            "author": [
                {
                    "@type": "Person",
                    "givenName": one["given-names"],
                    "familyName": one["family-names"],
                    "alternateName": one["alias"],
                }
                for one in study["authors"]
            ],
        },
    }
    return made | ({"codeRepository": about["repository-code"]} if "repository-code" in about else {})


def _zenodo(about: dict) -> dict:
    study = about["references"][0]
    names = " and ".join(
        f"{one['family-names']} {one['given-names']} ({one['alias']})" for one in study["authors"]
    )
    made = {
        "title": about["title"],
        "upload_type": "software",
        "version": about["version"],
        "publication_date": str(about["date-released"]),
        "description": f"<p>{' '.join(about['abstract'].split())}</p>",
        "license": about["license"],
        "access_right": "open",
        "language": "eng",
        "keywords": about["keywords"],
        "creators": [
            {"name": f"{one['family-names']}, {one['given-names']}"}
            | {key: one[key] for key in ("orcid", "affiliation") if key in one}
            if "family-names" in one
            else {"name": one["name"]}
            for one in about["authors"]
        ],
        "references": [
            f"{names} ({study['year']}). {study['title']}. {study['journal']} ({study['abbreviation']}), "
            f"no. {study['issue']}. {english_title(study)}."
        ],
        "notes": "The study that is done again has no identifier that is known to us.",
    }
    if "repository-code" in about:
        made["related_identifiers"] = [
            {
                "identifier": about["repository-code"],
                "relation": "isSupplementTo",
                "resource_type": "software",
            }
        ]
    return made
