"""An album: pictures that one turns over, each drawn anew for a size and a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradstep.engine.program.positions import Position
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Page


@dataclass(frozen=True)
class Album:
    """page(which, width, height) and text(which) are the picture and what can be read from it; `count` there are."""

    name: str
    count: int
    page: Callable[[int, int, int], Page]
    text: Callable[[int], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Shelf:
    """All albums of a moment, where that is, and how names are written."""

    albums: Sequence[Album]
    position: Position
    notation: Notation
