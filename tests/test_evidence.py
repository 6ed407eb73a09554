"""The evidence pages: one for every designation, zone and table, and nothing in them is markup."""

import pytest
from bs4 import BeautifulSoup

from embedgov_study import data, evidence, vocabulary
from embedgov_study.errors import NotebookError

pytestmark = pytest.mark.book  # all pages are made for it


@pytest.fixture(scope="module")
def bodies():
    return {name: BeautifulSoup(body, "html.parser") for name, _, body in evidence.pages()}


def test_every_label_leads_to_an_element_of_a_page(bodies):
    for label, (page, place, title) in evidence.labels().items():
        assert title, label
        if page.startswith("notebooks/"):  # the claims have a chapter of their own
            continue
        assert page in bodies, label
        assert not place or bodies[page].find(id=place), label


def test_no_page_has_an_id_twice(bodies):
    for name, body in bodies.items():
        ids = [element["id"] for element in body.select("[id]")]
        assert len(ids) == len(set(ids)), name


def test_each_designation_and_each_described_zone_has_a_page(bodies):
    assert {name for name in bodies if name.startswith("evidence/B")} == {
        f"evidence/B{batch}-{number:02}"
        for batch, size in enumerate((12, 31, 40, 31), 1)
        for number in range(1, size + 1)
    }
    assert {name for name in bodies if name.startswith("evidence/Z")} == {
        f"evidence/Z{number:02}" for number in range(1, 13)
    }


def test_a_zone_shows_all_its_passages_and_only_its_own(bodies):
    shown = [element["id"] for element in bodies["evidence/Z05"].select("section.passage")]
    assert shown == [f"Z05-{number:02}" for number in range(1, 13)]


def test_where_coders_part_the_page_says_so(bodies):
    codes, names = data.statement_codes("final"), vocabulary.codes("statements_final")
    for designation, own in codes.groupby("designation_id"):
        parted = sum(own[code].nunique() > 1 for code in names)
        final = bodies[f"evidence/{designation}"].find(attrs={"aria-labelledby": "final"})
        assert len(final.select("tr.parted")) == parted, designation


def test_neighbours_are_mutual(bodies):
    linked = {
        name: {f"evidence/{a['href'].removesuffix('.html')}" for a in body.select("dl a")}
        for name, body in bodies.items()
        if name.startswith("evidence/B")
    }
    for name, others in linked.items():
        assert name not in others
        for other in others:
            assert name in linked[other], (name, other)


NASTY = '<script>alert(1)</script><img src=x onerror="alert(1)"> =HYPERLINK("x") {{ 7*7 }} $x$'


def test_a_value_is_text_and_never_markup(monkeypatch):
    table = data.table

    def poisoned(name, *rest):
        rows = table(name, *rest)
        if name == "designations":
            rows["statement_en"] = NASTY
        if name == "segments":
            rows["paraphrase_en"] = NASTY
        if name == "sources":
            rows["url"] = "javascript:alert(1)"
        return rows

    monkeypatch.setattr(data, "table", poisoned)
    read = evidence.read
    monkeypatch.setattr(
        evidence,
        "read",
        lambda path, folder: (
            read(path, folder)[0],
            [[NASTY if " " in cell else cell for cell in row] for row in read(path, folder)[1]],
            [],
        ),
    )
    seen = 0
    for name, _, body in evidence.pages():
        page = BeautifulSoup(body, "html.parser")
        assert not page.select("script, img, [onerror]"), name
        assert not [a for a in page.select("a") if a["href"].startswith("javascript")], name
        seen += NASTY in page.get_text()
    assert seen > 114


def test_links_that_leave_the_book_do_not_hand_over_the_page(bodies):
    leaving = [a for body in bodies.values() for a in body.select("a[href^=http]")]
    assert leaving and all("noopener" in a["rel"] for a in leaving)


def test_an_id_of_no_table_is_refused():
    with pytest.raises(NotebookError, match="'X99'"):
        evidence.address("X99")
