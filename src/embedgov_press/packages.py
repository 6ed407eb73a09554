"""Where our packages lie: next to each other, in a checkout as well as where they are installed."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
PACKAGES = tuple(
    FOLDER / name
    for name in (
        "embedgov",
        "embedgov_study",
        "embedgov_edition",
        "embedgov_press",
        "embedgov_exchange",
        "embedgov_teach",
        "embedgov_cli",
    )
)
