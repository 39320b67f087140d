"""Claims about the program: every step with its whole formula in view, and lines that stay where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.program import Phase
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.lines import Row, rows_of, written_as
from gradstep.tui.pages.program import program_height, program_panel
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


def places_of(panel: Panel, place: int) -> list[list[int]]:
    """The lines that a click on selects a step: in the list, and among the steps of its line, if it is there."""
    found: list[list[int]] = []
    for hit in panel.inside.hits:
        if hit.target == place:
            if not found or hit.area.y > found[-1][-1] + 1:
                found.append([])
            found[-1].append(hit.area.y)
    return found


def formula_at(panel: Panel, place: int, which: int = -1) -> str:
    """What stands in the last of these lines, or the first, without its margin and what is at the right edge."""
    rows = [panel.inside.lines[y] for y in places_of(panel, place)[which]]
    shown = ("".join(text for text, key in row if not key.startswith("faint")) for row in rows)
    return squeezed("".join(text[4:] for text in shown))


def row_of(moment: Moment, place: int) -> Row:
    return next(row for row in rows_of(moment.program, moment.length) if place in row.places)


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
        place = moment.position.step - 1
        row = row_of(moment, place)
        assert barred[: len(places_of(panel, row.last)[0])] == places_of(panel, row.last)[0]
        assert (
            set(places_of(panel, place)[-1])
            <= {*barred}
            <= {*sum(places_of(panel, row.last), places_of(panel, place)[-1])}
        )
        assert all(panel.inside.lines[y][0][1].endswith(f" on written {moment.step.phase}") for y in barred)


@pytest.mark.parametrize("name", RUNNABLE)
def test_where_all_lines_fit_every_step_is_in_view_and_none_moves(name: str) -> None:
    scenario = load_scenario(name)
    notation = Notation(scenario.names)
    panels = [panel_of(moment, height=400) for moment in moments(scenario)]
    rows = [*rows_of(scenario.program, len(panels))]
    for row in rows:
        formula = squeezed(notation.formula(written_as(scenario.program.steps[row.last])))
        assert {formula_at(panel, row.last, 0) for panel in panels} == {formula}
    listed = 1 + places_of(panels[0], rows[-1].last)[0][-1]
    assert len({tuple(line[4:] for line in lines_of(panel)[:listed]) for panel in panels}) == 1
    assert not panels[0].aside


@pytest.mark.parametrize("name", RUNNABLE)
def test_where_not_all_fit_the_list_is_turned_like_a_page(name: str) -> None:
    """Where phases are folded, within each of them."""
    tops: list[tuple[int, int]] = []
    for moment in moments(load_scenario(name)):
        panel = panel_of(moment, 32, 12)
        if panel.aside and moment.step is not None:
            top = next(hit.target for hit in panel.inside.hits if isinstance(hit.target, int))
            tops.append(([*Phase].index(moment.step.phase), row_of(moment, top).first))
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
    if not moment.program.inner:
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


# ── lines of several operations ──────────────────────────────────────────────────────────────────────────────

HUBER = """
format = 1
title = "lines"
data = {x = [[1.0, 2.0], [0.5, -1.0]], t = [[1.0], [0.0]]}
layer = [{kind = "affine", W = [[0.5], [0.25]], b = [0.0]}]
loss = {kind = "huber", l2 = 0.1}
optimizer = {kind = "sgd", learning_rate = 0.1}
training = {iterations = 2}
"""


def at(text: str, position: str) -> Moment:
    timeline = Timeline(scenario_of(text))
    timeline.goto(position)
    return timeline.moment()


def shown(panel: Panel) -> list[str]:
    return [line.strip() for line in lines_of(panel)]


def test_a_line_of_several_operations_is_one_row_and_its_steps_stand_below_while_it_runs() -> None:
    lines = shown(panel_of(at(HUBER, "1:E_data.2"), 60, 60))
    whole = "E_data = sum(where([|error| ≤ 1], 0.5 ∘ error², 1 ∘"
    assert sum(line.startswith(f"▌ › {whole}") for line in lines) == 1
    assert "penalty = 0.5 · 0.1 · sum(W1²)" in lines
    assert not any(line.startswith("penalty.1") for line in lines)
    begin = lines.index("E_data in 10 steps")
    assert lines[begin + 1 : begin + 4] == [
        "E_data.1 = |error|",
        "▌   E_data.2 = [E_data.1 ≤ 1]",
        "› E_data.3 = error²",
    ]
    assert lines[begin + 10].startswith("E_data = E_data.9 / N")


def test_below_a_line_of_one_step_stands_none() -> None:
    lines = shown(panel_of(at(HUBER, "1:error"), 60, 60))
    assert not any(" in " in line or line.startswith("E_data.") for line in lines)


def test_the_steps_of_a_selected_line_are_asked_for() -> None:
    moment = at(HUBER, "1:u1")
    place = next(k for k, step in enumerate(moment.program.steps) if step.symbol == "penalty.1")
    lines = shown(panel_of(moment, 60, 60, selected=place))
    assert "penalty in 3 steps" in lines
    assert "penalty.1 = W1²" in lines


def test_what_flows_back_within_a_line_stands_below_what_it_leads_to() -> None:
    lines = shown(panel_of(at(HUBER, "1:dE_data.9"), 60, 70))
    rows = [line for line in lines if line.startswith("▌")]
    assert any("∂E/∂error = " in row for row in rows)
    assert any("∂E/∂E_data.9 = ∂E/∂E_data / N" in row for row in rows)
    assert lines.index("backward") < next(y for y, line in enumerate(lines) if line.startswith("∂E/∂error in "))


def test_nothing_of_the_list_moves_and_what_is_below_it_begins_at_one_place() -> None:
    panels = [panel_of(moment, 60, 60) for moment in moments(scenario_of(HUBER))]
    begin = {y for panel in panels for y, line in enumerate(shown(panel)) if line.endswith(" steps")}
    assert len(begin) == 1
    (begins,) = begin
    assert len({tuple(line[4:] for line in lines_of(panel)[:begins]) for panel in panels}) == 1


def test_a_line_of_which_a_step_is_replaced_is_no_longer_one() -> None:
    timeline = Timeline(scenario_of(HUBER))
    names = timeline.names
    program = with_replaced(names, ["penalty.1 = 2 * W1"])
    assert {row.several for row in rows_of(program, len(program.steps))} == {True, False}
    (row,) = (row for row in rows_of(program, len(program.steps)) if program.steps[row.last].symbol == "penalty")
    assert not row.several


def test_one_goes_line_by_line_also_through_a_loss() -> None:
    timeline = Timeline(scenario_of(HUBER))
    timeline.goto("1:y")
    symbols = []
    for _ in range(4):
        target = timeline.course.destination("layer", timeline.position, +1)
        assert target is not None
        timeline.goto(target)
        symbols.append(timeline.position.symbol)
    assert symbols == ["error", "E_data", "penalty", "E"]


def test_breakpoints_within_a_line_are_marked_on_it() -> None:
    lines = shown(panel_of(at(HUBER, "1:u1"), 60, 60, stops={"E_data.4": True}))
    assert sum(line.startswith("●") and "E_data = sum" in line for line in lines) == 1


def test_a_line_with_dropout_is_written_as_it_was_typed() -> None:
    text = """
format = 1
title = "dropout"
data = {x = [[1.0, 2.0], [0.5, -1.0]], t = [[1.0], [0.0]]}
parameters = {W = [[0.5], [0.25]]}
loss = {kind = "squared_error"}
model = {forward = "y = dropout(relu(x @ W), 0.5) * 2"}
"""
    assert "▌   y = dropout(max(0, x·W), 0.5) ∘ 2" in shown(panel_of(at(text, "1:y"), 60, 60))


def test_what_is_measured_is_folded_too() -> None:
    measured = HUBER + 'measure = {loss = ["train"], every = 1}\n'
    panel = panel_of(at(measured, "1:E_data.2_train"), 60, 90)
    assert "E_data_train in 10 steps" in shown(panel)
    (line,) = (line for line in shown(panel) if "E_data_train = sum(where([|error_train| ≤" in line)
    assert line.startswith("▌")
    assert sum("E_data.1_train" in line for line in shown(panel)) == 2  # itself, and what reads it
