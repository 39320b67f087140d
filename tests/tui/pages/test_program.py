"""Claims about the program: every step with its whole formula in view, and lines that stay where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.program import FOLDED_FROM, program_height, program_panel
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.notation import Notation
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

SIZES = [(32, 10), (32, 24), (36, 24), (44, 55), (76, 12)]
STEP = "step"  # before the place of a step


def moments(scenario: Scenario) -> Iterator[Moment]:
    """After each step of the first iteration."""
    timeline = Timeline(scenario)
    for _ in range(timeline.course.length(1)):
        timeline.step()
        yield timeline.moment()


def panel_of(
    moment: Moment,
    width: int = 44,
    height: int = 60,
    selected: int | None = None,
    stops: Mapping[str, bool] | None = None,
    **options: bool,
) -> Panel:
    view = View(Notation(moment.scenario.names, **options))
    return program_panel(moment, view, selected, stops or {}, width, height)


def lines_of(panel: Panel) -> list[str]:
    return ["".join(text for text, _ in line) for line in panel.inside.lines]


def squeezed(text: str) -> str:
    """Without blanks: a formula is the same however it is folded."""
    return "".join(text.split())


def formula_at(panel: Panel, place: int) -> str:
    """What stands in the lines that a click on selects a step, without its margin and what is at the right edge."""
    rows = [panel.inside.lines[hit.area.y] for hit in panel.inside.hits if hit.target == place]
    shown = ("".join(text for text, key in row if not key.startswith("faint")) for row in rows)
    return squeezed("".join(text[4:] for text in shown))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", RUNNABLE)
def test_the_step_that_ran_is_in_view_with_its_whole_formula_and_marked(name: str, size: tuple[int, int]) -> None:
    scenario = load_scenario(name)
    notation = Notation(scenario.names)
    for moment in moments(scenario):
        assert moment.step is not None
        panel = panel_of(moment, *size)
        assert {cell_len(line) for line in lines_of(panel)} == {size[0]}
        formula = squeezed(notation.formula(moment.step))
        assert formula_at(panel, moment.position.step - 1) == formula, moment.position
        barred = [y for y, line in enumerate(lines_of(panel)) if line.startswith("▌")]
        assert barred == [hit.area.y for hit in panel.inside.hits if hit.target == moment.position.step - 1]
        assert all(panel.inside.lines[y][0][1].endswith(f" on written {moment.step.phase}") for y in barred)


@pytest.mark.parametrize("name", RUNNABLE)
def test_where_all_lines_fit_every_step_is_in_view_and_none_moves(name: str) -> None:
    scenario = load_scenario(name)
    notation = Notation(scenario.names)
    panels = [panel_of(moment, height=400) for moment in moments(scenario)]
    for place, step in enumerate(scenario.program.steps[: len(panels)]):
        assert {formula_at(panel, place) for panel in panels} == {formula_at(panels[0], place)}
        assert formula_at(panels[0], place) == squeezed(notation.formula(step))
    assert len({tuple(line[4:] for line in lines_of(panel)) for panel in panels}) == 1
    assert not panels[0].aside


@pytest.mark.parametrize("name", RUNNABLE)
def test_where_not_all_fit_the_list_is_turned_like_a_page(name: str) -> None:
    tops: list[int] = []
    scenario = load_scenario(name)
    first = next(moments(scenario))
    if program_height(first, View(Notation(scenario.names)), 32) > FOLDED_FROM * 12:
        return  # of those only the present phase is unfolded
    for moment in moments(scenario):
        panel = panel_of(moment, 32, 12)
        if panel.aside:
            tops.append(next(hit.target for hit in panel.inside.hits if isinstance(hit.target, int)))
    turns = sum(before != after for before, after in pairwise(tops))
    assert turns <= len(tops) // 2, tops
    assert tops == sorted(tops)


def test_the_part_that_is_seen_is_said() -> None:
    moment = next(moments(load_scenario("mazur-2-2-2")))
    assert panel_of(moment, 44, 10).aside == (("16 more lines: j k", "faint"),)


@pytest.mark.parametrize("width", [32, 36, 44])
@pytest.mark.parametrize("name", RUNNABLE)
def test_the_height_is_known_before_anything_is_drawn(name: str, width: int) -> None:
    moment = next(moments(load_scenario(name)))
    view = View(Notation(moment.scenario.names))
    height = program_height(moment, view, width)
    assert not program_panel(moment, view, None, {}, width, height).aside
    assert program_panel(moment, view, None, {}, width, height - 1).aside


def deep(layers: int) -> Scenario:
    """A net with so many layers of one unit."""
    layer = '[[layer]]\nkind = "affine"\nW = [[1.0]]\nb = [0.0]\n[[layer]]\nkind = "sigmoid"\n'
    head = 'format = 1\ntitle = "deep"\ndata = {x = [[0.5]], t = [[1.0]]}\nloss = {kind = "squared_error"}\n'
    return scenario_of(
        f'{head}optimizer = {{kind = "sgd", learning_rate = 0.1}}\ntraining = {{iterations = 2}}\n' + layer * layers
    )


def test_of_a_very_long_program_only_the_present_phase_is_unfolded() -> None:
    timeline = Timeline(deep(50))
    timeline.goto("1:z40")
    panel = panel_of(timeline.moment(), 44, 20)
    assert formula_at(panel, timeline.position.step - 1) == "z40=σ(u40)"
    timeline.goto("1:E")
    shown = [line.strip() for line in lines_of(panel_of(timeline.moment(), 44, 20))]
    assert shown[:3] == ["draw 2 steps", "forward 100 steps", "loss"]
    assert shown[3].startswith("▌   E = ")
    assert shown[4:6] == ["backward 200 steps", "update 100 steps"]
    for moment in moments(deep(6)):
        assert any(line.startswith("▌") for line in lines_of(panel_of(moment, 44, 12)))


def test_the_selected_step_is_in_view_and_lit() -> None:
    moment = next(moments(load_scenario("mazur-2-2-2")))
    last = len(moment.program.steps) - 1
    panel = panel_of(moment, 44, 10, selected=last)
    (y,) = [hit.area.y for hit in panel.inside.hits if hit.target == last]
    assert all(key.endswith(" on chosen") for _, key in panel.inside.lines[y])


def test_breakpoints_stand_before_steps_and_phases() -> None:
    moment = next(moments(load_scenario("mazur-2-2-2")))
    lines = lines_of(panel_of(moment, stops={"u1": True, "z1": False, "backward": True, "update": False}))
    assert [line.strip() for line in lines if line[0] in "●○"] == ["●backward", "○update"]
    assert sum("●" in line for line in lines) == sum("○" in line for line in lines) == 2
    assert next(line for line in lines if "net_h = " in line)[1] == "●"
    assert next(line for line in lines if "out_h = σ" in line)[1] == "○"


def test_what_runs_next_is_marked() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    for place in range(timeline.course.length(1)):
        lines = lines_of(panel_of(timeline.moment()))
        assert sum(line[2] == "›" for line in lines) == 1
        timeline.step()
        assert formula_at(panel_of(timeline.moment()), place)
    assert not any(line[2] == "›" for line in lines_of(panel_of(timeline.moment())))


def test_a_frozen_parameter_a_layer_and_a_foreign_step_are_said_at_the_edge() -> None:
    lines = lines_of(panel_of(next(moments(load_scenario("mazur-2-2-2")))))
    assert next(line for line in lines if "b1⁺" in line).rstrip().endswith("frozen")
    assert next(line for line in lines if "net_o = " in line).rstrip().endswith("L2")
    lines = lines_of(panel_of(next(moments(load_scenario("sgd-regression-as-printed")))))
    assert sum(line[2] == "⚠" for line in lines) == 1


@pytest.mark.parametrize("width", [20, 32, 60])
def test_long_and_wide_names_are_folded_and_not_cut(width: int) -> None:
    names = f'names = {{u1 = "{"総入力" * 6}", W1 = "{"w" * 40}"}}\n'
    net = 'data = {x = [[0.5]], t = [[1.0]]}\nlayer = [{kind = "affine", W = [[1.0]], b = [0.0]}]\n'
    rest = 'loss = {kind = "squared_error"}\noptimizer = {kind = "sgd", learning_rate = 0.1}\n'
    rest += "training = {iterations = 1}\n"
    scenario = scenario_of(f'format = 1\ntitle = "long"\n{net}{rest}{names}')
    for moment in moments(scenario):
        panel = panel_of(moment, width, 60)
        assert {cell_len(line) for line in lines_of(panel)} == {width}
        assert moment.step is not None
        formula = squeezed(Notation(scenario.names).formula(moment.step))
        assert formula_at(panel, moment.position.step - 1) == formula


def test_in_ascii_all_of_it_is() -> None:
    for name in ("mazur-2-2-2", "sgd-regression-as-printed"):
        for moment in moments(load_scenario(name)):
            lines = lines_of(panel_of(moment, 44, 12, stops={"u1": True, "backward": False}, ascii=True))
            assert all(line.isascii() for line in lines)
            assert sum(line.startswith("!") for line in lines) >= 1
