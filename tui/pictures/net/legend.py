"""The meaning of the signs of a picture, as far as they occur in it: one phrase each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gradstep.engine.arrays import written
from gradstep.engine.program.program import Phase
from gradstep.tui.pictures.net.canvas import Canvas
from gradstep.tui.pictures.net.graph import Graph
from gradstep.tui.pictures.net.layered_columns import SIGNS, UNKNOWN_SIGN, Column
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.writing import MARKS, plain
from gradstep.tui.text.glyphs import printable
from gradstep.tui.words import net as words

MOST_NAMED = 2  # numbers that were set by hand


@dataclass(frozen=True, eq=False)
class Drawing:
    """A picture; what its signs mean; and which part of the network is drawn, "" for all of it."""

    canvas: Canvas
    legend: tuple[str, ...]
    note: str = ""


def marks_legend(canvas: Canvas) -> Iterator[str]:
    """The marks of both kinds of picture: of numbers not computed yet, read, and written."""
    styles = {style for line in canvas.lines() for _, style in line}
    meanings = {"missing": words.DOT, "selected": words.READ_MARK, "fresh": words.WRITTEN_MARK}
    return (meaning for style, meaning in meanings.items() if style in styles)


def moment_legend(scene: Scene, parameters: Iterable[str]) -> Iterator[str]:
    """Which parameters are updated already, and which numbers were set by hand after steps had read them, if any."""
    carried, step = scene.program.carried, scene.moment.step
    changing = [name for name in parameters if carried[name] != name]
    updated = [scene.latest(name) for name in changing if scene.latest(name) != name]
    if step is not None and step.phase is Phase.MEASURE:
        yield words.MEASURED_AFTER_UPDATE if updated else words.MEASURED
    elif updated and len(updated) == len(changing):
        yield words.AFTER_UPDATE
    elif updated:
        names = ", ".join(printable(scene.notation.symbol(name)) for name in updated)
        yield words.WITHIN_UPDATE.format(updated=names)
    since = scene.set_since()
    if since:
        names = ", ".join(printable(scene.notation.element(each)) for each in since)
        if len(since) > MOST_NAMED:
            names = words.NUMBERS.format(count=len(since))
        yield words.SET_SINCE(len(since), elements=names)


def layered_legend(scene: Scene, columns: Sequence[Column]) -> Iterator[str]:
    """The meaning of the lines of weights and of the signs on them."""
    weighted = [column for column in columns if column.layer.is_weighted]
    entries = [(column, entry) for column in weighted for entry in column.entries([0] * len(column.layer.units))]
    lines = [(column, entry) for column, entry in entries if entry.label]
    if any(entry.strength for _, entry in lines):
        slopes = {entry.lit for column, entry in lines if column.carries_gradient(entry.weight)}
        marks = " ".join(MARKS[lit][0] for lit in sorted(slopes))
        yield words.THIRDS_AND_OF_GRADIENT.format(marks=marks) if slopes else words.THIRDS
    if not all(entry.strength for _, entry in lines):
        yield words.ZERO
    signs = {text.strip("()") for column, entry in lines if column.has_signs for text, _ in entry.label}
    if signs.intersection(plain(sign, scene.notation) for sign in SIGNS.values()):
        yield words.SIGNS
    if UNKNOWN_SIGN in signs:
        yield words.NO_NUMBER
    if weighted:
        yield words.BIASES


def graph_legend(graph: Graph) -> Iterator[str]:
    """The meaning of the numbers above and below a wire, and in a box."""
    yield words.ABOVE_AND_BELOW
    arrays = [graph.scene.value(wire.source) for wires in graph.nodes.values() for wire in wires]
    shapes = [array.shape for array in arrays if array is not None and array.shape]
    if shapes:
        yield words.FIRST_ELEMENT.format(shape=written(shapes[0]))
    if any(graph.total(name) for name in graph.depths):
        yield words.SUM
