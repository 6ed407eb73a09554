"""The check of the data: each kind of defect is named by file, row and column.

Every test damages a copy of some of the project's own tables.
"""

import csv
import json

import pytest
from conftest import ROOT

from embedgov_study.check import check
from embedgov_study.data_package import resources

DATA = ROOT / "data"
REGISTRY = ["designations", "units", "provinces", "batches"]
FINAL = ["coders", "statements-final-d"]
DESIGNATIONS = "registry/designations.csv"
SOURCES = "registry/sources.csv"
CODER_D = "coding/statements/final/coder_d.csv"


@pytest.fixture
def copy(tmp_path):
    """Copy the named tables; their descriptor declares no others."""

    def copied(*names):
        package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
        found = {name: resource for name, resource in resources(DATA).items() if name in names}
        assert len(found) == len(names)
        for resource in found.values():
            keys = resource["schema"].get("foreignKeys", [])
            resource["schema"]["foreignKeys"] = [
                key for key in keys if key["reference"]["resource"] in ("", *names)
            ]
            target = tmp_path / resource["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((DATA / resource["path"]).read_bytes())
        describe(tmp_path, package | {"resources": list(found.values())})
        if "coders" in names:  # only those whose codes are copied
            letters = {name[-1].upper() for name in names if name[:-1].endswith("-")}
            rewrite(
                tmp_path,
                "coding/coders.csv",
                lambda rows: rows.__setitem__(slice(1, None), [r for r in rows if r[0] in letters]),
            )
        return tmp_path

    return copied


def describe(folder, package):
    (folder / "datapackage.json").write_text(json.dumps(package, indent=1), encoding="utf-8")


def described(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def lines(folder, path):
    return (folder / path).read_text(encoding="utf-8").split("\n")


def rewrite(folder, path, change):
    """Let ``change`` alter the rows of a file (row 0 is the header) and write them back."""
    with open(folder / path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with open(folder / path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def put(folder, path, line, column, value):
    """Put a value into the cell at a line of the file; the tables have one line per row."""

    def change(rows):
        rows[line - 1][rows[0].index(column)] = value

    rewrite(folder, path, change)


def only(folder):
    """Return the one line that the check prints."""
    problems = check(folder)
    assert len(problems) == 1, "\n".join(map(str, problems))
    text = str(problems[0])
    assert len(text.splitlines()) == 1 and "; expected " in text and "; do: " in text
    return text


def test_the_project_s_own_data_are_sound():
    assert check(DATA) == []


# ---- keys


def test_a_repeated_key_names_both_rows(copy):
    folder = copy("sources")
    rewrite(folder, "registry/sources.csv", lambda rows: rows.append(list(rows[4])))
    text = only(folder)
    assert text.startswith('registry/sources.csv:28:source_id: value "heilongjiang-news-2017"')
    assert "row 5 has it too" in text


def test_a_repeated_key_of_two_columns(copy):
    folder = copy("designation_sources")
    rewrite(folder, "registry/designation_sources.csv", lambda rows: rows.insert(9, rows[1]))
    assert only(folder).startswith(
        'registry/designation_sources.csv:10:designation_id, source_id: value "B1-01, exhibition-docx"'
    )


def test_a_repeated_row_of_a_coder(copy):
    folder = copy(*REGISTRY, *FINAL)
    rewrite(folder, CODER_D, lambda rows: rows.append(list(rows[1])))
    assert only(folder).startswith(f'{CODER_D}:116:designation_id: value "B1-01"')


@pytest.mark.parametrize(
    "names, path, line, column, value, table",
    [
        (REGISTRY, DESIGNATIONS, 5, "unit_id", "U999", "registry/units.csv"),
        (REGISTRY, "registry/units.csv", 7, "province_id", "ZZ", "registry/provinces.csv"),
        (
            ["milestones", "batches", "sources"],
            "registry/milestones.csv",
            4,
            "source_id",
            "letter-2014",
            "registry/sources.csv",
        ),
        (
            ["segments-g", "segments"],
            "coding/segments/coder_g.csv",
            3,
            "seg_id",
            "Z01-99",
            "article/segments.csv",
        ),
        (["zones", *REGISTRY], "article/zones.csv", 2, "designation_id", "B3-41", DESIGNATIONS),
        (
            ["codebook-segments_draft"],
            "codebooks/segments_draft.csv",
            6,
            "parent",
            "SUP",
            "codebooks/segments_draft.csv",
        ),
    ],
)
def test_a_dangling_key_names_the_table_it_should_be_in(copy, names, path, line, column, value, table):
    folder = copy(*names)
    put(folder, path, line, column, value)
    text = only(folder)
    assert text.startswith(f'{path}:{line}:{column}: value "{value}"') and table in text


def test_a_dangling_place_in_the_article(copy):
    folder = copy("definitions", "sections")
    put(folder, "article/definitions.csv", 3, "file_line", "8")
    assert only(folder).startswith('article/definitions.csv:3:section, paragraph, file_line: value "1, 1, 8"')


@pytest.mark.parametrize("emptied", [1, 2, 3])
def test_a_key_of_empty_cells_points_nowhere_and_one_that_is_partly_empty_dangles(copy, emptied):
    folder = copy("definitions", "sections")
    place = ["section", "paragraph", "file_line"]
    package = described(folder)
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"] in place:
                field["constraints"]["required"] = False
    describe(folder, package)
    for column in place[:emptied]:
        put(folder, "article/definitions.csv", 3, column, "")
    if emptied == len(place):
        assert check(folder) == []
    else:
        assert only(folder).startswith(f"article/definitions.csv:3:{', '.join(place)}: value ")


def test_the_same_dangling_key_is_one_problem_that_lists_its_rows(copy):
    folder = copy(*REGISTRY)
    for line in (9, 4, 30):
        put(folder, DESIGNATIONS, line, "unit_id", "U999")
    text = only(folder)
    assert text.startswith(f"{DESIGNATIONS}:4:unit_id: ") and "the same in rows 9, 30" in text


# ---- cells


@pytest.mark.parametrize(
    "path, line, column, value, expected",
    [
        (CODER_D, 10, "call_theme", "PARTIES", "one of PARTY, SANSHE, CONSULT"),
        (CODER_D, 10, "SOC", "2", "a whole number from 0 to 1"),
        (CODER_D, 10, "SOC", "", "a whole number from 0 to 1"),
        (CODER_D, 10, "confidence", "high", "a whole number from 1 to 3"),
        (CODER_D, 10, "SOC_term", "一二三四五六七八九十甲乙丙", "of 2 to 12 characters"),
        (DESIGNATIONS, 2, "order_in_notice", "first", "a whole number"),
        (DESIGNATIONS, 2, "order_in_notice", " 1", "a cell without a blank"),
        (DESIGNATIONS, 3, "statement_en", "", "text"),
        (DESIGNATIONS, 4, "designation_id", "B1-3", r"of the form B[1-4]-\d\d"),
        (DESIGNATIONS, 115, "name_confidence", "official", "one of secondary, official-text"),
        (SOURCES, 3, "url", "example.org/a", "a URI, as in https://"),
        (SOURCES, 3, "url", "https://example.org/社区", "a URI, as in https://"),
        (SOURCES, 3, "url", "https://example.org/100%", "a URI, as in https://"),
    ],
)
def test_a_bad_cell(copy, path, line, column, value, expected):
    names = {DESIGNATIONS: "designations", SOURCES: "sources", CODER_D: "statements-final-d"}
    folder = copy(names[path])
    put(folder, path, line, column, value)
    text = only(folder)
    assert text.startswith(f'{path}:{line}:{column}: value "{value}"') and expected in text


def test_a_key_that_is_wrong_itself_is_not_followed_into_every_table(copy):
    folder = copy(*REGISTRY, *FINAL, "designation_sources", "sources")
    put(folder, "registry/batches.csv", 3, "batch", "two")
    assert only(folder).startswith('registry/batches.csv:3:batch: value "two"')


def test_a_cell_that_is_wrong_itself_is_not_reported_as_dangling_too(copy):
    folder = copy(*REGISTRY)
    put(folder, DESIGNATIONS, 9, "unit_id", "Wuxi")
    text = only(folder)
    assert text.startswith(f'{DESIGNATIONS}:9:unit_id: value "Wuxi"; expected text of the form')


def test_the_row_is_the_line_even_after_a_line_break_in_a_cell(copy):
    folder = copy(*REGISTRY)
    put(folder, DESIGNATIONS, 2, "statement_en", "one\ntwo\r\nthree")
    put(folder, DESIGNATIONS, 4, "statement_kind", "title\nonly")
    assert only(folder).startswith(f"{DESIGNATIONS}:6:statement_kind: ")
    assert lines(folder, DESIGNATIONS)[5].startswith("B1-03,")


# ---- columns and rows


def test_a_missing_column_is_one_problem(copy):
    folder = copy(*REGISTRY, *FINAL, "designation_sources", "sources")

    def change(rows):
        for row in rows:
            del row[0]

    rewrite(folder, DESIGNATIONS, change)
    text = only(folder)
    assert text.startswith(f"{DESIGNATIONS}:1:designation_id: value missing") and "place 1" in text


def test_a_renamed_column_is_one_missing_and_one_extra(copy):
    folder = copy(*REGISTRY)
    rewrite(folder, DESIGNATIONS, lambda rows: rows[0].__setitem__(1, "Batch"))
    found = [str(problem) for problem in check(folder)]
    assert len(found) == 2
    assert found[0].startswith(f'{DESIGNATIONS}:1:Batch: value "Batch"')
    assert found[1].startswith(f"{DESIGNATIONS}:1:batch: value missing")


def test_an_extra_column(copy):
    folder = copy(*REGISTRY)

    def change(rows):
        for number, row in enumerate(rows):
            row.append("remark" if number == 0 else "")

    rewrite(folder, "registry/units.csv", change)
    assert only(folder).startswith('registry/units.csv:1:remark: value "remark"')


def test_columns_in_another_order(copy):
    folder = copy("sources")
    rewrite(folder, "registry/sources.csv", lambda rows: [row.reverse() for row in rows])
    assert only(folder).startswith("registry/sources.csv:1:-: ")


def test_semicolons_between_the_cells_are_one_problem(copy):
    folder = copy("batches")
    file = folder / "registry/batches.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    text = only(folder)
    assert text.startswith("registry/batches.csv:1:-: ") and "with commas" in text


@pytest.mark.parametrize("cells, count", [(["B1-99"], 1), (["x"] * 10, 10)])
def test_too_few_or_too_many_cells(copy, cells, count):
    folder = copy(*REGISTRY, "designation_sources")
    rewrite(folder, DESIGNATIONS, lambda rows: rows.insert(7, cells))
    text = only(folder)
    assert text.startswith(f"{DESIGNATIONS}:8:-: ") and f"9 cells, not {count}" in text


def test_a_row_with_too_few_cells_is_not_followed_into_other_tables(copy):
    folder = copy(*REGISTRY, *FINAL, "designation_sources")
    rewrite(folder, DESIGNATIONS, lambda rows: rows[7].pop())
    assert only(folder).startswith(f"{DESIGNATIONS}:8:-: ")


@pytest.mark.parametrize("cells", [[], [""] * 9])
def test_an_empty_row(copy, cells):
    folder = copy(*REGISTRY, "designation_sources")
    rewrite(folder, DESIGNATIONS, lambda rows: rows.insert(7, cells))
    assert only(folder).startswith(f"{DESIGNATIONS}:8:-: ")


def test_an_open_quotation_mark_is_reported_where_it_opens(copy):
    folder = copy("units")
    text = lines(folder, "registry/units.csv")
    text[4] = text[4].replace(",", ',"', 1)
    (folder / "registry/units.csv").write_text("\n".join(text), encoding="utf-8")
    assert only(folder).startswith("registry/units.csv:5:-: ")


# ---- files


def test_a_byte_that_is_not_utf_8(copy):
    folder = copy(*REGISTRY, *FINAL)
    file = folder / "registry/units.csv"
    raw = file.read_bytes().split(b"\n")
    raw[6] = raw[6].replace("江苏省无锡市".encode(), "江苏省无锡市".encode("gbk"))
    file.write_bytes(b"\n".join(raw))
    assert only(folder).startswith(
        'registry/units.csv:7:zone_zh: value "byte 0xbd at character 6"'  # after U006,
    )


def test_a_byte_that_is_not_utf_8_in_the_second_line_of_a_cell(copy):
    folder = copy("sources")
    put(folder, "registry/sources.csv", 3, "description", "one\ntwo, (")
    file = folder / "registry/sources.csv"
    file.write_bytes(file.read_bytes().replace(b"two, (", b"two, \xff"))
    assert only(folder).startswith('registry/sources.csv:4:description: value "byte 0xff at')


@pytest.mark.parametrize("content", [b"", b"\n", b"batch,source_id,note\n"])
def test_an_empty_file(copy, content):
    folder = copy("batch_sources", "batches", "sources")
    (folder / "registry/batch_sources.csv").write_bytes(content)
    assert only(folder).startswith("registry/batch_sources.csv:-:-: ")


def test_an_empty_table_that_others_point_to_is_one_problem(copy):
    folder = copy(*REGISTRY, *FINAL, "designation_sources", "sources")
    (folder / DESIGNATIONS).write_bytes(b"")
    assert only(folder).startswith(f"{DESIGNATIONS}:-:-: ")


def test_a_missing_file(copy):
    folder = copy(*REGISTRY, "designation_sources", "sources")
    (folder / DESIGNATIONS).unlink()
    assert only(folder).startswith(f"{DESIGNATIONS}:-:-: value missing")


def test_a_file_that_no_resource_declares(copy):
    folder = copy("sources")
    (folder / "README.md").write_text("fine")
    (folder / ".hidden").write_text("fine")
    (folder / "registry/sources (1).csv").write_text("copy")
    assert only(folder).startswith("registry/sources (1).csv:-:-: ")


def test_a_byte_order_mark_is_no_problem(copy):
    folder = copy("sources")
    file = folder / "registry/sources.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert check(folder) == []


# ---- the descriptor


def test_broken_json_names_line_and_character(copy):
    folder = copy("sources")
    file = folder / "datapackage.json"
    text = file.read_text(encoding="utf-8").split("\n")
    text[3] = text[3].replace(":", " ")
    file.write_text("\n".join(text), encoding="utf-8")
    assert only(folder).startswith("datapackage.json:4:character ")


def test_a_folder_without_descriptor(tmp_path):
    assert only(tmp_path).startswith("datapackage.json:-:-: value missing")


def refer(resource, own, target, theirs):
    reference = {"resource": target, "fields": theirs}
    resource["schema"]["foreignKeys"] = [{"fields": own, "reference": reference}]


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda resource: resource.pop("path"), "path"),
        (lambda resource: resource.pop("schema"), "schema"),
        (lambda resource: resource["schema"].update(fields="none"), "resource 1"),
        (lambda resource: resource["schema"].update(primaryKey="source_id"), "primaryKey"),
        (lambda resource: resource["schema"].update(primaryKey=["sauce"]), "sauce"),
        (lambda resource: refer(resource, ["kind"], "kinds", ["kind"]), "kinds"),
        (lambda resource: refer(resource, ["kind"], None, ["kind"]), "None"),
        (lambda resource: refer(resource, ["sort"], "", ["kind"]), "sort"),
        (lambda resource: refer(resource, ["kind"], "", ["kind", "url"]), "other types or number"),
        (lambda resource: refer(resource, [], "", []), "number"),
        (lambda resource: refer(resource, "kind", "", "kind"), "list of fields"),
        (lambda resource: resource.update(schema="schemas/absent.json"), "schemas/absent.json"),
    ],
)
def test_a_descriptor_that_is_no_data_package(copy, damage, words):
    folder = copy("sources")
    package = described(folder)
    damage(package["resources"][0])
    describe(folder, package)
    text = only(folder)
    assert text.startswith(("datapackage.json:", "schemas/absent.json:")) and words in text


@pytest.mark.parametrize(
    "damage, value, expected",
    [
        ({"type": "strng"}, "strng", "one of the types string, integer"),
        ({"type": "date"}, "date", "one of the types string, integer"),
        ({"constraint": {"required": True}}, "constraint", "only name, type, "),
        ({"format": "email"}, "email", "one of the formats default, uri"),
        ({"type": "integer", "format": "uri"}, "uri", "one of the formats default"),
        ({"constraints": {"most": 3}}, "most", "only the constraints required, enum, pattern"),
        ({"constraints": {"unique": True}}, "unique", "only the constraints required, "),
        ({"constraints": {"minimum": 3}}, "minimum", "only the constraints required, enum"),
        ({"type": "integer", "constraints": {"pattern": "1"}}, "pattern", "only the constraints "),
        ({"constraints": {"required": "yes"}}, "yes", "required to be true or false"),
        ({"constraints": {"maxLength": "12"}}, "12", "maxLength to be a whole number"),
        ({"constraints": {"maxLength": True}}, "True", "maxLength to be a whole number"),
        ({"constraints": {"enum": []}}, "[]", "enum to be a list of texts, each once"),
        ({"constraints": {"enum": ["a", "b", "a"]}}, "['a', 'b', 'a']", "each once"),
        ({"constraints": {"enum": "ab"}}, "ab", "enum to be a list of texts"),
        ({"constraints": {"pattern": "[a-z"}}, "[a-z", "pattern to be a regular expression (unter"),
        ({"constraints": {"pattern": 3}}, "3", "pattern to be a regular expression"),
        ({"name": "kind"}, "kind", "a name of its own"),
    ],
)
def test_what_a_schema_says_of_a_field_and_nobody_judges_is_refused(copy, damage, value, expected):
    folder = copy("sources")
    package = described(folder)
    (resource,) = package["resources"]
    field = resource["schema"]["fields"][-1]
    field.clear()
    field.update({"name": "note", "type": "string"} | damage)
    describe(folder, package)
    text = only(folder)
    where = f"datapackage.json:-:sources.{field['name']}: value {json.dumps(value)}; expected "
    assert text.startswith(where) and expected in text


def test_a_rule_for_a_whole_table_that_nobody_judges_is_refused(copy):
    folder = copy("sources")
    package = described(folder)
    package["resources"][0]["schema"]["missingValues"] = ["-"]
    describe(folder, package)
    assert only(folder).startswith('datapackage.json:-:sources: value "missingValues"; expected only')


def test_a_schema_in_a_file_of_its_own_is_named_by_its_file(copy):
    folder = copy("sources")
    package = described(folder)
    (resource,) = package["resources"]
    resource["schema"]["fields"][0]["type"] = "text"
    (folder / "schemas").mkdir()
    (folder / "schemas" / "sources.json").write_text(json.dumps(resource["schema"]))
    resource["schema"] = "schemas/sources.json"
    describe(folder, package)
    assert only(folder).startswith('schemas/sources.json:-:sources.source_id: value "text"')


# ---- what a schema cannot say


def test_a_designation_that_a_coder_left_out(copy):
    folder = copy(*REGISTRY, *FINAL)
    rewrite(folder, CODER_D, lambda rows: rows.pop(20))
    text = only(folder)
    assert text.startswith(f"{CODER_D}:-:designation_id: value missing") and "B2-08" in text


def test_a_segment_that_a_coder_left_out(copy):
    folder = copy("coders", "segments", "segments-g", "segments-h", "segments-i")
    rewrite(folder, "coding/segments/coder_h.csv", lambda rows: rows.pop(118))
    text = only(folder)
    assert text.startswith("coding/segments/coder_h.csv:-:seg_id: ") and "Z12-06" in text


def test_a_batch_that_counts_its_designations_wrongly(copy):
    folder = copy(*REGISTRY)
    put(folder, "registry/batches.csv", 4, "designations", "41")
    text = only(folder)
    assert text.startswith('registry/batches.csv:4:designations: value "41"') and "40" in text


@pytest.mark.parametrize("order", [1, 7])
def test_a_gap_in_the_order_of_a_batch(copy, order):
    folder = copy(*REGISTRY)
    rewrite(folder, DESIGNATIONS, lambda rows: rows.pop(12 + 31 + order))
    text = only(folder)
    assert text.startswith(f"{DESIGNATIONS}:-:order_in_notice: ") and f"order {order} of batch 3" in text


def test_a_designation_id_that_is_not_batch_and_order(copy):
    folder = copy(*REGISTRY)
    put(folder, DESIGNATIONS, 2, "order_in_notice", "2")
    put(folder, DESIGNATIONS, 3, "order_in_notice", "1")
    found = [str(problem) for problem in check(folder)]
    assert [text.split(": ")[0] for text in found] == [
        f"{DESIGNATIONS}:2:designation_id",
        f"{DESIGNATIONS}:3:designation_id",
    ]
    assert "expected B1-02" in found[0]


def test_coders_and_their_tables_agree(copy):
    folder = copy(*REGISTRY, "coders", "statements-final-d", "statements-final-e")
    put(folder, "coding/coders.csv", 2, "coder", "F")
    found = [str(problem) for problem in check(folder)]
    assert len(found) == 2
    assert found[0].startswith('coding/coders.csv:2:coder: value "F"')
    assert found[1].startswith(f"{CODER_D}:-:-: ") and "coding/coders.csv" in found[1]


@pytest.mark.parametrize("column, value", [("SOC", "0"), ("SOC_term", "")])
def test_a_code_and_its_anchor_term_agree(copy, column, value):
    folder = copy(*REGISTRY, *FINAL)
    put(folder, CODER_D, 6, column, value)  # B1-05, SOC 1
    assert only(folder).startswith(f"{CODER_D}:6:SOC_term: ")


def test_intelligence_implies_technique_in_the_final_round(copy):
    folder = copy(*REGISTRY, *FINAL, "rules")
    line = 22  # B2-09: the theme of Xuhui is informatisation
    put(folder, CODER_D, line, "TEC", "0")
    put(folder, CODER_D, line, "TEC_term", "")
    assert only(folder).startswith(f'{CODER_D}:{line}:INT: value "1"; expected TEC to be 1')


def test_deliberation_stands_beside_a_dimension(copy):
    folder = copy("coders", "segments", "segments-g", "segments-h", "segments-i", "rules")
    put(folder, "coding/segments/coder_g.csv", 7, "TEC", "0")  # ALL-06: TEC and DELIB only
    assert only(folder).startswith('coding/segments/coder_g.csv:7:DELIB: value "1"')


def test_a_codebook_holds_the_codes_that_were_used(copy):
    folder = copy(*REGISTRY, *FINAL, "codebook-statements_final")
    put(folder, "codebooks/statements_final.csv", 2, "code", "SOCIAL")
    found = [str(problem) for problem in check(folder)]
    assert len(found) == 2
    assert found[0].startswith("codebooks/statements_final.csv:-:code: ") and "SOC," in found[0]
    assert found[1].startswith('codebooks/statements_final.csv:2:code: value "SOCIAL"')


@pytest.mark.parametrize(
    "column, value, named",
    [
        ("code", "SMART", "not SMART"),
        ("at_least_one_of", "TEC;PARK", "not PARK"),
        ("at_least_one_of", "TEC;INFO", "not INFO"),  # a theme of the call is no code of 0 or 1
    ],
)
def test_a_rule_names_codes_of_its_codebook(copy, column, value, named):
    folder = copy(*REGISTRY, *FINAL, "codebook-statements_final", "rules")
    put(folder, "codebooks/rules.csv", 2, column, value)
    assert [str(problem) for problem in check(folder) if named in str(problem)][0].startswith(
        f'codebooks/rules.csv:2:{column}: value "{value}"'
    )


@pytest.mark.parametrize(
    "column, value", [("unit_of_coding", "segment"), ("codebook_id", "statements_pilot")]
)
def test_the_coders_of_a_round_have_one_unit_and_one_codebook(copy, column, value):
    folder = copy(*REGISTRY, "coders", "statements-final-d", "statements-final-e")
    put(folder, "coding/coders.csv", 3, column, value)
    found = [str(problem) for problem in check(folder)]
    text = f'coding/coders.csv:3:{column}: value "{value}"; expected '
    assert any(one.startswith(text) and "as coder D of the same round has" in one for one in found)


def test_a_value_that_has_no_label_and_a_label_of_nothing_are_named(copy):
    folder = copy("provinces", "labels")

    def only_of_provinces(rows):
        rows[1:] = [row for row in rows if row[0] in ("provinces", "ledger") and row[2] != "corps"]
        rows.append(["countries", "kind", "state", "state", "国家"])
        rows.append(["provinces", "sort", "state", "state", "国家"])

    rewrite(folder, "labels.csv", only_of_provinces)
    found = [str(problem) for problem in check(folder)]
    assert len(found) == 3
    assert any('value "countries"; expected the name of a table, or ledger' in one for one in found)
    assert any('value "sort"; expected a column of provinces' in one for one in found)
    assert any(
        one.startswith("registry/provinces.csv:")
        and 'kind: value "corps"; expected a value that has a label in labels.csv' in one
        for one in found
    )


def test_a_key_that_looks_like_another_one_is_said_to(copy):
    folder = copy(*REGISTRY)
    schema = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in schema["resources"]:  # a schema that would let it pass
        for field in resource["schema"]["fields"]:
            field.get("constraints", {}).pop("pattern", None)
    describe(folder, schema)
    put(folder, DESIGNATIONS, 4, "unit_id", "U 003")
    assert "it looks like 'U003'" in only(folder)
