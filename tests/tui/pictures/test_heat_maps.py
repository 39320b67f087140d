"""Claims about the heat maps of a moment: which stand side by side, what is around them, that nothing moves."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Element
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.heat import MOST_TALL, MOST_WIDE, HeatMap, Look, tile
from gradstep.tui.pictures.heat_maps import heat_maps, heat_maps_text, sheet_title, sheets
from gradstep.tui.pictures.heat_text import heat_text
from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.notation import Notation

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 60))
SCENARIOS = ("mazur-2-2-2", "relu-softmax-2-3-2", "and-perceptron", "apples-and-oranges", "two-layer-digits")
ROOMS = ((82, 18), (36, 4), (78, 16), (150, 40))


def timeline(name: str) -> Timeline:
    return Timeline(load_scenario(name))


def view_of(
    run: Timeline, *, ascii: bool = False, plain: bool = False, picked: tuple[str, Index] | None = None
) -> View:
    return View(Notation(run.names, ascii=ascii), plain=plain, picked=picked)


@cache
def mazur(where: str) -> Timeline:
    run = timeline("mazur-2-2-2")
    run.goto(where)
    return run


def drawn(
    where: str, which: int = 0, size: tuple[int, int] = (82, 18), picked: tuple[str, Index] | None = None
) -> Drawing:
    run = mazur(where)
    return heat_maps(run.moment(), view_of(run, picked=picked), *size, which)


def styled(drawing: Drawing, key: str) -> list[str]:
    return [text.strip() for line in drawing.lines for text, found in line if found == key and text.strip()]


@pytest.mark.parametrize("name", SCENARIOS)
def test_at_every_step_every_line_fills_its_room_and_the_headings_stay_where_they_are(name: str) -> None:
    run = timeline(name)
    seen: dict[tuple[int, int, int], list[tuple[int, int, str]]] = {}
    for _ in range(len(run.program.steps)):
        moment, view = run.moment(), view_of(run)
        for size in ROOMS[:2] if name == "two-layer-digits" else ROOMS:
            for which in (0, 1, 2, 3):
                drawing = heat_maps(moment, view, *size, which)
                assert drawing.height == size[1]
                assert all(sum(cell_len(text) for text, _ in line) == size[0] for line in drawing.lines)
                shapes = [
                    (y, found.start(), found[0])
                    for y, line in enumerate(drawing.text.splitlines())
                    for found in re.finditer(r"\d+×\d+", line)
                ]
                assert not which or seen.setdefault((*size, which), shapes) == shapes
        run.step()


def test_a_step_shows_what_it_reads_and_what_it_writes_side_by_side_each_with_its_scale() -> None:
    drawing = drawn("1:dW1", size=(110, 18))
    lines = drawing.text.splitlines()
    assert "i 1×2" in lines[0]
    assert "delta_h 1×2" in lines[0]
    assert styled(drawing, "bold backward on written backward") == ["▌∂E/∂W1"]
    assert styled(drawing, "text on read") == ["i", "delta_h"]
    assert "0.000438568" in drawing.text  # Mazur prints 0.000438568 for ∂E/∂w1
    assert all(label in drawing.text for label in ("w1", "w2", "w3", "w4", "h1", "h2", "i1", "i2"))
    assert "each map has its own scale" in drawing.text


def test_parameters_have_one_scale_and_what_is_not_computed_yet_has_its_place() -> None:
    drawing = drawn("1:dW2", 1)
    assert all(title in drawing.text for title in ("W1 2×2", "b1 2", "W2 2×2", "b2 2"))
    assert "one scale for all  -0.6" in drawing.text
    assert "ink on heat 16" in {key for line in drawing.lines for _, key in line}
    before, after = drawn("1:dW2", 2).text.splitlines(), drawn("1", 2).text.splitlines()
    assert "·" in before[3]
    assert [line[1:12] for line in before if "∂E" in line] == [line[1:12] for line in after if "∂E" in line]


def test_small_vectors_stand_in_one_row_in_cells_of_one_size() -> None:
    drawing = drawn("1:delta1", size=(80, 30))
    lines = drawing.text.splitlines()
    assert all(name in lines[0] for name in ("∂E/∂out_h", "out_h 1×2", "delta_h"))
    areas = {(hit.area.width, hit.area.height) for hit in drawing.hits}
    assert len(areas) == 1
    assert all(width <= MOST_WIDE and height <= MOST_TALL for width, height in areas)


def test_the_gradient_of_a_value_is_not_called_by_the_names_of_the_value() -> None:
    text = drawn("1:delta1", size=(80, 30)).text
    assert text.count("out_h1") == 1, "of out_h alone"


def test_data_without_negative_numbers_is_grey_and_what_is_computed_is_not() -> None:
    keys = {key for line in drawn("1:u1", size=(110, 18)).lines for _, key in line}
    assert "ink on grey 16" in keys
    assert "ink on heat 16" in keys
    of_values = {key for line in drawn("1:z1", size=(110, 18)).lines for _, key in line}
    assert not any("on grey" in key for key in of_values)


def test_what_an_update_adds_is_drawn_as_a_difference() -> None:
    run = mazur("1")
    drawing = drawn("1", 3)
    assert "W2⁺ − W2 2×2" in drawing.text
    expected = -0.5 * 0.082167041  # learning rate and ∂E/∂w5 as Mazur prints it
    assert f"{expected:.9f}"[:10] in drawing.text
    assert heat_maps_text(run.moment(), view_of(run), 3)[0] == "W1⁺ − W1"


def test_the_picked_element_is_lit_and_given_in_full() -> None:
    drawing = drawn("1:dW1", size=(110, 18), picked=("delta1", (0, 1)))
    lit = styled(drawing, "bold text on chosen")
    assert lit[:2] == ["delta_h2", "0.009954255"]
    assert lit[2].startswith("delta_h2 = ")
    assert float(lit[2].partition(" = ")[2]) == float(mazur("1:dW1")["delta1"][0, 1])


def test_a_click_on_a_number_picks_its_element() -> None:
    drawing = drawn("1:dW1", size=(110, 18))
    targets = {hit.target for hit in drawing.hits}
    assert {Element("dW1", (row, column)) for row in (0, 1) for column in (0, 1)} <= targets
    y = next(y for y, line in enumerate(drawing.text.splitlines()) if "0.000438568" in line)
    x = drawing.text.splitlines()[y].index("0.000438568")
    assert drawing.at(x, y) == Element("dW1", (0, 0))


def test_each_array_can_be_seen_by_itself_in_all_the_room() -> None:
    run = mazur("1")
    known, view = sheets(run.program), view_of(run)
    assert [sheet_title(sheet, view) for sheet in known[:4]] == [
        "what the step reads and writes",
        "parameters",
        "gradients of the parameters",
        "what the update adds to the parameters",
    ]
    alone = [sheet.symbols for sheet in known if not sheet.kind]
    assert alone == [(name,) for name in run.program.symbols]


def test_before_the_first_step_it_says_so() -> None:
    run = timeline("mazur-2-2-2")
    assert heat_maps(run.moment(), view_of(run), 60, 8).text.startswith("no step has run yet")


def test_a_large_map_says_how_it_is_reduced_and_points_at_the_chosen_element() -> None:
    values = np.zeros((64, 100))
    values[63, 99] = -1.0
    drawing = tile(HeatMap("W", (64, 100), values, chosen=(63, 99)), 55, 11, Look())
    lines = drawing.text.splitlines()
    assert lines[0] == " W 64×100, a cell: the largest of 4×2"
    assert [line[:2].strip() for line in lines[2:10]] == ["0", "", "", "", "32", "", "", ""]
    assert lines[1].index("▾") == 3 + 49
    assert lines[9][2] == "▸"
    assert lines[10].strip().startswith("-1")


@pytest.mark.parametrize(("columns", "width"), [(30, 76), (200, 76), (3, 20), (1000, 40), (48, 50)])
def test_headings_stand_over_their_columns_and_none_is_cut(columns: int, width: int) -> None:
    values = np.full((2, columns), 1e-3)
    drawing = tile(HeatMap("W", values.shape, values), width, 8, Look(plain=True))
    headings = drawing.text.splitlines()[1].split()
    assert headings[0] == "0"
    assert all(int(heading) < columns for heading in headings)
    assert headings == sorted(headings, key=int)


@given(
    hnp.arrays(np.float64, st.one_of(st.just(()), st.tuples(st.integers(0, 30)), SIZES), elements=st.floats()),
    st.integers(12, 130), st.integers(1, 30), st.booleans(), st.booleans(),
)  # fmt: skip
def test_any_array_is_drawn_into_any_tile(values: Array, width: int, height: int, plain: bool, ascii: bool) -> None:
    for known in (values, None):
        drawing = tile(HeatMap("総入力" * 9, values.shape, known), width, height, Look(plain, ascii))
        assert drawing.height == height
        assert all(sum(cell_len(text) for text, _ in line) == width for line in drawing.lines)


@pytest.mark.parametrize(("value", "told"), [(np.nan, "no number is finite"), (0.0, "every number is 0"), (2.0, "0  ")])
def test_an_array_without_a_scale_says_why(value: float, told: str) -> None:
    drawing = tile(HeatMap("W", (3, 4), np.full((3, 4), value)), 40, 8, Look())
    assert drawing.text.rstrip().splitlines()[-1].strip().startswith(told.strip())


# ── as text ──────────────────────────────────────────────────────────────────────────────────────────────────


def name(index: Index) -> str:
    return f"W[{','.join(map(str, index))}]"


def notation(*, ascii: bool = False) -> Notation:
    return Notation(mazur("1").names, ascii=ascii)


def test_the_text_says_what_can_be_read_from_the_map() -> None:
    assert heat_text(np.array([[3.0, -4.0], [0.0, 1.5]]), notation(), name) == (
        "shape 2×2, 4 numbers",
        "1 negative, 1 zero, 2 positive, 0 not finite",
        "min -4 (W[0,1]), max +3 (W[0,0]), mean +0.125",
        "largest by magnitude: W[0,1] = -4, W[0,0] = +3, W[1,1] = +1.5, W[1,0] = +0",
    )
    odd = heat_text(np.array([np.nan, 1.0, -np.inf]), notation(ascii=True), name)
    assert odd[1] == "0 negative, 0 zero, 1 positive, 2 not finite"
    assert odd[2] == "min +1 (W[1]), max +1 (W[1]), mean +1 of the finite ones"
    assert odd[-1] == "not finite: W[0] = NaN, W[2] = -inf"


@given(hnp.arrays(np.float64, SIZES, elements=st.floats(-1e300, 1e300)))
def test_the_five_largest_are_the_five_largest(values: Array) -> None:
    line = heat_text(values, notation(), name)[3]
    sizes = [abs(float(part.partition(" = ")[2])) for part in line.partition(": ")[2].split(", ") if " = " in part]
    expected = np.sort(np.abs(values).ravel())[::-1][:5]
    assert np.allclose(sizes, expected, rtol=1e-2, atol=0)  # a small number is written with three digits that count


def test_elements_are_called_as_the_scenario_calls_them() -> None:
    run = mazur("1")
    which = next(
        place for place, sheet in enumerate(sheets(run.program)) if sheet.symbols == ("W2",) and not sheet.kind
    )
    assert "w8 = +0.55" in heat_maps_text(run.moment(), view_of(run), which)[4]
