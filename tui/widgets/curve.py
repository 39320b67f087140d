"""The loss so far, as a curve of dots: `curve_lines` with styles, kept until there are other losses or another size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from gradstep.tui.pages.curve import Losses, curve_lines
from gradstep.tui.text.grid import Piece, crop


class Curve(Widget):
    """Shows losses as a curve. `show` replaces them."""

    ALLOW_SELECT = False

    STYLE_KEYS = ("caption", "axis", "curve", "cursor", "nonfinite", "space")
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"curve--{key}" for key in STYLE_KEYS}

    DEFAULT_CSS = """
    Curve {
        height: 8;

        & > .curve--caption { color: $foreground; }  /* the line above: the iteration and its loss */
        & > .curve--axis { color: $text-muted; }  /* the ends of both axes */
        & > .curve--curve { color: $text-primary; }
        & > .curve--cursor { color: $text-accent; text-style: bold; }  /* the upright line at its iteration */
        & > .curve--nonfinite { color: $text-error; text-style: bold; }  /* where the loss is no finite number */
    }
    """

    def __init__(self, *, ascii: bool = False, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._ascii = ascii
        self._losses = Losses(np.empty(0))
        self._captions: Sequence[str] = ()
        self._lines: list[list[Piece]] = []
        self._lines_size = Size(0, 0)

    def show(self, losses: Losses, captions: Sequence[str] = ()) -> None:
        """Replace the losses; see `curve_lines`. Nobody may write to the arrays afterwards."""
        self._losses, self._captions = losses, captions
        self._lines = []
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line, from those drawn for the present losses and size."""
        size = self.size
        if not self._lines or size != self._lines_size:
            self._lines_size = size
            self._lines = curve_lines(self._losses, size.width, size.height, captions=self._captions, ascii=self._ascii)
        pieces = self._lines[y] if y < len(self._lines) else crop((), 0, size.width)
        segments = [Segment(text, self.get_component_rich_style(f"curve--{key}")) for text, key in pieces]
        return Strip(segments, size.width)
