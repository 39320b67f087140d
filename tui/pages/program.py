"""The program: every line with its whole formula, under the headings of phases, marked by what has run.

A line of several operations is one of the list; its steps stand below the list while it runs or is selected.

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

from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.program import Phase, Program, Step
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.claims import claims_of, mark
from gradstep.tui.pages.lines import Row, rows_of, written_as
from gradstep.tui.pages.symbols import layer_written
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Area, Hit, Panel, Pieces, drawn
from gradstep.tui.text.folding import fitted, folded
from gradstep.tui.text.glyphs import BAR, BREAKPOINT, FOREIGN, NEXT, SWITCHED_OFF
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import program as words
from gradstep.tui.words.header import PHASES

MARGIN = 4  # cells before a formula: bar, breakpoint, what runs next or is odd, a blank
SHARE = 3  # the steps of a line have at most a third of the room
FOLDED_FROM = 3  # screens of lines, from which on only the present phase is unfolded


@dataclass(frozen=True)
class Lines:
    """A row's or a phase's lines. step: the place of the row's last step, None for the heading of a phase."""

    step: int | None
    pieces: tuple[Pieces, ...]


def program_panel(
    moment: Moment, view: View, selected: int | None, breakpoints: Mapping[str, bool], width: int, height: int
) -> Panel:
    """The list, and below it the steps of the line that ran or is selected, where lines are of several steps.

    breakpoints: the symbols and phases that have one, and whether it is switched on.
    """
    marks = _Marks(moment, view, selected, breakpoints, width)
    rows = [*rows_of(moment.program, moment.length)]
    below = min(_below(moment.program, view, width, height // SHARE), height - 1)
    room = height - below
    blocks = list(_blocks(marks, rows, None))
    if sum(len(block.pieces) for block in blocks) > FOLDED_FROM * height:
        present = moment.step.phase if moment.step else moment.program.steps[0].phase
        blocks = list(_blocks(marks, rows, present))
    here = max(0, moment.position.step - 1 if selected is None else selected)
    row = next((row for row in rows if here in row.places), rows[-1])
    seen, left_out = _page(blocks, row.last, room)
    begin = min(room, _listed(moment.program, view, width, len(moment.program.steps)))
    seen += [(None, ())] * (begin - len(seen))
    if below:
        seen += [(None, marks.heading(row)), *_page(marks.inside(row), here, below - 1)[0]]
    hits = [Hit(Area(0, y, width, 1), step) for y, (step, _) in enumerate(seen) if step is not None]
    aside: Pieces = ((view.notation.sign(words.MORE(left_out)), "faint"),) if left_out else ()
    return Panel(((words.PROGRAM, "text"),), drawn([line for _, line in seen], width, height, hits), aside)


def _page(blocks: Sequence[Lines], step: int, height: int) -> tuple[list[tuple[int | None, Pieces]], int]:
    """The lines in view, of which one is a step's, each with the step it belongs to; and how many are not in view."""
    lines = [(block.step, line) for block in blocks for line in block.pieces]
    own = [y for y, (place, _) in enumerate(lines) if place == step] or [0]
    top = min(own[0], page_top(max(own[0], own[-1] - min(3, height // 3)), len(lines), height))
    return lines[top : top + height], max(0, len(lines) - height)


def program_height(moment: Moment, view: View, width: int) -> int:
    """How many lines the list has in most iterations, those without a measure phase, and what stands below it."""
    program = moment.program
    listed = _listed(program, view, width, len(program.steps) - program.measures)
    return listed + _below(program, view, width, listed // (SHARE - 1))


def _listed(program: Program, view: View, width: int, length: int) -> int:
    """How many lines the list has, of so many steps."""
    steps = program.steps[:length]
    rows = (written_as(steps[row.last]) for row in rows_of(program, length))
    phases = len({step.phase for step in steps})
    return phases + sum(len(_formula_lines(view, each, width - MARGIN)) for each in rows)


def _below(program: Program, view: View, width: int, share: int) -> int:
    """How many lines stand below the list for the steps of a line, with a heading: 0 where all lines are of one step.

    share: how many there may be; a single step always has room for its whole formula.
    """
    deepest = longest = 0
    for row in rows_of(program, len(program.steps)):
        if row.several:
            lines = [len(_formula_lines(view, program.steps[at], width - MARGIN)) for at in row.places]
            deepest, longest = max(deepest, 1 + sum(lines)), max(longest, 1 + max(lines))
    return min(deepest, max(share, longest))


def _formula_lines(view: View, step: Step | Assignment, room: int) -> Sequence[str]:
    formula = view.notation.formula(step)
    return _folded(formula, room, min(cell_len(formula.partition(" = ")[0]) + 1, room // 3))


def page_top(at: int, count: int, height: int) -> int:
    """The first line in view: pages that overlap by a third, of which the first that has the line and the next ones."""
    if count <= height:
        return 0
    stride = max(1, height * 2 // 3)
    page = max(0, -(-(at + min(3, height // 3) - height + 1) // stride))
    return min(page * stride, count - height)


def _blocks(marks: _Marks, rows: Sequence[Row], only: Phase | None) -> Iterator[Lines]:
    """The phases, each with its rows. only: the phase that is unfolded, if not all are."""
    program, layer = marks.moment.program, ""
    for phase, group in groupby(rows, key=lambda row: program.steps[row.last].phase):
        of_phase = list(group)
        folded_away = only is not None and phase is not only
        first, last = of_phase[0].first, of_phase[-1].last
        count = words.FOLDED(last + 1 - first) if folded_away else ""
        heading: Pieces = ((marks.stop(phase), "fails"), (f"{PHASES[phase]} ", f"bold {phase}"), (count, "faint"))
        yield Lines(first if folded_away else None, (heading,))
        for row in () if folded_away else of_phase:
            step = program.steps[row.last]
            here = layer_written(program, step)
            known = {layer, step.symbol, step.phase, program.symbols[step.symbol].of}
            tag = _tag(step, here, marks.moment) if here not in known or step.symbol in program.kept else ""
            tag = tag if marks.has_room(written_as(step), tag) else ""
            layer = here if tag or here in known else layer  # otherwise the next line of the layer bears its name
            yield Lines(row.last, tuple(marks.lines(row, written_as(step), tag)))


def _tag(step: Step, layer: str, moment: Moment) -> str:
    """What stands at the right edge: the layer, short, or that a parameter is frozen."""
    if step.symbol in moment.program.kept:
        return words.FROZEN
    if moment.scenario.network.layered and layer.rsplit(maxsplit=1)[-1].isdecimal():
        return words.LAYER.format(number=layer.rsplit(maxsplit=1)[-1])
    return layer


@dataclass(frozen=True)
class _Marks:
    """What steps are marked by: whether they have run, run next, are selected, stop a run, are odd."""

    moment: Moment
    view: View
    selected: int | None
    breakpoints: Mapping[str, bool]
    width: int

    def stop(self, *names: str) -> str:
        """The sign of the breakpoint on one of these; a blank where there is none."""
        enabled = next((self.breakpoints[name] for name in names if name in self.breakpoints), None)
        mark = None if enabled is None else BREAKPOINT if enabled else SWITCHED_OFF
        return " " if mark is None else mark.drawn(ascii=self.view.notation.ascii)

    def heading(self, row: Row) -> Pieces:
        """What stands above the steps of a line."""
        step, name = self.moment.program.steps[row.last], self.view.notation.symbol
        text = words.IN_STEPS(len(row.places), symbol=name(step.symbol)) if row.several else ""
        return ((" ", "space"), (fitted(text, self.width - 1), f"{step.phase}"))

    def inside(self, row: Row) -> list[Lines]:
        """The steps of a line, if it has several."""
        steps = self.moment.program.steps
        places = row.places if row.several else ()
        return [Lines(at, tuple(self.lines(Row(at, at), steps[at], ""))) for at in places]

    def has_room(self, written: Step | Assignment, tag: str) -> bool:
        """Whether a tag stands behind the first line of a formula: behind a later one it would look like its end."""
        room = self.width - MARGIN
        return cell_len(_formula_lines(self.view, written, room)[0]) + cell_len(tag) + 1 <= room

    def lines(self, row: Row, written: Step | Assignment, tag: str) -> Iterator[Pieces]:
        """A row, or a single step, as it is written."""
        program, notation = self.moment.program, self.view.notation
        steps, here = program.steps[row.first : row.last + 1], self.moment.position.step
        phase, now, chosen = steps[0].phase, here - 1 in row.places, self.selected in row.places
        ground = " on chosen" if chosen else f" on written {phase}" if now else ""
        key = f"bold text{ground}" if now or chosen else "quiet" if row.last < here else "text"
        bar = BAR.drawn(ascii=notation.ascii) if now else " "
        stop, (sign, colour) = self.stop(*(step.symbol for step in reversed(steps))), self._sign(row)
        room = self.width - MARGIN
        texts = _formula_lines(self.view, written, room)
        for y, text in enumerate(texts):
            first = y == 0
            margin: list[Piece] = [
                (bar, f"bold {phase}{ground}"),
                (stop if first else " ", f"fails{ground}"),
                (sign if first else " ", f"bold {colour}{ground}"),
                (" ", key),
            ]
            shown = tag if first else ""
            fill = " " * (room - cell_len(text) - cell_len(shown))
            yield (*margin, (text, key), (fill, key), (shown, f"faint{ground}"))

    def _sign(self, row: Row) -> tuple[str, str]:
        """That it runs next, or what is odd about it; with its colour."""
        moment, ascii = self.moment, self.view.notation.ascii
        steps, here = moment.program.steps[row.first : row.last + 1], moment.position.step
        if here % moment.length in row.places and moment.next_step is not None and here != moment.length:
            return NEXT.drawn(ascii=ascii), "text"
        claimed = claims_of(moment) if moment.program.own_lines else {}
        if steps[-1].symbol in claimed:
            return mark(claimed[steps[-1].symbol], self.view.notation)
        return (FOREIGN.drawn(ascii=ascii), "loss") if any(step.note for step in steps) else (" ", "text")


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
