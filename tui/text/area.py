"""Rectangles of cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Area(NamedTuple):
    """A rectangle of cells: its top left corner, its width and its height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column past it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first line below it."""
        return self.y + self.height

    def grown(self, across: int, down: int) -> Area:
        """The area with so many cells more on its left and right, and lines above and below."""
        return Area(self.x - across, self.y - down, self.width + 2 * across, self.height + 2 * down)

    def contains(self, other: Area) -> bool:
        """Whether all of another area lies within this one."""
        inside_across = self.x <= other.x and other.right <= self.right
        return inside_across and self.y <= other.y and other.bottom <= self.bottom


def around(areas: Iterable[Area]) -> Area:
    """The smallest area that contains all of these, of which there is at least one."""
    known = list(areas)
    x, y = min(area.x for area in known), min(area.y for area in known)
    return Area(x, y, max(area.right for area in known) - x, max(area.bottom for area in known) - y)
