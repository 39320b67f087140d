"""The main screen as one drawing: every panel made for the workbench as it is now, framed, in its place.

A size and a workbench make a `Stage`; no widget is needed for it. What a panel shows is for the pages and pictures;
which of them are seen, and where, for `pages.arrangement`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gradstep.engine.stops.stops import PHASE, STEP
from gradstep.tui.debugger import panels, third_column
from gradstep.tui.debugger.curve import drawn_curve
from gradstep.tui.debugger.drawing import pictured
from gradstep.tui.debugger.figures import hint
from gradstep.tui.debugger.health import health_badge
from gradstep.tui.debugger.registry import footer_groups
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages import arrangement as places
from gradstep.tui.pages.arrangement import Arrangement, Wants, arrange, inner_width
from gradstep.tui.pages.figure_panel import figure_count, figure_panel
from gradstep.tui.pages.figures import badge, figure_lines
from gradstep.tui.pages.footer import keys_line, legend, message_lines
from gradstep.tui.pages.header import header
from gradstep.tui.pages.layers.tables import layer_heights, layer_tables
from gradstep.tui.pages.notes import notes_page
from gradstep.tui.pages.program import program_height, program_panel
from gradstep.tui.pages.step import WHY, line_width, step_heights, step_most, step_panel
from gradstep.tui.pages.story import story_page
from gradstep.tui.pictures.net.panel import net_heights, net_panel
from gradstep.tui.text.drawing import Area, Drawing, Panel, Pieces, drawn, framed, placed
from gradstep.tui.text.page import Line
from gradstep.tui.words import debugger as words


@dataclass(frozen=True, eq=False)
class Stage:
    """The whole screen, and the areas of its panels. uncovered: the same where a long message covers nothing."""

    drawing: Drawing
    areas: Mapping[str, Area]
    uncovered: Drawing

    def panel_at(self, x: int, y: int) -> str | None:
        """The panel that a cell belongs to."""
        return next((name for name, area in self.areas.items() if area.holds(x, y)), None)


def stage(bench: Workbench, width: int, height: int) -> Stage:
    """The screen of a workbench."""
    arrangement = arrange(width, height, _wants(bench, width, height))
    areas = dict(arrangement.areas)
    parts: list[tuple[int, int, Drawing]] = []
    for name, area in areas.items():
        if area.width and area.height:
            parts.append((area.x, area.y, _drawn(bench, name, arrangement)))
    whole = placed(width, height, parts)
    return Stage(_told(bench, whole), areas, whole)


def retold(before: Stage, bench: Workbench) -> Stage:
    """The same screen with another message: nothing else has changed."""
    whole, area = before.uncovered, before.areas[places.FOOTER]
    footer = _footer(bench, area.width, area.height)
    whole = Drawing(whole.width, (*whole.lines[: area.y], *footer.lines), whole.hits)
    return Stage(_told(bench, whole), before.areas, whole)


def _wants(bench: Workbench, width: int, height: int) -> Wants:
    present = panels.present(bench)
    heights = _heights(bench, inner_width(width, height), joined=places.shares_edges(width, height))
    return Wants(
        heights,
        most=heights[STEP_MOST][1],
        program=program_height(bench.moment, bench.view, places.program_width(width) - places.FRAME),
        curve=places.CURVE in present,
        begun=panels.curve_begins(bench),
        figures=figure_count(bench.moment.figures.all, bench.view.notation),
        story=_story_height(bench, width, height),
        why=_why_height(bench, width, height),
        notes=len(_notes(bench, places.program_width(width) - places.FRAME)) if places.NOTES in present else 0,
        lower=panels.lower(bench),
        drawer=bench.drawer is not None,
        drawer_lines=bench.drawer.lines if bench.drawer is not None else 0,
        share=bench.drawer.share if bench.drawer is not None else "",
        picture=bench.picture != "",
        full=bench.focus if bench.full else "",
    )


def _drawn(bench: Workbench, name: str, arrangement: Arrangement) -> Drawing:
    """A panel in its frame; the header and the footer have none."""
    area = arrangement.areas[name]
    if name in EDGES:
        return _cut(EDGES[name](bench, area.width, area.height), area)
    joined, open = arrangement.joins(name), name in arrangement.open
    if name == places.TABLES:
        return _tables(bench, area, joined=joined)
    width, height = area.width - places.FRAME, arrangement.height(name)
    among = AMONG_OTHERS.get(name)
    panel = among(bench, width, height, arrangement) if among is not None else PANELS[name](bench, width, height)
    ascii, focus = bench.view.notation.ascii, name == bench.focus
    edge = _phase(bench) if joined and name != places.STEP and not focus else ""
    return _cut(framed(panel, focus=focus, ascii=ascii, joined=joined, open=open, edge=edge), area)


def _phase(bench: Workbench) -> str:
    """The colour of the step's frame, the lower edge of which may be another panel's upper one."""
    return str(bench.moment.step.phase) if bench.moment.step else ""


def _cut(drawing: Drawing, area: Area) -> Drawing:
    return drawing if drawing.height == area.height else drawn(drawing.lines, area.width, area.height, drawing.hits)


def _tables(bench: Workbench, area: Area, *, joined: bool) -> Drawing:
    """The boxes of the layers, one above the other. joined: they share their edges, with what stands above, too."""
    parts: list[tuple[int, int, Drawing]] = []
    y = 0
    boxes = _boxes(bench, area.width - places.FRAME, area.height, joined=joined)
    ascii, focus = bench.view.notation.ascii, bench.focus == places.TABLES
    for at, panel in enumerate(boxes, 1):
        is_last = at == len(boxes)
        whole = _lengthened(panel, area.height - y - places.FRAME) if is_last else panel
        edge = _phase(bench) if joined and at == 1 and not focus else ""
        box = framed(whole, focus=focus, ascii=ascii, joined=joined, open=joined and not is_last, edge=edge)
        parts.append((0, y, box))
        y += box.height
    return placed(area.width, area.height, parts)


def _lengthened(panel: Panel, height: int) -> Panel:
    """A panel whose frame goes as far down as those beside it."""
    inside = panel.inside
    return replace(panel, inside=drawn(inside.lines, inside.width, max(inside.height, height), inside.hits))


def _told(bench: Workbench, drawing: Drawing) -> Drawing:
    """A message that takes more than a line covers what stands above the last ones."""
    text, error = bench.message
    lines = message_lines(text, drawing.width, error=error) if text else []
    if len(lines) < 2 or drawing.height < len(lines) + 2:
        return drawing
    above = drawing.height - 1 - len(lines)
    return Drawing(drawing.width, (*drawing.lines[:above], *lines, drawing.lines[-1]), drawing.hits)


def _header(bench: Workbench, width: int, height: int) -> Drawing:
    figures, long = bench.moment.figures, width >= places.SMALL[0]
    counted = badge(figures.tally, bench.view.notation, expected=figures.expected, long=long)
    return header(bench.moment, bench.view, counted, health_badge(bench), width)


def _footer(bench: Workbench, width: int, height: int) -> Drawing:
    text, error = bench.message
    step = bench.moment.step
    if text:
        first = message_lines(text, width, error=error)[-1]
    else:
        first = legend(bench.view, step.phase if step else "text", hint(bench), width)
    groups = footer_groups(bench, wide=width >= places.SMALL[0])
    return drawn([first, keys_line(groups, width, ascii=bench.view.notation.ascii)], width, height)


def _program(bench: Workbench, width: int, height: int) -> Panel:
    marks = {stop.at: stop.enabled for stop in bench.timeline.stops if stop.kind in (STEP, PHASE)}
    return program_panel(bench.moment, bench.view, bench.selected, marks, width, height)


def _figures(bench: Workbench, width: int, height: int) -> Panel:
    return figure_panel(bench.moment, bench.view, width, height)


def _story_height(bench: Workbench, width: int, height: int) -> int:
    """The lines that the panel with the scenario's story wants; 0 where there is room for two panels only."""
    small = places.is_small(width, height)
    return 0 if small else len(_story(bench, places.program_width(width) - places.FRAME))


