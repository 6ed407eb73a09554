"""How a text is cut into the words that the search finds."""

import pytest

from embedgov_press.search import Search

split = Search({}).split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("三社联动", ["三社", "社联", "联动"]),
        ("协商", ["协商"]),
        ("区", ["区"]),
        ("“三社联动”，协商", ["三社", "社联", "联动", "协商"]),
        ("in Xi'an, not Xian", ["in", "Xian", "not", "Xian"]),
        ("the article's zones", ["the", "article", "s", "zones"]),
        ("shèhuìhuà 社会化", ["shehuihua", "社会", "会化"]),
        ("B3-02 and Z01-03", ["B3-02", "and", "Z01-03"]),
        ("智慧社区APP", ["智慧", "慧社", "社区", "APP"]),
    ],
)
def test_words(text, words):
    assert split(text) == words
