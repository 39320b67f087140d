"""Panels of layers as a person reads them: lines, labels by their places, numbers by what a click on them means."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.cells import cell_len

from gradstep.engine import Timeline
from gradstep.engine.arrays import Index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Names
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.layers.tables import layer_tables
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Drawing, Hit, Panel, framed
from gradstep.tui.text.glyphs import BAR, READ
from gradstep.tui.text.grid import crop
from gradstep.tui.text.notation import Notation

BARS = BAR.sign, BAR.drawn(ascii=True)
WITHOUT_MARKS = str.maketrans(f"▌{READ.sign}│", "   ")
NAME = 6  # cells of a line that is a matrix in which its name stands


def view_of(timeline: Timeline, **options: object) -> View:
    """A view in the scenario's names."""
    names: Names = timeline.names
    ascii = bool(options.pop("ascii", False))
    own = bool(options.pop("own", True))
    return View(Notation(names, own=own, ascii=ascii), **options)  # type: ignore[arg-type] # the options of a view


def panels_at(timeline: Timeline, width: int, height: int, **options: object) -> tuple[Panel, ...]:
    """The tables at the cursor."""
    return layer_tables(timeline.moment(), view_of(timeline, **options), width, height)


def text_of(panels: tuple[Panel, ...]) -> str:
    """All lines with their frames."""
    return "\n".join(framed(panel).text for panel in panels)


def parts(panel: Panel) -> tuple[Drawing, ...]:
    """What is inside, and what stands in the lower edge."""
    return (panel.inside, *([panel.foot] if panel.foot is not None and panel.footed else []))


def under(drawing: Drawing, hit: Hit) -> list[tuple[str, str]]:
    """The pieces in the area of a hit."""
    line = drawing.lines[hit.area.y]
    return crop(line, hit.area.x, hit.area.x + hit.area.width)


def numbers(panels: tuple[Panel, ...]) -> Iterator[tuple[str, Index, str, str]]:
    """Symbol, index, text and key of every number in a cell of its own."""
    for panel in panels:
        for part in parts(panel):
            for hit in part.hits:
                if isinstance(hit.target, Element) and hit.area.width < panel.inside.width:
                    pieces = under(part, hit)
                    yield hit.target.symbol, hit.target.index, "".join(text for text, _ in pieces).strip(), pieces[0][1]


def check_filled(panels: tuple[Panel, ...], width: int, height: int) -> None:
    """Every line is as wide as it should be, and all together are no higher than they may be."""
    assert sum(panel.inside.height + 2 for panel in panels) <= height
    for panel in panels:
        assert panel.inside.width == width
        for line in panel.inside.lines:
            assert sum(cell_len(text) for text, _ in line) == width
        for hit in panel.inside.hits:
            assert hit.area.x >= 0
            assert hit.area.x + hit.area.width <= width
            assert 0 <= hit.area.y < panel.inside.height
        assert {sum(cell_len(text) for text, _ in line) for line in framed(panel).lines} == {width + 2}
        assert panel.foot is None or panel.footed


def check_numbers(moment: Moment, panels: tuple[Panel, ...]) -> None:
    """What stands in a cell is the number that it is clicked for, whole, or the sign that there is none yet."""
    for symbol, index, text, _ in numbers(panels):
        values = moment.values.get(symbol)
        if values is None:
            assert text in "·.", (symbol, index, text)
            continue
        value = float(values[index])
        if math.isnan(value):
            assert text == "NaN"
        elif math.isinf(value):
            assert float(text) == value
        else:
            assert abs(float(text) - value) <= 0.051 * abs(value), (symbol, index, text, value)


def places(panels: tuple[Panel, ...]) -> list[object]:
    """What stays where it is while one steps: titles, what can be clicked, every text that is no number."""
    found: list[object] = []
    for panel in panels:
        found += ["".join(text for text, _ in panel.title), [hit.area for hit in panel.inside.hits]]
        lines = [_cells("".join(text for text, _ in line)) for line in panel.inside.lines]
        for hit in panel.inside.hits:
            area = hit.area
            begin = area.x if area.width < panel.inside.width else NAME
            lines[area.y][begin : area.x + area.width] = [" "] * (area.x + area.width - begin)
        found += ["".join(line).translate(WITHOUT_MARKS).rstrip() for line in lines]
    return found


def _cells(text: str) -> list[str]:
    """A text by its cells, a wide character in the first of two."""
    return [part for character in text for part in (character, *[""] * (cell_len(character) - 1))]
