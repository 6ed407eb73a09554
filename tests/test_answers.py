"""Numbers that answer exercises: computed, checked by learners without being told, and asked by platforms."""

import functools
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup
from test_exercises import ANSWERS, KIND, SOLVED, rendered

from embedgov_press.chapter_structure import Exercise, Overview, overviews
from embedgov_teach import answers, handout_notebook, pack, question_bank, self_check, take_away
from embedgov_teach.errors import TeachingError

CHAPTERS = overviews()
COMPUTING = sorted(label for label, kind in KIND.items() if kind == "compute")


# ---- from the chapters


@functools.cache
def all_questions(executed):
    """The questions of all chapters by label."""
    return {
        label: asked
        for about in CHAPTERS.values()
        for label, asked in pack.questions(about.page, executed).items()
    }


def numbers_of(text):
    """The numbers of a solution in order; a share is a number from 0 to 1."""
    return [
        Decimal(value) / (100 if percent else 1)
        for value, percent in re.findall(r"(\d+(?:\.\d+)?)(%?)", text)
    ]


@pytest.mark.parametrize("label", COMPUTING)
def test_the_numbers_of_an_exercise_stand_in_its_solution_in_their_order(label, built):
    asked = all_questions(built / "_executed")[label]
    assert label in ANSWERS  # where every number of the solution is worked out again
    said = numbers_of(rendered(SOLVED[label], built / "_executed"))
    for question in asked:
        rest = iter(said)
        values = [value for _, value in question.answers]
        assert all(value in rest for value in values), (question.asks, values, said)
        assert question.asks.endswith("?")
        assert all(value == round(value, question.decimals) for value in values)


ABOUT = Overview(
    "notebooks/own", "Own", (), (), 1, 1, (), (), (Exercise("ex-own", "", "compute", 1), Exercise("ex-say", "", "code", 1))
)  # fmt: skip


def read(monkeypatch, numbers, **row):
    """The questions of one row of the table."""
    whole = {
        "exercise": "ex-own",
        "number": "n",
        "asks_en": "How many?",
        "parts_en": None,
        "decimals": 0,
    } | row
    monkeypatch.setattr(answers.data, "table", lambda name: pd.DataFrame([whole]))
    return answers.questions("own", {"own": ABOUT}, numbers.__getitem__)


@pytest.mark.parametrize(
    "text, parts, values",
    [
        ("28", None, ["28"]),
        ("none", None, ["0"]),
        ("12,000", None, ["12000"]),
        ("1 to 4", "at least;at most", ["1", "4"]),
        ("52%, 0.5 and 1,234", "a;b;c", ["0.52", "0.5", "1234"]),
        ("majority, 3, 8; none, 9", "a;b;c;d", ["3", "8", "0", "9"]),
    ],
)
def test_numbers_are_read_from_the_text_that_a_chapter_tells(text, parts, values, monkeypatch):
    (question,) = read(monkeypatch, {"n": text}, parts_en=parts)["ex-own"]
    assert [value for _, value in question.answers] == list(map(Decimal, values))
    assert [part for part, _ in question.answers] == (parts.split(";") if parts else [""])


@pytest.mark.parametrize(
    "row, said",
    [
        ({"exercise": "ex-gone"}, "answers.csv:2, exercise: 'ex-gone' is no exercise of the kind compute"),
        ({"exercise": "ex-say"}, "answers.csv:2, exercise: 'ex-say' is no exercise of the kind compute"),
        ({"number": "m"}, "answers.csv:2, number: notebooks/own tells no number 'm'"),
        ({"parts_en": "a;b;c"}, "answers.csv:2, parts_en: 3 parts, and n is '1 to 4'"),
        ({}, "answers.csv:2, parts_en: 1 parts, and n is '1 to 4'"),
    ],
)
def test_a_row_that_fits_no_exercise_or_number_is_refused(row, said, monkeypatch):
    with pytest.raises(TeachingError, match=re.escape(said)):
        read(monkeypatch, {"n": "1 to 4"}, **row)


# ---- checked by learners


@pytest.fixture
def handout(bare_project):
    """Writes ``handout.json`` with the answers to ``ex-own``."""

    def write(*expected):
        sealed = self_check.seal("ex-own", [(Decimal(value), decimals) for value, decimals in expected])
        (bare_project / "handout.json").write_text(json.dumps({"answers": {"ex-own": sealed}}))
        self_check._sealed.cache_clear()
        return (bare_project / "handout.json").read_text()

    yield write
    self_check._sealed.cache_clear()


