"""The data that lie on top of the surface: which rows, what each is drawn as, and what those marks mean."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.operation import Array
from engine.timeline import Moment
from tui.surface.output import CLASSES, HALF, LEVELS, SIDES, kind_of
from tui.words import surface as words

MOST_POINTS = 100  # rows of the batch, and as many others
CLASS_SIGNS = string.digits + string.ascii_letters


@dataclass(frozen=True)
class Point:
    """A row of the data: its inputs, its class (0 where there are none), whether it is in the batch."""

    x0: float
    x1: float
    target: int
    batch: bool


def points_of(moment: Moment) -> tuple[Point, ...]:
    """Some rows of the data, the batch's first."""
    scenario, kind = moment.scenario, kind_of(moment)
    assert scenario.dataset is not None, "there are data to draw"
    x, t, drawn = scenario.dataset.x, scenario.dataset.t, moment.values.get("x")
    found: list[Point] = []
    others = np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).round().astype(np.int64)
    if drawn is not None:
        rows = scenario.draw.rows(moment.position.iteration) if scenario.draw else None
        others = others[:0] if rows is None else others[~np.isin(others, rows)]
        targets = moment.values.get("t", t if rows is None else t[rows])
        found += _points(drawn[:MOST_POINTS], targets, kind, batch=True)
    return (*found, *_points(x[others], t[others], kind, batch=False))


def _points(x: Array, t: Array, kind: str, *, batch: bool) -> list[Point]:
    return [
        Point(float(row[0]), float(row[1]), _target(target, kind), batch)
        for row, target in zip(x, t, strict=False)
        if np.isfinite(row).all()
    ]


def _target(row: Array, kind: str) -> int:
    if kind == LEVELS:
        return 0
    return int(row.argmax()) if kind == CLASSES else int(row[0] > HALF)


def class_sign(number: int) -> str:
    """The sign of a class; "*" of one beyond those that there are signs for."""
    return CLASS_SIGNS[number] if number < len(CLASS_SIGNS) else "*"


def mark_of(target: int, kind: str, *, batch: bool, ascii: bool) -> str:
    """What a row of the data is drawn as."""
    if kind == CLASSES:
        return f"[{class_sign(target)}]" if batch else f"({class_sign(target)})"
    if kind == SIDES:
        return (("[0]", "[1]") if batch else ("0", "1"))[target] if ascii else ("◇◆" if batch else "○●")[target]
    return ("X" if batch else "o") if ascii else ("◆" if batch else "•")


def points_legend(moment: Moment, points: Sequence[Point], *, ascii: bool) -> str:
    """What the marks mean, of those that there are."""
    dataset, kind = moment.scenario.dataset, kind_of(moment)
    assert dataset is not None, "there are data to draw"
    parts = []
    for batch in (True, False):
        targets = sorted({point.target for point in points if point.batch == batch})
        count = sum(point.batch == batch for point in points)
        if targets:
            total = moment.program.symbols["x"].shape[0] if batch else len(dataset)
            marks = " ".join(mark_of(target, kind, batch=batch, ascii=ascii) for target in targets)
            rows = _rows_told(marks, count, total, batch=batch, drawn="x" in moment.values)
            parts.append(_with_targets(rows, targets, count, kind))
    if kind == SIDES:
        parts.append(words.SIDES.format(half=HALF))
    return "; ".join(parts)


def _rows_told(marks: str, count: int, total: int, *, batch: bool, drawn: bool) -> str:
    """Which rows these are, and how many of how many. drawn: whether there is a batch that others are not in."""
    if not batch:
        if drawn:
            return words.ROWS_NOT_IN_BATCH(count, marks=marks, total=total)
        return words.ROWS.format(marks=marks, count=count, total=total)
    if count < total:
        return words.SOME_OF_BATCH.format(marks=marks, count=count)
    return words.BATCH(total, marks=marks)


def _with_targets(rows: str, targets: Sequence[int], count: int, kind: str) -> str:
    """What the marks say of the rows' targets."""
    if kind == CLASSES:
        return words.WITH_CLASS(count, rows=rows)
    if kind == LEVELS:
        return rows
    if len(targets) > 1:
        return words.WITH_BOTH_TARGETS.format(rows=rows)
    return words.WITH_TARGET.format(rows=rows, target=targets[0])
