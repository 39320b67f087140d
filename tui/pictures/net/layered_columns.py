"""A layer in a certain detail: what is written in its boxes and on the lines into it, and how much room it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

from rich.cells import cell_len

from gradstep.tui.pictures.net.layered import Layer, Unit, Weight
from gradstep.tui.pictures.net.writing import MARKS, Figure, cells, mark, number_piece, plain, shortened
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import net as words

SIGNS = {"+": "⊕", "-": "⊖"}  # of a weight where there is no room for its number
UNKNOWN_SIGN = "?"  # of NaN
BIAS_SIGN = "b"  # where a bias begins, or before it in the box of its unit


class Label(IntEnum):
    """How much is written on the line of a weight, each more than the one before."""

    SIGN = 0
    VALUE = 1
    NAME = 2
    GRADIENT = 3


@dataclass(frozen=True)
class Detail:
    """How much is written. digits: 3 for the fewest; pitch: cells from track to track; name: the most cells of one."""

    digits: int
    label: Label
    pitch: int
    name: int

    @property
    def number_width(self) -> int:
        """Cells that a number usually takes, with its sign and the point or an exponent."""
        return max(4, self.digits) + 6


DETAILS = (
    *(Detail(digits, Label.GRADIENT, 2, 16) for digits in (6, 5, 4)),
    *(Detail(digits, Label.NAME, 2, 14) for digits in (6, 5, 4)),
    *(Detail(digits, Label.VALUE, 2, 12) for digits in (6, 5, 4)),
    *(Detail(3, label, pitch, name) for label in (Label.VALUE, Label.SIGN) for pitch in (2, 1) for name in (16, 12, 8)),
)
"""The most first."""


@dataclass(frozen=True)
class Entry:
    """The line of a weight where it comes into a box, in a row of the picture, and what is written on it.

    lit: whether the step writes or reads what it carries; strength: how heavy it is.
    """

    weight: Weight
    label: tuple[Piece, ...]
    lit: str
    strength: int
    row: int

    @property
    def style(self) -> str:
        """That of the number on it."""
        if self.lit:
            return MARKS[self.lit][1]
        return next((key for _, key in self.label if key in ("positive", "negative")), "dim")


@dataclass(frozen=True, eq=False)
class Column:
    """A layer in a detail. sources: units shown of the layer before; room: lines that it should fit in."""

    layer: Layer
    notation: Notation
    detail: Detail
    sources: int
    room: int

    # Its boxes

    @cached_property
    def _boxes(self) -> tuple[tuple[tuple[Piece, ...], ...], ...]:
        """For each unit the lines of its box."""
        return tuple(self._box(number, unit) for number, unit in enumerate(self.layer.units))

    def _box(self, number: int, unit: Unit) -> tuple[tuple[Piece, ...], ...]:
        figures = list(unit.figures)
        if self.layer.is_weighted and self.detail.label == Label.SIGN:
            bias = next(weight for weight in self.layer.weights if weight.target == number and weight.is_bias)
            slope = self._slope_sign if self.carries_gradient(bias) else ""
            figures.append(replace(self._carried(bias), sign=f"{slope}{BIAS_SIGN}"))
        lines: list[tuple[Piece, ...]] = [((f" {shortened(unit.name, self.detail.name, self.notation)} ", "label"),)]
        for figure in figures:
            number_text = number_piece(figure.value, figure.lit, self.detail.digits, self.notation)
            lines.append((mark(figure.lit, self.notation), (f"{figure.sign} ", "heading"), number_text))
        return tuple(lines)

    @property
    def more(self) -> str:
        """The text in place of the units that are left out."""
        if not self.layer.left_out:
            return ""
        return plain(f"⋮ {words.MORE.format(count=self.layer.left_out)}", self.notation)

    def inside(self, number: int) -> list[list[Piece]]:
        """The lines of a unit's box as they are drawn, all equally wide."""
        box = self._boxes[number]
        blank = ((),) * (self.heights[number] - len(box))
        return [crop(line, 0, self._inner) for line in (*box, *blank)]

    # The room they take

    @cached_property
    def _inner(self) -> int:
        """Cells inside the boxes: as many as a number usually takes, so that little moves while stepping."""
        widest = max(cells(line) for box in self._boxes for line in box)
        return max(widest, self.detail.number_width, cell_len(self.more) - 2)

    @property
    def width(self) -> int:
        """Cells of the boxes with their edges."""
        return self._inner + 2

    @cached_property
    def heights(self) -> tuple[int, ...]:
        """Lines of each box."""
        wired = 0
        if self.layer.weights and not self.is_crossed:
            wired = self._port_rows[-1] + (1 if self.layer.is_weighted else 2)
        return tuple(max(3, len(box), wired) for box in self._boxes)

    @property
    def height(self) -> int:
        """Lines it takes with its boxes close together."""
        return sum(self.heights) + (1 if self.layer.left_out else 0)

    def tops(self, total: int) -> tuple[int, ...]:
        """The first row of each box, the column in the middle of `total` rows."""
        gaps = len(self._boxes) - 1
        apart = min(2, (total - self.height) // gaps) if gaps else 0
        y = (total - self.height - gaps * apart) // 2
        tops = []
        for number, height in enumerate(self.heights):
            if self.layer.left_out and number == gaps:
                y += 1
            tops.append(y)
            y += height + apart
        return tuple(tops)

    # The lines into them

    @property
    def _ports(self) -> int:
        """Lines into each box if each goes in by itself."""
        return self.sources + (1 if self.layer.is_weighted and self.detail.label > Label.SIGN else 0)

    @cached_property
    def is_crossed(self) -> bool:
        """Whether there are so many lines that all into one unit share one, crossing the tracks."""
        tall = sum(max(len(box), self._ports) for box in self._boxes)
        return self.layer.is_weighted and self._ports > 3 and tall + len(self._boxes) - 1 > self.room

    @cached_property
    def _port_rows(self) -> tuple[int, ...]:
        """Rows of a box where lines come in, its top being 0; the bias has the last."""
        if not self.layer.is_weighted:
            return tuple(range(2, 2 + self.sources))
        if self.is_crossed or self._ports == 2:
            return (0, 2)
        return tuple(range(self._ports)) if self._ports > 1 else (1,)

    def _port_row(self, weight: Weight) -> int:
        if weight.is_bias:
            return self._port_rows[-1]
        return self._port_rows[0 if self.is_crossed else weight.source]

    def entries(self, tops: Sequence[int]) -> list[Entry]:
        """All lines that come in where the boxes begin at `tops`."""
        return [
            Entry(
                weight,
                label,
                self._carried(weight).lit,
                weight.gradient_strength if self.carries_gradient(weight) else weight.strength,
                tops[weight.target] + self._port_row(weight),
            )
            for weight, label in zip(self.layer.weights, self._labels, strict=True)
        ]

    def carries_gradient(self, weight: Weight) -> bool:
        """Whether a line with room for one of both carries the gradient: it is what the step works on."""
        has_both = self.detail.label == Label.GRADIENT and (weight.is_bias or not self.is_crossed)
        return weight.is_about_gradient and not has_both

    def _carried(self, weight: Weight) -> Figure:
        """The number that the line of a weight carries."""
        return weight.gradient if self.carries_gradient(weight) else weight.number

    @cached_property
    def _labels(self) -> tuple[tuple[Piece, ...], ...]:
        """The label of each line: name, number, gradient, as far as there is room."""
        return tuple(self._label(weight) for weight in self.layer.weights)

    def _label(self, weight: Weight) -> tuple[Piece, ...]:
        detail, carried = self.detail, self._carried(weight)
        if not self.layer.is_weighted or (weight.is_bias and detail.label == Label.SIGN):
            return ()
        slope: list[Piece] = [(self._slope_sign, "heading")] if self.carries_gradient(weight) else []
        text, usual = number_piece(carried.value, "", detail.digits, self.notation)
        sign = text[0] if carried.value else ""
        key = {"+": "positive", "-": "negative"}.get(sign, usual) if usual == "number" else usual
        key = MARKS[carried.lit][1] if carried.lit else key
        if self.is_crossed and not weight.is_bias:
            return ((self._sign_of_weight(sign), key),)
        if detail.label == Label.SIGN:
            sign = self._sign_of_weight(sign)
            return (*slope, (f"({sign})" if self.notation.ascii else sign, key))
        pieces: list[Piece] = [*slope, (text, key)]
        if detail.label >= Label.NAME:
            pieces.insert(0, (shortened(weight.number.name, detail.name, self.notation) + " ", "label"))
        if detail.label >= Label.GRADIENT:
            number = number_piece(weight.gradient.value, weight.gradient.lit, detail.digits, self.notation)
            pieces += [mark(weight.gradient.lit, self.notation), (self._slope_sign, "heading"), number]
        return tuple(pieces)

    @property
    def has_signs(self) -> bool:
        """Whether signs stand for the numbers of weights."""
        return self.is_crossed or (self.layer.is_weighted and self.detail.label == Label.SIGN)

    def _sign_of_weight(self, sign: str) -> str:
        """The sign of a weight that is not written as a number; "" for 0."""
        return plain({"": "0", **SIGNS}.get(sign, UNKNOWN_SIGN), self.notation)

    @property
    def _slope_sign(self) -> str:
        return plain("∂", self.notation)

    @cached_property
    def label_width(self) -> int:
        """Cells of the widest label with the line around it, as wide as a number usually is."""
        if not self.layer.is_weighted:
            return 0
        pairs = zip(self.layer.weights, self._labels, strict=True)
        usual = self.detail.number_width if self.detail.label == Label.VALUE else 1
        before_boxes = [label for weight, label in pairs if label and (weight.is_bias or not self.is_crossed)]
        return max([usual, *(cells(label) + 3 for label in before_boxes)])

    @property
    def pitch(self) -> int:
        """Cells from one track to the next."""
        return self.detail.pitch + (1 if self.is_crossed else 0)

    @property
    def first_track(self) -> int:
        """Cells before the first track."""
        return 2 if self.is_crossed else 1 if self.sources and self.pitch > 1 else 0

    @property
    def gap(self) -> int:
        """Cells between the boxes before and these."""
        if not self.layer.weights:
            return 0
        return self.pitch * self.sources + self.label_width + (2 if self.is_crossed else 0)
