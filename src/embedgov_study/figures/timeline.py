"""The programme in time: the batches, their milestones, and the policy around them."""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE
from embedgov.plotting.rows import plain, require_rows
from embedgov.plotting.text import text_width, wrapped, write
from embedgov.plotting.theme import SMALL, axes_in_points

from ..palette import BATCHES, colour
from .labels import label

_PERIODS = ("experiment",)  # they last; the other kinds happen at one time
_KINDS = ("application", "experiment", "confirmation", "acceptance", "policy")  # drawing order
_BAR = 11  # points
_ROW = 25
_LANE = 20
_LINE = 12
_FLAG = 120  # widest line of a policy's label
_THIN = 1.6  # what is shorter is drawn this wide, lest it vanish
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class _Mark:
    batch: int | None
    kind: str
    start: int  # day, as date.toordinal
    end: int  # the day after the last
    text: str
    dates: str

    @property
    def uncertain(self) -> bool:
        """Whether something that happened at one time is known only to a longer span."""
        return self.kind not in _PERIODS and self.end - self.start > 31


class _Timeline:
    """What a timeline shows: marks, rows, lanes, flags and the scale of time."""

    def __init__(self, data: pd.DataFrame, batch: int | None, language: str):
        name = f"label_{require_language(language)}"
        require_rows(
            data,
            ("milestone_id", "batch", "kind", "start", "end", name),
            key=("milestone_id",),
            known={"batch": BATCHES, "kind": _KINDS},
            optional=("batch", "end"),
        )
        self.language = language
        marks = [self._mark(row, name) for _, row in data.iterrows()]
        marks.sort(key=lambda mark: (mark.start, mark.end))
        self.policies = [mark for mark in marks if mark.kind == "policy"]
        self.marks = [mark for mark in marks if mark.kind != "policy"]
        self.batches = sorted({mark.batch for mark in self.marks})
        if batch is not None and batch not in self.batches:
            raise PlottingError(
                f"batch is {batch!r}, but data['batch'] holds {', '.join(map(str, self.batches)) or 'none'}"
            )
        self.batch = batch
        self.first = date(date.fromordinal(marks[0].start).year, 1, 1).toordinal()
        last = max(mark.end for mark in marks)
        self.last = date(date.fromordinal(last - 1).year + 1, 1, 1).toordinal()
        self.names = {b: label(f"batch_{b}", language) for b in self.batches}
        self.gutter = max((text_width(n, SMALL, "bold") for n in self.names.values()), default=0)
        self.gutter += 10 if self.names else 0
        self.key = [
            (label(kind, language), {"facecolor": colour(kind)})
            for kind in ("application", "confirmation", "experiment", "acceptance")
            if any(mark.kind == kind and self.strong(mark) for mark in self.marks)
        ]
        if any(mark.uncertain for mark in self.marks):
            self.key.append((label("timeline.uncertain", language), _style(MUTED, True)))

    def _mark(self, row: pd.Series, name: str) -> _Mark:
        dated = f"data, milestone_id {row['milestone_id']!r}"
        start, end, dates = self._span(row["start"], f"{dated}, column 'start'")
        if not (pd.isna(row["end"]) or row["end"] == ""):
            _, end, until = self._span(row["end"], f"{dated}, column 'end'")
            if end <= start:
                raise PlottingError(
                    f"{dated}: start is {row['start']!r}, end is {row['end']!r}; "
                    "expected an end that is not before the start"
                )
            dates = label("date_range", self.language, start=dates, end=until)
        is_policy = row["kind"] == "policy"
        if is_policy != bool(pd.isna(row["batch"])):
            raise PlottingError(
                f"{dated}: kind is {row['kind']!r}, batch is {plain(row['batch'])!r}; expected "
                + ("no batch for a policy" if is_policy else "the batch that it belongs to")
            )
        batch = None if is_policy else int(row["batch"])
        return _Mark(batch, str(row["kind"]), start, end, row[name], dates)

    def _span(self, text: str, where: str) -> tuple[int, int, str]:
        """First day, day after the last, and wording of a year, a month or a day."""
        found = _DATE.fullmatch(str(text))
        try:
            year, month, day = (int(part) if part else None for part in found.groups())
            first = date(year, month or 1, day or 1)
            if day:
                end, form = first + timedelta(days=1), "date_day"
            elif month:
                end, form = date(year + month // 12, month % 12 + 1, 1), "date_month"
            else:
                end, form = date(year + 1, 1, 1), "date_year"
        except (AttributeError, ValueError, OverflowError):
            raise PlottingError(
                f"{where}: {text!r} is no date; expected YYYY, YYYY-MM or YYYY-MM-DD"
            ) from None
        month_name = label(f"month_{first.month}", self.language)
        words = label(form, self.language, year=year, month=month_name, day=day)
        return first.toordinal(), end.toordinal(), words

    def strong(self, mark: _Mark) -> bool:
        """Whether a mark is in colour: all are, unless one batch is brought out."""
        return self.batch is None or mark.batch in (None, self.batch)

    def x(self, day: float, width: float) -> float:
        """Where a day stands when the figure is `width` points wide.

        Time goes on to the right of the last year if the label of a late policy needs it.
        """
        room = width - self.gutter
        days = max(
            [self.last - self.first]
            + [(mark.end - self.first) / (1 - self.flag_width(mark) / room) for mark in self.policies]
        )
        return self.gutter + (day - self.first) / days * room

    def years(self, width: float) -> list[tuple[int, float, float]]:
        """Each year of the data with where it begins and ends."""
        first, last = (date.fromordinal(day).year for day in (self.first, self.last))
        begins = [self.x(date(y, 1, 1).toordinal(), width) for y in range(first, last + 1)]
        return list(zip(range(first, last), begins, begins[1:]))

    def flag(self, mark: _Mark) -> list[str]:
        """Lines of the label of a policy; the last is its date."""
        return [*wrapped(mark.text, _FLAG, SMALL), *wrapped(mark.dates, _FLAG, SMALL)]

    def flag_width(self, mark: _Mark) -> float:
        """Width of the label of a policy with the gap between it and the end of its line."""
        return _THIN + 3 + max(text_width(line, SMALL) for line in self.flag(mark))

    def levels(self, width: float) -> list[int]:
        """Level of each policy's label: above every label that begins under it."""
        levels = []
        for i in reversed(range(len(self.policies))):
            right = self.x(self.policies[i].end, width) + self.flag_width(self.policies[i]) + 6
            under = [
                level
                for other, level in zip(self.policies[i + 1 :], levels)
                if self.x(other.start, width) < right
            ]
            levels.insert(0, 1 + max(under, default=-1))
        return levels

    def flags_height(self, width: float) -> float:
        highest = max((len(self.flag(mark)) for mark in self.policies), default=0) * _LINE + 4
        return highest * (1 + max(self.levels(width), default=-1))

    def lanes(self, batch: int, width: float) -> list[list[_Mark]]:
        """Marks that share a line: all of a batch, or each its own if it is brought out."""
        marks = [mark for mark in self.marks if mark.batch == batch]
        return [[mark] for mark in marks] if batch == self.batch else [marks]

    def note(self, mark: _Mark, width: float) -> tuple[float, str, list[str]]:
        """Place, alignment and lines of the text beside a mark of the batch brought out."""
        text = label("with_date", self.language, text=mark.text, date=mark.dates)
        left, right = self.x(mark.start, width) - 5, self.x(mark.end, width) + 5
        on_right = width - right >= min(text_width(text, SMALL), left - self.gutter)
        room = width - right if on_right else left - self.gutter
        place = (right, "left") if on_right else (left, "right")
        return (*place, wrapped(text, room, SMALL))

    def rows(self, width: float) -> list[tuple[int, float, list[float]]]:
        """Each batch with the height of its row and of the lanes in it."""
        rows = []
        for batch in self.batches:
            if batch == self.batch:
                lanes = [
                    max(_LANE, 6 + _LINE * len(self.note(mark, width)[2]))
                    for (mark,) in self.lanes(batch, width)
                ]
            else:
                lanes = [_ROW - 6]
            rows.append((batch, sum(lanes) + 6, lanes))
        return rows

    def height(self, width: float) -> float:
        return (
            self.flags_height(width)
            + sum(height for _, height, _ in self.rows(width))
            + 22
            + key_height([text for text, _ in self.key], width)
        )


@documented
def timeline(
    data: pd.DataFrame, *, batch: int | None = None, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw the milestones of the programme in time.

    A row is a batch, a bar is as long as the time that the source gives:
    a month is a month long, and what is dated only by the year is a year long,
    in outline if it happened at one time within.
    Policy events run down the whole figure.
    With `batch`, each milestone of that batch has its own line with its text,
    and the other batches turn grey.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per milestone, with ``milestone_id``, ``batch`` (missing for a policy),
        ``kind`` (application, confirmation, experiment, acceptance, policy), ``start``,
        ``end`` (may be missing; both as YYYY, YYYY-MM or YYYY-MM-DD) and
        ``label_en`` or ``label_zh`` (as `language` says).
    batch : int, optional
        The batch to bring out.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or value is missing, a key occurs twice, a kind or batch is unknown,
        a date is none, an end is before its start, or `batch` is not in the data.

    See Also
    --------
    tile_map : The same batches in space.

    Examples
    --------
    >>> milestones = pd.DataFrame({
    ...     "milestone_id": ["M1"], "batch": [3], "kind": ["experiment"],
    ...     "start": ["2015-07"], "end": ["2018-06"], "label_en": ["Batch 3 experiment"],
    ... })
    >>> ax = timeline(milestones, batch=3)
    """
    plan = _Timeline(data, batch, language)
    ax, width = axes_in_points(ax, plan.height)
    top = plan.flags_height(width)
    bottom = top + sum(height for _, height, _ in plan.rows(width))
    _draw_years(ax, plan, width, top, bottom)
    _draw_policies(ax, plan, width, top, bottom)
    y = top
    for name, height, lanes in plan.rows(width):
        is_out = name == batch
        write(
            ax,
            0,
            y + 3 + lanes[0] / 2,
            plan.names[name],
            size=SMALL,
            va="center_baseline",
            weight="bold" if is_out else "normal",
            color=INK if batch in (None, name) else MUTED,
        )
        middle = y + 3
        for marks, lane in zip(plan.lanes(name, width), lanes):
            for mark in sorted(marks, key=lambda mark: _KINDS.index(mark.kind)):
                _draw_mark(ax, plan, mark, width, middle + lane / 2)
            if is_out:
                x, align, lines = plan.note(marks[0], width)
                for i, line in enumerate(lines):
                    offset = (i - (len(lines) - 1) / 2) * _LINE
                    write(
                        ax,
                        x,
                        middle + lane / 2 + offset,
                        line,
                        size=SMALL,
                        ha=align,
                        va="center_baseline",
                        bbox={"facecolor": PAPER, "pad": 1},
                    )
            middle += lane
        y += height
        ax.plot([0, width], [y, y], color=RULE, linewidth=0.6, zorder=0)
    draw_key(ax, 0, bottom + 22, plan.key, width)
    return ax


def _draw_years(ax: Axes, plan: _Timeline, width: float, top: float, bottom: float) -> None:
    ax.plot([0, width], [top, top], color=RULE, linewidth=0.6, zorder=0)
    years = plan.years(width)
    every = math.ceil((text_width("2000", SMALL) + 4) / (years[0][2] - years[0][1]))
    for x in (years[0][1], *(right for _, _, right in years)):
        ax.plot([x, x], [top, bottom + 4], color=RULE, linewidth=0.6, zorder=0)
    for year, left, right in years[::every]:
        write(ax, (left + right) / 2, bottom + 13, str(year), size=SMALL, color=MUTED, ha="center")


def _draw_policies(ax: Axes, plan: _Timeline, width: float, top: float, bottom: float) -> None:
    level_height = top / (1 + max(plan.levels(width), default=0))
    for mark, level in zip(plan.policies, plan.levels(width)):
        left = plan.x(mark.start, width)
        wide = max(_THIN, plan.x(mark.end, width) - left)
        y = top - (level + 1) * level_height
        style = {"facecolor": colour("policy"), "alpha": 0.4, "zorder": 0.5}
        ax.add_patch(Rectangle((left, y), wide, bottom - y, **style))
        lines = plan.flag(mark)
        for i, line in enumerate(lines):
            write(
                ax,
                left + wide + 3,
                y + 9 + i * _LINE,
                line,
                size=SMALL,
                color=MUTED if line == lines[-1] else INK,
            )


def _draw_mark(ax: Axes, plan: _Timeline, mark: _Mark, width: float, middle: float) -> None:
    left = plan.x(mark.start, width)
    wide = max(_THIN, plan.x(mark.end, width) - left)
    fill = colour(mark.kind) if plan.strong(mark) else RULE
    ax.add_patch(Rectangle((left, middle - _BAR / 2), wide, _BAR, **_style(fill, mark.uncertain)))


def _style(fill: str, uncertain: bool) -> dict:
    if not uncertain:
        return {"facecolor": fill}
    return {"facecolor": PAPER, "edgecolor": fill, "linewidth": 1, "hatch": "/////"}
