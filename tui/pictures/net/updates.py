"""What becomes of the weights of a bundle of wires: old→new on each, all in as many digits as there is room for."""

from __future__ import annotations

from collections.abc import Mapping

from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.look import BRIEF, Look, brief
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.text.glyphs import Mark
from gradstep.tui.text.grid import Piece

BECOMES = Mark("→", "->")
PAIR = 13  # cells of two numbers of four decimals: 0.1234→0.1235, -.1234→-.1235
MOST_CELLS = 12  # of a number
Pairs = Mapping[tuple[int, int], tuple[str, str]]


def pairs_of(look: Look, layer: Layer, cells: int) -> Pairs:
    """By wire the old and the new number in at most so many cells together; none where not all have room.

    Where it takes that, the 0 before a point is left out.
    """
    old, new = look.array(layer.W), look.array(look.becomes(layer.W))
    if old is None or new is None:
        return {}
    rows, columns = old.shape
    indices = [(source, target) for source in range(rows) for target in range(columns)]
    room = cells - len(BECOMES.drawn(ascii=look.ascii))
    for shortened in (False, True):
        for width in range(MOST_CELLS, BRIEF - 1, -1):
            texts = [tuple(_short(float(each[index]), width, shortened) for each in (old, new)) for index in indices]
            if all(len(one) + len(other) <= room for one, other in texts):
                return {index: (one, other) for index, (one, other) in zip(indices, texts, strict=True)}
    return {}


def _short(value: float, width: int, shortened: bool) -> str:
    """A number without the blank of its sign and, shortened, without the 0 before its point."""
    text = brief(value, width).strip()
    return text.replace("0.", ".", 1) if shortened and text.lstrip("-").startswith("0.") else text


def draw_pair(
    board: Board,
    look: Look,
    layer: Layer,
    index: tuple[int, int],
    texts: tuple[str, str],
    at: tuple[int, int],
    cells: int,
) -> None:
    """Both numbers of a wire in so many cells, and a blank behind them where there is one left."""
    x, row = at
    between = BECOMES.drawn(ascii=look.ascii)
    symbols = layer.W, look.becomes(layer.W)
    (_, (_, old)), (_, (_, new)) = (look.number(symbol, index, BRIEF) for symbol in symbols)
    key = look.phase if look.touch(symbols[1], index) == "written" else "quiet"
    pieces: list[Piece] = [(texts[0], old), (between, key), (texts[1], new)]
    second = x + len(texts[0]) + len(between)
    if second + len(texts[1]) < x + cells:
        pieces.append((" ", "space"))
    board.text(x, row, pieces)
    board.hit(x, row, len(texts[0]), Element(symbols[0], index))
    board.hit(second, row, len(texts[1]), Element(symbols[1], index))