def verdicts(capsys, *given):
    self_check.check("ex-own", given)
    return [line.partition(". ")[2] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "answer",
    [0.5, "0.50", ".5", "0,5", "50 %", "50%", "５０％", "1/2", Fraction(1, 2), np.float64(0.4999), Decimal("0.504")],
)  # fmt: skip
def test_a_share_is_right_however_it_is_written(answer, handout, capsys):
    handout(("0.50", 2))
    assert verdicts(capsys, answer) == ["Right."]


@pytest.mark.parametrize("answer", [0.51, "50", "5 %", "-0.5", 0, "0.494"])
def test_a_wrong_share_is_told_in_what_form_it_is_expected(answer, handout, capsys):
    handout(("0.50", 2))
    assert verdicts(capsys, answer) == ["Not yet. Expected is a number with 2 decimals."]


@pytest.mark.parametrize("answer", [1200, 1200.0, "1,200", "1 200", np.int64(1200)])
def test_a_whole_number_is_right_however_it_is_written(answer, handout, capsys):
    handout(("1200", 0))
    assert verdicts(capsys, answer) == ["Right."]


@pytest.mark.parametrize("answer", [1199.6, 1201, "1.2", "120000 %", True, float("nan"), "", "many", None])
def test_a_whole_number_is_not_rounded_to(answer, handout, capsys):
    handout(("1200", 0))
    expected = ["Right."] if answer == "120000 %" else None
    said = verdicts(capsys, answer)
    assert said == expected or not expected and said[0].endswith("Expected is a whole number.")


def test_each_answer_has_its_verdict_and_a_missing_one_is_none(handout, capsys):
    handout(("3", 0), ("0.7", 1), ("3", 0), ("8", 0))
    assert verdicts(capsys, 3, "0.72", ..., "x/0") == [
        "Right.",
        "Right.",
        "No answer yet.",
        "This is no number. Expected is a whole number.",
    ]


def test_more_or_fewer_answers_than_asked_for_are_refused(handout):
    handout(("3", 0), ("4", 0))
    with pytest.raises(ValueError, match="2 answers are expected, and 1 are here"):
        self_check.check("ex-own", [3])


def test_equal_answers_look_different_and_none_stands_in_the_file(handout):
    written = handout(("37", 0), ("37", 0), ("0.743", 3))
    sealed = [digest for _, digest in json.loads(written)["answers"]["ex-own"]]
    assert len(set(sealed)) == 3
    assert self_check.seal("ex-other", [(Decimal(37), 0)])[0][1] not in sealed
    outside = re.sub("|".join(sealed), "", written)
    assert not re.search(r"37|743", outside)


def test_the_cell_of_a_handout_asks_and_that_of_the_key_answers():
    asked = [answers.Question("How many?", 0, (("yes", Decimal(37)), ("no", Decimal(3))))]
    learner, key = (handout_notebook._self_check("ex-own", asked, solutions).source for solutions in (0, 1))
    compile(learner, "learner", "exec"), compile(key, "key", "exec")
    assert "# How many?" in learner and "...,  # yes: a whole number" in learner and "37" not in learner
    assert "37,  # yes: a whole number" in key and "..." not in key


# ---- asked by platforms


ITEMS = [
    question_bank.BankItem(
        "ex-one",
        "7. Who & what",
        "And/or",
        Markup('<p>Is 1 &lt; 2?</p>\n<table><tbody>\n<tr><td style="text-align:right">a</td></tr></tbody></table>'),
        Markup("<p>Yes.</p>"),
        [
            answers.Question("How many?", 0, (("yes", Decimal(37)), ("no", Decimal(3)))),
            answers.Question("What share?", 2, (("", Decimal("0.52")),)),
        ],
    ),
]  # fmt: skip


@functools.cache
def bank(executed):
    """The exercises of all chapters as a platform gets them."""
    return [
        item
        for about in CHAPTERS.values()
        for chapter in [handout_notebook.read_chapter(about.page)]
        if pack.questions(about.page, executed)
        for item in take_away._bank(chapter, pack.plain(chapter, executed), executed)
    ]


@pytest.fixture(params=["made up", pytest.param("of the book", marks=pytest.mark.book)])
def items(request):
    if request.param == "made up":
        return ITEMS
    return bank(request.getfixturevalue("built") / "_executed")


