"""Claims about the tables of the layers at every step and size: what is in view and where, and that nothing is cut."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.program import Phase
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.layers.model import PASSES, boxes_of, slice_of
from gradstep.tui.pages.layers.tables import layer_heights, layer_tables
from gradstep.tui.text.drawing import framed
from gradstep.tui.text.glyphs import READ
from tests.engine.program.test_optimizers import trained
from tests.strategies import scenario_of, scenarios
from tests.tui.pages.layers.panels import (
    BARS,
    check_filled,
    check_numbers,
    numbers,
    panels_at,
    parts,
    places,
    text_of,
    view_of,
)
from tests.walks import RUNNABLE

KINDS = (
    "mazur-2-2-2",
    "relu-softmax-2-3-2",
    "and-perceptron",
    "sgd-regression",
    "apples",
    "two-layer-digits",
)
SIZES = ((78, 9), (80, 18), (36, 6), (110, 30), (158, 44))


def every_scenario() -> list[Scenario]:
    return [*map(load_scenario, RUNNABLE), trained()]


def test_the_gradient_of_the_inputs_stands_below_them_with_its_whole_name() -> None:
    timeline = Timeline(load_scenario("tests/data/cases/asked-for.toml"))
    timeline.goto("1:dx")
    lines = [line.strip("│ ") for line in text_of(panels_at(timeline, 80, 18)).splitlines()]
    begins = [
        next(place for place, line in enumerate(lines) if line.startswith(name)) for name in ("pixel", "∂E/∂pixel")
    ]
    assert begins[1] == begins[0] + len(timeline["x"])


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", [*KINDS, "with momentum"])
def test_what_a_step_wrote_is_in_view_and_marked_and_no_label_moves(name: str, width: int, height: int) -> None:
    scenario = trained() if name == "with momentum" else load_scenario(name)
    timeline = Timeline(scenario)
    before: dict[object, list[object]] = {}
    while timeline.step() and timeline.position.iteration == 1:
        moment = timeline.moment()
        assert moment.step is not None
        panels = layer_tables(moment, view_of(timeline), width, height)
        check_filled(panels, width, height)
        check_numbers(moment, panels)
        phase, symbol = moment.step.phase, moment.step.symbol
        if symbol == "E" and scenario.network.layered:  # in the line above all panels; what it is made of is in view
            seen = {getattr(hit.target, "symbol", "") for panel in panels for hit in panel.inside.hits}
            assert {*moment.step.operands} & seen, timeline.position
            continue
        shown = [part for panel in panels for part in parts(panel)]
        marked = [line for part in shown for line in part.lines if any("▌" in text for text, _ in line)]
        assert marked, (timeline.position, "nothing is marked")
        written = [
            hit
            for part in shown
            for hit in part.hits
            if getattr(hit.target, "symbol", "") == symbol and "▌" in "".join(t for t, _ in part.lines[hit.area.y])
        ]
        assert written, (timeline.position, "is not in view")
        assert any(f"bold {phase.value} on written {phase.value}" == key for line in marked for _, key in line)
        page = (PASSES[phase], *("".join(text for text, _ in (*panel.title, *panel.aside)) for panel in panels))
        assert before.setdefault(page, places(panels)) == places(panels), timeline.position
    if height >= layer_heights(scenario, view_of(timeline), width)[1]:
        assert len(before) <= len({PASSES[step.phase] for step in scenario.program.steps}), "pages were turned"


@pytest.mark.parametrize("name", RUNNABLE)
def test_where_everything_fits_every_symbol_that_a_step_writes_has_a_place(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    panels = panels_at(timeline, 400, 400)
    there = {getattr(hit.target, "symbol", "") for panel in panels for part in parts(panel) for hit in part.hits}
    assert {step.symbol for step in timeline.program.steps} - {
        "E" if timeline.scenario.network.layered else ""
    } <= there
    assert {*timeline.program.symbols} == {symbol for box in boxes_of(timeline.scenario) for symbol in box}


def test_the_second_example_is_read_line_by_line() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:delta1")
    first, second = (framed(panel).text.splitlines() for panel in panels_at(timeline, 110, 30))
    lines = [" ".join(line.strip("│╭╰─╮╯ ").split()) for line in first]
    # by hand: σ(0.3775) = 0.593269992, the article's ∂E/∂out_h1 = 0.036350306, times σ′ = 0.241300709
    assert lines[0].startswith("layer 1 · hidden")
    assert lines[0].replace("─", "").split() == ["layer", "1", "·", "hidden", "gradient", "next"]
    assert lines[1] == "i i1 0.05 i2 0.1", "the inputs stand over the headings, which are not theirs"
    assert lines[2] == "h1 h2 │ h1 h2 │ h1 h2"
    assert lines[3] == "W1 i1 │ w1 0.15 w3 0.25 │ · · │ · ·"
    assert lines[4] == "i2 │ w2 0.2 w4 0.3 │ · · │ · ·"
    assert lines[6] == "net_h │ 0.3775 0.3925 │▌ 0.008771355 0.009954255 ◂ called delta_h"
    assert lines[7] == "out_h │ 0.593269992 0.596884378│ 0.036350306 0.041370323"
    assert " ".join(second[-2].strip("│").split()) == "target │ 0.01 0.99 │ │ η 0.5"
    assert not second[-1].strip("╰─╯"), "no number stands in a frame"


def test_names_of_groups_stand_over_their_columns_and_inputs_on_the_grid() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:dW1")
    panel = panels_at(timeline, 80, 30)[0]
    top, inputs, headings, weights = framed(panel).text.splitlines()[:4]
    walls = [at for at, sign in enumerate(headings) if sign == "│"][1:]
    assert walls[1] < top.index("gradient") < walls[2] < top.index("next")
    assert inputs.index("i1") == weights.index("w1")
    assert inputs.index("0.05") == weights.index("0.15")
    assert inputs.index("0.1") == weights.index("0.25")


@pytest.mark.parametrize(
    ("name", "width", "row"),
    [
        ("mazur-2-2-2", 80, "target    │     0.01         0.99    │                    │ η  0.5"),  # below what follows
        ("and-perceptron", 80, "W 0 │      0.5       │  ·         │  ·           η  0.5"),  # behind all groups
        ("mazur-2-2-2", 30, "η  0.5"),  # in a line of its own where no other has room
        ("two-layer-digits", 80, "η  0.1"),
    ],
)
def test_the_learning_rate_stands_in_a_line_of_the_last_table_and_the_loss_above_all_panels(
    name: str, width: int, row: str
) -> None:
    timeline = Timeline(load_scenario(name))
    timeline.goto("1:E")
    panels = panels_at(timeline, width, 60)
    drawing = framed(next(panel for panel in panels if "η" in panel.inside.text))
    (place,) = [at for at, line in enumerate(drawing.text.splitlines()) if "η" in line]
    line = drawing.text.splitlines()[place]
    assert line.strip("│ ").startswith(row), line
    target = drawing.at(line.index("η") + 3, place)
    assert getattr(target, "symbol", "") == "learning_rate"
    for panel in panels:
        assert not framed(panel).text.splitlines()[-1].strip("╰─╯"), "no number stands in a frame"
    assert not [symbol for symbol, *_ in numbers(panels) if symbol == "E"]


def test_read_operands_have_a_ground_and_without_colours_a_character() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:delta1")
    keys = {(symbol, key.partition(" on ")[2]) for symbol, _, _, key in numbers(panels_at(timeline, 110, 30))}
    assert {symbol for symbol, ground in keys if ground == "read"} == {"dz1", "z1"}
    assert {symbol for symbol, ground in keys if ground == "written backward"} == {"delta1"}
    plain = text_of(panels_at(timeline, 110, 30, plain=True))
    (read,) = [line for line in plain.splitlines() if "out_h" in line]
    assert read.count(READ.sign) == 2
    assert READ.sign not in text_of(panels_at(timeline, 110, 30))
    ascii = text_of(panels_at(timeline, 110, 30, ascii=True))
    (read,) = [line for line in ascii.splitlines() if "out_h" in line]
    assert read.count(READ.ascii) == 2


def test_ascii_is_ascii_where_the_scenario_is() -> None:
    for name in ("mazur-2-2-2", "two-layer-digits", "and-perceptron"):
        timeline = Timeline(load_scenario(name))
        timeline.goto("1:dW1")
        panels = panels_at(timeline, 100, 40, ascii=True)
        assert "\n".join(framed(panel, ascii=True).text for panel in panels).isascii()


def test_what_is_frozen_is_quiet_and_what_is_picked_is_lit() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:W2_next")
    keys = {
        (symbol, index): key for symbol, index, _, key in numbers(panels_at(timeline, 110, 30, picked=("W2", (0, 1))))
    }
    assert keys["b1_next", (0,)] == "quiet"
    assert keys["W2", (0, 1)] == "bold text on chosen"
    assert keys["W2", (0, 0)] == "text on read"


def test_what_is_kept_of_a_parameter_has_columns_of_its_own() -> None:
    timeline = Timeline(trained())
    timeline.goto("2:W1_next")
    moment = timeline.moment()
    shown = {(symbol, index): text for symbol, index, text, _ in numbers(panels_at(timeline, 180, 40))}
    for symbol in ("v_W1", "v_W1_next", "kept_W1", "W1_next", "dW1"):
        assert float(shown[symbol, (0, 1)]) == pytest.approx(float(moment.values[symbol][0, 1]), rel=1e-3)
    top = framed(panels_at(timeline, 180, 40)[0]).text.splitlines()[0]
    assert " v " in top


def test_groups_that_do_not_fit_are_left_out_whole_and_said_so_and_what_is_written_is_not() -> None:
    timeline = Timeline(trained())
    for step in timeline.program.steps:
        timeline.goto(f"1:{step.symbol}")
        panels = panels_at(timeline, 64, 40)
        assert step.symbol == "E" or any(symbol == step.symbol for symbol, *_ in numbers(panels)), step.symbol
        assert any(said in text_of(panels) for said in ("not shown: ", "+ 4 more"))


@pytest.mark.parametrize("name", ["mazur-2-2-2", "sgd-regression", "relu-softmax-2-3-2", "two-layer-digits"])
def test_what_of_a_table_is_seen_is_said_in_words(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    for place in range(1, timeline.moment().length):
        timeline.goto(f"1:{place}")
        (panel,) = panels_at(timeline, 78, 9)  # of 80 by 24
        title, said = ("".join(text for text, _ in pieces) for pieces in (panel.title, panel.aside))
        assert re.match(r"layer [12] of 2( |$)", title), "the one that is seen says which it is"
        for part in filter(None, said.split(" · ")):
            assert re.fullmatch(r"(rows )?\d+-\d+ of \d+|\d+ of \d+ symbols.*|not shown: .+", part), part


def test_layers_come_in_pages_that_are_always_the_same() -> None:
    layers = '[[layer]]\nkind = "affine"\nunits = 2\n[[layer]]\nkind = "tanh"\n' * 50
    text = 'format = 1\ntitle = "deep"\n[data]\nx = [[1.0, 2.0]]\nt = [[0.5, 0.5]]\n' + layers
    scenario = scenario_of(text + '[loss]\nkind = "squared_error"\n[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n')
    timeline = Timeline(scenario)
    shown: dict[int, str] = {}
    for layer in (1, 2, 3, 4, 25, 49, 50):
        timeline.goto(f"1:u{layer}")
        panels = panels_at(timeline, 110, 20)
        (said,) = ["".join(text for text, _ in panels[0].aside)]
        assert said.endswith("of 50")
        shown[layer] = said
        assert f"layer {layer} · " in text_of(panels)
    assert shown[1] == shown[2] == "layers 1-2 of 50"
    assert shown[3] == shown[4] == "layers 3-4 of 50"


def test_many_rows_come_in_parts_that_are_always_the_same() -> None:
    rows = ", ".join(f"[{k}.0]" for k in range(30))
    text = f'format = 1\ntitle = "wide"\n[data]\nx = [[{", ".join(["1.0"] * 30)}]]\nt = [[0.5]]\n'
    text += f'[[layer]]\nkind = "affine"\nW = [{rows}]\nb = [0.0]\n'
    scenario = scenario_of(text + '[loss]\nkind = "squared_error"\n[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n')
    timeline = Timeline(scenario)
    timeline.goto("1:dW1")
    (panel,) = panels_at(timeline, 90, 13, picked=("dW1", (25, 0)))
    assert "rows " in "".join(text for text, _ in panel.aside)
    assert ("dW1", (25, 0)) in {(symbol, index) for symbol, index, *_ in numbers((panel,))}
    (again,) = panels_at(timeline, 90, 13, picked=("dW1", (26, 0)))
    assert panel.aside == again.aside


def test_of_a_batch_a_line_holds_one_sample_with_all_that_is_known_of_it() -> None:
    timeline = Timeline(load_scenario("and-perceptron"))
    timeline.goto("1:dy")
    (panel,) = panels_at(timeline, 80, 40)
    lines = [line.split("│") for line in framed(panel).text.splitlines()]
    (names,) = [line for line in lines if any(part.strip() == "Z" for part in line)]
    assert [part.strip() for part in names[2:8]] == ["X 0 1", "Z", "A", "Y", "∂E/∂A", "dZ"]
    sample = lines[lines.index(names) + 3]
    # by hand: the third row is (1, 0), so Z = 0.5 + 0.1, A = σ(0.6), Y = 0, and ∂E/∂A = A − Y
    a = 1 / (1 + math.exp(-0.6))
    found = [float(part.split()[-1].removeprefix("▌")) for part in sample[3:7]]
    assert sample[1].strip() == "2"
    assert found == pytest.approx([0.6, a, 0.0, a], abs=1e-5)
    assert "·" in sample[7], "dZ is the next step"


def test_over_a_single_unit_its_name_and_the_groups_stand_below_the_rows_of_inputs() -> None:
    timeline = Timeline(load_scenario("and-perceptron"))
    timeline.goto("1:t")
    timeline.edit("x[1,1]", 0.125)  # data that take too many cells to stand in the lines of the samples
    timeline.goto("1:dW1")
    (panel,) = panels_at(timeline, 80, 40)
    lines = framed(panel).text.splitlines()
    assert "gradient" not in lines[0], "the inputs, whose second column is no gradient, stand below the upper edge"
    assert [part.strip() for part in lines[5].strip("│").split("│")][1:4] == ["unit 0", "gradient", "next"]


@pytest.mark.parametrize("width", [78, 80, 96])
def test_a_sample_is_a_row_with_its_inputs_its_output_and_its_target_side_by_side(width: int) -> None:
    timeline = Timeline(load_scenario("and-perceptron"))
    timeline.goto("1:dZ")
    (panel,) = panels_at(timeline, width, 40)
    lines = [line.split("│") for line in panel.inside.text.splitlines()]
    (at,) = [place for place, line in enumerate(lines) if line[1].split() == ["X", "0", "1"]]
    heads = [part.strip() for part in lines[at]]
    assert [head.split()[0] for head in heads[1:]] == ["X", "Z", "A", "Y", "∂E/∂A", "dZ"]
    for row in range(4):
        cells = dict(zip([head[:1] for head in heads], [part.split() for part in lines[at + 1 + row]], strict=True))
        x, y = (row // 2, row % 2), float(row == 3)
        assert tuple(map(float, cells["X"])) == x
        assert float(cells["Y"][0]) == y
        # by hand: W = (0.5, −0.3), b = 0.1
        assert float(cells["A"][-1]) == pytest.approx(1 / (1 + math.exp(-(0.5 * x[0] - 0.3 * x[1] + 0.1))), abs=1e-6)
    assert panel.inside.height == 1 + 3 + 1 + 4, "headings, W and b, headings, a line a sample"


def test_data_set_by_hand_have_the_cells_of_other_numbers_unless_they_are_as_short_as_the_others() -> None:
    for value, is_short in ((0.125, False), (7.0, True), (-7.0, True), (1234567.0, False)):
        timeline = Timeline(load_scenario("and-perceptron"))
        timeline.goto("1:t")
        timeline.edit("x[1,1]", value)
        timeline.goto("1:dW1")
        panels = panels_at(timeline, 80, 40)
        check_numbers(timeline.moment(), panels)
        shown = {(symbol, index): float(text) for symbol, index, text, _ in numbers(panels) if symbol == "x"}
        assert shown["x", (1, 1)] == value
        assert (panels[0].inside.height == 9) == is_short


def test_while_the_loss_is_written_what_it_was_made_of_is_in_view() -> None:
    timeline = Timeline(load_scenario("and-perceptron"))
    timeline.goto("3:E")
    panels = panels_at(timeline, 78, 10)
    assert {("y", (0, 0)), ("t", (0, 0))} <= {(symbol, index) for symbol, index, *_ in numbers(panels)}


def test_of_more_dimensions_the_slice_of_the_picked_element_is_shown_or_the_first() -> None:
    assert slice_of((3, 4, 5), None) == (0,)
    assert slice_of((3, 4, 5), (2, 1, 1)) == (2,)
    assert slice_of((2, 3, 4, 5), None) == (0, 0)
    assert slice_of((4, 5), (2, 1)) == ()


def test_contributions_of_a_value_used_twice_have_lines_of_their_own() -> None:
    text = """
