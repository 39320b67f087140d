"""The signs that formulas, frames and marks are drawn with, and what stands for them where only ASCII can be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

ASCII = {
    "∂": "d", "δ": "delta", "η": "eta", "σ": "sigmoid", "Σ": "sum", "φ": "phi", "ε": "eps", "µ": "u",
    "μ": "mu", "β": "beta", "ρ": "rho", "τ": "tau", "λ": "lambda", "√": "sqrt", "π": "pi", "α": "alpha", "³": "^3",
    "′": "'", "·": "*", "∘": "*", "×": "x", "−": "-", "–": "-", "ᵀ": ".T", "⁺": "+", "²": "^2", "½": "1/2", "±": "+-",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∞": "inf", "₀": "0", "₁": "1", "₂": "2", "₃": "3",
    "→": "->", "←": "<-", "↑": "up", "↓": "down", "…": "...", "─": "-", "│": "|",
    "✓": "ok", "✗": "NO", "⚠": "!", "●": "*", "○": "o", "◇": "o", "▶": ">", "▸": ">", "◂": "<", "›": ">", "‹": "<",
    "◉": "#", "▌": "!", "▏": ":",
}  # fmt: skip
_TABLE = str.maketrans(ASCII)
# What moves a terminal's cursor or turns the direction of its text: nothing a name has a use for.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_MATRIX_PRODUCT = re.compile(r"(?<=\S)·(?=\S)")  # between numbers blanks stand around it


def plain(text: str) -> str:
    """The text with our signs in ASCII. Names of the user's own, in whatever script, stay as they are."""
    return text.translate(_TABLE)


def plain_formula(formula: str) -> str:
    """A step's formula in ASCII, with products as in Python: @ of matrices, * of elements and of numbers."""
    return plain(_MATRIX_PRODUCT.sub("@", formula))


@dataclass(frozen=True)
class Mark:
    """A sign that says something where it stands, and the one for ASCII."""

    sign: str
    ascii: str

    def drawn(self, *, ascii: bool) -> str:
        """As it stands on the screen."""
        return self.ascii if ascii else self.sign


# Before a step of the program: it has run, is next; it is not the derivative of its forward pass.
DONE, NEXT, FOREIGN = Mark("✓", "+"), Mark("›", ">"), Mark("⚠", "!")
# In the strip of phases, one for each step: has run, has just run, is still to come.
RUN_PAST, RUN_NOW, RUN_NEXT = Mark("●", "*"), Mark("◉", "#"), Mark("○", ".")
# Before numbers and tables: just written, just read.
BAR, READ = Mark("▌", "!"), Mark("‹", ":")
# Before a step or a phase, or in a list of stops.
BREAKPOINT, SWITCHED_OFF = Mark("●", "*"), Mark("○", "o")
# Of tables: before one just written; after a number that has changed; instead of one that is not computed yet.
WRITTEN, CHANGED, MISSING = Mark("▸", ">"), Mark("*", "*"), Mark("·", ".")
# Between the same table of two forks; where a panel cuts a line off; above a curve, of what is NaN or infinite.
DIFFERS, GOES_ON, NO_NUMBER = Mark("≠", "!="), Mark("›", ">"), Mark("!", "!")
# Before the chosen entry of a list.
CHOSEN = Mark("▸", ">")
# In formulas.
MATRIX_PRODUCT, ELEMENTWISE, TRANSPOSED = Mark("·", "@"), Mark("∘", "*"), Mark("ᵀ", ".T")


def printable(text: str) -> str:
    """`text` with a "?" for each control character, line breaks included."""
    return text if text.isprintable() else _UNPRINTABLE.sub("?", text)
