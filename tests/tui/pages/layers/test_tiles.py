"""Claims about a graph's arrays side by side: what a step writes and reads is in view and whole, at fixed places."""

from __future__ import annotations

import math

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.tui.pages.layers.model import Box, boxes_of, families_of
from gradstep.tui.pages.layers.setting import setting_of
from gradstep.tui.pages.layers.tiles import pages_of
from tests.tui.pages.layers.panels import check_filled, check_numbers, numbers, panels_at, places, text_of, view_of

FORMULAS = ("attention", "xor", "rnn-hello", "lstm-cell", "logistic-regression")


@pytest.mark.parametrize(("width", "height", "reads"), [(80, 17, True), (78, 8, False), (104, 34, True)])
@pytest.mark.parametrize("name", FORMULAS)
def test_what_a_step_writes_is_whole_with_what_it_reads_and_nothing_moves_on_a_page(
    name: str, width: int, height: int, *, reads: bool
) -> None:
    timeline = Timeline(load_scenario(name))
    symbols = timeline.program.symbols
    before: dict[str, list[object]] = {}
    turned: list[str] = []
    while timeline.step() and timeline.position.iteration == 1:
        moment = timeline.moment()
        assert moment.step is not None
        panels = panels_at(timeline, width, height)
        check_filled(panels, width, height)
        check_numbers(moment, panels)
        seen = [(symbol, index) for symbol, index, *_ in numbers(panels)]
        assert len(seen) == len({*seen}), "each number once"
        for symbol in (moment.step.symbol, *(moment.step.read if reads else ())):
            count = sum(each == symbol for each, _ in seen)
            assert count == math.prod(symbols[symbol].shape), (moment.step.symbol, symbol)
        page = "".join(text for text, _ in panels[0].aside)
        assert before.setdefault(page, places(panels)) == places(panels), timeline.position
        turned += [page] if [page] != turned[-1:] else []
    assert len(turned) == len({*turned}), "pages follow one another"
    assert len({panel.inside.height for panel in panels}) == 1


def test_a_page_says_how_many_arrays_it_has_and_for_which_steps() -> None:
    timeline = Timeline(load_scenario("attention"))
    timeline.goto("1:scores")
    panels = panels_at(timeline, 80, 17)
    said = "".join(text for text, _ in panels[0].aside)
    shown = len({symbol for symbol, *_ in numbers(panels)})
    step = timeline.program.writers["scores"] + 1
    begin, _, rest = said.partition(" arrays: those of steps ")
    assert begin == f"{shown} of {len(timeline.program.symbols)}"
    first, last = map(int, rest.split("-"))
    assert first <= step <= last


def test_rows_of_a_batch_stand_side_by_side_with_their_numbers() -> None:
    timeline = Timeline(load_scenario("logistic-regression"))
    timeline.goto("1:E")
    lines = text_of(panels_at(timeline, 80, 17)).splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("│ E.7 "))
    first = lines[at + 1].strip("│ ").split()
    assert first[::2][:5] == ["0", "4", "8", "12", "16"]
    assert [float(number) for number in first[1::2][:5]] == pytest.approx([math.log(0.5)] * 5)


def test_numbers_are_as_wide_as_costs_no_page() -> None:
    scenario = load_scenario("attention")
    view = view_of(Timeline(scenario))
    (box,) = boxes_of(scenario)
    cells = {
        width: max(
            place.tile.cell for page in pages_of(setting_of(scenario, view, width), box, 40) for place in page.places
        )
        for width in (80, 200)
    }
    assert cells[80] <= cells[200] == 12


def test_of_more_dimensions_than_two_there_are_no_tiles() -> None:
    scenario = load_scenario("simple-conv")
    box = Box("", "", tuple(families_of(scenario.program).values()))
    assert pages_of(setting_of(scenario, view_of(Timeline(scenario)), 80), box, 12) == ()
