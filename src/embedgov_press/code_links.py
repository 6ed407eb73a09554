"""Link the functions in the code of a page to where the book describes them."""

import re
from collections.abc import Mapping

from sphinx.environment import BuildEnvironment

# As Pygments marks code: an import of ours, and a name, after its module or alone.
_IMPORT = re.compile(
    r'<span class="kn">from</span>.*<span class="nn">(embedgov[\w.]*)</span>.*<span class="kn">import</span>(.*)'
)
_NAME = re.compile(
    r'(?<!<span class="o">\.</span>)((?:<span class="n">(\w+)</span><span class="o">\.</span>)?)'
    r'(<span class="n">(\w+)</span>)'
)


def described(env: BuildEnvironment) -> dict[str, str]:
    """Where the book describes each function: by its full name the address, seen from the home of the site."""
    objects = sorted(env.get_domain("py").objects.items())
    return {name: f"{each.docname}.html#{each.node_id}" for name, each in objects}


def link_functions(page: str, addresses: Mapping[str, str]) -> str:
    """Link each function that a page imports and that the book describes.

    Parameters
    ----------
    page : str
        The HTML of a whole page.
    addresses : mapping of str to str
        Full name of a function -> its address, seen from the page.
    """
    imported = {
        name: f"{module}.{name}"
        for module, names in _IMPORT.findall(page)
        for name in re.findall(r"\w+(?=</span>)", names)
    }

    def linked(found: re.Match) -> str:
        before, module, marked, name = found.groups()
        full = f"{imported.get(module)}.{name}" if module else imported.get(name)
        return f'{before}<a href="{addresses[full]}">{marked}</a>' if full in addresses else found[0]

    return _NAME.sub(linked, page) if imported else page
