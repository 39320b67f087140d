"""The page of what a person has set on a run: watches and their values, breakpoints, the fork and its edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Edit
from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Position
from gradstep.engine.stops.stops import BUILT_IN, WATCH, Stop
from gradstep.engine.timeline.branches import ORIGINAL, Change, Replacement, changes_of
from gradstep.engine.timeline.moment import Moment
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.timeline.watches import watch_value
from gradstep.tui.text.folding import folded, folded_pieces
from gradstep.tui.text.glyphs import BREAKPOINT, SWITCHED_OFF
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number, short
from gradstep.tui.text.page import Line, text_line
from gradstep.tui.text.stops import stop_name
from gradstep.tui.words import notes as words
from gradstep.tui.words import whatif

MOST_SHOWN = 4  # elements of an array that a watch writes out
WIDEST_VALUE = 20  # cells of a value behind the name of a watch
LINES_OF_ARRAY = 2  # that its numbers may take
MOST_EDITS = 3  # of those that a fork takes

Shown = tuple[object, int] | None  # a value, and the iteration that it is of


@dataclass(frozen=True, eq=False)
class Watched:
    """A watch's value at the cursor and one step before."""

    stop: Stop
    now: Shown
    before: Shown


def watches(timeline: Timeline) -> tuple[Watched, ...]:
    """The watches and their values."""
    earlier = timeline.course.destination("step", timeline.position, -1)
    return tuple(
        Watched(stop, watch_value(timeline, stop), watch_value(timeline, stop, earlier) if earlier else None)
        for stop in timeline.stops
        if stop.kind == WATCH
    )


def value_text(value: object, digits: int = 9) -> str:
    """A value of an expression in a few words: a number, a truth, some elements or what an array is like."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    array = np.asarray(value)
    if array.dtype.kind == "b":
        return words.SOME_TRUE.format(count=int(array.sum()), total=array.size)
    if array.ndim == 0:
        return plain_number(float(array), digits)
    if array.size <= MOST_SHOWN:
        return _brackets(array, digits)
    shape = "×".join(map(str, array.shape))
    smallest, largest = (plain_number(float(each), 6) for each in (array.min(), array.max()))
    return words.FROM_TO.format(shape=shape, smallest=smallest, largest=largest)


def _brackets(array: Array, digits: int) -> str:
    """[1 2], and of a matrix each row in brackets of its own."""
    if array.ndim == 0:
        return plain_number(float(array), digits)
    return "[" + " ".join(_brackets(each, digits) for each in array) + "]"


def change_text(watched: Watched) -> str:
    """How a watch differs from one step before."""
    if watched.now is None or watched.before is None:
        return ""
    now, before = np.asarray(watched.now[0]), np.asarray(watched.before[0])
    if now.shape != before.shape or now.dtype.kind not in "fi" or before.dtype.kind not in "fi":
        return words.CHANGED if not np.array_equal(now, before) else ""
    if np.array_equal(now, before, equal_nan=True):
        return ""
    if now.ndim:
        return words.SOME_CHANGED.format(count=int((now != before).sum()), total=now.size)
    with np.errstate(all="ignore"):
        return words.WAS.format(before=plain_number(float(before), 6), difference=short(float(now - before), 6))


def stop_text(stop: Stop, notation: Notation) -> str:
    """A stop as a line of a list: its sign and its name."""
    return f"{stop_sign(stop, notation)} {stop_name(stop, notation)}"


def stop_sign(stop: Stop, notation: Notation) -> str:
    """Whether a stop is switched on."""
    return (BREAKPOINT if stop.enabled else SWITCHED_OFF).drawn(ascii=notation.ascii)


def edit_text(edit: Edit, notation: Notation, position: Position, digits: int | None = None) -> str:
    """w5 = 0.9 at 3:E. digits: None for as many as it takes to be read back exactly."""
    name = notation.element(Element(edit.symbol, edit.index))
    value = repr(edit.value).removesuffix(".0") if digits is None else plain_number(edit.value, digits)
    return notation.sign(words.EDIT.format(element=name, value=value, position=notation.position(position)))


def _change_text(change: Change, timeline: Timeline, notation: Notation) -> str:
    if isinstance(change, Replacement):
        return replaced_text(change, notation)
    return edit_text(change, notation, timeline.course.at(change.iteration, change.step), digits=6)


def replaced_text(change: Replacement, notation: Notation) -> str:
    """delta1 = …, from iteration 3 on."""
    return notation.sign(words.REPLACED.format(line=change.line, iteration=change.iteration))


def notes_page(moment: Moment, timeline: Timeline, notation: Notation, width: int) -> tuple[Line, ...]:
    """Watches, breakpoints, and where a fork comes from. Nothing where there is nothing of the person's own."""
    lines: list[Line] = []
    changes = changes_of(moment.edits, moment.replaced)
    if changes:
        edits = [
            (_change_text(each, timeline, notation), each.fork)
            for each in changes[: -MOST_EDITS - 1 : -1]  # the latest first
        ]
        text, fork = edits.pop(0)
        parent = moment.parent or whatif.DROPPED_FORK
        head = words.OF_FORK.format(fork=moment.branch, parent=parent) if parent != ORIGINAL else moment.branch
        if fork == moment.branch:
            lines.append(Line(((words.FORK.format(fork=head), "fresh"), (text, "text"))))
        else:
            lines.append(Line(((head, "fresh"),)))
            edits.insert(0, (text, fork))
        for text, fork in edits:
            whose = "" if fork == moment.branch else f" ({fork})"
            lines.append(Line(((f"  {text}", "text"), (whose, "dim"))))
        if len(changes) > MOST_EDITS:
            lines.append(text_line(f"  {words.EARLIER_EDITS(len(changes) - MOST_EDITS)}", "dim"))
    for each in watches(timeline):
        lines += _watch_lines(each, moment.position.iteration, notation, width)
    for stop in own_stops(timeline.stops):
        lines.append(text_line(stop_text(stop, notation), "text" if stop.enabled else "dim"))
    return tuple(part for line in lines for part in (folded_pieces(line.pieces, width, indent=3) or [line]))