def test_moodle_gets_a_gap_for_each_number_and_an_essay_for_the_words(items):
    # What the importer of Moodle reads (question/format/xml/format.php and the pattern of gaps in
    # question/type/multianswer/questiontype.php): the kinds of question, texts in <text>, the formats.
    quiz = ET.fromstring(question_bank.moodle(items))
    assert quiz.tag == "quiz" and {each.tag for each in quiz} == {"question"}
    kinds = [question.get("type") for question in quiz]
    assert set(kinds) == {"category", "cloze", "essay"}
    assert kinds.count("cloze") == kinds.count("essay") == len(items)
    for name in quiz.iterfind("question[@type='category']/category/text"):
        assert re.fullmatch(r"\$course\$/Embedded Governance/(?:[^/]|//)+", name.text)
    for item, gaps, essay in zip(
        items, quiz.iterfind("question[@type='cloze']"), quiz.iterfind("question[@type='essay']")
    ):
        assert (gaps.findtext("name/text"), essay.findtext("name/text")) == (
            item.title,
            f"{item.title}: in words",
        )
        for question in (gaps, essay):
            assert question.find("questiontext").get("format") == "html"
            ET.fromstring(f"<div>{question.findtext('questiontext/text')}</div>")  # escaped once, no more
        shown = gaps.findtext("questiontext/text")
        found = re.findall(r"\{1:NUMERICAL:=(-?[\d.]+):([\d.]+)\}", shown)
        assert shown.count("{") == shown.count("}") == len(found)
        assert [(Decimal(value), Decimal(off)) for value, off in found] == [
            (value, Decimal("0.5") / 10**question.decimals if question.decimals else 0)
            for question in item.questions
            for _, value in question.answers
        ]
        assert essay.findtext("graderinfo/text") == item.solution  # which learners do not see


QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
FLOW = "p|ul|ol|table|pre|blockquote|h[1-6]|div"
INLINE = "em|strong|code|a|sub|sup|br|span"
# What the elements that are used may have, as imsqti_v2p1.xsd (version 2.1, final release of 31 July 2012)
# says: attributes that must be there, attributes that may be, and children in their order.
RULES = {
    "assessmentItem": ("identifier title adaptive timeDependent", "", "(responseDeclaration )*(outcomeDeclaration )*(itemBody )?(responseProcessing )?"),
    "responseDeclaration": ("identifier cardinality", "baseType", "(correctResponse )?"),
    "correctResponse": ("", "", "(value )+"),
    "value": ("", "", ""),
    "outcomeDeclaration": ("identifier cardinality", "baseType normalMaximum", "(defaultValue )?"),
    "defaultValue": ("", "", "(value )+"),
    "itemBody": ("", "", f"((?:{FLOW}|extendedTextInteraction) )+"),
    "extendedTextInteraction": ("responseIdentifier", "expectedLines", "(prompt )?"),
    "prompt": ("", "", f"((?:{INLINE}) )*"),
    "p": ("", "", f"((?:{INLINE}|textEntryInteraction) )*"),
    "ul": ("", "", "(li )*"),
    "ol": ("", "", "(li )*"),
    "li": ("", "", f"((?:{FLOW}|{INLINE}|textEntryInteraction) )*"),
    "textEntryInteraction": ("responseIdentifier", "expectedLength", ""),
    "table": ("", "", "(thead )?(tbody )+"),
    "thead": ("", "", "(tr )+"),
    "tbody": ("", "", "(tr )+"),
    "tr": ("", "", "((?:td|th) )+"),
    "td": ("", "", f"((?:{FLOW}|{INLINE}) )*"),
    "th": ("", "", f"((?:{FLOW}|{INLINE}) )*"),
    "em": ("", "", f"((?:{INLINE}) )*"),
    "strong": ("", "", f"((?:{INLINE}) )*"),
    "code": ("", "", f"((?:{INLINE}) )*"),
    "pre": ("", "", f"((?:{INLINE}) )*"),
    "a": ("href", "", f"((?:{INLINE}) )*"),
    "responseProcessing": ("", "", "(responseCondition )*"),
    "responseCondition": ("", "", "responseIf "),
    "responseIf": ("", "", "equal (setOutcomeValue )*"),
    "equal": ("toleranceMode", "tolerance", "variable correct "),
    "variable": ("identifier", "", ""),
    "correct": ("identifier", "", ""),
    "setOutcomeValue": ("identifier", "", "sum "),
    "sum": ("", "", "((?:variable|baseValue) )+"),
    "baseValue": ("baseType", "", ""),
    "assessmentTest": ("identifier title", "", "(testPart )+"),
    "testPart": ("identifier navigationMode submissionMode", "", "(assessmentSection )+"),
    "assessmentSection": ("identifier title visible", "", "(assessmentItemRef )*"),
    "assessmentItemRef": ("identifier href", "", ""),
}  # fmt: skip
MIXED = set("value p li td th em strong code pre a prompt baseValue".split())


