"""What the book takes from the modules that ``_config.yml`` names."""

import sys
from types import SimpleNamespace

import pytest
from sphinx.errors import ConfigError

from embedgov_press import providers


def config(*names):
    return SimpleNamespace(embedgov_providers=list(names))


def test_what_providers_have_is_put_together_in_the_order_of_their_names(monkeypatch):
    one = SimpleNamespace(pages=lambda: iter([("a", "A", "")]), labels=lambda: {"x": ("a", "", "A")})
    other = SimpleNamespace(pages=lambda: iter([("b", "B", "")]), downloads=lambda: iter([("c.txt", b"c")]))
    monkeypatch.setitem(sys.modules, "one", one)
    monkeypatch.setitem(sys.modules, "other", other)
    assert providers.pages(config("other", "one")) == [("b", "B", ""), ("a", "A", "")]
    assert providers.labels(config("other", "one")) == {"x": ("a", "", "A")}
    assert providers.downloads(config("other", "one")) == [("c.txt", b"c")]


def test_a_provider_that_cannot_be_imported_is_named():
    with pytest.raises(ConfigError, match="embedgov_providers: nowhere.pages cannot be imported"):
        providers.labels(config("nowhere.pages"))
