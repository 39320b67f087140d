"""What is said of a gradient, and of an update by it, that is none."""

from __future__ import annotations

from engine.program import Program
from tui.folding import folded
from tui.widgets.sheet import Line
from tui.wording import Wording
from tui.words import explaining as words


def remarks(program: Program, symbol: str, wording: Wording, width: int) -> list[Line]:
    """Why a gradient, or an update by it, is not what it is called: its step's own note, and what it is made of."""
    found = program.not_derivatives(symbol)
    lines = [line for step in found if step.symbol == symbol for line in warning(step.note, wording, width)]
    others = [wording.symbol(step.symbol) for step in found if step.symbol != symbol]
    if others:
        lines += warning(words.MADE_OF(len(others), symbols=", ".join(others)), wording, width)
    return lines


def warning(text: str, wording: Wording, width: int, lead: str = "") -> list[Line]:
    """A text with the sign of a warning."""
    return folded(wording.sign(f"{lead}⚠ {text}"), width, "changed", indent=len(lead) + 2)
