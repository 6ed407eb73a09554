"""The fonts that come with the package."""

from pathlib import Path

FONT_FILES = {
    face.lower(): Path(__file__).resolve().parent / f"NotoSansSC-{face}.ttf" for face in ("Regular", "Bold")
}
