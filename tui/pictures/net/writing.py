"""How the small texts of a picture are written: numbers, names, marks, and signs of our own."""

from __future__ import annotations

from dataclasses import dataclass

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
