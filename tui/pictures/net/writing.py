"""How the small texts of a picture are written: numbers, names, marks, and signs of our own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.tui.text.notation import Notation

_MORE_ASCII = str.maketrans({"┄": ".", "═": "=", "━": "#", "⋮": ":", "·": ".", "⊕": "+", "⊖": "-", "Σ": "S"})


@dataclass(frozen=True)
class Figure:
    """A number that is shown: what it is called in a box and in full; None while it is not computed."""

    sign: str
    name: str
    value: float | None
    lit: str = ""  # "written" or "read" if the step does that with it


def strongest(*lit: str) -> str:
    """The mark of several things at once: one that is written counts for more than one that is read."""
    return "written" if "written" in lit else "read" if "read" in lit else ""


def plain(text: str, notation: Notation) -> str:
    """A text of ours, in ASCII where that is wanted: names of the user's own stay as they are."""
    return notation.sign(text.translate(_MORE_ASCII)) if notation.ascii else text


def shortened(name: str, most: int, notation: Notation) -> str:
    """A name in at most so many cells: without its middle, as its end tells it from others, its index above all."""
    if cell_len(name) <= most:
        return name
    ellipsis = plain("…", notation)
    dot = ellipsis[:1]  # where "..." would leave too little of the name
    head, bracket, rest = name.partition("[")
    index = bracket + rest
    if index and cell_len(index) < most:
        between = ellipsis if cell_len(ellipsis + index) < most else dot
        return _begin(head, most - cell_len(between + index)) + between + index
    between = ellipsis if 2 * cell_len(ellipsis) < most else dot
    room = most - cell_len(between)
    end = _end(name, math.ceil(room / 2))
    return _begin(name, room - cell_len(end)) + between + end


def _begin(name: str, most: int) -> str:
    """As much of a name's beginning as so many cells hold."""
    return next((name[:size] for size in range(len(name), 0, -1) if cell_len(name[:size]) <= most), "").rstrip()


def _end(name: str, most: int) -> str:
    """As much of a name's end as so many cells hold."""
    return next((name[at:] for at in range(len(name)) if cell_len(name[at:]) <= most), "").lstrip()
