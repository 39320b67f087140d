"""The signs that formulas and frames are drawn with, and what stands for them where only ASCII can be shown."""

from __future__ import annotations

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


def plain(text: str) -> str:
    """The text with our signs in ASCII. Names of the user's own, in whatever script, stay as they are."""
    return text.translate(_TABLE)