format = 1
title = "used twice"
output = "w"
[inputs]
a = 2.0
[parameters]
p = 0.5
[[node]]
name = "m"
kind = "multiply"
inputs = ["a", "p"]
[[node]]
name = "w"
kind = "multiply"
inputs = ["m", "m"]
"""
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    shown = {symbol: float(text) for symbol, _, text, _ in numbers(panels_at(timeline, 80, 20))}
    # m = a p = 1, w = m², so dm = 2 m = 2, a contribution of m = 1 from each use; da = dm p = 1, dp = dm a = 4
    assert [shown[name] for name in ("m", "w", "dm", "da", "dp")] == [1.0, 1.0, 2.0, 1.0, 4.0]
    contributions = [name for name in timeline.program.symbols if "contribution" in timeline.program.symbols[name].role]
    assert [shown[name] for name in contributions] == [1.0, 1.0]


@settings(max_examples=40, deadline=None)
@given(scenarios(iterations=2), st.data())
def test_at_any_size_lines_are_whole_and_numbers_are_those_of_their_elements(text: str, data: st.DataObject) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto(f"1:{data.draw(st.sampled_from(timeline.program.steps)).symbol}")
    width, height = data.draw(st.integers(36, 200)), data.draw(st.integers(4, 60))
    options = {"ascii": data.draw(st.booleans()), "digits": data.draw(st.sampled_from([0, 6, 9, 12, 17]))}
    panels = panels_at(timeline, width, height, **options)
    check_filled(panels, width, height)
    check_numbers(timeline.moment(), panels)
    symbol = timeline.moment().position.symbol
    there = {getattr(hit.target, "symbol", "") for panel in panels for part in parts(panel) for hit in part.hits}
    if height >= 5 and symbol != "E":
        assert symbol in there
        assert any(sign in text_of(panels) for sign in BARS)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "-0.0", "1e300", "-1e-300", "0.1"])
@pytest.mark.parametrize("width", [36, 60, 110])
def test_odd_numbers_are_whole(value: str, width: int) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:u1")
    timeline.edit("W2[0,1]", float(value))
    timeline.goto("1:W2_next")
    panels = panels_at(timeline, width, 40)
    check_filled(panels, width, 40)
    check_numbers(timeline.moment(), panels)


def test_names_of_any_length_and_width_break_no_line() -> None:
    long, wide = "x" * 40, "重" * 20
    text = f"""
