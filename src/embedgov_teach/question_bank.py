"""The exercises of computing as questions for a learning platform: Moodle XML, and QTI 2.1.

They hold the answers, and belong to the instructor's edition.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from .answers import Question
from .page_templates import templates
from .self_check import form

_STYLE = re.compile(r' style="[^"]*"')  # of a column of a table; QTI 2.1 knows no such attribute


@dataclass(frozen=True)
class BankItem:
    """An exercise in a bank of questions.

    Parameters
    ----------
    label, title, chapter : str
        Its label, its title with its number, and the chapter to which it belongs.
    text, solution : str
        HTML that is well-formed XML.
    questions : sequence of Question
        What it asks for in numbers.
    """

    label: str
    title: str
    chapter: str
    text: Markup
    solution: Markup
    questions: Sequence[Question]

    @property
    def n_answers(self) -> int:
        """How many numbers it asks for."""
        return sum(len(each.answers) for each in self.questions)


def moodle(items: Sequence[BankItem]) -> bytes:
    """Make the file that Moodle imports as *Moodle XML format*.

    Of each exercise there is a question with a gap for each number (*Embedded answers*), and an essay
    for what is to be said in words, with the solution for who grades it.
    """
    return _filled("moodle.xml", chapters=_by_chapter(items))


def qti(items: Sequence[BankItem]) -> bytes:
    """Make an archive that platforms import as a *QTI 2.1 package*: an item for each exercise, and a test."""
    files = {
        "imsmanifest.xml": _filled("imsmanifest.xml", items=items),
        "test.xml": _filled("qti_test.xml", chapters=_by_chapter(items)),
    } | {f"items/{one.label}.xml": _filled("qti_item.xml", item=one) for one in items}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _by_chapter(items: Sequence[BankItem]) -> dict[str, list[BankItem]]:
    found: dict[str, list[BankItem]] = {}
    for one in items:
        found.setdefault(one.chapter, []).append(one)
    return found


def _filled(template: str, **content: object) -> bytes:
    """Fill in a template; of a text that is HTML, what XML does not allow everywhere is taken out."""
    made = templates().get_template(template).render(content, tolerance=_tolerance, form=form)
    return (_STYLE.sub("", made) + "\n").encode()


def _tolerance(question: Question) -> Decimal:
    """How far an answer may be off: half of its last decimal, and a whole number not at all."""
    return Decimal(5).scaleb(-question.decimals - 1) if question.decimals else Decimal(0)
