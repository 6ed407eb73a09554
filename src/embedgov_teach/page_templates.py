"""Fill in the templates of pages and texts for learners and teachers."""

import base64
import hashlib
from functools import cache

import jinja2
from markupsafe import Markup

from embedgov_press.chapter_structure import kinds
from embedgov_press.font import chinese_characters, web_font
from embedgov_study.html_tables import marked, said
from embedgov_study.language import language, say, tag
from embedgov_study.project import here

from .glosses import html_glosser


@cache
def templates() -> jinja2.Environment:
    """The templates; every value that is put into HTML or XML is escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("embedgov_teach"),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: name.endswith((".html", ".xml")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"marked": lambda value: Markup(marked(value)), "chinese": _chinese}
    made.globals |= {
        "_": _said,
        "language": language,
        "tag": tag,
        "kinds": kinds,
        "value": _two_places,
        "interval": _interval,
        "strip": _strip,
        "glosser": html_glosser,
    }
    return made


@jinja2.pass_eval_context
def _said(context: jinja2.nodes.EvalContext, message: str, **values: object) -> str:
    """A text in the language of the project: of a page as HTML, else as it is."""
    return (said if context.autoescape else say)(message, **values)


def _chinese(text: str) -> Markup | str:
    """A Chinese text, marked as such in a page that is English."""
    return Markup('<span lang="zh">{}</span>').format(text) if language() == "en" else text


def page(template: str, **content) -> str:
    """Fill in an HTML page that contains its style, font and figures, and may load nothing else."""
    return templates().get_template(template).render(content, style=_style(), policy=_policy())


@cache
def _style() -> Markup:
    """The style sheet, with a font of the Chinese characters in items, rules and published terms."""
    from . import sheet  # which makes a page itself

    known = [made(of) for of in sheet.KINDS for made in (sheet.items, sheet.codebook, sheet.published)]
    texts = [table.to_csv() for table in known]
    if language() == "zh":  # all that a page says
        texts.append(here().catalogue.read_text(encoding="utf-8"))
    font = web_font(chinese_characters("".join(texts)))
    style = templates().loader.get_source(templates(), "style.css")[0]
    return Markup(style.replace("CHINESE", base64.b64encode(font).decode()))


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _two_places(x: float) -> str:
    return "–" if x != x else f"{x:.2f}".replace("-0.00", "0.00").replace("-", "\u2212")


def _interval(row: dict, name: str) -> Markup:
    """A coefficient and, if it has one, its interval."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    ends = f' <span class="interval">[{_two_places(low)}, {_two_places(high)}]</span>' if low == low else ""
    return Markup(_two_places(row[name]) + ends)


def _strip(row: dict, name: str) -> Markup:
    """A coefficient and its interval drawn from -1 to 1."""
    if row[name] != row[name] or row[f"{name}_low"] != row[f"{name}_low"]:
        return Markup()
    low, middle, high = (60 + 56 * max(row[name + end], -1) for end in ("_low", "", "_high"))
    return Markup(
        '<svg class="strip" viewBox="0 0 120 14" aria-hidden="true">'
        f'<path class="axis" d="M4 7H116M60 3V11M116 3V11M4 3V11"/><path class="range" d="M{low:.1f} 7H{high:.1f}"/>'
        f'<circle cx="{middle:.1f}" cy="7" r="3.5"/></svg>'
    )