def _story(bench: Workbench, width: int) -> Sequence[Line]:
    return story_page(bench.moment.scenario, bench.view.notation, width - 2)


def _story_panel(bench: Workbench, width: int, height: int, arrangement: Arrangement) -> Panel:
    lines = _with_margin(_story(bench, width))
    foot = _rest(bench, places.STORY, len(lines) - height, arrangement)
    return Panel(((words.STORY, "text"),), drawn(lines, width, height), foot=foot)


def _why_height(bench: Workbench, width: int, height: int) -> int:
    """The lines that the panel on why the step is so wants; 0 where there is no third column, or a narrow one."""
    inside = places.third_width(width) - places.FRAME
    if not places.is_wide(width, height) or inside < third_column.LEAST_WHY:
        return 0
    return third_column.why_height(bench.moment.scenario, bench.view.notation, inside)


def _notes(bench: Workbench, width: int) -> Sequence[Sequence[tuple[str, str]]]:
    lines = notes_page(bench.moment, bench.timeline, bench.view.notation, width - 2)
    return _with_margin(lines)


def _with_margin(lines: Sequence[Line]) -> Sequence[Pieces]:
    return [((" ", "space"), *line.pieces) for line in lines]


def _notes_panel(bench: Workbench, width: int, height: int, arrangement: Arrangement) -> Panel:
    lines = _notes(bench, width)
    foot = _rest(bench, places.NOTES, len(lines) - height, arrangement)
    return Panel(((words.NOTES, "text"),), drawn(lines, width, height), foot=foot)


