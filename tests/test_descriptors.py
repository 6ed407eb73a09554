"""What other readers of the repository ask for: archives, catalogues, codecheckers, journals.

The R packages frictionless and codecheck, cffconvert, which does not go with the Python package frictionless,
and rocrate-validator, which asks the network at each run, are no packages of ours; what is tested is the rule
that each of them checks.
"""

import json
import re

import pytest
import yaml
from conftest import ROOT

from embedgov_exchange import deposit
from embedgov_press.exhibits import Exhibit, _comment

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_table_has_the_profile_by_which_the_r_package_frictionless_reads_it():
    resources = json.loads(read("data/datapackage.json"))["resources"]
    assert {one.get("profile") for one in resources} == {"tabular-data-resource"}


def test_the_r_package_codecheck_accepts_the_configuration():
    """It wants an address as reference, and hands the comments on to LaTeX without escaping."""
    about = yaml.safe_load(read("codecheck.yml"))
    address = CITATION.get("repository-code")
    assert about["paper"].get("reference") == about.get("repository") == address, "as CITATION.cff says"
    assert address is None or re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(/\S*)?", address)
    assert [one["comment"] for one in about["manifest"] if "%" in one["comment"]] == []


def test_comments_are_written_without_a_per_cent_sign():
    exhibit = Exhibit("n", "table", "With 95% intervals, 5 %", "a", "c", [], [])
    assert _comment(exhibit).endswith("With 95 per cent intervals, 5 per cent")


def test_the_citation_has_one_licence_and_what_archives_show():
    assert CITATION["license"] == "MIT"  # Zenodo's import takes no list
    assert "CC BY 4.0" in CITATION["abstract"]
    assert len(CITATION["keywords"]) > 4
    (study,) = CITATION["references"]
    assert [one["alias"] for one in study["authors"]] == ["唐鸣", "李梦兰"]
    assert study["abbreviation"] == "社会主义研究" and study["year"] == 2019 and study["issue"] == "4"


def test_the_committed_descriptions_are_those_of_the_citation():
    assert deposit.differences(ROOT) == []


@pytest.mark.parametrize(
    "authors, creators",
    [
        ([{"name": "A Group"}], [{"name": "A Group"}]),
        (
            [{"family-names": "Li", "given-names": "An", "orcid": "https://orcid.org/0", "affiliation": "U"}],
            [{"name": "Li, An", "orcid": "https://orcid.org/0", "affiliation": "U"}],
        ),
    ],
)
def test_names_that_the_maintainers_fill_in_are_handed_on(tmp_path, authors, creators):
    about = CITATION | {"authors": authors, "repository-code": "https://example.org/x"}
    (tmp_path / "CITATION.cff").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    made = {name: json.loads(text) for name, text in deposit.describe(tmp_path).items()}
    assert made[".zenodo.json"]["creators"] == creators
    (author,) = made["codemeta.json"]["author"]
    assert author["@type"] == ("Person" if "family-names" in authors[0] else "Organization")
    assert made["codemeta.json"]["codeRepository"] == "https://example.org/x"
    assert made[".zenodo.json"]["related_identifiers"][0]["identifier"] == "https://example.org/x"
    assert made[".zenodo.json"]["license"] == "MIT"  # one, not a list


def test_changed_descriptions_are_noticed(tmp_path):
    (tmp_path / "CITATION.cff").write_text(read("CITATION.cff"), encoding="utf-8")
    assert len(deposit.differences(tmp_path)) == 2
    deposit.write(tmp_path)
    assert deposit.differences(tmp_path) == []


def test_the_paper_has_what_a_journal_asks_for_and_its_references_exist():
    _, head, text = read("paper.md").split("---\n", 2)
    about = yaml.safe_load(head)
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(about)
    assert {"Summary", "Statement of need"} <= set(re.findall(r"^# (.+)$", text, re.M))
    known = re.findall(r"^@\w+\{(\w+),", read(about["bibliography"]), re.M)
    cited = re.findall(r"@(\w+)", text)
    assert cited and set(cited) <= set(known)
    named = [one["name"] for one in CITATION["authors"] if "name" in one]
    assert all(one["name"] in named or "family-names" in CITATION["authors"][0] for one in about["authors"])


def test_whoever_wants_to_report_finds_where_it_says_to_whom():
    assert "CITATION.cff" in read("CODE_OF_CONDUCT.md") and "CODE_OF_CONDUCT.md" in read("CONTRIBUTING.md")
