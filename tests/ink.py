"""What a drawing of characters puts on paper: grounds of cells, lines, blocks and dots, text.

Frames, blocks and braille are drawn as shapes, because fonts differ in how these meet; the rest is text of the reader's
own font, cut where a font may lack a character, so that every piece stands in its cells. `tests.svg` writes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.palette import Palette

CELL, LINE, BASE = 8.0, 17.0, 13.0  # the width and height of a cell, and how far below its top text stands
MIDDLE_X, MIDDLE_Y = CELL / 2, LINE / 2
THICK = {"LIGHT": 1.0, "HEAVY": 2.4, "DOUBLE": 1.0, "SINGLE": 1.0}
APART = 2.0  # the lines of a double one, from the middle


@dataclass(frozen=True)
class Box:
    """A filled rectangle. ground: it lies below everything that is no ground."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    ground: bool = False


@dataclass(frozen=True)
class Shape:
    """A path; a line along it if stroked, else filled."""

    path: str
    colour: str
    stroked: bool = False


@dataclass(frozen=True)
class Letters:
    """Text that takes so many cells from x on. look: the names of bold, underline and so on."""

    x: float
    y: float
    text: str
    cells: int
    colour: str
    look: tuple[str, ...] = ()


Ink = Box | Shape | Letters

# Signs that fonts draw in quite different sizes, as paths in a cell.
ROUND = "M{left} 8.5a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z"
SIGNS: Mapping[str, tuple[str, bool]] = {
    "▶": ("M1 4.5v8l6.5-4z", False),
    "◀": ("M7 4.5v8l-6.5-4z", False),
    "▲": ("M.5 12h7l-3.5-7z", False),
    "▼": ("M.5 5h7l-3.5 7z", False),
    "◆": ("M4 4.5l3.5 4l-3.5 4l-3.5-4z", False),
    "●": (ROUND.format(left=1, r=3, d=6), False),
    "○": (ROUND.format(left=1.2, r=2.8, d=5.6), True),
    "◉": (f"{ROUND.format(left=0.7, r=3.3, d=6.6)}{ROUND.format(left=2.4, r=1.6, d=3.2)}", True),
    "╭": ("M4 17V12.5Q4 8.5 8 8.5", True),
    "╮": ("M4 17V12.5Q4 8.5 0 8.5", True),
    "╰": ("M4 0V4.5Q4 8.5 8 8.5", True),
    "╯": ("M4 0V4.5Q4 8.5 0 8.5", True),
    "⎡": ("M7 2H2V17", True),
    "⎢": ("M2 0V17", True),
    "⎣": ("M2 0V15H7", True),
    "⎤": ("M1 2H6V17", True),
    "⎥": ("M6 0V17", True),
    "⎦": ("M6 0V15H1", True),
    "╱": ("M8 0L0 17", True),
    "╲": ("M0 0L8 17", True),
    "╳": ("M8 0L0 17M0 0L8 17", True),
}
SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
BRAILLE = (  # the places of the bits: columns and rows of dots
    (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3),
)  # fmt: skip
EIGHTHS = "▏▎▍▌▋▊▉"  # from the left
LOWER = "▁▂▃▄▅▆▇█"  # from below


def inked(drawing: Drawing, palette: Palette) -> Iterator[Ink]:
    """Everything that a drawing puts on a paper of the colour of the palette's panel."""
    paper = palette.colour("panel").hex
    for row, line in enumerate(drawing.lines):
        x, y = 0.0, row * LINE
        for text, key in line:
            style, cells = palette.style(key), cell_len(text)
            colours = [colour.get_truecolor().hex for colour in (style.color, style.bgcolor) if colour is not None]
            front, back = reversed(colours) if style.reverse else colours
            if back != paper:
                yield Box(x, y, cells * CELL, LINE, back, ground=True)
            look = tuple(name for name in ("bold", "underline") if getattr(style, name))
            yield from _characters(text, x, y, front, look)
            x += cells * CELL


def _characters(text: str, x: float, y: float, colour: str, look: tuple[str, ...]) -> Iterator[Ink]:
    """A piece of one style: its blanks are left out, its shapes drawn, the rest is text."""
    for part in re.finditer(r"[!-~¡-ÿͰ-Ͽ]+(?: [!-~¡-ÿͰ-Ͽ]+)*|\S", text):
        at, word = x + cell_len(text[: part.start()]) * CELL, part.group()
        shapes = [*_shapes(word, at, y, colour)] if len(word) == 1 else []
        yield from shapes or [Letters(at, y + BASE, word, cell_len(word), colour, look)]


