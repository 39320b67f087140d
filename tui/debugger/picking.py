"""The picked number: the one whose arithmetic is shown, which is explained and edited."""

from __future__ import annotations

from dataclasses import replace

from gradstep.engine.arrays import first_index
from gradstep.engine.program.expression import Element
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.words import debugger


def picked(bench: Workbench) -> Element | None:
    """The picked element, or the first of the step that has just run; None at the start."""
    if bench.view.picked is not None:
        return Element(*bench.view.picked)
    symbol = bench.moment.position.symbol
    return None if symbol is None else Element(symbol, first_index(bench.moment.program.symbols[symbol].shape))


def nothing_to_pick(bench: Workbench) -> str | None:
    """The reason why no number can be picked."""
    return debugger.NOTHING_YET if picked(bench) is None else None


def pick(bench: Workbench, symbol: str, index: tuple[int, ...]) -> None:
    """Pick an element."""
    bench.view = replace(bench.view, picked=(symbol, index))
    bench.show()


def pick_beside(bench: Workbench, *, down: int = 0, right: int = 0) -> None:
    """The element beside the picked one, in its array; where none is picked, the first of the step's result."""
    element = picked(bench)
    if element is None:
        return
    shape, index = bench.moment.program.symbols[element.symbol].shape, element.index
    if bench.view.picked is not None:
        by = (down, right) if len(shape) == 2 else (right,)[: len(shape)]
        moved = zip(index, by, shape, strict=True)
        index = tuple(min(max(0, place + step), size - 1) for place, step, size in moved)
    pick(bench, element.symbol, index)
    bench.window.reveal(element.symbol, index)
