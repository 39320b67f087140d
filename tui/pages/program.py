"""The program: every step with its whole formula, under the headings of phases, marked by what has run.

What is long is folded at its operators. Where not all lines fit, the list is turned like a page, so that its lines stay
where they are while one steps; a very long program shows the steps of the present phase only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rich.cells import cell_len

from gradstep.engine.program.program import Phase, Step
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.claims import claims_of, mark
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Area, Hit, Panel, Pieces, drawn
from gradstep.tui.text.folding import fitted, folded
from gradstep.tui.text.glyphs import BAR, BREAKPOINT, FOREIGN, NEXT, SWITCHED_OFF
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import program as words
from gradstep.tui.words.header import PHASES

MARGIN = 4  # cells before a formula: bar, breakpoint, what runs next or is odd, a blank
FOLDED_FROM = 3  # screens of lines, from which on only the present phase is unfolded


@dataclass(frozen=True)
class Lines:
    """A step's or a phase's lines. step: its place in the program, None for the heading of a phase."""

    step: int | None
    pieces: tuple[Pieces, ...]


def program_panel(
    moment: Moment, view: View, selected: int | None, breakpoints: Mapping[str, bool], width: int, height: int
) -> Panel:
    """The list. breakpoints: the symbols and phases that have one, and whether it is switched on."""
    blocks = list(_blocks(moment, view, selected, breakpoints, width, None))
    if sum(len(block.pieces) for block in blocks) > FOLDED_FROM * height:
        present = moment.step.phase if moment.step else moment.program.steps[0].phase
        blocks = list(_blocks(moment, view, selected, breakpoints, width, present))
    lines = [(block.step, line) for block in blocks for line in block.pieces]
    here = moment.position.step - 1 if selected is None else selected
    at = next((y for y, (step, _) in enumerate(lines) if step == max(0, here)), 0)
    top = page_top(at, len(lines), height, sum(step == max(0, here) for step, _ in lines))
    seen = lines[top : top + height]
    hits = [Hit(Area(0, y, width, 1), step) for y, (step, _) in enumerate(seen) if step is not None]
    inside = drawn([line for _, line in seen], width, height, hits)
    part = words.MORE(len(lines) - len(seen))
    aside: Pieces = ((view.notation.sign(part), "faint"),)
    return Panel(((words.PROGRAM, "text"),), inside, aside if len(lines) > height else ())


def program_height(moment: Moment, view: View, width: int) -> int:
    """How many lines the list has in most iterations, those without a measure phase."""
    steps = moment.program.steps[: len(moment.program.steps) - moment.program.measures]
    phases = len({step.phase for step in steps})
    return phases + sum(len(_formula_lines(view, step, width - MARGIN)) for step in steps)


def _formula_lines(view: View, step: Step, room: int) -> Sequence[str]:
    formula = view.notation.formula(step)
    return _folded(formula, room, min(cell_len(formula.partition(" = ")[0]) + 1, room // 3))


def page_top(at: int, count: int, height: int, tall: int = 1) -> int:
    """The first line in view: pages that overlap by a third, of which the first that has the line and the next ones.

    tall: how many lines belong together there; where a page ends within them, it is moved on.
    """
    if count <= height:
        return 0
    stride = max(1, height * 2 // 3)
    page = max(0, -(-(at + min(3, height // 3) - height + 1) // stride))
    return min(max(page * stride, min(at, at + tall - height)), count - height)


def _blocks(
    moment: Moment, view: View, selected: int | None, breakpoints: Mapping[str, bool], width: int, only: Phase | None
) -> Iterator[Lines]:
    place, layer = 0, ""
    for phase, steps in groupby(moment.program.steps[: moment.length], key=lambda step: step.phase):
        group = list(steps)
        folded_away = only is not None and phase is not only
        count = words.FOLDED(len(group)) if folded_away else ""
        stop = _stop(view, breakpoints, phase)
        heading: Pieces = ((stop, "fails"), (f"{PHASES[phase]} ", f"bold {phase}"), (count, "faint"))
        yield Lines(place if folded_away else None, (heading,))
        for step in group:
            if not folded_away:
                known = {layer, step.symbol, step.phase, moment.program.symbols[step.symbol].of}
                tag = _tag(step, moment) if step.layer not in known or step.symbol in moment.program.kept else ""
                layer = step.layer
                yield Lines(place, tuple(_step(moment, view, step, place, selected, breakpoints, tag, width)))
            place += 1


def _stop(view: View, breakpoints: Mapping[str, bool], name: str) -> str:
    enabled = breakpoints.get(name)
    mark = None if enabled is None else BREAKPOINT if enabled else SWITCHED_OFF
    return " " if mark is None else mark.drawn(ascii=view.notation.ascii)


def _tag(step: Step, moment: Moment) -> str:
    """What stands at the right edge: the layer, short, or that a parameter is frozen."""
    if step.symbol in moment.program.kept:
        return words.FROZEN
    if moment.scenario.network.layered and step.layer.split()[-1].isdecimal():
        return words.LAYER.format(number=step.layer.split()[-1])
    return step.layer


def _step(
    moment: Moment,
    view: View,
    step: Step,
    place: int,
    selected: int | None,
    breakpoints: Mapping[str, bool],
    tag: str,
    width: int,
) -> Iterator[Pieces]:
    here, claimed = moment.position.step, claims_of(moment) if moment.program.own_lines else {}
    now, ascii = place + 1 == here, view.notation.ascii
    ground = " on chosen" if place == selected else f" on written {step.phase}" if now else ""
    is_next = place == here % moment.length and moment.next_step is not None and here != moment.length
    key = f"bold text{ground}" if now or place == selected else "quiet" if place < here else "text"
    bar = BAR.drawn(ascii=ascii) if now else " "
    sign = NEXT.drawn(ascii=ascii) if is_next else FOREIGN.drawn(ascii=ascii) if step.note else " "
    colour = "loss" if step.note and not is_next else "text"
    if not is_next and step.symbol in claimed:
        sign, colour = mark(claimed[step.symbol], view.notation)
    room = width - MARGIN
    texts = _formula_lines(view, step, room)
    tag = tag if len(texts) > 1 or cell_len(texts[0]) + cell_len(tag) + 1 <= room else ""
    at = next((y for y, text in enumerate(texts) if cell_len(text) + cell_len(tag) + 1 <= room), None)
    for y, text in enumerate(texts):
        first = y == 0
        margin: list[Piece] = [
            (bar, f"bold {step.phase}{ground}"),
            (_stop(view, breakpoints, step.symbol) if first else " ", f"fails{ground}"),
            (sign if first else " ", f"bold {colour}{ground}"),
            (" ", key),
        ]
        shown = fitted(tag, room - cell_len(text) - 1) if y == at and tag else ""
        fill = " " * (room - cell_len(text) - cell_len(shown))
        yield (*margin, (text, key), (fill, key), (shown, f"faint{ground}"))


# Before an operator: one with blanks around it, or a matrix product without; not in parentheses.
_BEFORE_SIGN = re.compile(r"(?= [∘·+−@*-] )|(?<=\S)(?=[·@]\S)")


@lru_cache(4096)  # the same ones at every step
def _folded(formula: str, width: int, indent: int) -> Sequence[str]:
    """A formula in lines that begin with an operator; what stands in parentheses is kept together."""
    lines = [""]
    for part in _parts(formula):
        if lines[-1].strip() and cell_len(lines[-1] + part) > width:
            lines.append(" " * indent + part.lstrip())
        else:
            lines[-1] += part
    return [text for line in lines for text in _cut(line, width, indent)]


def _parts(formula: str) -> Iterator[str]:
    """What a formula may be folded into: each part but the first begins with an operator."""
    begin = depth = 0
    ends = {match.start() for match in _BEFORE_SIGN.finditer(formula)}
    for at, character in enumerate(formula):
        depth += (character == "(") - (character == ")")
        if at in ends and depth == 0 and at > begin:
            yield formula[begin:at]
            begin = at
    yield formula[begin:]


def _cut(line: str, width: int, indent: int) -> Sequence[str]:
    """A line that is still too long, folded wherever it must be."""
    if cell_len(line) <= width:
        return (line,)
    return ["".join(text for text, _ in each.pieces) for each in folded(line, width, "text", indent)]
