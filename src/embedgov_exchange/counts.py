"""Recount the columns that are counts of rows in other tables."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .findings import Checked, Mismatch, Tables, checked

# A framing counts as a claimed effect: in one zone, as the README of the tables says.
_CLAIMED = ("claimed effect", "aim", "framing")


def checks(tables: Tables) -> Iterator[Checked]:
    """Recount the columns whose schema says that they come from the tables.

    Parameters
    ----------
    tables
        The tables; of those that are missing nothing is counted.

    Yields
    ------
    Checked
        The counts of a table.
    """
    for name, columns in tables.columns("tables").items():
        path, results = tables.path(name), []
        for line, row in tables[name]:
            right = _COUNTED[name](row, tables)
            for field in columns:
                column = field["name"]
                if column in right and row[column] != right[column]:
                    reason = f"the tables give {right[column] or 'nothing'}"
                    results.append([Mismatch(path, line, column, row[column], reason)])
                elif column in right:
                    results.append([])
        if results:
            yield checked(path, "counts", results)


def _list(row: dict[str, str], tables: Tables) -> dict[str, str]:
    own = [item for _, item in tables["lists"] if item["list_id"] == row["list_id"]]
    place = next(i for i, item in enumerate(own, 1) if item is row)
    return {"n_items_listed": str(len(own)), "item_no": str(place)}


def _zone(row: dict[str, str], tables: Tables) -> dict[str, str]:
    own = [one for _, one in tables["segments"] if one["zone_id"] == row["zone_id"]]
    stances = Counter(one["stance"] for one in own)
    codes = Counter(code for one in own for code in one["codes_proposed"].split(";"))
    return {
        "n_segments": str(len(own)),
        "n_practice": str(stances["practice"]),
        "n_claimed_effect_or_aim": str(sum(stances[each] for each in _CLAIMED)),
        **{column: str(codes[column[2:]]) for column in row if re.fullmatch("n_[A-Z]+", column)},
    }


def _claim(row: dict[str, str], tables: Tables) -> dict[str, str]:
    """The published value of a claim about a number or a list is that number, or the list's length."""
    if row["source_table"] == "numbers" and row["expected"]:
        return {"expected": tables.by("numbers", "num_id").get(row["source_id"], {}).get("value", "")}
    if row["source_table"] == "lists":
        return {"expected": _length((item["list_id"] for _, item in tables["lists"]), row["source_id"])}
    return {}


def _length(lists: Iterable[str], name: str) -> str:
    return str(sum(each == name for each in lists))


def _designation(row: dict[str, str], tables: Tables) -> dict[str, str]:
    return {"batch": row["designation_id"][1:].split("-")[0]}


_COUNTED = {"lists": _list, "zones": _zone, "claims": _claim, "designations": _designation}
