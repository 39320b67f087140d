"""The status line: iteration, epoch, phase, step, loss and history, as much of them as fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.text.folding import fitted
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import byte_count, short
from gradstep.tui.words import status as words

LEAST = ("epoch", "loss", "phase", "step")  # what is shortened first where not all of it fits


def where(moment: Moment, notation: Notation, width: int) -> list[str]:
    """The cursor's place, in two lines of at most `width` cells: the scenario; iteration, step, phase and loss."""
    here, scenario = moment.position, moment.scenario
    title = _titled(moment, width)
    parts = {
        "iteration": [words.ITERATION.format(iteration=here.iteration, iterations=moment.iterations)],
        "step": [words.STEP.format(step=here.step, steps=moment.length), ""],
        "phase": [*_phase(moment), ""],
        "loss": _loss(moment, notation),
    }
    if scenario.draw is not None and scenario.draw.iterations_per_epoch > 1:
        parts["epoch"] = [words.EPOCH.format(epoch=moment.epoch), ""]
    between = "  " if notation.ascii else " · "
    return [fitted(notation.sign(title), width), fitted(_as_much_as_fits(parts, between, width), width)]


def _as_much_as_fits(parts: Mapping[str, Sequence[str]], between: str, width: int) -> str:
    """The parts of the line, each given in forms from the longest to the shortest."""
    forms = {name: list(given) for name, given in parts.items()}
    while True:
        line = between.join(given[0] for given in forms.values() if given[0])
        longer = [name for name in LEAST if len(forms.get(name, ())) > 1]
        if cell_len(line) <= width or not longer:
            return line
        del forms[longer[0]][0]


def _phase(moment: Moment) -> list[str]:
    """The phase of the step that has just run and its layer; the phase alone."""
    step = moment.step
    if step is None:
        return [words.START]
    return [step.phase] if step.layer in (step.phase, step.symbol) else [f"{step.phase}, {step.layer}", step.phase]


def _titled(moment: Moment, width: int) -> str:
    """The scenario and the fork, and at the right edge what history holds, as much of it as fits."""
    scenario = moment.scenario
    fork = f"  <{moment.branch}>" if moment.edits or moment.replaced else ""
    for title in (f"{scenario.title}  [{scenario.name}]{fork}", f"{scenario.title}{fork}"):
        for remembered in (*_history(moment), ""):
            room = width - cell_len(title) - cell_len(remembered)
            if room >= (2 if remembered else 0):
                return title + " " * room + remembered
    return f"[{scenario.name}]{fork}" if fork else scenario.title


def _history(moment: Moment) -> list[str]:
    """The states that history keeps: from where to where, how far apart, how many bytes; long and short."""
    kept = moment.history
    if kept is None or not kept.bytes:
        return []
    size, most = byte_count(kept.bytes), byte_count(kept.budget)
    return [
        words.HISTORY(kept.stride, first=kept.first, last=kept.last, size=size, most=most),
        words.HISTORY_SHORT.format(first=kept.first, last=kept.last, stride=kept.stride, size=size),
    ]


def loss_here(moment: Moment, notation: Notation, digits: int) -> str:
    """The loss at the cursor, or that it is not computed yet."""
    name, value = notation.symbol(moment.program.loss), moment.values.get(moment.program.loss)
    if value is None:
        return words.LOSS_NOT_YET.format(loss=name)
    return f"{name} = {short(float(value), digits)}" if value.shape == () else words.LOSS_COMPUTED.format(loss=name)


def _loss(moment: Moment, notation: Notation) -> list[str]:
    """The loss; before this iteration has computed it also that of the iteration before."""
    name, here = notation.symbol(moment.program.loss), loss_here(moment, notation, 9)
    place = moment.position.iteration - 2
    if moment.program.loss not in moment.values and 0 <= place < len(moment.losses) and moment.known[place]:
        before = short(float(moment.losses[place]), 9)
        return [words.LOSS_BEFORE.format(loss=name, before=before), here]
    return [here]
