"""Numbers and tables in a chapter: values are text, never markup; nothing odd is shown."""

import base64
import io

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from embedgov_study import display
from embedgov_study.errors import NotebookError


@pytest.fixture
def shown(monkeypatch):
    """What the functions hand to the notebook."""
    outputs = []
    monkeypatch.setattr(display, "display", lambda data, **_: outputs.append(data))
    monkeypatch.setattr("myst_nb.glue", lambda name, value, **_: outputs.append((name, value)))
    return outputs


def parsed(shown):
    return BeautifulSoup(shown[-1]["text/html"], "html.parser")


HOSTILE = ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "=1+1", "a & b"]


def test_values_of_a_table_are_text_never_markup(shown):
    display.table(
        pd.DataFrame({"<b>Value</b>": HOSTILE}), name="table-of-test", caption="<i>Hostile</i> values"
    )
    page = parsed(shown)
    assert [cell.get_text() for cell in page.select("td")] == HOSTILE
    assert page.select_one("th").get_text() == "<b>Value</b>"
    assert page.select_one(".table-caption").get_text() == "<i>Hostile</i> values"
    assert not page.select("script, img, b, i")


@pytest.mark.parametrize(
    "address, linked",
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org/", True),
        ("../book/intro.html#teach", True),
        ("../downloads/teach/cases.zip", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/x", False),
        ('x.html" onclick="alert(1)', False),
        (None, False),
    ],
)
def test_only_addresses_of_pages_and_archives_are_linked(shown, address, linked):
    table = pd.DataFrame({"Source": ["a"], "url": [address]})
    display.table(table, name="table-of-test", caption="Sources", links={"Source": "url"})
    page = parsed(shown)
    assert [a["href"] for a in page.select("td a")] == ([address] if linked else [])
    assert [th.get_text() for th in page.select("th")] == ["Source"]
    if linked and address.startswith("http"):
        assert page.select_one("td a")["rel"] == ["noopener"]


def test_numbers_gaps_and_chinese_are_set_as_a_reader_expects(shown):
    display.table(
        pd.DataFrame(
            {
                "n": pd.array([3, None], dtype="Int64"),
                "share": [0.1 + 0.2, None],
                "place": ["Haidian 海淀区", None],
            }
        ),
        name="table-of-test",
        caption="Places",
    )
    page = parsed(shown)
    assert [cell.get_text() for cell in page.select("td")] == ["3", "0.3", "Haidian 海淀区"] + [""] * 3
    assert [s.get_text() for s in page.select('td span[lang="zh"]')] == ["海淀区"]
    assert [cell["class"] for cell in page.select("th")][:2] == [["number"], ["number"]]
    box = page.select_one(".table-box")
    assert page.find(id=box["aria-labelledby"]).get_text() == "Places" and box["tabindex"] == "0"


def test_a_table_refuses_what_would_mislead(shown):
    with pytest.raises(NotebookError, match="no caption"):
        display.table(pd.DataFrame({"a": [1]}), name="table-of-test", caption=" ")
    with pytest.raises(NotebookError, match="two columns have the same name"):
        display.table(pd.DataFrame([[1, 2]], columns=["a", "a"]), name="table-of-test", caption="Twice")
    with pytest.raises(NotebookError, match="the column 'url', the table has a"):
        display.table(pd.DataFrame({"a": [1]}), name="table-of-test", caption="No url", links={"a": "url"})


def test_a_table_keeps_its_address_when_its_caption_changes(shown):
    for caption in ("Places", "All 3 places"):
        display.table(pd.DataFrame({"a": [1]}), name="table-of-places", caption=caption)
        assert '"../downloads/table-of-places.csv"' in shown[-1]["text/html"]
        assert 'id="table-of-places-caption"' in shown[-1]["text/html"]


