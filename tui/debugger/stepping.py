"""Moving the cursor over any distance: at once where that is near, otherwise in a worker that can be stopped.

And the selected step, which one may run to; and the picked number, whose arithmetic is shown, explained, edited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import TypeVar

from gradstep.engine import Position
from gradstep.engine.arrays import first_index
from gradstep.engine.program.expression import Element
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.series import HistoryError
from gradstep.tui.debugger import examples
from gradstep.tui.debugger.workbench import Act, Prompt, Reason, Workbench
from gradstep.tui.pages.step.scene import largest_of
from gradstep.tui.text.notation import as_typed
from gradstep.tui.words import debugger
from gradstep.tui.words import stepping as words

T = TypeVar("T")

QUICK = 2  # iterations that are recomputed within a key press
MOST_READ = 128  # numbers that one is computed from, for its arithmetic to be written out at every key
MOST_ELEMENTS = 64  # of a step's result, for its first one to be looked at where none is picked
MOST_UNROLLED = 1000  # numbers of a program in which the whole chain of a number is followed at every key
LINES_UNROLLED = 8  # of an arithmetic written out down to what is given, where nobody asked for it


def travel(bench: Workbench, target: Position, arrived: Callable[[], object] = lambda: None) -> None:
    """Go there; `arrived` is called when the cursor is. A picked number stays so: it is seen at another moment."""
    bench.leave()
    timeline = bench.timeline
    if timeline.replays(target) <= QUICK:
        try:
            timeline.goto(target)
        except HistoryError as error:
            bench.say(str(error), error=True)
            return
        bench.show()
        arrived()
        return

    def done(reached: bool) -> None:
        bench.show()
        bench.say("" if reached else words.STOPPED_AT.format(position=bench.view.notation.position(timeline.position)))
        if reached:
            arrived()

    run(
        bench,
        words.RUNNING_TO.format(target=bench.view.notation.position(target)),
        lambda progress: timeline.goto(target, progress),
        done,
    )


def go_back_to(bench: Workbench, left: Position) -> None:
    """Go where a session was left; there it is said if the numbers are not those of then."""

    def arrived() -> None:
        from gradstep.engine.sessions import differs  # noqa: PLC0415 - only of a session

        if said := differs(bench.timeline):
            bench.say(said)

    travel(bench, left, arrived)


def run(bench: Workbench, label: str, job: Callable[[Progress], T], arrived: Callable[[T], object]) -> None:
    """Move the cursor in a worker, and compare the figures that it comes past; with it moves the fork that is compared,
    if any: where that is stopped, no longer.
    """
    other = bench.view.other

    def both(progress: Progress) -> tuple[T, bool]:
        moved = job(progress)
        bench.timeline.compare_figures(progress)
        return moved, other is None or bench.timeline.prepare(other, progress)

    def done(result: tuple[T, bool]) -> None:
        moved, prepared = result
        if not prepared:
            bench.view = replace(bench.view, other=None)
        arrived(moved)

    bench.work(label, both, done)


def ended(bench: Workbench, direction: int) -> str | None:
    """The reason why the run does not go on from here, or back; None where it does."""
    here, course = bench.timeline.position, bench.timeline.course
    if direction > 0:
        return words.AT_END(bench.moment.iterations) if here == course.end else None
    return words.AT_START if here == course.start else None


def move(unit: str, direction: int) -> tuple[Act, Reason]:
    """Going on by a unit, or back, and the reason why that cannot be done."""

    def target(bench: Workbench) -> Position | None:
        return bench.timeline.course.destination(unit, bench.timeline.position, direction)

    def go(bench: Workbench) -> None:
        if (there := target(bench)) is not None:
            travel(bench, there)

    def why_not(bench: Workbench) -> str | None:
        if target(bench) is not None:
            return None
        if direction > 0:
            return ended(bench, direction) or words.LAST_ITERATION.format(iterations=bench.moment.iterations)
        return ended(bench, direction) or words.FIRST_ITERATION

    return go, why_not


def go_to_end(bench: Workbench, direction: int) -> None:
    """To the end of the run, or back to its start."""
    travel(bench, bench.timeline.course.end if direction > 0 else bench.timeline.course.start)


def _go_to(bench: Workbench, text: str) -> None:
    timeline = bench.timeline
    target = timeline.course.parse(as_typed(text, timeline.names), timeline.position.iteration)
    bench.window.close_line()
    travel(bench, target)


GO_TO = Prompt(examples.positions, words.GOTO, _go_to)


def select(bench: Workbench, step: int) -> None:
    """Select a step by its place in the program, or the end that it lies beyond."""
    steps = bench.moment.program.steps
    bench.selected = min(max(0, step), len(steps) - 1)
    bench.show()
    bench.say(words.SELECTED.format(symbol=bench.view.notation.symbol(steps[bench.selected].symbol)))


def select_by(bench: Workbench, direction: int) -> None:
    """Select the next step or the one before, from the selected one or the one that has just run."""
    select(bench, 0 if bench.place is None else bench.place + direction)


def none_selected(bench: Workbench) -> str | None:
    """The reason why nothing can be done with the selected step."""
    return words.NO_STEP_SELECTED if bench.selected is None else None


def run_to_selected(bench: Workbench) -> None:
    """To just after the selected step, in the same iteration."""
    if bench.selected is not None:
        travel(bench, bench.timeline.course.at(bench.timeline.position.iteration, bench.selected + 1))


def stop(bench: Workbench) -> None:
    """Stop what is under way; else close what is open, the latest first; else drop the selection."""
    if bench.window.busy:
        bench.window.stop_work()
    elif bench.window.asking:
        bench.window.close_line()
    elif not close(bench):
        bench.selected = None
        bench.view = replace(bench.view, picked=None)
        bench.show()


def close(bench: Workbench) -> bool:
    """Close what has all the room, the drawer or the picture; whether there was one of them."""
    if bench.full and not (bench.drawer is not None and bench.drawer.whole):
        bench.full = False
        bench.show()
    elif bench.drawer is not None:
        bench.close_drawer()
    elif bench.picture:
        bench.picture, bench.told = "", None
        bench.show()
    else:
        return False
    return True


def picked(bench: Workbench) -> Element | None:
    """The picked element, or the first of the step that has just run, of very many the largest; None at the start."""
    if bench.view.picked is not None:
        return Element(*bench.view.picked)
    symbol = bench.moment.position.symbol
    if symbol is None:
        return None
    shape = bench.moment.program.symbols[symbol].shape
    if prod(shape) > MOST_ELEMENTS:
        return Element(symbol, largest_of(bench.moment.values[symbol], 1)[0])
    return Element(symbol, first_index(shape))


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


def reads(bench: Workbench, element: Element) -> int:
    """At most how many numbers an element is computed from: all of its operands, or a row or column of each."""
    program = bench.moment.program
    step = next((step for step in program.steps if step.symbol == element.symbol), None)
    shapes = [program.symbols[name].shape for name in step.operands] if step else []
    whole = not program.symbols[element.symbol].shape
    return max((prod(shape) if whole else max(shape, default=1) for shape in shapes), default=0)


def is_brief(bench: Workbench, element: Element) -> bool:
    """Whether its arithmetic is short enough to be written out at every key."""
    return reads(bench, element) <= MOST_READ


def has_short_chains(bench: Workbench) -> bool:
    """Whether the whole chain of a number is short enough to be followed at every key."""
    return sum(prod(symbol.shape) for symbol in bench.moment.program.symbols.values()) <= MOST_UNROLLED
