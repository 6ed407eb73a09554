"""The index of terms and lengths against what else is known of the same statements."""

import pytest

from embedgov_study import data


@pytest.fixture(scope="module")
def parts():
    return data.table("statement_parts")


@pytest.fixture(scope="module")
def found(parts):
    terms = parts["terms"].fillna("").str.split(";")
    return terms.groupby(parts["designation_id"]).agg(lambda lists: set().union(*lists))


def test_every_statement_has_the_parts_that_the_register_says(parts):
    kinds = data.designations().set_index("designation_id")["statement_kind"]
    having = parts.groupby("designation_id")["part"].agg(lambda own: sorted(own.astype(str)))
    expected = kinds.map({"theme title": ["theme"], "theme and task": ["task", "theme"]})
    assert having.to_dict() == expected.to_dict()


def test_every_term_is_in_the_list_and_in_its_order(parts):
    order = data.table("terms")["term_zh"].tolist()
    for terms in parts["terms"].dropna().str.split(";"):
        places = [order.index(term) for term in terms]
        assert places == sorted(set(places))


def test_what_a_coder_quotes_is_in_the_index(found):
    order = data.table("terms")["term_zh"]
    quoted = 0
    for round in ("pilot", "final"):
        codes = data.statement_codes(round)
        columns = [column for column in codes if column.endswith("_term")]
        for row in codes.itertuples():
            for column in columns:
                anchor = getattr(row, column)
                for term in order[[isinstance(anchor, str) and term in anchor for term in order]]:
                    assert term in found[row.designation_id], (row.designation_id, anchor)
                    quoted += 1
    assert quoted > 200