def _shapes(sign: str, x: float, y: float, colour: str) -> Iterator[Ink]:
    """A character as shapes; none where it is text."""
    if sign in SIGNS:
        path, stroked = SIGNS[sign]
        yield Shape(moved(path, x, y), colour, stroked)
    elif 0x2800 < ord(sign) < 0x2900:
        bits = ord(sign) - 0x2800
        for place, (across, down) in enumerate(BRAILLE):
            if bits >> place & 1:
                yield Box(x + 1 + 4 * across, y + 1.125 + 4.25 * down, 2, 2, colour)
    else:
        for left, top, width, height in _boxes(sign):
            yield Box(x + left, y + top, width, height, colour)


def _boxes(sign: str) -> Iterator[tuple[float, float, float, float]]:
    """The rectangles of a block or a line, in its cell."""
    if sign in LOWER:
        height = LINE * (LOWER.index(sign) + 1) / 8
        yield 0, LINE - height, CELL, height
    elif sign in EIGHTHS:
        yield 0, 0, CELL * (EIGHTHS.index(sign) + 1) / 8, LINE
    elif sign == "▀":
        yield 0, 0, CELL, MIDDLE_Y
    elif sign == "▐":
        yield MIDDLE_X, 0, MIDDLE_X, LINE
    elif sign == "▕":
        yield CELL * 7 / 8, 0, CELL / 8, LINE
    else:
        yield from _lines(sign)


def _lines(sign: str) -> Iterator[tuple[float, float, float, float]]:
    """The arms of a line, as its name in Unicode says which there are and how thick each is."""
    arms = _arms(unicodedata.name(sign, ""))
    double = {arm for arm, kind in arms.items() if kind == "DOUBLE"}
    for arm, kind in arms.items():
        thick = THICK[kind]
        across = {"LEFT", "RIGHT"} if arm in ("UP", "DOWN") else {"UP", "DOWN"}
        for aside in (-APART, APART) if kind == "DOUBLE" else (0.0,):
            over = APART + thick / 2 if double & across else thick / 2
            yield _arm(arm, aside, thick, over)


def _arm(arm: str, aside: float, thick: float, over: float) -> tuple[float, float, float, float]:
    """From an edge of the cell to a little over its middle."""
    long = (MIDDLE_X if arm in ("LEFT", "RIGHT") else MIDDLE_Y) + over
    match arm:
        case "LEFT":
            return 0, MIDDLE_Y + aside - thick / 2, long, thick
        case "RIGHT":
            return CELL - long, MIDDLE_Y + aside - thick / 2, long, thick
        case "UP":
            return MIDDLE_X + aside - thick / 2, 0, thick, long
        case _:
            return MIDDLE_X + aside - thick / 2, LINE - long, thick, long


def _arms(name: str) -> Mapping[str, str]:
    """BOX DRAWINGS DOWN LIGHT AND RIGHT HEAVY: where there are arms, and how thick each is."""
    if not name.startswith("BOX DRAWINGS "):
        return {}
    words = name.removeprefix("BOX DRAWINGS ").split()
    both = {"HORIZONTAL": ("LEFT", "RIGHT"), "VERTICAL": ("UP", "DOWN")}
    arms: dict[str, str] = {}
    kind = words[0] if words[0] in THICK else ""
    for place, word in enumerate(words):
        behind = words[place + 1] if place + 1 < len(words) else ""
        if word in THICK and (place == 0 or words[place - 1] == "AND"):
            kind = word
        for arm in both.get(word, (word,) if word in ("LEFT", "RIGHT", "UP", "DOWN") else ()):
            arms[arm] = behind if behind in THICK else kind
    return arms


def moved(path: str, x: float, y: float) -> str:
    """A path of absolute M, L, H, V and Q and of relative l, h, v and a, somewhere else."""
    out = []
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        values = [float(each) for each in re.findall(r"-?(?:\d*\.\d+|\d+)", numbers)]
        if command in "MLQ":
            values = [value + (y if place % 2 else x) for place, value in enumerate(values)]
        elif command in "HV":
            values = [value + (y if command == "V" else x) for value in values]
        out.append(command + " ".join(map(number, values)))
    return "".join(out)


def number(value: float) -> str:
    """In as few characters as say it to a hundredth."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
