"""Claims about the net of formulas: it is whole, at fixed places, and every step lights where it works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.loading import bundled
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.lines import LineGraph, Place
from gradstep.tui.pictures.net.lines_plan import LinePlan, line_plan
from gradstep.tui.pictures.net.look import Look
from gradstep.tui.pictures.net.panel import net_panel
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.notation import Notation

SIZES = ((76, 9), (80, 10), (156, 40))
NAMES = [name for name in bundled() if name != "two-layer-mnist" and not load_scenario(name).network.layered]


@cache
def timeline_of(name: str) -> Timeline:
    return Timeline(load_scenario(name))


def view_of(timeline: Timeline, **options: bool) -> View:
    return View(Notation(timeline.names, ascii=options.get("ascii", False)))


def moments_of(name: str) -> Iterator[Moment]:
    timeline = timeline_of(name)
    timeline.goto("start")
    while timeline.step() and timeline.position.iteration == 1:
        yield timeline.moment()


def panel_at(name: str, position: str, size: tuple[int, int] = (80, 10), **options: bool) -> Panel:
    timeline = timeline_of(name)
    timeline.goto(position)
    return net_panel(timeline.moment(), view_of(timeline, **options), *size)


def graph_at(name: str, position: str) -> LineGraph:
    timeline = timeline_of(name)
    timeline.goto(position)
    return LineGraph(Scene(timeline.moment(), Notation(timeline.names), 0))


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_graph_is_seen_and_every_step_lights_something(name: str) -> None:
    for size in SIZES:
        for moment in moments_of(name):
            view = view_of(timeline_of(name))
            drawn = net_panel(moment, view, *size)
            assert not any("node" in text for text, _ in drawn.title), "nodes are left out"
            styles = {key for line in drawn.inside.lines for _, key in line}
            step = moment.step
            assert step is not None
            assert any(step.phase.value in key for key in styles), f"{step.symbol} lights nothing at {size}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["attention", "rnn-hello", "lstm-cell", "micrograd-expression", "softmax-graph"])
def test_names_and_frames_stay_where_they_are(name: str, size: tuple[int, int]) -> None:
    seen = set()
    for moment in moments_of(name):
        text = net_panel(moment, view_of(timeline_of(name)), *size).inside.text
        # numbers, marks, signs of next values, and the three kinds of strokes come and go
        text = re.sub(r"(?:‖\S‖|=|∂) {0,3}[ ▌‹][ -]?[\d.e+-]+", lambda found: " " * len(found[0]), text)
        text = text.replace("⁺", " ").translate(str.maketrans("━┃┏┓┗┛┣┫┳┻╋═║╔╗╚╝╠╣╦╩╬▶◀", "─│╭╮╰╯├┤┬┴┼─│╭╮╰╯├┤┬┴┼──"))
        seen.add(text.translate(str.maketrans("┌┐└┘", "╭╮╰╯")))
    assert len(seen) == 1


def test_a_value_with_two_uses_lights_both_wires_where_what_comes_back_is_summed() -> None:
    graph = graph_at("rnn-hello", "1:dh1")
    lit = graph.lit_places()
    assert lit[Place("h1")] == "written"
    assert {place.node for place, touch in lit.items() if place.source == "h1" and touch == "written"} == {"h", "h2"}


def test_inner_steps_light_the_node_of_their_line() -> None:
    lit = graph_at("rnn-hello", "1:h2.3").lit_places()  # h1 · Whh
    assert lit == {
        Place("h2"): "written",
        Place("h2", source="h1"): "read",
        Place("h2", leaf="Whh"): "read",
        Place("h1"): "read",
    }


def test_the_gradient_and_the_update_of_a_parameter_light_its_name_where_it_is_read() -> None:
    everywhere = {Place(f"h{column}", leaf="Whh") for column in range(1, 5)}
    for position in ("1:dWhh", "1:Whh_next"):
        lit = graph_at("rnn-hello", position).lit_places()
        assert everywhere <= {place for place, touch in lit.items() if touch == "written"}
    assert "Whh⁺" in panel_at("rnn-hello", "1:Whh_next").inside.text


def test_wires_that_meet_in_a_node_bear_their_names() -> None:
    text = panel_at("attention", "1:scores").inside.text
    assert re.search(r"keys━+▶", text)
    assert re.search(r"queries━?▶", text)
    assert re.search(r"values─+▶", text)


def test_an_array_at_work_shows_its_norm() -> None:
    drawn = panel_at("attention", "1:dscores", (156, 40))
    norm = float(np.linalg.norm(timeline_of("attention")["dscores"]))
    found = re.search(r"‖∂‖ ▌ ([\d.]+)", drawn.inside.text)
    assert found is not None
    assert float(found[1]) == pytest.approx(norm, abs=1e-6)


def test_signs_and_names_are_ascii_where_they_have_to_be() -> None:
    for name in ("attention", "rnn-hello", "lstm-cell"):
        for position in ("1:E", "1") if name != "rnn-hello" else ("1:loss", "1:dh1"):
            assert panel_at(name, position, ascii=True).inside.text.isascii()


def test_more_room_is_used_for_more_detail() -> None:
    timeline = timeline_of("rnn-hello")
    look = Look(timeline.moment(), view_of(timeline))

    def plan(width: int, height: int) -> LinePlan:
        return line_plan(look, width, height)

    assert not plan(40, 6).detail.box
    assert plan(80, 10).detail.box
    assert not plan(80, 10).detail.number
    assert plan(156, 40).detail.number