def has_notes(moment: Moment, stops: Sequence[Stop]) -> bool:
    """Whether a page of notes would have a line."""
    return bool(moment.edits or moment.replaced) or any(stop.identity not in BUILT_IN for stop in stops)


def own_stops(stops: Sequence[Stop]) -> list[Stop]:
    """The breakpoints that are not always there, and no watches."""
    return [stop for stop in stops if stop.kind != WATCH and stop.identity not in BUILT_IN]


def _watch_lines(watched: Watched, iteration: int, notation: Notation, width: int) -> list[Line]:
    """The value, and below it of which iteration it is, or how it differs from one step before.

    These are as many lines at every step, once there is a value.
    """
    name, value, below = f"{notation.typed(watched.stop.when)} = ", words.NOT_COMPUTED, change_text(watched)
    key, cells = "dim", WIDEST_VALUE
    if watched.now is not None:
        shown, of = watched.now
        value, key = value_text(shown), "number" if of == iteration else "dim"
        below = below if of == iteration else words.OF_ITERATION.format(iteration=of)
        cells = WIDEST_VALUE if np.ndim(np.asarray(shown)) == 0 else width
    name, value, below = (notation.sign(text) for text in (name, value, below))
    last = text_line(f"  {below}", "changed" if key == "number" else "dim")
    if cell_len(name) + cells <= width:
        return [Line(((name, "heading"), (value, key))), last]
    lines = folded(value, max(2, width - 3), key)
    lines += [Line()] * (LINES_OF_ARRAY - len(lines) if cells == width else 0)
    return [
        *folded(name, width, "heading", indent=3),
        *(Line((("   ", "space"), *line.pieces)) for line in lines),
        last,
    ]
