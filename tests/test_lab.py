"""The coding lab: its coefficients are the package's, and its page works, alone and in the browser only."""

import csv
import io
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, served
from playwright.sync_api import expect

from embedgov import agreement, coding
from embedgov_cli import main
from embedgov_press.postprocess import process
from embedgov_study import data
from embedgov_teach import lab, sheet, sheet_reader

STATIC = ROOT / "book" / "_static"


# --- coefficients


@pytest.fixture(scope="module")
def coefficients(browser):
    """Compute all coefficients of many sheets of ratings in a page."""
    page = browser.new_page()
    page.add_script_tag(path=STATIC / "agreement.js")

    def compute(names, sheets):
        return page.evaluate(
            "([names, sheets]) => sheets.map((ratings) => names.map((name) => Agreement[name](ratings)))",
            [names, sheets],
        )

    yield compute
    page.close()


def same(found, expected):
    """Whether a number of the page is the package's; undefined is null there and nan here."""
    return np.isnan(expected) if found is None else abs(found - expected) < 1e-12


def random_ratings(random, codes):
    """Units by coders, with as many missing codes as chance wants, all or none included."""
    shape = random.integers(1, 25), random.integers(2, 5)
    dull = random.random() < 0.2  # nothing varies
    missing = random.random(shape) < random.choice([0, 0, 0.1, 0.5, 0.9, 1])
    return [
        [None if gone else codes(0 if dull else random.integers(2**31)) for gone in row] for row in missing
    ]


def test_nominal_coefficients_are_the_packages_on_random_sheets(coefficients):
    random = np.random.default_rng(1)
    sheets = [
        random_ratings(random, lambda number, kinds=random.integers(1, 5): int(number % kinds))
        for _ in range(300)
    ]
    functions = (agreement.percent_agreement, agreement.alpha, agreement.ac1)
    undefined = 0
    for ratings, found in zip(sheets, coefficients(["agreement", "alpha", "ac1"], sheets)):
        expected = [float(function(pd.DataFrame(ratings, dtype=object))) for function in functions]
        assert all(map(same, found, expected)), (ratings, found, expected)
        undefined += np.isnan(expected[1])
    assert 50 < undefined < 200


def test_alpha_of_sets_is_the_packages_on_random_sheets(coefficients):
    random = np.random.default_rng(2)
    sheets = [
        random_ratings(
            random,
            lambda number, most=random.integers(1, 6): [
                c for c in "VWXYZ"[:most] if number >> ord(c) % 5 & 1
            ],
        )
        for _ in range(300)
    ]
    for ratings, (found,) in zip(sheets, coefficients(["masiAlpha"], sheets)):
        sets = [[None if each is None else frozenset(each) for each in row] for row in ratings]
        expected = float(agreement.alpha(pd.DataFrame(sets, dtype=object), "masi"))
        assert same(found, expected), (ratings, found, expected)


def test_the_published_example(coefficients):
    """Krippendorff (2011), four observers and twelve units; Gwet's AC1 of the same data."""
    observers = ["123321412...", "1233224125.3", ".3332342251.", "1233244125" + "1."]
    ratings = [[None if c == "." else int(c) for c in unit] for unit in zip(*observers)]
    alpha, ac1 = coefficients(["alpha", "ac1"], [ratings])[0]
    assert abs(alpha - 113 / 152) < 1e-12
    assert round(ac1, 5) == 0.77544


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([], [None, None, None]),
        ([[1, None], [None, 0]], [None, None, None]),
        ([[1, 1], [1, 1]], [1, None, None]),
        ([[1, 1], [0, 0]], [1, 1, 1]),
        # A unit with one code counts for prevalence in AC1 only: p = (2 + 1 / 2) / 4, chance = 2p(1 - p).
        ([[1, 1], [1, 0], [1, None], [None, 0]], [1 / 2, 0, 1 - (1 / 2) / (1 - 2 * 5 / 8 * 3 / 8)]),
    ],
)
def test_coefficients_at_the_edges(coefficients, ratings, expected):
    found = coefficients(["agreement", "alpha", "ac1"], [ratings])[0]
    assert all(same(a, np.nan if b is None else b) for a, b in zip(found, expected)), found