def _chain(bench: Workbench, width: int, height: int, arrangement: Arrangement) -> Panel:
    title, lines = third_column.chain(bench, width, height)
    foot = _rest(bench, places.CHAIN, len(lines) - height, arrangement)
    return Panel(title, drawn(lines, width, height), foot=foot)


def _why(bench: Workbench, width: int, height: int, arrangement: Arrangement) -> Panel:
    title, lines = third_column.why(bench, width, height)
    foot = _rest(bench, places.WHY, len(lines) - height, arrangement)
    return Panel(title, drawn(lines, width, height), foot=foot)


def _curve(bench: Workbench, width: int, height: int, arrangement: Arrangement) -> Panel:
    """The curve; as long as there is none, and where there is much room, below what is known the scenario's story."""
    panel = drawn_curve(bench, width, height)
    if panels.curve_begins(bench) or places.STORY in arrangement.areas or height < ROOM_FOR_STORY:
        return panel
    known = [line for line in panel.inside.lines if any(text.strip() for text, _ in line)]
    lines = [(), *known, (), *_with_margin(_story(bench, width))]
    return replace(
        panel, inside=drawn(lines, width, height), foot=_rest(bench, places.CURVE, len(lines) - height, arrangement)
    )


def _rest(bench: Workbench, name: str, more: int, arrangement: Arrangement) -> Drawing | None:
    """Where there is no room for all lines of a panel, how many more there are, and the keys that show them."""
    if more <= 0:
        return None
    keys = panels.keys_to(bench, name, arrangement.areas)
    text = bench.view.notation.sign(words.MORE_BY.format(more=words.MORE_LINES(more), key=keys))
    return drawn([((text, "quiet"),)], len(text), 1)


def _drawer(bench: Workbench, width: int, height: int) -> Panel:
    assert bench.drawer is not None, "there is one"
    return bench.drawer.panel(width, height, ascii=bench.view.notation.ascii)


def _net(bench: Workbench, width: int, height: int) -> Panel:
    if bench.full and bench.focus == places.NET:
        from gradstep.tui.pictures.net_and_weights import net_with_weights  # noqa: PLC0415 - not before the first frame

        return net_with_weights(bench.moment, bench.view, width, height)
    return net_panel(bench.moment, bench.view, width, height)


def _step(bench: Workbench, width: int, height: int, arrangement: Arrangement) -> Panel:
    """Without the note on why that another panel tells in full."""
    elsewhere = (WHY,) if arrangement.tells_why else ()
    figures = partial(figure_lines, bench.moment, bench.view.notation, line_width(width))
    return step_panel(bench.moment, bench.view, width, height, figures, elsewhere)


def _boxes(bench: Workbench, width: int, height: int, *, joined: bool) -> Sequence[Panel]:
    return layer_tables(bench.moment, bench.view, width, height, panels.beside(bench), joined=joined)


def _with_frame(heights: tuple[int, int]) -> tuple[int, int]:
    return heights[0] + places.FRAME, heights[1] + places.FRAME


def _heights(bench: Workbench, width: int, *, joined: bool) -> Mapping[str, tuple[int, int]]:
    """How many lines the net, the step and the tables want: the same at every step, so found once for a width."""
    scenario, view = bench.moment.scenario, bench.view
    key = scenario, view.digits, view.notation.own, view.notation.ascii, width, joined
    if bench.known_heights[0] != key:
        found = {
            places.NET: _with_frame(net_heights(scenario, view, width)),
            places.STEP: _with_frame(step_heights(scenario, view, width)),
            STEP_MOST: (0, step_most(scenario, view, width) + places.FRAME),
            places.TABLES: layer_heights(scenario, view, width, joined=joined),
        }
        bench.known_heights = key, found
    return bench.known_heights[1]


ROOM_FOR_STORY = 14  # lines of the panel of the curve
STEP_MOST = "most of the step"  # the key of its lines where nothing is left to say
EDGES: Mapping[str, Callable[[Workbench, int, int], Drawing]] = {places.HEADER: _header, places.FOOTER: _footer}
PANELS: Mapping[str, Callable[[Workbench, int, int], Panel]] = {
    places.PROGRAM: _program,
    places.NET: _net,
    places.FIGURES: _figures,
    places.DRAWER: _drawer,
    places.PICTURE: pictured,
}
AMONG_OTHERS: Mapping[str, Callable[[Workbench, int, int, Arrangement], Panel]] = {
    places.STEP: _step,
    places.NOTES: _notes_panel,
    places.CHAIN: _chain,
    places.WHY: _why,
    places.CURVE: _curve,
    places.STORY: _story_panel,
}
