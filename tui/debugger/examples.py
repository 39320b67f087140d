"""What the line to type in gives as examples: of this scenario, in the names that are shown, so that each works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len

from gradstep.engine.arrays import first_index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Role
from gradstep.engine.program.typing import typed
from gradstep.engine.stops.stops import CONDITION, PHASE, STEP, Stop
from gradstep.engine.words import phrases
from gradstep.tui.debugger.workbench import Workbench

ROOM = 78  # cells
LARGEST = "largest"  # typed before the name of an array
LATE = 12  # an iteration to go to, where there are so many


def _listed(examples: Iterable[str], between: str = phrases.OR) -> str:
    """As many of them as a line of a small terminal has room for."""
    text = ""
    for example in examples:
        longer = f"{text}{between}{example}" if text else example
        if cell_len(longer) <= ROOM:
            text = longer
    return text


def _first(bench: Workbench, *roles: Role) -> str | None:
    """The first symbol of one of these roles, of the first role that there is: a matrix before anything else."""
    symbols = bench.timeline.program.symbols.values()
    for role in roles:
        found = [symbol for symbol in symbols if symbol.role is role]
        if found:
            return max(found, key=lambda symbol: len(symbol.shape) >= 2).name
    return None


def _element(bench: Workbench, symbol: str, place: int = 0) -> str | None:
    """An element as it is shown, the first or the one `place` behind it in its row; None where there is none."""
    index = first_index(bench.timeline.program.symbols[symbol].shape)
    if place:
        if not index or bench.timeline.program.symbols[symbol].shape[-1] <= place:
            return None
        index = (*index[:-1], place)
    return bench.view.notation.element(Element(symbol, index))


def _number(bench: Workbench) -> str:
    """A number that is there from the start and that much depends on: the first of the weights, or of what is given."""
    symbol = _first(bench, Role.PARAMETER, Role.INPUT) or bench.timeline.program.loss
    return _element(bench, symbol) or ""


def _gradient(bench: Workbench) -> str:
    """A gradient, of a weight where there are some."""
    program = bench.timeline.program
    gradients = [
        each for each in program.symbols.values() if each.role is Role.GRADIENT and each.name in program.writers
    ]
    of_parameters = [each for each in gradients if program.symbols[each.of].role is Role.PARAMETER]
    chosen = [each for each in of_parameters if len(each.shape) == 2] or of_parameters or gradients
    return bench.view.notation.symbol(chosen[0].name if chosen else program.loss)


def edit(bench: Workbench) -> str:
    """A number to set."""
    return f"{_number(bench)} = 0.9"


def edits(bench: Workbench) -> str:
    """Numbers to set: those that have a value where the cursor is."""

    def found() -> Iterator[str]:
        program, there = bench.timeline.program, bench.moment.values
        yield edit(bench)
        rate = _first(bench, Role.HYPERPARAMETER)
        if rate is not None and rate in there:  # a schedule's is made in the update
            yield f"{bench.view.notation.symbol(rate)} = 0.1"
        data = _first(bench, Role.INPUT)
        if data is not None and data in program.writers and data in there:
            one, other = _element(bench, data), _element(bench, data, 1)
            yield f"{one} = 2*{other}" if other else f"{one} = 2*{one}"

    return _listed(found())


def steps(bench: Workbench) -> str:
    """A step to replace: the one that is shown, twice as large."""
    name, _, formula = typed(bench.timeline.names, bench.timeline.program.steps[bench.place or 0]).partition(" = ")
    return f"{name} = 2 * ({formula or '…'})"


def watches(bench: Workbench) -> str:
    """Expressions to watch."""
    loss, number = bench.view.notation.symbol(bench.timeline.program.loss), _number(bench)
    looking_back = (f"{number} - prev({number})",) if bench.timeline.course.iterations > 1 else ()
    return _listed((loss, f"norm({_gradient(bench)})", *looking_back))


def stops(bench: Workbench) -> str:
    """Breakpoints to set."""
    program = bench.timeline.program
    loss, gradient = bench.view.notation.symbol(program.loss), _gradient(bench)
    phase = program.steps[-1].phase
    low = f"{loss} < 0.1"
    places = (Stop(STEP, gradient), Stop(PHASE, phase), Stop(CONDITION, when=low))
    return _listed(map(str, (*places, Stop(STEP, gradient, low), Stop(CONDITION, when=loss, every=10))), ", ")


def positions(bench: Workbench) -> str:
    """Places to go to."""
    course, loss = bench.timeline.course, bench.view.notation.symbol(bench.timeline.program.loss)
    late, step = min(LATE, course.iterations), min(5, course.length(min(LATE, course.iterations)))
    return _listed((str(late), f"{late}:{loss}", f"{late}:{step}", f":{loss}", "start", "end"))


def searches(bench: Workbench) -> str:
    """Names to search, and the largest of an array."""
    symbol = _first(bench, Role.PARAMETER, Role.INPUT) or bench.timeline.program.loss
    whole = bench.view.notation.symbol(symbol)
    return _listed(dict.fromkeys((_gradient(bench), whole, _number(bench), " ".join((LARGEST, whole)))))
