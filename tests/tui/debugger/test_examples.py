"""Claims about the examples in the line to type in: they are of the scenario that is open, and each of them works."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from gradstep.engine import bundled, load_scenario
from gradstep.tui.debugger import examples, searching, stepping, stopping, whatif
from tests.screen import Still
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

PROMPTS = {
    "edit": (whatif.EDIT, " or "),
    "watch": (stopping.WATCH, " or "),
    "stop": (stopping.SET, ", "),
    "position": (stepping.GO_TO, " or "),
    "search": (searching.SEARCH, " or "),
}


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("at", ["start", "1:1", "end"])
@pytest.mark.parametrize("name", RUNNABLE)
def test_every_example_works_when_it_is_typed(name: str, at: str, ascii_only: bool) -> None:
    for prompt, between in PROMPTS.values():
        still = Still(load_scenario(name), (120, 40), ascii_only=ascii_only)
        still.goto(at if at != "end" else "3" if still.bench.timeline.course.iterations > 3 else "1")
        text = prompt.placeholder(still.bench)
        assert 0 < cell_len(text) <= examples.ROOM
        for example in text.split(between):
            again = Still(load_scenario(name), (120, 40), ascii_only=ascii_only)
            again.goto(at if at != "end" else "3" if again.bench.timeline.course.iterations > 3 else "1")
            prompt.answer(again.bench, example)


def test_the_examples_are_in_the_names_that_are_shown() -> None:
    bench = Still(load_scenario("mazur-2-2-2"), (120, 40)).bench
    assert examples.edits(bench) == "w1 = 0.9 or η = 0.1"
    assert examples.watches(bench) == "E_total or norm(∂E/∂W2) or w1 - prev(w1)"
    assert examples.stops(bench).startswith("∂E/∂W2, update, E_total < 0.1, ")
    assert examples.positions(bench) == "12 or 12:E_total or 12:5 or :E_total or start or end"


def test_an_example_of_a_bundled_graph_names_what_it_has() -> None:
    bench = Still(load_scenario("apples"), (120, 40)).bench
    assert "apple" in examples.edits(bench)
    assert "W1" not in "".join(prompt.placeholder(bench) for prompt, _ in PROMPTS.values())
    assert bundled()["apples"]


def test_names_that_are_too_long_for_the_line_leave_room_for_what_is_short() -> None:
    text = bundled()["mazur-2-2-2"].read_text(encoding="utf-8").partition("[[expect]]")[0]
    bench = Still(scenario_of(text.replace('"E_total"', f'"{"E" * 60}"')), (120, 40)).bench
    for prompt, _ in PROMPTS.values():
        assert 0 < cell_len(prompt.placeholder(bench)) <= examples.ROOM