@pytest.mark.parametrize("name", ["places", "table-", "table-Places", "table-of places", "fig-places"])
def test_a_table_without_a_sound_address_is_refused(shown, name):
    with pytest.raises(NotebookError, match=f"table name '{name}'"):
        display.table(pd.DataFrame({"a": [1]}), name=name, caption="Places")


def test_rows_have_the_ids_of_their_column_and_only_if_asked(shown):
    claims = pd.DataFrame({"Claim": ["C001", "C002"], "Verdict": ["differs", "bounded"]})
    display.table(claims, name="table-of-test", caption="Claims", ids="Claim")
    page = parsed(shown)
    assert [row["id"] for row in page.select("tbody tr")] == ["C001", "C002"]
    assert page.find(id="C002").get_text(" ", strip=True) == "C002 bounded"
    display.table(claims, name="table-of-test", caption="Claims")
    assert not parsed(shown).select("tr[id]")


@pytest.mark.parametrize(
    "ids, column, reason",
    [
        (["C1", "C1"], "Claim", "'C1' occurs twice"),
        (['x" onclick="alert(1)', "C2"], "Claim", "is no word"),
        (["", "C2"], "Claim", "'' is no word"),
        (["C1", "C2"], "claim", "the column 'claim', the table has Claim"),
    ],
)
def test_ids_that_would_not_lead_to_one_row_are_refused(shown, ids, column, reason):
    with pytest.raises(NotebookError, match=reason):
        display.table(pd.DataFrame({"Claim": ids}), name="table-of-test", caption="Claims", ids=column)
    assert shown == []


def test_the_text_is_told_plain_numbers_and_words(shown):
    display.tell(n=np.int64(40), share=np.float64(0.925), word="Jiangsu")
    assert shown == [("n", 40), ("share", 0.925), ("word", "Jiangsu")]
    assert [type(value) for _, value in shown] == [int, float, str]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), True, "", [1], np.array([1, 2])])
def test_the_text_is_told_nothing_that_is_no_prose(shown, value):
    with pytest.raises(NotebookError, match="tell it a number or words"):
        display.tell(x=value)
    assert shown == []


@pytest.mark.parametrize(
    "texts, reason",
    [
        ({"name": "map", "caption": "c", "alt": "a"}, "figure name 'map'"),
        ({"name": "fig-map", "caption": "", "alt": "a"}, "no caption"),
        ({"name": "fig-map", "caption": "c", "alt": " "}, "no alternative text"),
    ],
)
def test_a_figure_needs_its_texts(shown, texts, reason):
    import matplotlib.pyplot as plt

    with pytest.raises(NotebookError, match=reason):
        display.figure(plt.subplots()[1], data=pd.DataFrame({"a": [1]}), **texts)
    assert shown == []


def test_a_figure_comes_with_what_it_draws_as_a_table(shown):
    import matplotlib.pyplot as plt

    drawn = pd.DataFrame({"Zone": ["Z01"], "Passages": [9], "address": ["../evidence/Z01.html"]})
    display.figure(
        plt.subplots()[1], name="fig-map", caption="c", alt="a", data=drawn, links={"Zone": "address"}
    )
    image, folded = shown
    assert image["image/svg+xml"].startswith("<?xml")
    picture = Image.open(io.BytesIO(base64.b64decode(image["image/png"])))
    assert picture.format == "PNG" and len(picture.getcolors()) <= 256
    page = BeautifulSoup(folded["text/html"], "html.parser")
    assert page.details.summary and not page.details.has_attr("open")
    assert [th.get_text() for th in page.select("th")] == ["Zone", "Passages"]
    assert page.select_one("td a")["href"] == "../evidence/Z01.html"
    assert page.select_one(".take a")["href"] == "../downloads/fig-map.csv"


def test_an_empty_cell_is_no_link(shown):
    table = pd.DataFrame({"Code": ["", "yes"], "at": ["../evidence/Z01.html"] * 2})
    display.table(table, name="table-of-test", caption="Codes", links={"Code": "at"})
    assert [a.get_text() for a in parsed(shown).select("td a")] == ["yes"]
