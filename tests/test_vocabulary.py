"""The words of the study: what the tables hold, and what is said where they do not."""

import pytest

from embedgov.errors import DataError
from embedgov_study import vocabulary


def test_codes_come_in_the_order_of_the_codebook_without_the_themes():
    assert vocabulary.codes("statements_final") == ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]
    assert vocabulary.codes("segments", "cross-cutting") == ["DELIB", "STEER", "CLAIM"]
    assert len(vocabulary.codes("statements_final", "theme")) == 6


def test_rounds_have_their_codebooks_and_one_is_published():
    assert vocabulary.rounds() == {
        "pilot": "statements_pilot",
        "final": "statements_final",
        "repeat": "statements_final",
        "definitions": "statements_definitions",
    }
    assert vocabulary.rounds("segment") == dict.fromkeys(["segments", "context", "gloss"], "segments")
    assert vocabulary.published_round() == "final"


def test_values_have_the_type_of_their_column():
    assert vocabulary.values("batches", "batch") == [1, 2, 3, 4]
    assert vocabulary.values("coders", "coder", unit_of_coding="segment") == list("GHIPQRSTU")
    assert "" not in vocabulary.values("batches", "accepted")


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: vocabulary.codes("segments", "direction"), "'direction'; take some of dimension, cross-cut"),
        (lambda: vocabulary.codes("notes"), "no table 'codebook-notes'"),
        (lambda: vocabulary.values("coders", "letter"), "no column 'letter'; take one of coder, round"),
        (lambda: vocabulary.values("coders", "coder", letter="A"), "no column 'letter'"),
    ],
)
def test_what_the_tables_do_not_have_is_named(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_the_labels_of_a_table_are_by_column_and_value():
    labels = vocabulary.labels("links")
    assert labels["strength", "weak"] == "weak" and {column for column, _ in labels} == {
        "relation",
        "strength",
    }
    assert vocabulary.labels("numbers").keys() == {
        ("kind", kind) for kind in vocabulary.values("numbers", "kind")
    }
