"""The signs that formulas and frames are drawn with, and what stands for them where only ASCII can be shown."""

from __future__ import annotations

import re

ASCII = {
    "∂": "d",
    "δ": "delta",
    "η": "eta",
    "σ": "sigmoid",
    "Σ": "sum",
    "φ": "phi",
    "ε": "eps",
    "′": "'",
    "·": "*",
    "∘": "*",
    "×": "x",
    "−": "-",
    "ᵀ": ".T",
    "⁺": "+",
    "²": "^2",
    "½": "1/2",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "→": "->",
    "←": "<-",
    "↑": "up",
    "↓": "down",
    "…": "...",
    "✓": "ok",
    "✗": "NO",
    "●": "*",
    "▶": ">",
    "▸": ">",
    "◂": "<",
    "◇": "o",
    "─": "-",
    "│": "|",
    "∞": "inf",
    "⚠": "!",
    "–": "-",
    "₀": "0",
    "₁": "1",
    "₂": "2",
    "₃": "3",
}

_TABLE = str.maketrans(ASCII)

# What moves a terminal's cursor or turns the direction of its text: nothing a name has a use for.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def plain(text: str) -> str:
    """The text with our signs in ASCII. Names of the user's own, in whatever script, stay as they are."""
    return text.translate(_TABLE)


def printable(text: str) -> str:
    """`text` with a "?" for each control character, line breaks included."""
    return text if text.isprintable() else _UNPRINTABLE.sub("?", text)
