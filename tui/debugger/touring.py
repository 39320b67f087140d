"""The tour: ten moments of the run that is open, with what to look at in each, in a drawer.

Each moment is found by what it is, the first activation, the first update, so that there is a tour of any scenario;
what a scenario does not have is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradstep.engine.program.positions import Course, Position
from gradstep.engine.program.program import Phase, Role, Step
from gradstep.tui.debugger.drawer import TOUR, Drawer
from gradstep.tui.debugger.stepping import travel
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.arrangement import LITTLE
from gradstep.tui.text.folding import folded
from gradstep.tui.text.page import Line, Page, text_line
from gradstep.tui.words import tour as words

Kind = Callable[[Course, Step], bool]


def _phase(phase: Phase) -> Kind:
    return lambda course, step: step.phase is phase


def _weight_gradient(course: Course, step: Step) -> bool:
    symbols = course.program.symbols
    symbol = symbols[step.symbol]
    return symbol.role is Role.GRADIENT and symbols[symbol.of].role is Role.PARAMETER


def _moved(course: Course, step: Step) -> bool:
    """The update of a parameter that is not frozen."""
    return step.phase is Phase.UPDATE and step.symbol not in course.program.kept


def _forward(wanted: Callable[[Step], bool]) -> Kind:
    return lambda course, step: step.phase is Phase.FORWARD and wanted(step)


@dataclass(frozen=True)
class Stay:
    """A moment: after the first step of a kind, or before it; None for the start.

    texts: a heading, what to look at, the same in a small terminal, what its colour says.
    """

    kind: Kind | None
    texts: tuple[str, str, str, str]
    before: bool = False

    def position(self, course: Course) -> Position | None:
        """Where it is; None where there is no such step."""
        if self.kind is None:
            return course.start
        place = next((at for at, step in enumerate(course.program.steps) if self.kind(course, step)), None)
        return None if place is None else course.at(1, place if self.before else place + 1)


STAYS: Sequence[Stay] = (
    Stay(None, words.START),
    Stay(_phase(Phase.DRAW), words.DRAWN),
    Stay(_forward(lambda step: step.operation.weights is not None), words.AFFINE),
    Stay(_forward(lambda step: step.operation.derivative is not None), words.ACTIVATION),
    Stay(_phase(Phase.LOSS), words.LOSS),
    Stay(_phase(Phase.BACKWARD), words.BACKWARD),
    Stay(_weight_gradient, words.GRADIENT),
    Stay(_moved, words.UPDATE),
    Stay(_moved, words.BACK, before=True),
    Stay(None, words.ON_YOUR_OWN),
)


def tour(bench: Workbench) -> None:
    """Begin the tour."""
    course = bench.timeline.course
    stays = [(stay.texts, there) for stay in STAYS if (there := stay.position(course)) is not None]
    at = [0]

    def go(by: int) -> str | None:
        at[0] = max(0, at[0] + by)
        if at[0] >= len(stays):
            bench.close_drawer()
            return words.DONE
        travel(bench, stays[at[0]][1])
        return None

    def page(width: int) -> Page:
        (heading, text, in_small, colour), _ = stays[min(at[0], len(stays) - 1)]
        said = [in_small if bench.window.small else text, *([colour] if colour and not bench.view.plain else [])]
        return (text_line(heading, "bold label"), Line(), *folded(" ".join(said), width, "text"))

    def title() -> str:
        return words.TITLE.format(place=at[0] + 1, count=len(stays))

    acts = {"step": lambda _: go(+1), "open": lambda _: go(+1), "back": lambda _: go(-1), "back_up": lambda _: go(-1)}
    bench.open(Drawer(TOUR, title, page, acts=acts, about=words.KEYS, lines=5, share=LITTLE))
    go(0)