format = 1
title = "names"
[data]
x = [[1.0, 2.0]]
t = [[0.5]]
[[layer]]
kind = "affine"
units = 1
[loss]
kind = "squared_error"
[names]
W1 = "{wide}"
b1 = "{long}"
[labels]
W1 = [["{long}1"], ["{wide}2"]]
"""
    timeline = Timeline(scenario_of(text))
    timeline.goto("1:dW1")
    for width in (36, 50, 80, 120):
        check_filled(panels_at(timeline, width, 20), width, 20)
        check_filled(panels_at(timeline, width, 20, own=False), width, 20)


def test_the_heights_are_those_of_the_tables() -> None:
    for scenario in every_scenario():
        timeline = Timeline(scenario)
        view = view_of(timeline)
        for width in (60, 80, 120):
            least, best = layer_heights(scenario, view, width)
            assert 4 <= least <= best
            phases = {step.phase for step in scenario.program.steps} - {Phase.MEASURE}
            for phase in phases:
                timeline.goto(f"1:{next(step.symbol for step in scenario.program.steps if step.phase is phase)}")
                panels = layer_tables(timeline.moment(), view, width, best)
                assert sum(panel.inside.height + 2 for panel in panels) <= best
                assert "layer" not in "".join(text for panel in panels for text, _ in panel.aside), "all are in view"


@pytest.mark.parametrize("name", ["mazur-2-2-2", "sgd-regression", "two-layer-digits"])
@pytest.mark.parametrize("height", [12, 16, 19, 40])
def test_tables_that_share_edges_show_as_much_with_a_line_less_each(name: str, height: int) -> None:
    timeline = Timeline(load_scenario(name))
    view = view_of(timeline)
    for step in timeline.scenario.program.steps[: timeline.course.length(1)]:
        timeline.goto(f"1:{step.symbol}")
        panels = layer_tables(timeline.moment(), view, 80, height, joined=True)
        taken = sum(panel.inside.height + 1 for panel in panels) + 1
        assert taken <= height
        apart = layer_tables(timeline.moment(), view, 80, height + len(panels) - 1)
        if len(panels) == len(apart):
            assert [panel.inside.text for panel in panels] == [panel.inside.text for panel in apart]


def test_joined_tables_want_as_many_lines_less_as_they_share_edges() -> None:
    for scenario in every_scenario():
        view = view_of(Timeline(scenario))
        best, joined = (layer_heights(scenario, view, 80, joined=joined)[1] for joined in (False, True))
        assert 0 <= best - joined < len(boxes_of(scenario))


@pytest.mark.parametrize("name", ["sgd-regression", "two-layer-digits"])
def test_where_not_all_lines_fit_each_table_keeps_its_place_all_through_the_iteration(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    view = view_of(timeline)
    found = set()
    for step in timeline.program.steps[: timeline.course.length(1)]:
        timeline.goto(f"1:{step.symbol}")
        panels = layer_tables(timeline.moment(), view, 80, 19, joined=True)
        found.add(tuple((panel.title[0], panel.inside.height) for panel in panels))
    assert len(found) == 1
    assert len(found.pop()) == 2


def test_what_a_step_writes_is_in_one_part_of_a_table_where_it_has_room() -> None:
    timeline = Timeline(load_scenario("sgd-regression"))
    for symbol in ("dW2", "W2_next", "u2"):
        timeline.goto(f"1:{symbol}")
        shown = [each for each, *_ in numbers(panels_at(timeline, 80, 20))]
        assert shown.count(symbol) == timeline.moment().values[symbol].size


def test_columns_without_names_are_numbered_under_the_names_of_their_groups() -> None:
    lines = text_of(panels_at(Timeline(load_scenario("attention")), 150, 60)).splitlines()
    heads = [part.split() for part in lines[1].strip("│").split("│")]
    assert heads[1:3] == [["0", "1", "2", "3"]] * 2
    assert "gradient" in lines[0]
