"""The program as lines: a line a step, with its marks, under the headings of layers and phases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.text.glyphs import BREAKPOINT, DONE, FOREIGN, NEXT, NOW, SWITCHED_OFF, Mark
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation


@dataclass(frozen=True)
class ProgramLine:
    """A line of the list; `step` is the place of the step in the program, None for a heading."""

    pieces: tuple[Piece, ...]
    right: str
    step: int | None
    style: str
    more: str = "…"

    def crop(self, width: int) -> list[Piece]:
        """Exactly `width` cells: the pieces, and at the right edge the layer where there is room for it."""
        used = sum(cell_len(text) for text, _ in self.pieces)
        room = width - used - cell_len(self.right)
        pieces = list(self.pieces)
        if self.right and room >= 1:
            pieces += [(" " * room, self.style), (self.right, "layer")]
        elif used < width:
            pieces.append((" " * (width - used), self.style))
        elif used > width:
            return [*crop(pieces, 0, width - 1), (self.more, self.style)]
        return crop(pieces, 0, width)


def program_lines(
    moment: Moment, notation: Notation, selected: int | None, breakpoints: Mapping[str, bool] | None = None
) -> tuple[ProgramLine, ...]:
    """The list. Marks: ✓ has run, ▶ has just run, › is next, ⚠ is not the derivative of its forward pass.

    breakpoints: the symbols and phases that have one, and whether it is switched on: ● or ○.
    """

    def drawn(mark: Mark) -> str:
        return mark.drawn(ascii=notation.ascii)

    def stop(name: str) -> str:
        enabled = (breakpoints or {}).get(name)
        return " " if enabled is None else drawn(BREAKPOINT if enabled else SWITCHED_OFF)

    lines: list[ProgramLine] = []
    here, next_place = moment.position.step, moment.position.step % moment.length
    more = "~" if notation.ascii else "…"
    phase = layer = ""
    for place, step in enumerate(moment.program.steps[: moment.length]):
        if step.phase != phase:
            phase, layer = step.phase, ""
            lines.append(ProgramLine(((f"{stop(phase)}{phase}", "phase"),), "", None, "phase"))
        if place + 1 == here:
            mark, key = drawn(NOW), "now"
        elif place + 1 < here:
            mark, key = drawn(DONE), "done"
        else:
            is_next = place == next_place and moment.next_step is not None and here != moment.length
            mark, key = (drawn(NEXT), "next") if is_next else (" ", "later")
        key = "selected" if place == selected else key
        warning = drawn(FOREIGN) if step.note else " "
        pieces = ((f"{stop(step.symbol)}{mark}{warning}", key), (notation.formula(step), key))
        known = {layer, step.symbol, moment.program.symbols[step.symbol].of}
        heading = step.layer if step.layer not in known else ""
        layer = step.layer
        lines.append(ProgramLine(pieces, f" {heading} " if heading else "", place, key, more))
    return tuple(lines)
