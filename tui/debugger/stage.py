"""The main screen as one drawing: every panel made for the workbench as it is now, framed, in its place.

A size and a workbench make a `Stage`; no widget is needed for it. What a panel shows is for the pages and pictures;
which of them are seen, and where, for `pages.arrangement`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gradstep.engine.stops.stops import PHASE, STEP
from gradstep.tui.debugger import panels
from gradstep.tui.debugger.curve import drawn_curve
from gradstep.tui.debugger.drawing import pictured
from gradstep.tui.debugger.figures import hint
from gradstep.tui.debugger.health import health_badge
from gradstep.tui.debugger.registry import footer_groups
from gradstep.tui.debugger.stepping import has_short_chains
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages import arrangement as places
from gradstep.tui.pages.arrangement import Wants, arrange, inner_width
from gradstep.tui.pages.figures import badge, figure_lines
from gradstep.tui.pages.footer import keys_line, legend, message_lines
from gradstep.tui.pages.header import header
from gradstep.tui.pages.layers.tables import layer_heights, layer_tables
from gradstep.tui.pages.notes import notes_page
from gradstep.tui.pages.program import program_height, program_panel
from gradstep.tui.pages.step import line_width, step_heights, step_panel
from gradstep.tui.pictures.net.panel import net_heights, net_panel
from gradstep.tui.text.drawing import Area, Drawing, Panel, drawn, framed, placed
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
    areas = dict(arrange(width, height, _wants(bench, width, height)).areas)
    parts: list[tuple[int, int, Drawing]] = []
    for name, area in areas.items():
        if area.width and area.height:
            parts.append((area.x, area.y, _drawn(bench, name, area, areas)))
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
    return Wants(
        _heights(bench, inner_width(width, height)),
        program=program_height(bench.moment, bench.view, places.program_width(width) - places.FRAME),
        curve=places.CURVE in present,
        begun=panels.curve_begins(bench),
        unrolled=has_short_chains(bench),
        notes=len(_notes(bench, places.program_width(width) - places.FRAME)) if places.NOTES in present else 0,
        lower=panels.lower(bench),
        drawer=bench.drawer is not None,
        drawer_lines=bench.drawer.lines if bench.drawer is not None else 0,
        picture=bench.picture != "",
        full=bench.focus if bench.full else "",
    )


def _drawn(bench: Workbench, name: str, area: Area, areas: Mapping[str, Area]) -> Drawing:
    """A panel in its frame; the header and the footer have none."""
    if name in EDGES:
        return _cut(EDGES[name](bench, area.width, area.height), area)
    ascii, focus = bench.view.notation.ascii, name == bench.focus
    if name == places.TABLES:
        return _tables(bench, area)
    width, height = area.width - places.FRAME, max(0, area.height - places.FRAME)
    panel = PANELS[name](bench, width, height)
    if name == places.NOTES:
        panel = replace(panel, foot=_rest_of_notes(bench, width, height, areas))
    return _cut(framed(panel, focus=focus, ascii=ascii), area)


def _cut(drawing: Drawing, area: Area) -> Drawing:
    return drawing if drawing.height == area.height else drawn(drawing.lines, area.width, area.height, drawing.hits)


def _tables(bench: Workbench, area: Area) -> Drawing:
    """The boxes of the layers, one above the other."""
    parts: list[tuple[int, int, Drawing]] = []
    y = 0
    for panel in _boxes(bench, area.width - places.FRAME, area.height):
        box = framed(panel, focus=bench.focus == places.TABLES, ascii=bench.view.notation.ascii)
        parts.append((0, y, box))
        y += box.height
    return placed(area.width, area.height, parts)


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


def _notes(bench: Workbench, width: int) -> Sequence[Sequence[tuple[str, str]]]:
    lines = notes_page(bench.moment, bench.timeline, bench.view.notation, width - 2)
    return [((" ", "space"), *line.pieces) for line in lines]


def _notes_panel(bench: Workbench, width: int, height: int) -> Panel:
    return Panel(((words.NOTES, "text"),), drawn(_notes(bench, width), width, height))


def _rest_of_notes(bench: Workbench, width: int, height: int, areas: Mapping[str, Area]) -> Drawing | None:
    """Where there is no room for all notes, how many more lines there are, and the keys that show them."""
    more = len(_notes(bench, width)) - height
    if more <= 0:
        return None
    keys = panels.keys_to(bench, places.NOTES, areas)
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


def _step(bench: Workbench, width: int, height: int) -> Panel:
    figures = figure_lines(bench.moment, bench.view.notation, line_width(width))
    return step_panel(bench.moment, bench.view, width, height, figures)


def _boxes(bench: Workbench, width: int, height: int) -> Sequence[Panel]:
    return layer_tables(bench.moment, bench.view, width, height, panels.beside(bench))


def _with_frame(heights: tuple[int, int]) -> tuple[int, int]:
    return heights[0] + places.FRAME, heights[1] + places.FRAME


def _heights(bench: Workbench, width: int) -> Mapping[str, tuple[int, int]]:
    """How many lines the net, the step and the tables want: the same at every step, so found once for a width."""
    scenario, view = bench.moment.scenario, bench.view
    key = scenario, view.digits, view.notation.own, view.notation.ascii, width
    if bench.known_heights[0] != key:
        found = {
            places.NET: _with_frame(net_heights(scenario, view, width)),
            places.STEP: _with_frame(step_heights(scenario, view, width)),
            places.TABLES: layer_heights(scenario, view, width),
        }
        bench.known_heights = key, found
    return bench.known_heights[1]


EDGES: Mapping[str, Callable[[Workbench, int, int], Drawing]] = {places.HEADER: _header, places.FOOTER: _footer}
PANELS: Mapping[str, Callable[[Workbench, int, int], Panel]] = {
    places.PROGRAM: _program,
    places.NOTES: _notes_panel,
    places.NET: _net,
    places.STEP: _step,
    places.CURVE: drawn_curve,
    places.CHAIN: panels.chain,
    places.DRAWER: _drawer,
    places.PICTURE: pictured,
}
