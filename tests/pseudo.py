"""A translation that nobody has to make: every message in brackets, so that what lacks them is no message."""

import re

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from embedgov_edition import catalogue, messages

STRUCTURE = {"Key points": "本章要点"}


def pseudo(message):
    """A message in brackets, but for what a chapter is read by, which gets its Chinese form."""
    if found := re.fullmatch(r"\*(\w+), (\d+) minutes\*", message):
        return f"*译{found[1]}，{found[2]}分钟*"
    if not re.search("[A-Za-z]{2}", message):
        return message
    return STRUCTURE.get(message) or re.sub(r"\S(?:.*\S)?", r"〔译\g<0>〕", message, flags=re.S)


def write(language="zh"):
    """Write catalogues of the project that one stands in, with such translations."""
    for name, found in messages.all_messages().items():
        made = Catalog(fuzzy=False)
        for each in found:
            made.add(each.text, pseudo(each.text))
        file = catalogue.folder(language) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "wb") as opened:
            write_po(opened, made, width=0, omit_header=True)
