"""Small multiples: where pictures of one kind stand side by side, so that each has as much of the room as it can use.

Only sizes are known here. Pictures keep their order and stand in as many rows as show most of them best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradstep.tui.text.drawing import Area

APART = 2  # cells between two pictures


@dataclass(frozen=True)
class Wanted:
    """The least room for a picture, and as much as it can well use. blocks: in less of it a cell stands for a block."""

    least_width: int
    width: int
    least_height: int
    height: int
    blocks: bool = False


def arranged(wanted: Sequence[Wanted], width: int, height: int) -> list[Area]:
    """The areas of the pictures; fewer than there are pictures where there is no room for the last ones."""
    for count in range(len(wanted), 0, -1):
        best: tuple[float, list[Area]] = (0.0, [])
        for rows in range(1, count + 1):
            areas = _in_rows(wanted[:count], rows, width, height)
            worth = sum(_worth(want, area) for want, area in zip(wanted, areas, strict=False))
            if areas and worth > best[0] + 1e-9:
                best = worth, areas
        if best[1]:
            return best[1]
    return []


def _worth(want: Wanted, area: Area) -> float:
    """How much of a picture is seen in an area, as a share of all of it."""
    if want.blocks:
        return 1 / (-(-want.width // area.width) * -(-want.height // area.height))
    return min(1.0, area.width / want.width) * min(1.0, area.height / want.height)


def _in_rows(wanted: Sequence[Wanted], rows: int, width: int, height: int) -> list[Area]:
    """The areas in so many rows; none where they do not fit."""
    ends = [round(len(wanted) * (row + 1) / rows) for row in range(rows)]
    lines = [wanted[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    least = [max(want.least_height for want in line) for line in lines]
    heights = shared(least, [max(want.height for want in line) for line in lines], height)
    if not heights:
        return []
    areas: list[Area] = []
    y = 0
    for line, tall in zip(lines, heights, strict=True):
        room = width - APART * (len(line) - 1)
        widths = shared([want.least_width for want in line], [want.width for want in line], room)
        if not widths:
            return []
        x = 0
        for wide in widths:
            areas.append(Area(x, y, wide, tall))
            x += wide + APART
        y += tall
    return areas


def shared(least: Sequence[int], best: Sequence[int], room: int) -> list[int]:
    """A room shared out: to each its least, then in proportion to what it lacks of its best, then to all alike.

    Nothing where there is less room than all need.
    """
    rest = room - sum(least)
    if rest < 0:
        return []
    lacks = [max(0, want - has) for has, want in zip(least, best, strict=True)]
    given = min(rest, sum(lacks))
    more = _split(given, lacks) if given else [0] * len(least)
    spare = _split(rest - given, [has + extra for has, extra in zip(least, more, strict=True)])
    return [sum(parts) for parts in zip(least, more, spare, strict=True)]


def _split(amount: int, shares: Sequence[int]) -> list[int]:
    """An amount in proportion to shares, in whole numbers."""
    whole, done, parts = sum(shares) or 1, 0, list[int]()
    so_far = 0
    for share in shares:
        so_far += share
        upto = amount * so_far // whole
        parts.append(upto - done)
        done = upto
    return parts
