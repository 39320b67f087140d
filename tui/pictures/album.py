"""An album: pictures that one turns over, each drawn anew for a size and a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradstep.tui.text.page import Page


@dataclass(frozen=True)
class Album:
    """page(which, width, height) and text(which) are the picture and what can be read from it; `count` there are."""

    name: str
    count: int
    page: Callable[[int, int, int], Page]
    text: Callable[[int], Sequence[str]]


Albums = Callable[[], Sequence[Album]]