def require_schema(element):
    name = element.tag.removeprefix(QTI)
    needed, allowed, children = RULES[name]
    has = {key for key in element.attrib if not key.startswith("{http://www.w3.org/2001/XMLSchema-instance}")}
    assert set(needed.split()) <= has <= set(f"{needed} {allowed}".split()), (name, has)
    inside = "".join(f"{child.tag.removeprefix(QTI)} " for child in element)
    assert re.fullmatch(children, inside), (name, inside)
    assert name in MIXED or not (element.text or "").strip(), (name, element.text)
    assert name in MIXED or not any((child.tail or "").strip() for child in element), name
    if "identifier" in has:
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", element.get("identifier"))
    for child in element:
        require_schema(child)


def scored(item, given):
    """What an item gives for answers by its own response processing."""
    right = {
        one.get("identifier"): one.findtext(f"{QTI}correctResponse/{QTI}value")
        for one in item.iter(f"{QTI}responseDeclaration")
    }
    score = 0
    for equal in item.iter(f"{QTI}equal"):
        name = equal.find(f"{QTI}variable").get("identifier")
        assert equal.find(f"{QTI}correct").get("identifier") == name
        below, above = map(Decimal, equal.get("tolerance", "0 0").split())
        assert (equal.get("toleranceMode") == "absolute") == ("tolerance" in equal.attrib)
        value = Decimal(right[name])
        score += value - below <= given[name] <= value + above
    return score


def test_qti_items_keep_the_schema_and_score_each_number(items):
    with zipfile.ZipFile(io.BytesIO(question_bank.qti(items))) as packed:
        files = {name: ET.fromstring(packed.read(name)) for name in packed.namelist()}
    cp = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
    manifest = files.pop("imsmanifest.xml")
    assert [child.tag for child in manifest] == [f"{cp}metadata", f"{cp}organizations", f"{cp}resources"]
    resources = {one.get("identifier"): one for one in manifest.iter(f"{cp}resource")}
    assert {one.get("href") for one in resources.values()} == set(files)
    assert {one.get("type") for one in resources.values()} == {"imsqti_test_xmlv2p1", "imsqti_item_xmlv2p1"}
    for one in resources.values():
        assert [file.get("href") for file in one.iter(f"{cp}file")] == [one.get("href")]
    assert {one.get("identifierref") for one in manifest.iter(f"{cp}dependency")} == set(resources) - {"test"}
    test = files.pop("test.xml")
    require_schema(test)
    asked = [one.get("href") for one in test.iter(f"{QTI}assessmentItemRef")]
    assert sorted(asked) == sorted(files)
    identifiers = [one.get("identifier") for one in test.iter() if one.get("identifier")]
    assert len(set(identifiers)) == len(identifiers)
    for item in items:
        made = files[f"items/{item.label}.xml"]
        require_schema(made)
        assert (made.get("identifier"), made.get("title")) == (item.label, item.title)
        declared = [one.get("identifier") for one in made.iter(f"{QTI}responseDeclaration")]
        gaps = [one.get("responseIdentifier") for one in made.iter() if one.get("responseIdentifier")]
        assert gaps == declared and len(set(gaps)) == len(gaps)
        values = [(value, question.decimals) for question in item.questions for _, value in question.answers]
        names = [name for name in declared if name != "WORDS"]
        right = {name: value for name, (value, _) in zip(names, values, strict=True)}
        assert scored(made, right) == len(values)
        assert scored(made, {name: value + 1 for name, value in right.items()}) == 0
        near = {name: value + (Decimal("0.4") / 10**d if d else 0) for name, (value, d) in zip(names, values)}
        assert scored(made, near) == len(values)


def test_the_page_of_solutions_links_the_key_of_each_chapter():
    solutions = [
        {
            "name": "own",
            "title": "Own",
            "exercises": [{"number": 1, "title": "", "kind": "code", "minutes": 1, "solution": "Yes."}],
        }
    ]
    assert b'href="own-key.zip"' in take_away._made("solutions.html", chapters=solutions)


def test_every_exercise_of_computing_is_in_the_bank(built):
    assert sorted(item.label for item in bank(built / "_executed")) == COMPUTING
