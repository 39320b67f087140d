"""Whether a terminal has a screen that can be drawn on, by what TERM says and what the system knows of that.

What is drawn is made of the control sequences that xterm and all newer terminals share (ECMA-48).
"""

from __future__ import annotations

import re
from enum import Enum, auto

SCREENLESS = ("dumb", "unknown")  # values of TERM for which Rich takes no sizes from the terminal
# Terminals with such a screen, by how their names begin: far machines often lack the description of a new one.
KNOWN = re.compile(
    r"(xterm|screen|tmux|rxvt|vte|gnome|konsole|linux|alacritty|kitty|wezterm|foot|ghostty|contour|st|iterm2?|putty"
    r"|mintty|cygwin|mlterm|eterm|rio|warp|zellij|terminator|termite|terminology|nsterm|vscode|wsvt25|vt[1-5]\d\d)"
    r"(?![a-z])|.*-(256color|direct|truecolor)$",
    re.IGNORECASE,
)
CURSOR, ANSI = "cup", b"\x1b["  # the capability of moving the cursor, and how it begins in ECMA-48


class Screen(Enum):
    """NONE: it cannot be drawn on. ASSUMED: by its name alone."""

    NONE = auto()
    THERE = auto()
    ASSUMED = auto()


def screen_of(term: str) -> Screen:
    """What is known of a terminal; "" is one that says nothing, as on Windows. A process can ask of one only."""
    if term.casefold() in SCREENLESS:
        return Screen.NONE
    moving = _moving(term) if term else ANSI
    if moving is None:
        return Screen.ASSUMED if KNOWN.match(term) else Screen.NONE
    return Screen.THERE if moving.startswith(ANSI) else Screen.NONE


def _moving(term: str) -> bytes | None:
    """What moves the cursor of a terminal, empty where nothing does; None where it is not in the system's terminfo."""
    try:
        import curses  # there is none on Windows
    except ImportError:
        return ANSI
    try:
        curses.setupterm(term, 1)
        return curses.tigetstr(CURSOR) or b""
    except curses.error:
        return None
