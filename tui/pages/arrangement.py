"""Where the panels of the main screen stand, by its size and what each of them wants.

Wide and high enough, the program stands at the left and the net, the step and the tables beside it, one above the
other; very wide, figures, story and curve stand below the program, and what the picked number is made of and why the
step is so in a third column. In a small terminal the step stands above one other panel. A drawer takes a place of the
third column, or that of the tables, or that of the other panel.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gradstep.tui.text.drawing import Area

HEADER, FOOTER = "header", "footer"
PROGRAM, NET, STEP, TABLES, CURVE, NOTES, CHAIN = "program", "net", "step", "tables", "curve", "notes", "chain"
DRAWER, PICTURE = "drawer", "picture"
LITTLE, MUCH = "little", "much"  # that a drawer has to say
FIGURES, STORY, WHY = "figures", "story", "why"
LOWER = (TABLES, NET, PROGRAM, CURVE, NOTES)  # what may stand below the step in a small terminal, in this order

SMALL = 100, 32  # below this there is room for two panels
THREE_COLUMNS = 170
TIGHT = 44  # lines of a terminal below which the panels of the middle column share their edges
EDGES = 2  # lines of the header and of the footer
FRAME = 2  # cells and lines that the frame of a panel takes
CURVE_HEIGHT, LEAST_CURVE = 10, 7
NO_CURVE = 3  # lines of what stands in the place of a curve of less than two values
LEAST_BELOW_NOTES = 5  # lines of the curve where notes take some of them, so that the program keeps its own
NOTES_MOST = 9
LEAST_STEP, LEAST_LOWER, LEAST_NET = 6, 5, 5
GOOD_STEP = 10  # lines in which most steps have all of their notes, too
LEAST_FIGURES, LEAST_CHAIN = 5, 20

Heights = tuple[int, int]  # the least and the best number of lines


@dataclass(frozen=True)
class Wants:
    """What there is to show. heights: of the net, the step and the tables, frames included. program, notes: their lines
    without, 0 for none. most: the lines of the step, frame included, in which all of its arithmetic is written out.

    drawer_lines: what a drawer needs at most, without its frame, 0 for all there is; the tables keep what it leaves.
    begun: whether there are two values for a curve. figures: the lines of the list of figures, 0 for none; story: of
    what the scenario says of itself; why: of the pages on steps, in a third column where there is room.
    share: whether the drawer has little to say, or much.
    lower: what stands below the step in a small terminal; full: the one panel that has all the room, "" for none.
    """

    heights: Mapping[str, Heights]
    most: int = 0
    program: int = 0
    curve: bool = True
    begun: bool = True
    figures: int = 0
    story: int = 0
    why: int = 0
    notes: int = 0
    lower: str = TABLES
    drawer: bool = False
    drawer_lines: int = 0
    share: str = ""
    picture: bool = False
    full: str = ""


@dataclass(frozen=True)
class Arrangement:
    """The areas of the panels that are seen, frames included; the order is that of reading. open: the panels without a
    lower edge, which is the upper one of the panel below. tells_why: whether why the step is so has a panel of its own,
    which a drawer may cover.
    """

    areas: Mapping[str, Area] = field(default_factory=dict)
    open: Collection[str] = ()
    tells_why: bool = False

    def height(self, name: str) -> int:
        """The lines inside the frame of a panel."""
        return max(0, self.areas[name].height - FRAME + (name in self.open))

    def joins(self, name: str) -> bool:
        """Whether the upper edge of a panel is the lower one of the panel above."""
        area = self.areas[name]
        above = (self.areas[each] for each in self.open)
        return any(each.x == area.x and each.y + each.height == area.y for each in above)


def is_small(width: int, height: int) -> bool:
    """Whether there is room for two panels only."""
    return width < SMALL[0] or height < SMALL[1]


def shares_edges(width: int, height: int) -> bool:
    """Whether lines are so few that the lower edge of the net and of the step is the upper one of what stands below."""
    return not is_small(width, height) and height < TIGHT


def is_wide(width: int, height: int) -> bool:
    """Whether there is room for a third column."""
    return width >= THREE_COLUMNS and not is_small(width, height)


def program_width(width: int) -> int:
    """The cells of the left column, frame included."""
    return 42 if width >= THREE_COLUMNS else max(34, min(46, width * 38 // 120))


def middle_width(width: int) -> int:
    """The cells of the column with the net, the step and the tables."""
    rest = width - program_width(width)
    return rest if width < THREE_COLUMNS else max(96, rest * 66 // 100)


def third_width(width: int) -> int:
    """The cells of the third column, frame included; 0 where there is none."""
    return width - program_width(width) - middle_width(width)


def inner_width(width: int, height: int) -> int:
    """The cells inside the frames of the net, the step and the tables."""
    return (width if is_small(width, height) else middle_width(width)) - FRAME


def arrange(width: int, height: int, wants: Wants) -> Arrangement:
    """The areas for a terminal of a size, at least 3 lines high."""
    body = max(0, height - 2 * EDGES)
    above = min(EDGES, height)
    areas = {HEADER: Area(0, 0, width, above)}
    open: Collection[str] = ()
    place = Area(0, above, width, body)
    if wants.full:
        areas[wants.full] = place
    elif is_small(width, height):
        areas |= _small(place, wants)
    else:
        open = (NET, STEP) if shares_edges(width, height) and not wants.picture else ()
        areas |= _large(place, wants, open)
    areas[FOOTER] = Area(0, above + body, width, min(EDGES, height - above))
    tells_why = is_wide(width, height) and bool(_why_lines(body, wants)) and not wants.full
    return Arrangement(areas, open, tells_why)


def _small(place: Area, wants: Wants) -> dict[str, Area]:
    """The step above a drawer or another panel; where there is no room for both, one of them."""
    below = DRAWER if wants.drawer else wants.lower
    above = PICTURE if wants.picture else STEP
    if place.height < LEAST_STEP + LEAST_LOWER or (wants.picture and not wants.drawer):
        return {below if wants.drawer else above: place}
    step, lower = wants.heights[STEP], place.height * 3 // 5
    if wants.drawer and wants.drawer_lines:
        lower = min(wants.drawer_lines + FRAME, place.height - LEAST_STEP)
    elif below == TABLES:
        lower = min(wants.heights[TABLES][0], place.height - LEAST_STEP)
    spare = 0 if wants.drawer and wants.drawer_lines else place.height - lower - step[1]
    lower = min(lower + max(0, spare), place.height - LEAST_STEP)
    return _stacked(place, ((above, place.height - lower), (below, lower)))


def _large(place: Area, wants: Wants, open: Collection[str]) -> dict[str, Area]:
    """Two columns or three."""
    left = program_width(place.width)
    middle = middle_width(place.width)
    three = left + middle < place.width
    column = Area(place.x, place.y, left, place.height)
    parts = _below_program(place.height, wants, wide=three)
    areas = _stacked(column, ((PROGRAM, place.height - sum(lines for _, lines in parts)), *parts))
    beside = Area(left, place.y, middle, place.height)
    if wants.picture:
        return areas | _pictured(beside._replace(width=place.width - left), wants, beside=three)
    areas |= _stacked(beside, _shares(place.height, wants, open, drawer=wants.drawer and not three))
    if three:
        areas |= _third(Area(left + middle, place.y, place.width - left - middle, place.height), wants)
    return areas


def _below_program(height: int, wants: Wants, *, wide: bool) -> list[tuple[str, int]]:
    """What stands below the program and its lines: notes, the figures, the story and the curve."""
    parts = [(NOTES, min(NOTES_MOST, wants.notes + FRAME))] if wants.notes else []
    spare = height - sum(lines for _, lines in parts) - wants.program - FRAME
    if wide and wants.figures:
        most = min(spare - CURVE_HEIGHT, spare * 3 // 5) if wants.curve else spare
        figures = min(wants.figures + FRAME, most)
        if figures >= LEAST_FIGURES:
            parts.append((FIGURES, figures))
            spare -= figures
    story = wants.story + FRAME
    if wide and wants.story and spare - story >= (CURVE_HEIGHT if wants.curve else 0):
        parts.append((STORY, story))
        spare -= story
    if wants.curve:
        least = LEAST_BELOW_NOTES if wants.notes else LEAST_CURVE
        if not wants.begun and spare < least:
            parts.append((CURVE, NO_CURVE))  # the program's last lines are worth more
        else:
            parts.append((CURVE, max(least, spare if wide else min(CURVE_HEIGHT, spare))))
    return parts


def _pictured(place: Area, wants: Wants, *, beside: bool) -> dict[str, Area]:
    """A picture in the place of the panels, and a drawer beside or below it."""
    if not wants.drawer:
        return {PICTURE: place}
    if not beside:
        lines = place.height * 2 // 5
        return _stacked(place, ((PICTURE, place.height - lines), (DRAWER, lines)))
    cells = place.width * 36 // 100
    picture = place._replace(width=place.width - cells)
    return {PICTURE: picture, DRAWER: Area(place.x + picture.width, place.y, cells, place.height)}


def _third(place: Area, wants: Wants) -> dict[str, Area]:
    """The third column: what the picked number is made of, and below it why the step is so.

    A drawer takes the place of the one, or, where it has little to say, of the other, or where it has much, of both.
    """
    why = _why_lines(place.height, wants)
    if not why or (wants.drawer and wants.share == MUCH):
        return {DRAWER if wants.drawer else CHAIN: place}
    drawn = (CHAIN, DRAWER) if wants.share == LITTLE else (DRAWER, WHY)
    above, below = drawn if wants.drawer else (CHAIN, WHY)
    return _stacked(place, ((above, place.height - why), (below, why)))


def _why_lines(height: int, wants: Wants) -> int:
    """The lines of the panel on why the step is so, in a third column; 0 where it would leave too few."""
    lines = wants.why + FRAME
    return lines if wants.why and height - lines >= LEAST_CHAIN else 0


def _shares(height: int, wants: Wants, open: Collection[str], *, drawer: bool) -> list[tuple[str, int]]:
    """The lines of the net, the step and the tables, or of a drawer in the place of these.

    Each has its least, and the step enough for its notes; then the tables, the step and the net grow as far as is best
    for them, the step to where it has nothing more to say; the net takes the rest.
    """
    names = (NET, STEP, TABLES)
    least, best = ({name: wants.heights[name][end] - (name in open) for name in names} for end in (0, 1))
    least[STEP] = min(max(least[STEP], LEAST_STEP), height - LEAST_LOWER - LEAST_NET)
    least[NET] = min(least[NET], height - least[STEP] - LEAST_LOWER)
    least[TABLES] = min(least[TABLES], max(LEAST_LOWER, height - least[NET] - least[STEP]))
    lines = dict(least)
    spare = height - sum(lines.values())
    good, most = (value - (STEP in open) for value in (GOOD_STEP, wants.most))
    growing = ((STEP, min(good, best[STEP])), *((name, best[name]) for name in (TABLES, STEP, NET)), (STEP, most))
    for name, wanted in growing:
        more = max(0, min(spare, wanted - lines[name]))
        lines[name] += more
        spare -= more
    lines[NET if spare > 0 else STEP] += spare
    if not drawer:
        return list(lines.items())
    taken = lines.pop(TABLES)
    needed = min(taken, wants.drawer_lines + FRAME) if wants.drawer_lines else taken
    left = taken - needed
    return [
        *lines.items(),
        (DRAWER, needed + (left if left < LEAST_LOWER else 0)),
        *([(TABLES, left)] if left >= LEAST_LOWER else []),
    ]


def _stacked(place: Area, parts: Sequence[tuple[str, int]]) -> dict[str, Area]:
    """Areas one above the other."""
    areas: dict[str, Area] = {}
    y = place.y
    for name, lines in parts:
        areas[name] = Area(place.x, y, place.width, lines)
        y += lines
    return areas