def test_empty_sets_are_equal_and_far_from_all_others(coefficients):
    alike = [[[], []], [["A"], ["A"]]]
    apart = [[[], ["A"]], [["A"], []]]
    # Two of four sets are empty: 8 of 12 ordered pairs differ, so 2 of 3 by chance; observed none or all.
    assert coefficients(["masiAlpha"], [alike, apart]) == [[1], [1 - 3 / 2]]


# --- the page

PARTNERS = ("consensus", "D", "E", "F")
CODES = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The lab's pages as the book makes them, without the book around them."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(STATIC, folder / "_static")
    (folder / "lab").mkdir()
    for name, title, body in lab.pages():
        page = (
            f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8" /><title>{title}'
            f'</title><link rel="icon" href="../_static/favicon.svg"></head><body><main>{body}</main></body></html>'
        )
        (folder / f"{name}.html").write_text(process(page), encoding="utf-8")
    with served(folder) as address:
        yield address


@pytest.fixture
def page(browser, base):
    context = browser.new_context(base_url=base, viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    told = []
    opened.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("dialog", lambda dialog: dialog.accept())
    opened.goto("lab/statements.html")
    yield opened
    context.close()
    assert told == []


@pytest.fixture(scope="module")
def drawn():
    return sheet.draw("statements", 20, 7)


@pytest.fixture(scope="module")
def learner(drawn):
    """A learner's codes: those of coder D, with some decisions turned about."""
    codes = sheet.published("statements").query("coder == 'D'").set_index("designation_id")
    own = codes.loc[drawn["row_id"], CODES].to_numpy(int)
    return np.where(np.random.default_rng(3).random(own.shape) < 0.15, 1 - own, own)


def as_sheet(drawn, codes, delimiter=",", **changes):
    """A learner's sheet as a file to open on the page."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, sheet.columns("statements"), delimiter=delimiter)
    writer.writeheader()
    for item, row, given in zip(drawn.index, drawn.itertuples(), codes):
        cells = {"item": item, "text_en": row.text_en, "text_zh": row.text_zh, "set": "statements-20-7"}
        filled = {code: "" if value is None else value for code, value in zip(CODES, given)}
        writer.writerow(cells | filled | changes.get(item, {}))
    content = text.getvalue().encode("utf-8-sig")
    return {"name": "mine.csv", "mimeType": "text/csv", "buffer": content}


def open_sheet(page, file):
    page.locator("#file").set_input_files(file)
    expect(page.locator("#told")).to_contain_text(file["name"])


def code_item(page, given):
    """Say yes to what applies, and no to the rest by the one button."""
    for code, value in zip(CODES, given):
        if value:
            page.locator(f"input[name={code}][value='1']").check()
    page.locator("#next").click()


def cells(table):
    """The texts of a table's rows, by the first of each."""
    rows = table.evaluate(
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return {name: rest for name, *rest in rows}


def test_the_page_holds_the_set_that_the_command_draws(page, drawn):
    shown = [page.locator("#text").inner_text()]
    for stop in page.locator(".strip button").all()[1:]:
        stop.click()
        shown.append(page.locator("#text").inner_text())
    assert shown == list(drawn["text_en"])


def test_nothing_of_the_published_codes_is_seen_before_the_comparison(page, drawn, learner):
    for given in learner[:3]:
        code_item(page, given)
    expect(page.locator("#count")).to_have_text("3 of 20 statements coded")
    expect(page.locator("#results")).to_be_hidden()
    seen = page.locator("main").inner_text()
    assert not any(row in seen for row in drawn["row_id"])
    page.locator("#compare").click()
    seen = page.locator("#results").inner_text()
    told = [row in seen for row in drawn["row_id"]]
    assert not any(told[3:])  # the others stay blind


def test_what_is_compared_is_closed_and_the_rest_stays_open(page, learner):
    code_item(page, learner[0])
    page.locator("#compare").click()
    expect(page.locator("#comparison-title")).to_be_focused()
    page.locator(".strip button").first.click()
    assert page.locator(".codes input:enabled").count() == 0
    expect(page.locator("#closed")).to_be_visible()
    page.locator(".strip button").nth(1).click()
    assert page.locator(".codes input:disabled").count() == 0
    expect(page.locator("#compare")).to_be_disabled()
    code_item(page, learner[1])
    page.get_by_role("button", name="Close and compare 1 statement", exact=True).click()
    expect(page.locator("#results .matrix tbody tr")).to_have_count(2)


def test_the_comparison_is_that_of_the_package(page, drawn, learner):
    open_sheet(page, as_sheet(drawn, learner))
    page.locator("#compare").click()
    whom = cells(page.locator("table[aria-labelledby=lab-whom]"))
    rows = list(drawn["row_id"])
    published = sheet.published("statements").set_index(["coder", "designation_id"])[CODES]
    consensus = coding.consensus(data.statement_codes(), unit="designation_id", codes=CODES).values
    given = {coder: published.loc[coder].loc[rows].to_numpy(int) for coder in "DEF"}
    given["consensus"] = consensus.loc[rows].to_numpy(int)

    def written(value):
        return (
            "no variation" if np.isnan(float(value)) else f"{float(value):.2f}".replace("-", "\N{MINUS SIGN}")
        )

    def row(readers):
        decisions = pd.DataFrame([codes.ravel() for codes in readers]).T
        sets = pd.DataFrame(
            [[frozenset(c for c, one in zip(CODES, each) if one) for each in codes] for codes in readers]
        ).T
        same = int((sets.nunique(axis=1) == 1).sum())
        return [
            f"{round(100 * float(agreement.percent_agreement(decisions)))}%",
            written(agreement.alpha(decisions)),
            written(agreement.ac1(decisions)),
            f"{same} of 20",
            written(agreement.alpha(sets, "masi")),
        ]

    for who in PARTNERS:
        name = "You and " + ("the consensus" if who == "consensus" else f"coder {who}")
        assert whom[name] == row([learner, given[who]]), who
    assert whom["D, E, F among themselves"] == row([given[coder] for coder in "DEF"])

    labels = list(sheet.codebook("statements")["label_en"])
    for who in ("consensus", "E"):
        page.get_by_role("radio", name=who, exact=True).check()
        by_code = cells(page.locator("table[aria-labelledby=lab-codes]"))
        for c, label in enumerate(labels):
            mine, theirs = learner[:, c], given[who][:, c]
            counts = [(mine & theirs).sum(), (mine & ~theirs & 1).sum(), (~mine & theirs & 1).sum()]
            pair = pd.DataFrame({"a": mine, "b": theirs})
            assert by_code[label] == [
                *map(str, counts),
                str(20 - sum(counts)),
                f"{round(100 * (mine == theirs).mean())}%",
                written(agreement.alpha(pair)),
                written(agreement.ac1(pair)),
            ], (who, label)
        apart = [n + 1 for n in range(20) if (learner[n] != given[who][n]).any()]
        shown = page.locator("ol.apart > li")
        assert [int(item.get_attribute("value")) for item in shown.all()] == apart
        signs = page.locator(".matrix tbody td").all_inner_texts()
        kinds = {(1, 1): "both yes", (1, 0): "only you", (0, 1): "only they", (0, 0): "both no"}
        told = [kinds[pair] for pair in zip(learner.ravel(), given[who].ravel())]
        assert [sign.split(",")[0].strip() for sign in signs] == told
        votes = sum(given[coder] for coder in "DEF")
        assert [", published coders disagree" in sign for sign in signs] == list(((votes % 3) > 0).ravel())


def save(page):
    with page.expect_download() as download:
        page.locator("#save").click()
    return download.value


def test_a_sheet_that_is_saved_is_the_commands_and_opens_again(page, drawn, learner, tmp_path):
    page.locator("#learner").fill("Li Ming")
    page.locator("input[name=confidence][value='2']").check()
    page.locator("input[name=note]").fill('=1+1; "why", so?')
    for given in learner[:5]:
        code_item(page, given)
    page.locator("input[name=LAW][value='0']").check()  # the sixth is only begun
    download = save(page)
    assert download.suggested_filename == "statements-20-7-Li-Ming.csv"
    content = open(download.path(), "rb").read()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == content.count(b"\n") == 21
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == [*sheet.columns("statements"), "compared"]
    rows = [dict(zip(header, line)) for line in lines]
    assert [row["item"] for row in rows] == list(drawn.index)
    assert [row["text_zh"] for row in rows] == list(drawn["text_zh"])
    assert {row["set"] for row in rows} == {sheet.set_name("statements", 20, 7)}
    assert [row["learner"] for row in rows] == ["Li Ming"] + [""] * 19
    assert [[row[code] for code in CODES] for row in rows[:5]] == learner[:5].astype(str).tolist()
    assert [rows[5][code] for code in CODES] == ["", "0", "", "", "", "", "", ""]
    assert not any(rows[n][code] for n in range(6, 20) for code in CODES)
    assert rows[0]["confidence"] == "2"
    assert rows[0]["note"] == """'=1+1; "why", so?"""  # no spreadsheet takes it for a formula

    (tmp_path / "again.csv").write_bytes(content)
    page.evaluate("sessionStorage.clear()")
    page.reload()
    expect(page.locator("#count")).to_have_text("0 of 20 statements coded")
    page.locator("#file").set_input_files(tmp_path / "again.csv")
    expect(page.locator("#told")).to_have_text("Opened again.csv: 5 of 20 statements are coded.")
    assert page.locator("#learner").input_value() == "Li Ming"
    expect(page.locator("#which")).to_have_text("Statement 6 of 20")
    assert page.locator(".codes input:checked").count() == 1
    assert open(save(page).path(), "rb").read() == content


def test_the_command_scores_a_sheet_of_the_page_as_the_page_did(page, drawn, learner, tmp_path, capsys):
    open_sheet(page, as_sheet(drawn, learner))
    page.locator("#learner").fill("Li Ming")
    save(page).save_as(tmp_path / "in" / "li.csv")
    page.locator("#compare").click()
    shown = cells(page.locator("table[aria-labelledby=lab-codes]"))["all codes"]
    main(["teach", "score", str(tmp_path / "in"), "--out", str(tmp_path / "out")], standalone_mode=False)
    assert "1 of 1 sheets scored" in capsys.readouterr().out
    codes = pd.read_csv(tmp_path / "out" / "codes.csv")
    assert set(codes["learner"]) == {"Li Ming"} and len(codes) == learner.size
    wide = codes.pivot(index="item", columns="code", values="value").loc[drawn.index, CODES]
    assert (wide.to_numpy() == learner).all()
    both = codes.groupby(["value", "consensus"]).size().reindex([(1, 1), (1, 0), (0, 1), (0, 0)])
    assert shown[:4] == [str(count) for count in both]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_sheet_from_a_spreadsheet_is_read(page, drawn, learner, delimiter):
    open_sheet(page, as_sheet(drawn, learner, delimiter))
    expect(page.locator("#count")).to_have_text("20 of 20 statements coded")


def broken(drawn, learner):
    sound = as_sheet(drawn, learner)["buffer"].decode("utf-8-sig")
    first, second = drawn.index[:2]
    yield "no column", sound.replace("RES", "REZ", 1), "the column RES 0 times"
    yield "a column twice", sound.replace("note", "RES", 1), "the column RES 2 times"
    yield "another set", sound.replace(second, "QQQQQ"), "row 3: the item QQQQQ is not in the set"
    yield "a row twice", sound.replace(second, first), f"row 3: the item {first} occurs twice"
    yield (
        "no code",
        as_sheet(drawn, learner, **{second: {"INT": "maybe"}})["buffer"],
        "row 3, column INT: maybe",
    )
    yield (
        "unsure",
        as_sheet(drawn, learner, **{second: {"confidence": 4}})["buffer"],
        "row 3, column confidence: 4",
    )
    yield "an open quotation", sound + '"', "a quotation mark is not closed"
    yield "two rows in one", sound.replace(",,,", ',"', 1), "row 2 has 26 cells, the first row 15"
    yield "a workbook", b"PK\x03\x04\xff\xfe\x00", "it is a workbook"
    yield "an image", b"\x89PNG\r\n\x1a\n\xff\xff", "it is no text that can be read here"
    yield "nothing", "", "the column item 0 times"


def test_a_broken_sheet_is_refused_and_changes_nothing(page, drawn, learner):
    code_item(page, learner[0])
    before = save(page)
    for name, content, reason in broken(drawn, learner):
        content = content if isinstance(content, bytes) else content.encode()
        open_sheet(page, {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": content})
        expect(page.locator("#told")).to_contain_text("was not opened, and nothing is changed")
        expect(page.locator("#told")).to_contain_text(reason)
    assert open(save(page).path(), "rb").read() == open(before.path(), "rb").read()


def test_a_sheet_takes_the_place_of_unsaved_codes_only_if_the_learner_says_so(browser, base, drawn, learner):
    page = browser.new_page(base_url=base)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto("lab/statements.html")
    code_item(page, learner[0])
    page.locator("#file").set_input_files(as_sheet(drawn, learner))
    page.wait_for_function("document.getElementById('file').value === ''")
    expect(page.locator("#count")).to_have_text("1 of 20 statements coded")
    assert len(asked) == 1 and "not saved" in asked[0]
    page.close()


def test_a_sheet_is_text_and_never_markup(page, drawn, learner):
    nasty = '<img src=x onerror="window.intruder=1">'
    first = drawn.index[0]
    wrong = 1 - learner[0]
    file = as_sheet(drawn, [wrong, *learner[1:]], **{first: {"note": nasty, "learner": nasty}})
    open_sheet(page, file)
    page.locator("#compare").click()
    expect(page.locator("ol.apart > li").first).to_contain_text(nasty)
    assert page.locator("main img").count() == 0 and page.evaluate("window.intruder") is None


@pytest.fixture
def tab(page):
    """Open another tab of the same browser."""

    def opened():
        another = page.context.new_page()
        another.set_default_timeout(10_000)
        another.on("dialog", lambda dialog: dialog.accept())
        another.goto("lab/statements.html")
        return another

    return opened


def count(page, n):
    expect(page.locator("#count")).to_have_text(f"{n} of 20 statements coded")


def kept_in(page):
    """How many items the browser keeps as coded, whichever tab wrote them."""
    return page.evaluate(
        "JSON.parse(localStorage.getItem('embedgov-lab-statements-20-7')"
        " ?? '{\"sheet\": []}').sheet.filter((row) => !row.codes.includes(null)).length"
    )


def test_a_reload_loses_nothing_and_another_tab_begins_anew(page, tab, learner):
    for given in learner[:3]:
        code_item(page, given)
    page.reload()
    count(page, 3)
    count(tab(), 0)


def test_a_tab_that_keeps_nothing_deletes_nothing_of_one_that_does(page, tab, learner):
    other = tab()
    page.locator("#keep").check()
    for given in learner[:3]:
        code_item(page, given)
    code_item(other, learner[0])
    assert kept_in(other) == 3
    page.close()
    count(tab(), 3)


def test_two_tabs_that_keep_go_on_from_one_another(page, tab, learner):
    page.locator("#keep").check()
    code_item(page, learner[0])
    other = tab()
    count(other, 1)
    code_item(page, learner[1])
    count(other, 2)
    expect(other.locator("#told")).to_contain_text("taken over")
    code_item(other, learner[2])
    count(page, 3)
    assert kept_in(page) == 3
    page.reload()  # this tab got the last code from the other
    count(page, 3)
    expect(page.locator("#two-tabs")).to_be_hidden()
    code_item(page, learner[3])
    count(other, 4)


def test_a_tab_with_codes_of_its_own_asks_before_it_writes_over_those_of_another(page, tab, learner):
    other = tab()
    code_item(other, learner[0])
    page.locator("#keep").check()
    for given in learner[:3]:
        code_item(page, given)
    other.locator("#keep").check()
    expect(other.locator("#two-tabs")).to_contain_text("3 statements coded there, 1 here")
    code_item(other, learner[1])
    assert kept_in(page) == 3  # nothing is written until the learner chooses
    other.locator("#take").click()
    count(other, 3)
    code_item(other, learner[3])
    count(page, 4)
    other.locator("#keep").uncheck()  # whoever says so stops it for all tabs, and no tab loses its codes
    expect(page.locator("#keep")).not_to_be_checked()
    count(page, 4)


def test_nothing_is_kept_beyond_the_tab_unless_the_learner_wants_it(page, learner):
    def kept():
        return page.evaluate("Object.keys(localStorage)")

    code_item(page, learner[0])
    assert kept() == []
    page.locator("#keep").check()
    code_item(page, learner[1])
    page.locator("#compare").click()
    page.reload()
    expect(page.locator("#count")).to_have_text("2 of 20 statements coded")
    expect(page.locator(".matrix tbody tr")).to_have_count(2)
    page.locator("#keep").uncheck()
    assert kept() == []


SPELT = [
    ("1.0", "0.0"),
    ("1,0", "0,0"),
    ("yes", "no"),
    ("WAHR", "FALSCH"),
    ("是", "不是"),
    ("√", "×"),
    ("对", "错"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "gb18030"])
def test_a_sheet_opens_however_a_spreadsheet_wrote_it(page, drawn, learner, encoding):
    spelt = [[SPELT[n % len(SPELT)][1 - code] for code in given] for n, given in enumerate(learner)]
    file = as_sheet(drawn, spelt, ";")
    text = "Coding\r\n" + file["buffer"].decode("utf-8-sig") + ";;;\r\nPS: thank you\r\n"
    open_sheet(page, file | {"buffer": text.encode(encoding)})
    count(page, 20)
    page.locator("#compare").click()
    signs = page.locator(".matrix tbody td").all_inner_texts()
    own = [sign.split(",")[0].strip() in ("both yes", "only you") for sign in signs]
    assert own == list(learner.ravel() == 1)


def test_a_sheet_says_what_was_compared_before_it_was_saved(page, drawn, learner):
    for given in learner[:2]:
        code_item(page, given)
    page.locator("#compare").click()
    code_item(page, learner[2])
    content = open(save(page).path(), "rb").read()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["compared"] for row in rows] == ["yes"] * 2 + ["no"] * 18
    page.evaluate("sessionStorage.clear()")
    page.reload()
    open_sheet(page, {"name": "again.csv", "mimeType": "text/csv", "buffer": content})
    page.locator(".strip button").first.click()
    expect(page.locator("#closed")).to_be_visible()  # it stays closed
    layouts = [sheet_reader.Layout("statements", tuple(CODES), dict(drawn["text_zh"]))]
    path = save(page).path()
    assert sheet_reader.read(path, "li.csv", layouts).compared == 2


def test_on_a_phone_the_text_stays_in_sight_while_its_codes_are_decided(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page = context.new_page()
    for name in ("lab/statements.html", "lab/passages.html"):
        page.goto(name)
        page.locator("#next").click()
        for legend in page.locator(".codes fieldset").all():
            legend.locator("input").first.focus()
            box, text = legend.bounding_box(), page.locator("#text").bounding_box()
            assert text["y"] >= 0 and box["y"] + box["height"] <= 844
            assert box["y"] >= text["y"] + text["height"] - 1, name  # and does not lie over the code
        expect(page.locator("#pst-back-to-top")).to_be_hidden()
    context.close()


def test_paper_holds_what_was_coded_and_compared(page, drawn, learner):
    page.locator("#learner").fill("Li Ming")
    for given in learner[:2]:
        code_item(page, given)
    for compared in (False, True):
        if compared:
            page.locator("#compare").click()
        page.emulate_media(media="print")
        paper = page.locator("main").inner_text()
        assert all(text in paper for text in drawn["text_en"])
        assert "What was coded by Li Ming" in paper
        printed = page.locator("#own tbody tr").all()[:2]
        assert [row.locator("td").all_inner_texts()[:8] for row in printed] == learner[:2].astype(
            str
        ).tolist()
        expect(page.locator("#results")).to_be_visible(visible=compared)
        page.emulate_media(media="screen")
        expect(page.locator("#own")).to_be_hidden()


def test_there_is_a_second_set(page):
    page.locator(".trail a").last.click()
    expect(page.locator("h1")).to_have_text("Code 20 statements, set 2")
    shown = page.locator("#items li").evaluate_all("items => items.map(item => item.textContent)")
    second = sheet.draw("statements", 20, lab.SEEDS[1])["text_en"]
    assert all(text in item for text, item in zip(second, shown))


def test_all_of_it_works_by_keyboard_alone(page, learner):
    keys = page.keyboard

    def tab_to(selector):
        for _ in range(60):
            keys.press("Tab")
            if page.evaluate(f"document.activeElement.matches({json.dumps(selector)})"):
                return
        raise AssertionError(f"Tab never reaches {selector}")

    page.locator("#desk-title").evaluate("title => { title.tabIndex = -1; title.focus(); }")
    tab_to("summary")
    keys.press("Enter")
    expect(page.locator(".codes details").first).to_have_attribute("open", "")
    tab_to("input[name=SOC]")
    keys.press("Space")
    tab_to("input[name=LAW]")
    keys.press("ArrowRight")  # from yes to no
    tab_to("#next")
    keys.press("Enter")
    expect(page.locator("#which")).to_be_focused()
    expect(page.locator("#which")).to_have_text("Statement 2 of 20")
    tab_to("#compare")
    keys.press("Enter")
    expect(page.locator("#comparison-title")).to_be_focused()
    tab_to("input[name=other]")
    keys.press("ArrowRight")
    expect(page.locator("input[value=D]")).to_be_focused()
    expect(page.locator("#lab-codes")).to_contain_text("you and coder D")
    row = page.locator("#results .matrix tbody tr").inner_text()
    assert row.count("yes") + row.count("you") >= 1


def test_no_request_leaves_once_the_page_is_open(page, drawn, learner):
    page.wait_for_load_state("networkidle")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    for given in learner[:2]:
        code_item(page, given)
    page.locator("#keep").check()
    open_sheet(page, as_sheet(drawn, learner))
    page.locator("#compare").click()
    page.get_by_role("radio", name="F", exact=True).check()
    save(page)
    assert [url for url in sent if not url.startswith("blob:")] == []
    another = page.context.new_page()
    another.goto("lab/statements.html")
    tried = another.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    assert tried == "refused"


def test_without_scripts_rules_and_items_are_there_to_read(browser, base, drawn):
    context = browser.new_context(java_script_enabled=False, base_url=base)
    page = context.new_page()
    page.goto("lab/statements.html")
    seen = page.locator("main").inner_text()
    assert all(text in seen for text in drawn["text_en"])
    assert "JavaScript has to be switched on" in seen
    for hidden in ("#desk", "#comparison", "#steps"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator("dl.rules dt").count() == len(CODES)
    context.close()


def test_the_passages_can_be_coded_too(page):
    page.goto("lab/passages.html")
    for _ in range(20):
        page.locator("#next").click()
    page.locator("#compare").click()
    drawn = sheet.draw("segments", 20, 7)
    codes = list(sheet.codebook("segments").index)
    line = cells(page.locator("table[aria-labelledby=lab-codes]"))["all codes"]
    assert line[:4] == [
        "0",
        "0",
        str(int(drawn[codes].to_numpy(int).sum())),
        str(int((1 - drawn[codes].to_numpy(int)).sum())),
    ]


def test_what_the_pages_hold_is_text_and_never_markup(monkeypatch):
    nasty = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'
    draw = sheet.draw
    monkeypatch.setattr(sheet, "draw", lambda *given: draw(*given).assign(text_en=nasty, text_zh=nasty))
    for name, _, body in lab.pages():
        made = BeautifulSoup(body, "html.parser")
        assert not made.select("img, [onerror]"), name
        assert [script.get("src") or script["type"] for script in made.select("script")] == [
            "../_static/agreement.js",
            "../_static/lab.js",
            "application/json",
        ]
        assert json.loads(made.select_one("#lab-data").string)["items"][0]["text_en"] == nasty
