"""The pictures of a network in a test: drawn at a position, and read as text."""

from __future__ import annotations

from functools import cache

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.panel import net_drawing
from gradstep.tui.pictures.net.text import net_text
from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.notation import Notation
from tests.strategies import scenario_of


@cache
def timeline_of(name: str) -> Timeline:
    return Timeline(load_scenario(name))


def moment_at(name: str, position: str) -> Moment:
    timeline = timeline_of(name)
    timeline.goto(position)
    return timeline.moment()


def notation_of(moment: Moment, **options: bool) -> Notation:
    return Notation(moment.scenario.names, **options)


def drawing_at(name: str, position: str, size: tuple[int, int] = (110, 24), row: int = 0) -> Drawing:
    """The net in a room of its own."""
    moment = moment_at(name, position)
    return net_drawing(moment, View(notation_of(moment)), *size, row)


def words(name: str, position: str) -> str:
    moment = moment_at(name, position)
    return "\n".join(net_text(moment, notation_of(moment)))


def graph_of(nodes: list[tuple[str, str, str]], **inputs: float) -> Timeline:
    """A graph of products: the last of them is its output."""
    tables = [f'[[node]]\nname = "{n}"\nkind = "multiply"\ninputs = ["{p}", "{q}"]' for n, p, q in nodes]
    head = ["format = 1", 'title = "products"', f'output = "{nodes[-1][0]}"', "[inputs]"]
    return Timeline(scenario_of("\n".join([*head, *(f"{name} = {value}" for name, value in inputs.items()), *tables])))
