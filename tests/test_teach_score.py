"""The coding lab: what is drawn, what is read from learners' sheets, what is said about them."""

import pytest
from conftest import ROOT, embedgov
from hypothesis import given
from hypothesis import strategies as st

from embedgov.errors import TeachingError
from embedgov.teach import sheet


@pytest.mark.parametrize("of", sheet.KINDS)
def test_a_draw_has_both_values_of_every_code_and_proportional_strata(of):
    pool, codes = sheet.items(of), sheet.codebook(of).index
    for seed in range(5):
        drawn = sheet.draw(of, 20, seed)
        assert len(drawn) == 20 and drawn.index.is_unique
        assert (drawn[codes].nunique() == 2).all()
        quotas = pool["stratum"].value_counts() * 20 / len(pool)
        off = drawn["stratum"].value_counts().reindex(quotas.index, fill_value=0) - quotas
        assert off.abs().max() < 1
        assert not drawn.index.isin(drawn["row_id"]).any()


def test_another_seed_is_another_draw_and_the_same_seed_is_the_same():
    assert sheet.draw(seed=1).index.tolist() == sheet.draw(seed=1).index.tolist()
    assert set(sheet.draw(seed=1).index) != set(sheet.draw(seed=2).index)


def test_ids_are_blind_letters_and_belong_to_one_row():
    ids = [item for of in sheet.KINDS for item in sheet.items(of).index]
    assert len(set(ids)) == len(ids) == 114 + 118
    assert all(len(item) == 5 and item.isalpha() and not set(item) & set("AEIOUY") for item in ids)


@given(sizes=st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1), share=st.floats(0, 1))
def test_shares_add_up_and_are_off_by_less_than_one(sizes, share):
    sizes = sheet.pd.Series(sizes)
    n = int(share * sizes.sum())
    shares = sheet._allocation(sizes, n)
    assert shares.sum() == n and (shares <= sizes).all()
    assert ((shares - sizes * n / sizes.sum()).abs() < 1).all()


@pytest.mark.parametrize("n", [1, 115])
def test_a_draw_of_too_few_or_too_many_is_refused(n):
    with pytest.raises(TeachingError, match=f"n is {n}; expected 2 to 114"):
        sheet.draw("statements", n)


def test_the_pack_is_the_same_at_every_run_and_no_filled_sheet_is_overwritten(tmp_path):
    done = embedgov("teach", "sheet", tmp_path / "a", "--n", 5, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    sheet.write(tmp_path / "b", n=5)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert sheet.write(tmp_path / "b", n=5)  # nothing is lost by writing the same again
    filled = tmp_path / "b" / "coding-sheet.csv"
    filled.write_text("mine")
    (tmp_path / "b" / "README.txt").unlink()
    with pytest.raises(TeachingError, match="coding-sheet.csv is there with other content"):
        sheet.write(tmp_path / "b", n=5)
    assert filled.read_text() == "mine" and not (tmp_path / "b" / "README.txt").exists()
