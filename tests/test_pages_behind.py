"""The many pages behind those of the contents, and what a class takes away, in a browser."""

import pytest
from visitor import BEHIND, DESKTOP, SHEETS, WAYS, behind, sheets


@pytest.mark.parametrize("folder", BEHIND)
def test_the_pages_behind_are_accessible_fit_and_load_nothing_from_elsewhere(visitor, site, folder):
    """They are many and made from a few templates: each is opened in one of the ways."""
    found = {}
    for pages in behind(site, folder):
        for start, way in enumerate(WAYS):  # a theme is remembered from page to page
            for n, name in enumerate(pages[start :: len(WAYS)]):
                found[name] = visitor.swap(name, way) if n else visitor.visit(name, [way])
    assert found and {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("kind", SHEETS)
def test_slides_and_worksheets_are_accessible_fit_and_load_nothing_from_elsewhere(visitor, site, kind):
    names = sheets(site, kind)
    visitor.open(names[0], DESKTOP)
    found = {name: visitor.look_at_sheet(name, kind) for name in names}
    assert found and {name: faults for name, faults in found.items() if faults} == {}
