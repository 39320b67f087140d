"""Claims about the panel of the step that has just run: whole, marked, and arithmetic that comes out."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import Element
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.step import step_heights, step_most, step_panel
from gradstep.tui.pages.step.scene import largest_of
from gradstep.tui.pages.view import View
from gradstep.tui.text.cells import as_column
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.text.palette import GRADSTEP_DARK
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

LARGE = "two-layer-digits"
KINDS = ("mazur-2-2-2", "relu-softmax-2-3-2", "and-perceptron", "sgd-regression", "apples", LARGE)  # of nets
SIZES = ((78, 9), (82, 9), (82, 11), (110, 14), (36, 6), (160, 30))
WALKED = [(name, size) for name in KINDS for size in (SIZES[1:4] if name == LARGE else SIZES)]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")


@cache
def moments(name: str) -> tuple[Moment, ...]:
    """Every step of an iteration, the last of an epoch where accuracies are measured."""
    scenario = load_scenario(name)
    timeline, iteration = Timeline(scenario), scenario.program.measure_every or 1
    timeline.goto(f"{iteration}:0" if iteration > 1 else "start")
    found = []
    for _ in range(scenario.program.length(iteration)):
        timeline.step()
        found.append(timeline.moment())
    return tuple(found)


def at(name: str, symbol: str) -> Moment:
    return next(moment for moment in moments(name) if moment.step is not None and moment.step.symbol == symbol)


def view_of(moment: Moment, *, ascii: bool = False, plain: bool = False, **options: object) -> View:
    return View(Notation(moment.scenario.names, ascii=ascii), plain=plain, **options)  # type: ignore[arg-type]


def panel_at(name: str, symbol: str, width: int = 82, height: int = 9, **options: object) -> Panel:
    moment = at(name, symbol)
    return step_panel(moment, view_of(moment, **options), width, height)  # type: ignore[arg-type]


def lines_at(name: str, symbol: str, width: int = 82, height: int = 9, **options: object) -> list[str]:
    return panel_at(name, symbol, width, height, **options).inside.text.splitlines()


def line_with(lines: list[str], start: str) -> list[float]:
    """The numbers of the line that begins so."""
    line = next(line for line in lines if line.strip().startswith(start))
    return [float(number) for number in NUMBER.findall(line.strip().removeprefix(start))]


# ── at every step of every scenario ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "size"), [(n, s) for n in KINDS for s in (SIZES[1:4] if n == LARGE else SIZES)], ids=str
)
def test_every_step_shows_what_it_wrote_marked_and_fills_the_panel_exactly(name: str, size: tuple[int, int]) -> None:
    width, height = size
    for moment in moments(name):
        assert moment.step is not None
        for view in (view_of(moment), view_of(moment, ascii=True), view_of(moment, plain=True)):
            panel = step_panel(moment, view, width, height)
            where = f"{name} {moment.step.symbol} {size}\n{panel.inside.text}"
            assert panel.inside.height == height, where
            for line in panel.inside.lines:
                assert sum(cell_len(text) for text, _ in line) == width, where
                for _, key in line:
                    GRADSTEP_DARK.style(key)
            phase, written = panel.hue, [hit for hit in panel.inside.hits if hit.target is not None]
            keys = {key for line in panel.inside.lines for _, key in line}
            assert any(key.endswith((f"on written {phase}", f"on chosen {phase}")) for key in keys), where
            assert ("!" if view.notation.ascii else "▌") in panel.inside.text, where
            own = [hit.target for hit in written if isinstance(hit.target, Element)]
            assert any(element.symbol == moment.step.symbol for element in own), where
            if view.notation.ascii and all(text.isascii() for text in moment.scenario.names.own.values()):
                assert panel.inside.text.isascii(), where


@pytest.mark.parametrize("name", RUNNABLE)
def test_a_number_that_can_be_clicked_is_the_number_of_its_element(name: str) -> None:
    for moment in moments(name):
        panel = step_panel(moment, view_of(moment), 110, 14)
        lines = ["".join(text for text, _ in line) for line in panel.inside.lines]
        for hit in panel.inside.hits:
            text = lines[hit.area.y][hit.area.x : hit.area.x + hit.area.width].strip(" ▌")
            if hit.area.width < 8 or not NUMBER.fullmatch(text) or not isinstance(hit.target, Element):
                continue  # a mark or a name
            if any(cell_len(character) > 1 for character in lines[hit.area.y]):
                continue
            value = float(moment.values[hit.target.symbol][hit.target.index])
            assert float(text) == pytest.approx(value, rel=2e-3, abs=1e-30), (hit, text)


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_notes_below_stand_in_the_same_lines_at_every_step(name: str) -> None:
    for width, height in ((82, 9), (82, 11), (160, 30)):
        places = set()
        for moment in moments(name):
            lines = step_panel(moment, view_of(moment), width, height).inside.text.splitlines()
            found = [
                (label, y) for y, line in enumerate(lines) for label in ("why ", "next ") if line[1:].startswith(label)
            ]
            places.add(tuple(found))
        assert len(places) == 1


@pytest.mark.parametrize("name", RUNNABLE)
def test_heights_are_those_of_the_scenario(name: str) -> None:
    moment = moments(name)[0]
    least, best = step_heights(moment.scenario, view_of(moment), 82)
    assert 4 <= least <= best <= 40


# ── the forms ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_elementwise_step_has_its_factors_in_columns_and_the_derivative_in_a_bracket() -> None:
    lines = lines_at("mazur-2-2-2", "delta1")
    heading = next(line for line in lines if "1 − out_h" in line)
    assert heading.split() == ["∂E/∂out_h", "out_h", "(1", "−", "out_h)", "delta_h"]
    upstream, out, rest, delta, *beside = line_with(lines, "h1")
    z = 1 / (1 + np.exp(-0.3775))
    assert (out, rest) == pytest.approx((z, 1 - z), abs=1e-9)
    assert delta == pytest.approx(upstream * z * (1 - z), abs=1e-9)
    assert beside == pytest.approx([z * (1 - z)], abs=5e-5)
    assert any("└" in line and "σ′(net_h)" in line for line in lines)


def test_a_derivative_stands_beside_its_own_unit_or_is_named_with_it() -> None:
    beside = lines_at("mazur-2-2-2", "delta1", 90)
    assert [line.split("σ′ ")[1].strip() for line in beside if "▌" in line] == ["0.241300709", "0.240613417"]
    below = next(line for line in lines_at("mazur-2-2-2", "delta1", 76) if "└" in line)
    assert below.split("┘")[1].split() == ["h1", "0.2413", "h2", "0.2406"]


def test_a_sigmoid_is_computed_from_the_power_on() -> None:
    lines = lines_at("mazur-2-2-2", "z1")
    assert "exp( −" in lines[2]
    net, *ones, power, out = line_with(lines, "h2")
    assert (net, *ones) == (0.3925, 1, 1)
    assert power == pytest.approx(np.exp(-0.3925), abs=1e-9)
    assert out == pytest.approx(1 / (1 + np.exp(-0.3925)), abs=1e-9)


def test_a_product_stands_in_brackets_with_one_sum_below() -> None:
    lines = lines_at("mazur-2-2-2", "u2", 110, 14)
    assert any(line.split() == ["out_h", "W2", "b2", "net_o"] for line in lines)
    assert sum("⎡" in line or "⎣" in line for line in lines) == 2
    assert any("net_o1 = out_h1 · w5 + out_h2 · w6 + b2[0]" in line for line in lines)
    numbers = next(line for line in lines if "×" in line)
    assert numbers.strip() == "= 0.593269992 × 0.4 + 0.596884378 × 0.45 + 0.6 = 1.105905967"


def test_where_there_is_room_every_number_of_a_small_product_has_its_sum_written_out() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    view = view_of(timeline.moment())
    height = step_most(timeline.scenario, view, 100)
    assert height >= step_heights(timeline.scenario, view, 100)[1]
    for symbol, elements in {
        "u1": ["net_h1 = i1 · w1 + i2 · w2 + b1[0]", "net_h2 = i1 · w3 + i2 · w4 + b1[1]"],
        "dW2": [f"∂E/∂w{place} = out_h{1 + (place + 1) % 2} · delta_o{1 + (place > 6)}" for place in (5, 6, 7, 8)],
    }.items():
        timeline.goto(f"1:{symbol}")
        text = step_panel(timeline.moment(), view, 100, height).inside.text
        assert all(element in text for element in elements), text
        low = step_panel(timeline.moment(), view, 100, 9).inside.text
        assert sum(element in low for element in elements) <= 1


def test_a_row_of_a_result_in_brackets_has_one_bar_and_without_colours_one_a_number() -> None:
    rows = [line for line in lines_at("mazur-2-2-2", "dW2", 110, 14) if "▌" in line]
    assert [line.count("▌") for line in rows] == [1, 1]
    plain = [line for line in lines_at("mazur-2-2-2", "dW2", 110, 14, plain=True) if "▌" in line]
    assert [line.count("▌") for line in plain] == [2, 2]


def test_the_row_and_the_column_of_a_picked_element_are_lit() -> None:
    panel = panel_at("mazur-2-2-2", "u2", 110, 14, picked=("u2", (0, 1)))
    lit = {text.strip(" ▌") for line in panel.inside.lines for text, key in line if key.endswith("on chosen forward")}
    assert {"0.5", "0.55", "1.224921404"} <= lit
    assert not {"0.4", "0.45"} & lit
    assert "net_o2 =" in panel.inside.text


def test_a_product_fits_one_line_where_its_constants_are_short() -> None:
    for symbol, units in (("u1", ("h1", "h2")), ("u2", ("o1", "o2"))):
        lines = lines_at("mazur-2-2-2", symbol)
        row = next(line for line in lines if "⎡" in line)
        assert "=" in row
        assert row.rstrip().endswith("]")
        headings = lines[lines.index(row) - 1].split()
        assert headings[-2:] == list(units)
        assert sum("×" in line for line in lines) == 1


SUMS = {  # by hand: the factors and the bias, or the terms, of each element of which one is written out
    ("mazur-2-2-2", "u2"): (("0.59", "0.4", "0.59", "0.45", "0.6"), ("0.59", "0.5", "0.59", "0.55", "0.6")),
    ("mazur-2-2-2", "E"): (("0.75", "0.01", "0.77", "0.99"),),
    ("relu-softmax-2-3-2", "u1"): (("1 ", "0.1", "5 ", "0.2"), ("1 ", "0.3", "5 ", "0.4"), ("0.5", "0.6", "0.3")),
    ("and-perceptron", "dW1"): (("0.13", "0.11", "0.14", "-0.10"),),
    ("and-perceptron", "E"): (("0.52", "0.45", "0.64", "0.57"),),
}


@pytest.mark.parametrize("width", [38, 62, 76, 82])
@pytest.mark.parametrize("height", range(4, 12))
def test_all_that_is_summed_is_shown_or_what_is_left_out_is_said(width: int, height: int) -> None:
    figures = (Line((("source  a number that holds", "text"),)),) * 3
    for (name, symbol), elements in SUMS.items():
        moment = at(name, symbol)
        text = step_panel(moment, view_of(moment), width, height, lambda most: figures[:most]).inside.text
        whole = any(all(number in text for number in numbers) for numbers in elements)
        assert whole or "the other" in text or "no room" in text, text


def test_results_beside_the_terms_of_one_are_all_or_the_rest_is_counted() -> None:
    for width in (60, 76, 80, 110):
        first = lines_at("sgd-regression", "u1", width, 8)[0]
        shown = first.count("▌")
        assert shown == 10 or f"+ {10 - shown} more" in first


def test_numbers_of_a_column_stand_point_below_point() -> None:
    moment = at("relu-softmax-2-3-2", "E")
    assert moment.step is not None
    values = [1050.2008, 621.5583768, -3.25, 0.0, 1e-9, float("nan"), None]
    texts = as_column(values, 12)
    points = {text.index(".") for text in texts[:3]}
    assert len(points) == 1
    assert all(len(text) == 12 for text in texts[:-1])
    assert texts[-1] == ""
    for value, text in zip(values[:3], texts, strict=False):
        assert float(text) == pytest.approx(value, rel=1e-5)


def test_reasons_never_take_the_place_of_terms() -> None:
    moment = at("mazur-2-2-2", "E")
    reason = tuple(Line(((f"        a reason that is long, line {line}", "quiet"),)) for line in range(6))
    lines = step_panel(moment, view_of(moment), 82, 8, lambda most: reason[:most]).inside.text.splitlines()
    assert line_with(lines, "o1")
    assert line_with(lines, "o2")
    assert line_with(lines, "E_total")


def test_the_least_height_is_enough_for_every_step_to_be_whole() -> None:
    scenario = load_scenario("mazur-2-2-2")
    for width in (38, 58, 64, 76, 82):
        least, _ = step_heights(scenario, view_of(moments("mazur-2-2-2")[0]), width)
        for moment in moments("mazur-2-2-2"):
            assert "no room" not in step_panel(moment, view_of(moment), width, least).inside.text


def test_a_transposed_matrix_is_shown_transposed() -> None:
    lines = lines_at("and-perceptron", "dW1", 110, 14)
    assert any("Xᵀ" in line for line in lines)
    above, below = [line for line in lines if line.strip().startswith(("⎡", "⎣"))][:2]
    assert [float(number) for number in NUMBER.findall(above)[:4]] == [0, 0, 1, 1]
    assert [float(number) for number in NUMBER.findall(below)[:4]] == [0, 1, 0, 1]


def test_a_loss_has_a_term_an_output_and_their_sum() -> None:
    lines = lines_at("mazur-2-2-2", "E")
    out, target, error, term = line_with(lines, "o1")
    assert target == 0.01
    assert (error, term) == pytest.approx((out - 0.01, (out - 0.01) ** 2 / 2), abs=2e-9)
    assert term == pytest.approx(0.274811083, abs=5e-10)  # the source's E_o1
    other = line_with(lines, "o2")[-1]
    assert line_with(lines, "E_total")[-1] == pytest.approx(term + other, abs=2e-9)


def test_softmax_has_powers_and_their_sum() -> None:
    lines = lines_at("relu-softmax-2-3-2", "y")
    logits = np.array([1.86, 4.21])  # as the source prints them
    powers = np.exp(logits - logits.max())
    for place, line in enumerate(("0", "1")):
        assert line_with(lines, line) == pytest.approx(
            [logits[place], powers[place], powers[place] / powers.sum()], abs=1e-8
        )
    assert any("m = max 総入力2 = 4.21" in line for line in lines)
    assert any(f"= {powers.sum():.9f}" in line for line in lines)


def test_where_a_relu_is_closed_is_told_by_0_and_1() -> None:
    moment = at("sgd-regression", "delta1")
    lines = lines_at("sgd-regression", "delta1", 110, 16)
    assert any("[u1 > 0]" in line for line in lines)
    for unit, u in enumerate(moment.values["u1"][0].tolist()):
        assert line_with(lines, str(unit))[2] == (1 if u > 0 else 0)


def test_an_update_has_a_line_an_element_and_a_frozen_one_says_so() -> None:
    lines = lines_at("mazur-2-2-2", "W2_next")
    old, rate, gradient, new = line_with(lines, "w5")
    assert (old, rate) == (0.4, 0.5)
    assert new == pytest.approx(0.4 - 0.5 * gradient, abs=1e-9)
    names = [line.split()[0] for line in lines if re.match(r" w[0-9]", line)]
    assert names == ["w5", "w6", "w7", "w8"], "by their numbers, as in the net"
    aside = "".join(text for text, _ in panel_at("mazur-2-2-2", "b2_next").aside)
    assert aside == "layer 2, output, frozen"


def test_a_large_gradient_has_its_largest_elements_and_the_terms_of_one() -> None:
    moment = at("two-layer-digits", "dW1")
    x, delta, gradient = (moment.values[name] for name in ("x", "delta1", "dW1"))
    panel = panel_at("two-layer-digits", "dW1", 160, 30)
    row, column = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
    name = f"[{row},{column}]"
    lines = panel.inside.text.splitlines()
    assert any(f"∂E/∂W1{name} = Σ x[n,{row}] · δ1[n,{column}]" in line for line in lines)
    terms = x[:, row] * delta[:, column]
    shown = [line for line in lines if re.search(r"row \d+ .*×", line)]
    for line in shown:
        sample = int(re.search(r"row (\d+)", line)[1])  # type: ignore[index]
        assert float(NUMBER.findall(line)[-1]) == pytest.approx(terms[sample], abs=1e-9)
    rest = next(line for line in lines if "the other" in line)
    others = np.sort(np.abs(terms))[: len(terms) - len(shown)]
    assert f"the other {len(terms) - len(shown)} terms" in rest
    assert abs(float(NUMBER.findall(rest)[-1])) <= others.sum() + 1e-9
    aside = "".join(text for text, _ in panel.aside)
    assert aside == "layer 1, hidden, 64 inputs × 50 units, summed over 100 rows"
    assert any("on heat" in key for line in panel.inside.lines for _, key in line)


@pytest.mark.parametrize(
    ("symbol", "axes"),
    [
        ("x", "100 rows × 64 inputs"),
        ("t", "100 rows × 10 outputs"),
        ("u1", "layer 1, hidden, 100 rows × 50 units"),
        ("y", "layer 2, output, 100 rows × 10 outputs"),
        ("dW2", "layer 2, output, 50 inputs × 10 units, summed over 100 rows"),
        ("W1_next", "layer 1, hidden, 64 inputs × 50 units"),
    ],
)
def test_the_frame_says_what_the_rows_and_columns_of_a_large_result_are(symbol: str, axes: str) -> None:
    for width in (120, 160):
        assert "".join(text for text, _ in panel_at("two-layer-digits", symbol, width, 20).aside).endswith(axes)
    assert "×" in "".join(text for text, _ in panel_at("two-layer-digits", symbol, 66, 20).aside)


@pytest.mark.parametrize("symbol", ["x", "u1", "delta1", "dW1", "W1_next"])
@pytest.mark.parametrize("size", [(78, 6), (80, 8), (100, 12), (160, 30), (160, 120)])
def test_beside_a_map_it_is_said_how_many_numbers_a_cell_stands_for(symbol: str, size: tuple[int, int]) -> None:
    lines = lines_at("two-layer-digits", symbol, *size, plain=True)
    text = "\n".join(lines)
    rows = len(at("two-layer-digits", symbol).values[symbol])
    said = re.search(r"(?:a cell: |\d )largest of (\d+)×\d+", text)
    assert said or "a cell is a number" in text
    height = int(said[1]) if said else 1
    first = next(place for place, line in enumerate(lines) if re.match(r" {1,3}0[ ▸][ ░▒▓█=≡▬-]", line))
    scale = re.compile(r" {4,}-?\d[\d.e-]* (?:[ ░▒▓█=≡▬-]+ \d|a cell|largest)")
    last = next(place for place, line in enumerate(lines) if place > first and scale.match(line))
    assert last - first == -(-rows // height)
    for line in range(first, last, 4):
        assert lines[line].replace("▸", " ").split()[0] == str(height * (line - first))


@pytest.mark.parametrize("symbol", ["u1", "delta1", "dW1", "dW2", "W1_next"])
@pytest.mark.parametrize("size", [(78, 6), (80, 8), (120, 9), (160, 30)])
def test_above_a_map_stand_the_numbers_of_its_columns(symbol: str, size: tuple[int, int]) -> None:
    lines = lines_at("two-layer-digits", symbol, *size, plain=True)
    first = next(place for place, line in enumerate(lines) if re.match(r" {1,3}0[ ▸][ ░▒▓█=≡▬-]", line))
    found = list(re.finditer(r"\d+", re.split(r"[^ \d]| {12}", lines[first - 1][4:])[0]))
    columns = [(int(each[0]), each.start()) for each in found]
    (_, zero), (stride, begins), *more = columns
    assert zero == 0
    assert len(columns) >= 4
    cells = begins * 1.0 / stride
    assert all(at == int(column * cells) for column, at in more)


@pytest.mark.parametrize("symbol", ["dW1", "dW2", "delta1", "W1_next"])
def test_beside_a_low_map_there_is_more_than_the_largest_number_with_its_terms(symbol: str) -> None:
    values = at("two-layer-digits", symbol).values[symbol]
    second = np.sort(np.abs(values).ravel())[-2]
    lines = "\n".join(lines_at("two-layer-digits", symbol, 80, 6))
    numbers = [abs(float(text)) for text in re.findall(r"▌[ -]?(\d\.\d+)", lines)]
    assert any(number == pytest.approx(second, abs=5e-7) for number in numbers)
    assert "×" in lines or "[" in lines


@pytest.mark.parametrize("symbol", ["dW1", "delta1", "W1_next"])
@pytest.mark.parametrize("size", [(80, 8), (100, 12), (160, 30)])
def test_the_element_written_out_beside_a_map_is_marked_in_it(symbol: str, size: tuple[int, int]) -> None:
    values = at("two-layer-digits", symbol).values[symbol]
    row, column = divmod(int(np.abs(values).argmax()), values.shape[1])
    lines = lines_at("two-layer-digits", symbol, *size, ascii=True, plain=True)
    said = re.search(r"(?:a cell: |\d )largest of (\d+)x(\d+)", "\n".join(lines))
    assert said is not None
    first = next(place for place, line in enumerate(lines) if re.match(r" {1,3}0[ >][ .*#+=@%-]", line))
    marked = [(place, line) for place, line in enumerate(lines) if re.match(r" *\d* *>", line)]
    assert [place - first for place, _ in marked] == [row // int(said[1])]
    map_begins = marked[0][1].index(">") + 1
    wide = -(-values.shape[1] // int(said[2]))  # cells of a line, where a block has one
    sign = marked[0][1][map_begins + column // int(said[2])] if wide > 20 else "#"
    assert sign == "#"


def test_an_accuracy_says_how_many_are_right_of_how_many() -> None:
    moment = at("two-layer-digits", "accuracy_test")
    right = (moment.values["u2_test"].argmax(axis=1) == moment.values["t_test"].argmax(axis=1)).sum()
    assert any(f"{right} of 297 right" in line for line in lines_at("two-layer-digits", "accuracy_test"))


def test_the_loss_of_a_batch_is_told_row_by_row() -> None:
    moment = at("two-layer-digits", "E")
    logits, t = moment.values["u2"], moment.values["t"]
    shifted = logits - logits.max(axis=1, keepdims=True)
    rows = (t * (shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))).sum(axis=1)
    lines = lines_at("two-layer-digits", "E", 110, 14)
    first = next(line for line in lines if line.strip().startswith("row"))
    assert float(NUMBER.findall(first)[-1]) == pytest.approx(rows.min(), rel=1e-6)
    assert float(NUMBER.findall(next(line for line in lines if "−Σ / 100 =" in line))[-1]) == pytest.approx(
        -rows.mean()
    )


def test_drawn_rows_are_named_and_shown() -> None:
    assert any("row " in line and "of 0 to 99,999" in line for line in lines_at("sgd-regression", "x"))
    assert any("all 4 rows of the data" in line for line in lines_at("and-perceptron", "x"))


def test_who_reads_it_and_why_stand_below() -> None:
    lines = lines_at("mazur-2-2-2", "delta1")
    assert any(line.strip() == "next    delta_h is used twice: ∂E/∂W1 and ∂E/∂b1" for line in lines)
    assert any("why     E_total depends on net_h only through out_h" in line for line in lines)


def test_what_is_no_derivative_is_said() -> None:
    lines = lines_at("sgd-regression-as-printed", "delta1", 82, 11)
    assert any("⚠" in line and "not the derivative" in line for line in lines)


def test_figures_are_shown_before_why() -> None:
    moment = at("mazur-2-2-2", "u2")
    figure = (Line((("source  net_o1 = 1.105905967 ✓", "text"),)),)
    for width, height in SIZES[:4]:
        panel = step_panel(moment, view_of(moment), width, height, lambda most: figure[:most])
        assert "source  net_o1 = 1.105905967 ✓" in panel.inside.text


def test_the_start_says_what_it_is_and_which_key_to_press() -> None:
    moment = Timeline(load_scenario("mazur-2-2-2")).moment()
    for width, height in SIZES:
        panel = step_panel(moment, view_of(moment), width, height)
        assert "Press Space to run the first step" in " ".join(panel.inside.text.split())
        assert len(panel.inside.text.split()) < 70
    large = step_panel(moment, view_of(moment), 78, 10).inside.text
    assert "first step: it takes the inputs i from the data" in large
    assert "You see one training iteration of 19 steps. Nothing has run yet" in " ".join(large.split())


# ── anything ─────────────────────────────────────────────────────────────────────────────────────────────────


ODD = """
format = 1
title = "odd numbers"
[data]
x = [[1e300, -0.0], [1e-300, 2.0], [-1e300, 3.0]]
t = [[1.0], [0.0], [1.0]]
[[layer]]
kind = "affine"
W = [[1e300, 1.0, -1e300], [0.5, 1e-300, 2.0]]
b = [0.0, -0.0, 1.0]
[[layer]]
kind = "KIND"
[[layer]]
kind = "affine"
W = [[1.0], [-1.0], [1e300]]
b = [0.0]
[names]
W1 = "a_name_that_is_forty_characters_long_1234"
u1 = "中間層出力中間層出力中間層出力"
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 1e300
"""


@cache
def odd_moments(kind: str) -> tuple[Moment, ...]:
    timeline = Timeline(scenario_of(ODD.replace("KIND", kind)))
    found = [timeline.moment()]
    while timeline.step() and len(found) < 40:
        found.append(timeline.moment())
    return tuple(found)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["sigmoid", "tanh", "relu", "identity", "step"]),
    st.integers(36, 200),
    st.integers(4, 40),
    st.data(),
)
def test_any_size_is_filled_and_no_number_is_cut(kind: str, width: int, height: int, data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from(odd_moments(kind)), "moment")
    digits = data.draw(st.sampled_from([0, 6, 9, 12, 17]), "digits")
    view = View(Notation(moment.scenario.names), digits=digits, plain=data.draw(st.booleans(), "plain"))
    panel = step_panel(moment, view, width, height)
    assert panel.inside.height == height
    for line in panel.inside.lines:
        assert sum(cell_len(text) for text, _ in line) == width
    for hit in panel.inside.hits:
        area = hit.area
        assert area.x >= 0
        assert area.x + area.width <= width
        assert 0 <= area.y < height


def test_a_number_set_by_hand_is_told_apart_from_what_the_step_made() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:u2")
    timeline.edit("u2[0,0]", 2.0)
    moment = timeline.moment()
    text = step_panel(moment, view_of(moment), 82, 11).inside.text
    assert "+ 0.6 = 1.105905967" in text
    assert "▌ 2 " in text
    assert "net_o1: set by hand at 1:u2" in text


def test_the_largest_are_found_wherever_they_are() -> None:
    numbers = np.random.default_rng(3)
    for shape in ((7,), (5, 6), (90, 300), (1, 9000), (3000, 2), ()):
        values = numbers.standard_normal(shape)
        count = min(5, values.size)
        found = [abs(float(values[index])) for index in largest_of(values, count)]
        assert found == sorted(np.abs(values).ravel().tolist(), reverse=True)[:count]
    assert largest_of(np.array([[1.0, np.nan], [np.inf, -2.0]]), 3) == [(0, 1), (1, 0), (1, 1)]


def test_many_numbers_cost_about_as_much_as_few() -> None:
    few, many = at("mazur-2-2-2", "dW1"), at("two-layer-digits", "dW1")

    def hits(moment: Moment) -> int:
        return len(step_panel(moment, view_of(moment), 82, 11).inside.hits)

    assert hits(many) < 3 * hits(few)  # what is formatted follows from the room


def test_a_sum_beside_a_product_or_a_power_stands_in_parentheses() -> None:
    narrow = lines_at("mazur-2-2-2", "delta1", 38, 6)
    assert any(re.match(r"× \(1 − out_h\) +0\.4067", line) for line in narrow)
    squares = [line for line in lines_at("mazur-2-2-2", "E", 82, 8) if "½ =" in line]
    assert len(squares) == 2
    assert all(re.search(r"\( +-?0\.\d+ +\)² × ½ =", line) for line in squares)


def test_where_there_is_no_room_for_columns_relus_gradient_is_the_product_that_its_formula_is() -> None:
    moment = at("two-layer-digits", "delta1")
    lines = lines_at("two-layer-digits", "delta1", 78, 6)
    row, unit = np.unravel_index(np.abs(moment.values["delta1"]).argmax(), (100, 50))
    place = f"[{row},{unit}]"
    assert any(f"∂E/∂z1{place} · [u1{place} > 0]" in line for line in lines)
    numbers = next(line for line in lines if re.search(r"× \[-?\d[\d.e-]* > 0\]", line))
    found = [float(number) for number in NUMBER.findall(numbers[numbers.index("×") - 16 :])]
    assert found[:2] == pytest.approx([moment.values[name][row, unit] for name in ("dz1", "u1")], abs=1e-6)
