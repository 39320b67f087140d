"""How lines find their way between two columns: the row where each leaves its box, and which track it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Routes:
    """Where each source's line leaves its box, and its track, counted from the left."""

    exits: tuple[int, ...]
    tracks: tuple[int, ...]

    def without_straight(self, ports: Mapping[int, int]) -> Routes:
        """Lines that go straight on need no track: theirs is −1 then. Those that never meet share one."""
        bent = {source for row, source in ports.items() if self.exits[source] != row}
        rows = {source: [self.exits[source], *(row for row, of in ports.items() if of == source)] for source in bent}
        tracks = [-1] * len(self.exits)
        done: list[int] = []
        for source in sorted(bent, key=lambda source: self.tracks[source]):
            low, high = min(rows[source]), max(rows[source])
            met = (tracks[other] for other in done if min(rows[other]) <= high and max(rows[other]) >= low)
            tracks[source] = max(met, default=-1) + 1
            done.append(source)
        return Routes(self.exits, tuple(tracks))


def find_routes(
    candidates: Sequence[Sequence[int]], ports: Mapping[int, int], closed: frozenset[int] = frozenset()
) -> Routes | None:
    """Tracks such that no two lines lie on one another; None where there are none.

    candidates: for each source the rows where it may leave, best first. ports: row → the source that goes on there.
    closed: rows that are taken all the way from the first track.
    """
    exits = tuple(_exit(source, rows, ports, closed) for source, rows in enumerate(candidates))
    # A line that goes in where another goes on has to end before the other begins.
    after = {source: ports[row] for source, row in enumerate(exits) if ports.get(row, source) != source}
    waiting = list(range(len(exits)))
    order: list[int] = []
    while waiting:
        blocked = {after.get(source) for source in waiting}
        ready = next((source for source in waiting if source not in blocked), None)
        if ready is None:
            return None
        waiting.remove(ready)
        order.append(ready)
    return Routes(exits, tuple(order.index(source) for source in range(len(exits))))


def _exit(source: int, rows: Sequence[int], ports: Mapping[int, int], closed: frozenset[int]) -> int:
    """The first row that is open and where no earlier source goes on, or the first that is open, or the first."""
    is_open = [row for row in rows if row not in closed]
    undisturbed = [row for row in is_open if ports.get(row, source) >= source]
    return [*undisturbed, *is_open, *rows][0]


def nearest_first(rows: range, row: int) -> list[int]:
    """The rows by their distance from one of them."""
    return sorted(rows, key=lambda each: abs(each - row))
