"""The code of the book: the packages that lie beside this one, in a checkout or where they are installed."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
PACKAGES = tuple(
    FOLDER / name
    for name in (
        "embedgov",
        "embedgov_study",
        "embedgov_press",
        "embedgov_exchange",
        "embedgov_teach",
        "embedgov_cli",
    )
)
