"""The data that lie on top of the surface: which rows, what each is drawn as, and what those marks mean."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.data.datasets import Rows
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.surface.output import CLASSES, HALF, LEVELS, SIDES, kind_of
from gradstep.tui.words import surface as words

MOST_ROWS = 100  # of the batch, and as many others
CLASS_SIGNS = string.digits + string.ascii_letters


@dataclass(frozen=True)
class Point:
    """A row of the data: its inputs, its class (0 where there are none), whether it is in the batch."""

    x0: float
    x1: float
    target: int
    batch: bool


@dataclass(frozen=True, eq=False)
class ShownRows:
    """Rows that are shown: their inputs and targets, their numbers in the batch or in all data, and how many more."""

    x: Array
    t: Array
    numbers: Rows
    more: int


def batch_rows(moment: Moment) -> ShownRows:
    """The first rows of the batch; none before it is drawn."""
    (x, t), rows = _data(moment), _rows_drawn(moment)
    shown = rows[:MOST_ROWS]
    x, t = moment.values.get("x", x[shown]), moment.values.get("t", t[shown])
    return ShownRows(x[:MOST_ROWS], t[:MOST_ROWS], np.arange(len(shown)), len(rows) - len(shown))


def other_rows(moment: Moment) -> ShownRows:
    """Rows of the data that are not in the batch: of many some, as far from each other as from the next."""
    (x, t), drawn = _data(moment), np.unique(_rows_drawn(moment))
    count = len(x)
    some = np.linspace(0, count - 1, min(count, MOST_ROWS)).round().astype(np.int64)
    shown = some[~np.isin(some, drawn)]
    return ShownRows(x[shown], t[shown], shown, count - len(drawn) - len(shown))


def _data(moment: Moment) -> tuple[Array, Array]:
    """Inputs and targets of all rows."""
    here, batches = moment.position, moment.batches
    return batches.whole("x", here.iteration, here.step), batches.whole("t", here.iteration, here.step)


def _rows_drawn(moment: Moment) -> Rows:
    """The numbers of the rows that the batch is made of; none before it is drawn."""
    dataset = moment.scenario.dataset
    assert dataset is not None, "there are data to draw"
    everything = np.arange(len(dataset))
    if "x" not in moment.values:
        return everything[:0]
    rows = moment.batches.rows(moment.position.iteration)
    return everything if rows is None else rows


def points_of(moment: Moment) -> tuple[Point, ...]:
    """Some rows of the data, the batch's first."""
    kind = kind_of(moment)
    return (*_points(batch_rows(moment), kind, batch=True), *_points(other_rows(moment), kind, batch=False))


def _points(rows: ShownRows, kind: str, *, batch: bool) -> Iterator[Point]:
    for row, target in zip(rows.x, rows.t, strict=True):
        if np.isfinite(row).all():
            yield Point(float(row[0]), float(row[1]), _target(target, kind), batch)


def _target(row: Array, kind: str) -> int:
    if kind == LEVELS:
        return 0
    return int(row.argmax()) if kind == CLASSES else int(row[0] > HALF)


def class_sign(number: int) -> str:
    """The sign of a class; "*" of one beyond those that there are signs for."""
    return CLASS_SIGNS[number] if number < len(CLASS_SIGNS) else "*"


def mark_of(target: int, kind: str, *, batch: bool, ascii: bool) -> str:
    """The mark that a row of the data is drawn as."""
    if kind == CLASSES:
        return f"[{class_sign(target)}]" if batch else f"({class_sign(target)})"
    if kind == SIDES:
        return (("[0]", "[1]") if batch else ("0", "1"))[target] if ascii else ("◇◆" if batch else "○●")[target]
    return ("X" if batch else "o") if ascii else ("◆" if batch else "•")


def points_legend(moment: Moment, points: Sequence[Point], *, ascii: bool) -> str:
    """The meaning of the marks that there are."""
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
    """The rows, and the targets that their marks stand for."""
    if kind == CLASSES:
        return words.WITH_CLASS(count, rows=rows)
    if kind == LEVELS:
        return rows
    if len(targets) > 1:
        return words.WITH_BOTH_TARGETS.format(rows=rows)
    return words.WITH_TARGET.format(rows=rows, target=targets[0])
