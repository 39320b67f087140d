"""Claims about images and strips in the net: they grow with the room and nothing floats below them."""

from __future__ import annotations

import re
from functools import cache

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.panel import net_panel
from gradstep.tui.text.drawing import Hit, Panel
from gradstep.tui.text.notation import Notation
from tests.screen import Still

WIDTH, HEIGHT = 8, 8  # of the digits


@cache
def digits() -> Timeline:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("2:dW1")
    return timeline


def panel(size: tuple[int, int], *, plain: bool = False) -> Panel:
    return net_panel(digits().moment(), View(Notation(digits().names, ascii=plain), plain=plain), *size)


def hits_of(drawn: Panel, symbol: str) -> list[Hit]:
    """The cells of a symbol's elements, but not where its largest is written."""
    found = [hit for hit in drawn.inside.hits if isinstance(hit.target, Element) and hit.target.symbol == symbol]
    return [hit for hit in found if hit.area.width <= 8]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(("size", "pixel"), [((82, 8), 1), ((82, 34), 2), ((152, 54), 6)])
def test_an_image_has_as_large_pixels_as_there_is_room_for(size: tuple[int, int], pixel: int, plain: bool) -> None:
    hits = hits_of(panel(size, plain=plain), "x")
    expected = pixel - pixel % 2 if plain and pixel > 1 else pixel
    assert {hit.area.width for hit in hits} == {expected}
    lines = {hit.area.y for hit in hits}
    assert len(lines) == -(-HEIGHT * expected // 2)
    assert max(lines) - min(lines) == len(lines) - 1
    assert len({hit.area.x for hit in hits}) == WIDTH


@pytest.mark.parametrize("size", [(82, 34), (100, 30), (152, 54)])
def test_the_cells_of_a_strip_are_higher_where_there_is_room_and_what_is_said_of_them_stays(
    size: tuple[int, int],
) -> None:
    drawn = panel(size)
    assert {hit.area.height for hit in hits_of(drawn, "delta1") if hit.area.width <= 2} >= {3}
    shown = {hit.target.index[1] for hit in hits_of(drawn, "delta1") if isinstance(hit.target, Element)}
    assert shown == set(range(50))
    assert "open for this row" in drawn.inside.text
    assert "largest" in drawn.inside.text


@pytest.mark.parametrize("size", [(78, 18), (82, 34), (152, 54)])
def test_what_comes_of_a_net_stands_below_it_and_not_at_the_foot_of_the_room(size: tuple[int, int]) -> None:
    lines = panel(size).inside.text.splitlines()
    last = max(place for place, line in enumerate(lines) if line.strip())
    drawn = max(
        hit.area.y + hit.area.height for symbol in ("x", "z1", "delta1", "y") for hit in hits_of(panel(size), symbol)
    )
    assert lines[last].strip().startswith("E ")
    assert last <= drawn + 6


def test_what_is_not_measured_yet_in_an_iteration_is_what_was_measured_last() -> None:
    still = Still(load_scenario("two-layer-digits"), (200, 60))
    still.goto("40:dW1")
    share = re.search(r"train +(\d+) %", still.text)
    still.press("y")
    shown = re.search(r"accuracy_train +(0\.\d+)", still.text)
    assert share is not None
    assert shown is not None
    assert round(100 * float(shown[1])) == int(share[1])


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_the_keys_for_pictures_stand_in_the_lower_edge_at_every_size(size: tuple[int, int]) -> None:
    still = Still(load_scenario("two-layer-digits"), size)
    still.goto("2:dW1")
    still.press("y")
    assert any("y next kind" in line and "╰" in line for line in still.text.splitlines())
