"""Claims about the live net: where its numbers stand, what is lit, and that nothing moves while one steps."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import Element
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.look import BRIEF, Look, brief
from gradstep.tui.pictures.net.panel import net_heights, net_panel
from gradstep.tui.pictures.net.structure import layers_of
from gradstep.tui.pictures.net.updates import pairs_of
from gradstep.tui.text.drawing import Hit, Panel
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.palette import GRADSTEP_DARK
from tests.screen import Still
from tests.strategies import scenario_of

SMALL = ("mazur-2-2-2", "and-perceptron", "relu-softmax-2-3-2")
BUNDLED = (*SMALL, "sgd-regression", "two-layer-digits", "apples", "apples-and-oranges")
SIZES = ((36, 4), (40, 8), (60, 6), (82, 9), (82, 11), (110, 14), (200, 40), (290, 90))
LABEL = re.compile(
    r"(?<![\w∂])(?:w\d|[hio]\d|unit \d|apple_num|tax|price|\w+\[\d(?:,\d)?]|target_o\d|E(?:_total)?)(?!\w)"
)
NUMBER = re.compile(r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|NaN)")


@cache
def timeline_of(name: str) -> Timeline:
    return Timeline(load_scenario(name))


def view_of(timeline: Timeline, **options: object) -> View:
    ascii = bool(options.pop("ascii", False))
    return View(Notation(timeline.names, ascii=ascii), **options)  # type: ignore[arg-type]


def panel_of(timeline: Timeline, position: str, size: tuple[int, int], **options: object) -> Panel:
    timeline.goto(position)
    return net_panel(timeline.moment(), view_of(timeline, **options), *size)


def panel(name: str, position: str, size: tuple[int, int] = (82, 9), **options: object) -> Panel:
    return panel_of(timeline_of(name), position, size, **options)


def line_with(drawn: Panel, word: str) -> str:
    return next(line for line in drawn.inside.text.splitlines() if re.search(rf"(?<!\w){word}(?!\w)", line))


def styles_of(drawn: Panel, text: str) -> set[str]:
    """The styles of the pieces that this text stands in."""
    return {key for line in drawn.inside.lines for piece, key in line if text in piece}


def steps_of(timeline: Timeline) -> Iterator[Moment]:
    """The start, and the moment after each step of the first iteration."""
    timeline.goto("start")
    yield timeline.moment()
    while timeline.step() and timeline.position.iteration == 1:
        yield timeline.moment()


def under(drawn: Panel, hit: Hit) -> str:
    """What stands in the cells of a hit, of a drawing whose characters are all one cell wide."""
    line = "".join(text for text, _ in drawn.inside.lines[hit.area.y])
    return line[hit.area.x : hit.area.x + hit.area.width]


# ── wires ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_product_carries_its_terms_forward_along_heavy_wires() -> None:
    drawn = panel("mazur-2-2-2", "1:u2")
    # out_h1·w5 and out_h2·w6, by the article's out_h1 = 0.593269992 and out_h2 = 0.596884378
    assert re.search(r"┳ w5 +0\.4 ━+ +0\.2373┳▶", line_with(drawn, "w5"))  # all of o1 are joined before its net
    assert re.search(r"╋ w6 +0\.45 ━+ +0\.2686┛ ", line_with(drawn, "w6"))
    assert styles_of(drawn, "0.2373") == {"bold forward"}
    assert "╦" not in drawn.inside.text


def test_a_gradient_comes_back_along_double_wires_with_its_terms() -> None:
    drawn = panel("mazur-2-2-2", "1:dz1")
    # the article: 0.055399425 and −0.019049119
    assert re.search(r"◀═+╦ w5 +0\.4 ═+ +0\.0554╗", line_with(drawn, "w5"))
    assert re.search(r"w6 +0\.45 ═+ +0\.0623╩═│δ", line_with(drawn, "w6"))  # from the delta of o1
    assert re.search(r"w7 +0\.5 ═+ +-0\.0190", line_with(drawn, "w7"))
    assert styles_of(drawn, "0.0554") == {"bold backward"}
    assert "┳" not in drawn.inside.text


def test_the_terms_stay_in_view_while_the_next_step_takes_up_their_sum() -> None:
    drawn = panel("mazur-2-2-2", "1:delta1")
    assert "0.0554" in line_with(drawn, "w5")
    assert styles_of(drawn, "0.0554") == {"quiet"}


@pytest.mark.parametrize(
    ("name", "position"),
    [("mazur-2-2-2", "1:z1"), ("mazur-2-2-2", "1:delta1"), ("relu-softmax-2-3-2", "1:y"), ("and-perceptron", "1:y")],
)
def test_wires_are_idle_while_a_step_neither_reads_nor_writes_their_weights(name: str, position: str) -> None:
    for size in ((60, 6), (80, 8), (110, 14), (150, 40)):
        drawn = panel(name, position, size)
        weights = {"W1", "W2"}
        step = timeline_of(name).moment().step
        assert step is not None
        assert not weights & {step.symbol, *step.read}
        assert not set("┳┻╋╦╩╬═◉") & set(drawn.inside.text)
        heads = {key for line in drawn.inside.lines for text, key in line if "▶" in text or "◀" in text}
        assert heads == {"faint"}


@pytest.mark.parametrize("name", ["two-layer-digits"])
def test_arrows_are_idle_while_a_step_neither_reads_nor_writes_their_weights(name: str) -> None:
    for position, lit in (("1:u2", True), ("1:y", False), ("1:dz1", True), ("1:delta1", False), ("1:dW2", True)):
        drawn = panel(name, position)
        heads = {key for line in drawn.inside.lines for text, key in line if "▶" in text or "◀" in text}
        assert (heads != {"faint"}) == lit, position
        assert ("bold backward" in heads) == (position in ("1:dz1", "1:dW2")), position


def test_the_gradients_of_weights_stand_on_their_wires_as_they_are_written() -> None:
    drawn = panel("mazur-2-2-2", "1:dW2")
    assert re.search(r"w5 +0\.4 ═*▌ 0\.0822", line_with(drawn, "w5"))  # the article: 0.082167041
    assert styles_of(drawn, "0.0822") == {"bold backward on written backward"}
    assert "┳" not in drawn.inside.text


@pytest.mark.parametrize("size", [(78, 8), (80, 8), (82, 9), (110, 14)])
def test_wires_at_work_backwards_have_one_look_whatever_comes_back_along_them(size: tuple[int, int]) -> None:
    for position in ("1:dW2", "1:dz1"):
        drawn = panel("mazur-2-2-2", position, size)
        text = drawn.inside.text
        assert set("╦╗╩╬") & set(text)
        assert text.count("◀") >= 2
        assert text.count("▶") == 2, "those of the other two layers are idle"
        assert {key for line in drawn.inside.lines for piece, key in line if set("◀╦╗╩╬═") & set(piece)} == {
            "bold backward"
        }
    assert "◀" not in panel("mazur-2-2-2", "1:db2", size).inside.text


@pytest.mark.parametrize("size", [(78, 8), (80, 8), (82, 9), (96, 20), (110, 14)])
def test_an_update_stands_on_all_wires_as_old_and_new(size: tuple[int, int]) -> None:
    # the article: 0.149780716, 0.19956143, 0.24975114, 0.29950229 and 0.35891648, 0.408666186, 0.511301270, 0.561370121
    first, second = (
        (0.149780716, 0.19956143, 0.24975114, 0.29950229),
        (0.35891648, 0.408666186, 0.51130127, 0.561370121),
    )
    drawn = panel("mazur-2-2-2", "1:W2_next", size)
    pairs = re.findall(r"w(\d) +(\S+)→([\d.]+)", drawn.inside.text)
    assert sorted(int(label) for label, _, _ in pairs) == [*range(1, 9)]
    new = {int(label): number for label, _, number in pairs}
    for label, value in enumerate((*first, *second), 1):
        assert abs(float(new[label]) - value) <= max(5e-9, 0.51 * 10.0 ** -len(new[label].partition(".")[2]))
    for bundle in (range(1, 5), range(5, 9)):
        digits = {len(new[label]) for label in bundle}
        assert len(digits) == 1
        assert min(digits) > len("0.123")
    old = {int(label): float(number) for label, number, _ in pairs}
    assert old == {1: 0.15, 2: 0.2, 3: 0.25, 4: 0.3, 5: 0.4, 6: 0.45, 7: 0.5, 8: 0.55}
    assert {"text on read"} == styles_of(drawn, "0.45")
    for label in range(1, 9):  # the bar stands before the names of what is just written
        assert (f"▌w{label} " in drawn.inside.text) == (label > 4)


def test_where_two_numbers_have_no_room_everywhere_an_update_is_the_new_one_on_all_wires() -> None:
    for size in ((66, 8), (72, 8)):
        drawn = panel("mazur-2-2-2", "1:W2_next", size)
        assert "→0" not in drawn.inside.text
        assert len(re.findall(r"w[1-4]→ 0\.\d+", drawn.inside.text)) == 4
        assert len(re.findall(r"w[5-8]▌ 0\.\d+", drawn.inside.text)) == 4


def test_an_old_and_a_new_number_go_without_the_0_before_their_points_before_they_lose_each_other() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:W1_next")
    look = Look(timeline.moment(), View(Notation(timeline.names)))
    layer = layers_of(timeline.scenario)[1]
    assert pairs_of(look, layer, 13)[0, 0] == ("0.15", "0.149781")
    assert pairs_of(look, layer, 9)[0, 0] == (".15", ".1498")
    assert pairs_of(look, layer, 8) == {}


def test_where_one_number_has_room_on_a_wire_a_sign_says_that_it_is_not_the_weight() -> None:
    for position, shown in (("1:u1", "━▶w1  0.0075"), ("1:dW1", "═∂w1▌ 0.000438")):
        assert shown in line_with(panel("mazur-2-2-2", position, (80, 8)), "w1"), position


def test_a_zero_at_the_end_of_a_rounded_number_stays() -> None:
    assert brief(-0.019049119, BRIEF) == "-0.0190"
    assert brief(0.1 + 0.2, BRIEF).strip() == "0.3"


def test_a_bias_stands_at_its_box_then_its_gradient_then_its_next_value() -> None:
    for position, shown in (("1:u1", r"b +0\.1 "), ("1:db1", r"─∂b▌|╰∂b▌"), ("1:b1_next", r" b▌")):
        assert re.search(shown, panel("and-perceptron", position).inside.text), position


@pytest.mark.parametrize("size", [(78, 8), (80, 6), (80, 8), (82, 9), (110, 14), (150, 40)])
def test_boxes_are_closed_and_nothing_but_a_name_or_a_bias_stands_in_their_edges(size: tuple[int, int]) -> None:
    for position in ("start", "1:u2", "1:dz1", "1"):
        text = panel("mazur-2-2-2", position, size).inside.text
        for name in ("h1", "h2", "o1", "o2"):
            assert len(re.findall(rf"[╭┏] {name} [─━]+[╮┓]", text)) == 1
        assert len(re.findall(r"[╰┗] b\d[ ▌]\S* ?0\.\d+ [─━]+[╯┛]", text)) == 4


def test_the_wires_into_a_unit_are_joined_and_come_in_at_its_first_number() -> None:
    for size in ((80, 8), (110, 14), (150, 40)):
        text = panel("mazur-2-2-2", "1", size).inside.text
        assert len(re.findall("▶", text)) == 4
        assert len(re.findall(r"▶│(?:out|net)", text)) == 4


def test_units_without_room_for_boxes_stand_under_one_another_with_their_wires() -> None:
    lines = panel("relu-softmax-2-3-2", "1:u1", (80, 6)).inside.text.splitlines()
    for unit, value in enumerate(("1.2", "2.5", "3.8")):  # 1 · 0.1 + 5 · 0.2 + 0.1 and so on
        assert re.search(rf"▶{unit} 総入力 *▌ {re.escape(value)}", lines[2 * unit])
    assert "┓" not in "".join(line[40:] for line in lines)
    back = panel("relu-softmax-2-3-2", "1:dz1", (94, 6)).inside.text
    assert len(re.findall("◀", back)) == 3


@pytest.mark.parametrize("size", [(80, 8), (80, 9), (94, 8), (116, 20)])
def test_what_the_numbers_of_units_are_called_is_whole_before_more_is_written_on_wires(size: tuple[int, int]) -> None:
    timeline = timeline_of("relu-softmax-2-3-2")
    for moment in steps_of(timeline):
        text = net_panel(moment, view_of(timeline), *size).inside.text
        assert "…" not in re.sub(r"[╰┗].*?[╯┛]", "", text), "but in the edges, where biases have their names"
        written = len(re.findall("中間層出力 *▌", text))
        assert moment.step is None or moment.step.symbol != "z1" or written == 3
        for unit in ("0", "1", "2"):
            assert re.search(rf"[▶◀─═╗] ?{unit} (?:総入力|中間層出力)|[╭┏] unit {unit} [─━]", text)


def test_no_number_in_the_edge_of_a_box_covers_its_corner() -> None:
    for size in ((80, 6), (80, 9), (82, 12)):
        text = panel("relu-softmax-2-3-2", "1:b2_next", size).inside.text
        assert len(re.findall(r"▌ 0\.\d+ ?[─━]*[╯┛]", text)) == 2


def test_a_weight_without_a_label_is_its_value_alone() -> None:
    drawn = panel("relu-softmax-2-3-2", "start", (80, 9))
    assert "[" not in drawn.inside.text.replace("x[0]", "").replace("x[1]", "")
    for weight in ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6"):
        assert len(re.findall(rf" {re.escape(weight)} ", drawn.inside.text)) >= 2  # of each of the two layers


def test_a_weight_without_a_label_has_its_place_where_there_is_room() -> None:
    text = panel("and-perceptron", "1:W1_next", (80, 7)).inside.text
    assert re.search(r"▌\[0,0\] 0\.5→0\.478157538 ", text)  # a result that does not come from the net
    assert re.search(r"▌\[1,0\] -0\.3→-0\.303696241 ", text)
    text = panel("relu-softmax-2-3-2", "1:u2", (150, 20)).inside.text
    for index, weight in (("[0,0]", "0.1"), ("[1,0]", "0.2"), ("[2,1]", "0.6")):
        assert len(re.findall(rf"{re.escape(index)} +{re.escape(weight)} ", text)) >= 1, index
    assert "[" not in panel("mazur-2-2-2", "1:u2", (150, 20)).inside.text


@pytest.mark.parametrize("size", [(78, 8), (80, 8), (82, 11), (96, 20), (140, 14)])
def test_the_numbers_on_wires_have_more_than_three_digits_and_all_of_a_bundle_as_many(size: tuple[int, int]) -> None:
    text = panel("mazur-2-2-2", "1:dW1", size).inside.text
    numbers = re.findall(r"w[1-4](?: +0\.\d+ )?[═▌∂ ]+([\d.e-]+)", text)
    assert len(numbers) == 4
    assert {len(number) for number in numbers} == {len(numbers[0])}
    narrow = [float(number) for number in numbers]
    assert narrow == pytest.approx([4.38567717e-4, 8.77135435e-4, 4.97712742e-4, 9.95425484e-4], rel=0.05)


def test_an_input_set_by_hand_that_is_longer_than_the_data_is_not_cut() -> None:
    still = Still("mazur-2-2-2", (120, 40)).press("s", "s").put("e", "i1 = -0.12345").press("i")
    assert re.search(r"i1 ?-0\.1235?", still.panel("net"))
    assert "#" not in still.panel("net")


@pytest.mark.parametrize("size", [(78, 8), (80, 8), (80, 9), (94, 9), (116, 20)])
def test_biases_are_called_as_the_scenario_does_without_the_middle_where_that_has_no_room(
    size: tuple[int, int],
) -> None:
    for name, short in (("relu-softmax-2-3-2", r"バ\S*(…|ス)\S*\d"), ("mazur-2-2-2", r"b\d")):
        text = panel(name, "1:y", size).inside.text
        edges = re.findall(r"[╰┗] (\S*) +0\.\d+", text)
        assert len(edges) >= 2
        assert all(re.fullmatch(short, edge) for edge in edges), edges
    whole = re.findall(r"[╰┗] (\S*) +0\.\d+", panel("relu-softmax-2-3-2", "1:y", (140, 20)).inside.text)
    assert sorted(whole) == ["バイアス1"] * 3 + ["バイアス2"] * 2


def test_in_a_large_room_targets_stand_in_the_boxes_of_the_outputs() -> None:
    lines = panel("mazur-2-2-2", "1", (150, 40)).inside.text
    assert re.search(r"│target +0\.01 +│", lines)
    assert re.search(r"│target +0\.99 +│", lines)
    assert "target_o1" not in lines


@pytest.mark.parametrize("size", [(80, 6), (80, 8), (82, 9), (126, 12)])
def test_all_fifty_units_are_shown_before_what_is_said_of_them(size: tuple[int, int]) -> None:
    drawn = panel("two-layer-digits", "2:delta1", size)
    assert "more units" not in drawn.inside.text
    hits = {hit.target for hit in drawn.inside.hits if isinstance(hit.target, Element)}
    for symbol in ("u1", "delta1"):  # what the step has read, and what it has written
        assert {each.index[1] for each in hits if each.symbol == symbol} == set(range(50))


@pytest.mark.parametrize("size", [(80, 6), (80, 8), (94, 10), (108, 6), (126, 12), (200, 9)])
def test_the_lines_of_a_strip_are_equally_long_and_say_at_which_unit_they_begin(size: tuple[int, int]) -> None:
    drawn = panel("two-layer-digits", "2:delta1", size)
    assert "50 units, a cell each" in drawn.inside.text
    assert "dead for every row" in drawn.inside.text
    for symbol in ("u1", "delta1"):
        hits = [hit for hit in drawn.inside.hits if isinstance(hit.target, Element) and hit.target.symbol == symbol]
        units: dict[int, list[int]] = {}
        for hit in hits:
            assert isinstance(hit.target, Element)
            if hit.area.width <= 2:  # not the number of the largest
                units.setdefault(hit.area.y, []).append(hit.target.index[1])
        assert len({hit.area.height for hit in hits}) == 1
        lengths = [len(line) for line in units.values()]
        assert max(lengths) - min(lengths) < len(lengths)
        for y, line in list(units.items())[1:]:
            assert re.search(rf"(?<!\d){line[0]} ", drawn.inside.text.splitlines()[y])


@pytest.mark.parametrize("size", [(78, 8), (78, 10), (78, 12), (82, 9), (94, 14), (126, 12)])
def test_what_is_said_of_a_wide_layer_does_not_lie_in_the_line_below_the_net(size: tuple[int, int]) -> None:
    text = panel("two-layer-digits", "2:delta1", size, ascii=True).inside.text
    last = text.splitlines()[-1]
    if "accuracy" in last:
        assert re.fullmatch(r" *E +\d\S+ +accuracy_train +\S+ +accuracy_test +\S+ *", last)


@pytest.mark.parametrize("size", [(80, 9), (82, 9)])
@pytest.mark.parametrize("name", ["apples", "apples-and-oranges"])
def test_a_small_graph_is_seen_as_a_whole_with_whole_names(name: str, size: tuple[int, int]) -> None:
    timeline = timeline_of(name)
    for moment in steps_of(timeline):
        drawn = net_panel(moment, view_of(timeline), *size)
        assert "…" not in drawn.inside.text
        assert not [text for text, _ in drawn.title if "node" in text]
        shown = {hit.target.symbol for hit in drawn.inside.hits if isinstance(hit.target, Element)}
        assert shown >= set(timeline.program.symbols)
        for symbol in ("apple", "apple_num", "apple_price", "tax", "price"):
            assert re.search(rf"\b{symbol}\b", drawn.inside.text)


def test_terms_are_those_that_the_step_has_read() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:u2")
    timeline.edit("w5", 9.0)
    drawn = net_panel(timeline.moment(), view_of(timeline), 82, 9)
    assert re.search(r"w5 +9 ━+ +0\.2373┳▶", line_with(drawn, "w5"))


# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_unit_just_written_has_a_heavy_frame_in_the_colour_of_its_phase() -> None:
    drawn = panel("mazur-2-2-2", "1:delta1")
    assert re.search(r"┃δ +▌ 0\.0088┃", drawn.inside.text)
    assert styles_of(drawn, "0.0088") == {"bold backward on written backward"}
    assert re.search(r"┏ h1 ━+┓ .* ╭ o1 ─+╮", drawn.inside.text.splitlines()[0])


def test_before_its_activation_a_unit_shows_what_goes_into_it() -> None:
    assert re.search(r"net▌ 0\.3775", panel("mazur-2-2-2", "1:u1").inside.text)
    assert re.search(r"out▌ 0\.5933", panel("mazur-2-2-2", "1:z1").inside.text)


def test_in_a_larger_room_every_number_of_a_unit_has_a_line() -> None:
    lines = panel("mazur-2-2-2", "1", (140, 14)).inside.text
    for row in (r"net  +0\.3775", r"out  +0\.593269992", r"∂out +0\.036350306", r"δ    +0\.008771355"):
        assert re.search(row, lines), row


def test_the_loss_and_the_targets_stand_below() -> None:
    line = panel("mazur-2-2-2", "1:E").inside.text.splitlines()[-1]
    assert re.search(r"target_o1 +0\.01 +target_o2 +0\.99 +E_total▌ 0\.298371", line)


RELU = """
format = 1
title = "one unit that is dead, one that is closed in the first row, one that is open"
[data]
x = [[1.0], [-1.0]]
t = [[0.0], [0.0]]
[[layer]]
kind = "affine"
W = [[0.0, -1.0, 1.0]]
b = [-1.0, 0.0, 0.0]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[1.0], [1.0], [1.0]]
b = [0.0]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 1
"""


def test_a_dead_unit_has_a_broken_frame_and_one_that_is_closed_says_so() -> None:
    timeline = Timeline(scenario_of(RELU))
    lines = panel_of(timeline, "1", (140, 14)).inside.text.splitlines()
    assert any(re.search(r"╭ unit 0 ┄+ dead ╮", line) for line in lines)
    assert any(re.search(r"╭ unit 1 ─* ?closed ╮", line) for line in lines)
    assert any(re.search(r"╭ unit 2 ─+╮", line) for line in lines)
    assert "dead" not in panel_of(timeline, "1:u1", (110, 14)).inside.text


def test_of_a_wide_layer_it_is_said_how_many_units_are_open_and_which_gradient_is_largest() -> None:
    timeline = timeline_of("two-layer-digits")
    drawn = panel_of(timeline, "2:delta1", (126, 12))
    u, delta = timeline["u1"], timeline["delta1"][0]
    largest = max(range(50), key=lambda unit: abs(delta[unit]))
    data = timeline.scenario.dataset
    assert data is not None
    dead = int(((data.x @ timeline["W1"] + timeline["b1"]) <= 0).all(axis=0).sum())
    is_open = sum(bool(u[0, unit] > 0) for unit in range(50))
    assert re.search(rf"dead for every row +{dead} +open for this row +{is_open} / 50", drawn.inside.text)
    assert re.search(rf"\|δ1\| largest unit {largest}▌", drawn.inside.text)
    assert drawn.title[1][0] == ", row 0 of 100"


def test_the_row_of_the_picked_element_is_shown() -> None:
    drawn = panel("and-perceptron", "1:y", picked=("u1", (2, 0)))
    assert (", row 2 of 4", "quiet") in drawn.title
    x = [hit for hit in drawn.inside.hits if isinstance(hit.target, Element) and hit.target.symbol == "x"]
    assert {hit.target.index[0] for hit in x if isinstance(hit.target, Element)} == {2}


def test_the_picked_element_is_lit_wherever_it_stands() -> None:
    picked, other = (panel("mazur-2-2-2", "1:u2", picked=("W2", (0, unit))) for unit in (1, 0))
    assert "bold text on chosen" in styles_of(picked, " 0.5")
    assert "bold text on chosen" not in styles_of(other, " 0.5")


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_wire_of_a_graph_has_its_value_above_and_its_gradient_below() -> None:
    lines = panel("apples", "1").inside.text.splitlines()
    at = next(place for place, line in enumerate(lines) if line.strip().startswith("apple_num"))
    assert re.search(r" 2 +\S", lines[at - 1])
    assert re.search(r"∂▌ 110", lines[at + 1])  # price = 1.1 · apple · apple_num
    assert re.search(r"apple_num ═.*◀═", lines[at])


def test_an_array_at_work_is_its_norm() -> None:
    text = """
format = 1
title = "a graph of arrays"
[data]
x = [[3.0, 4.0]]
t = [[0.0, 0.0]]
[parameters]
W = [[1.0, 0.0], [0.0, 1.0]]
b = [0.0, 0.0]
[[node]]
name = "u"
kind = "affine"
inputs = ["x", "W", "b"]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 1
"""
    drawn = panel_of(Timeline(scenario_of(text)), "1:u", (120, 20))
    assert re.search(r"‖·‖ ▌ 5 ", drawn.inside.text)


# ── everywhere ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", BUNDLED)
def test_every_line_fills_the_area_in_styles_that_there_are(name: str, size: tuple[int, int]) -> None:
    timeline = timeline_of(name)
    for position in ("start", "1:1", "1"):
        for options in ({}, {"digits": 17}, {"plain": True}):
            inside = panel_of(timeline, position, size, **options).inside
            assert (inside.width, inside.height) == size
            assert {sum(cell_len(text) for text, _ in line) for line in inside.lines} == {size[0]}
            for key in {key for line in inside.lines for _, key in line}:
                GRADSTEP_DARK.style(key)


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("name", ["mazur-2-2-2", "and-perceptron", "apples", "apples-and-oranges"])
def test_what_can_be_clicked_is_the_whole_number_of_its_element(name: str, size: tuple[int, int]) -> None:
    timeline = timeline_of(name)
    for position in ("1:1", "1"):
        drawn = panel_of(timeline, position, size)
        for hit in drawn.inside.hits:
            assert isinstance(hit.target, Element)
            value = timeline.moment().values.get(hit.target.symbol)
            found = NUMBER.findall(re.sub(r"(?<!\w)[∂‖]?[A-Za-z_]\w*(?:\[\d+])?", "", under(drawn, hit)))
            if any("─" in each or "│" in each for each in under(drawn, hit)):
                assert found == [], "a name in the frame of a box, not a number"
            elif value is None:
                assert found == [], under(drawn, hit)
            else:
                digits = len(found[0].partition("e")[0].partition(".")[2])
                exponent = int(found[0].partition("e")[2] or 0)
                exact = float(value[hit.target.index])
                assert float(found[0]) == pytest.approx(exact, abs=0.51 * 10.0 ** (exponent - digits)), hit


@pytest.mark.parametrize("size", [(82, 9), (110, 14), (200, 40)])
@pytest.mark.parametrize("name", BUNDLED)
def test_nothing_moves_while_one_steps(name: str, size: tuple[int, int]) -> None:
    timeline = timeline_of(name)
    places: dict[str, set[tuple[tuple[int, int], ...]]] = {}
    windows = set()
    for moment in steps_of(timeline):
        drawn = net_panel(moment, view_of(timeline), *size)
        windows.add(tuple(text for text, _ in drawn.title if "layer" in text or "node" in text))
        lines = ["".join(text for text, _ in line) for line in drawn.inside.lines]
        for label in set(LABEL.findall("\n".join(lines))):
            where = re.compile(rf"(?<![\w∂]){re.escape(label)}(?![\w⁺])")
            found = [(y, match.start()) for y, line in enumerate(lines) for match in where.finditer(line)]
            places.setdefault(label, set()).add(tuple(found))
    if windows == {()}:
        assert {label: found for label, found in places.items() if len(found) > 1} == {}
    assert len(windows) <= 3


@pytest.mark.parametrize("size", [(40, 8), (82, 9), (110, 14), (200, 40)])
@pytest.mark.parametrize("name", BUNDLED)
def test_what_was_just_written_is_marked_wherever_it_stands(name: str, size: tuple[int, int]) -> None:
    timeline = timeline_of(name)
    for moment in steps_of(timeline):
        drawn = net_panel(moment, view_of(timeline), *size)
        step = moment.step
        shown = {hit.target.symbol for hit in drawn.inside.hits if isinstance(hit.target, Element)}
        if step is not None and step.symbol in shown and step.symbol in moment.values:
            styles = {key for line in drawn.inside.lines for _, key in line}
            assert "▌" in drawn.inside.text or any("on written" in key for key in styles), step.symbol
            assert any(f"{moment.step.phase}" in key for line in drawn.inside.lines for _, key in line)


@pytest.mark.parametrize("name", ["mazur-2-2-2", "two-layer-digits", "apples-and-oranges", "sgd-regression"])
def test_ascii_is_ascii(name: str) -> None:
    timeline = timeline_of(name)
    for position in ("start", "1:1", "1:forward", "1"):
        for size in ((82, 9), (110, 14)):
            drawn = panel_of(timeline, "1" if position == "1:forward" else position, size, ascii=True)
            assert drawn.inside.text.isascii()
            assert "".join(text for text, _ in (*drawn.title, *drawn.aside)).isascii()


def test_without_colours_a_character_says_what_was_read() -> None:
    text = panel("mazur-2-2-2", "1:dz1", plain=True).inside.text
    assert re.search(r"w5‹ 0\.4", text)
    assert re.search(r"δ +‹ 0\.1385", text)
    assert "‹" not in panel("mazur-2-2-2", "1:dz1").inside.text


# ── more layers than fit across ──────────────────────────────────────────────────────────────────────────────


def deep(layers: int) -> Timeline:
    layer = '[[layer]]\nkind = "affine"\nunits = 1\ninit = "normal"\nscale = 1.0\n[[layer]]\nkind = "tanh"\n'
    return Timeline(
        scenario_of(
            'format = 1\ntitle = "deep"\n[data]\nx = [[0.5]]\nt = [[0.1]]\n'
            + layer * layers
            + '[loss]\nkind = "squared_error"\n[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n'
            + "[training]\niterations = 1\n"
        )
    )


def test_of_many_layers_those_around_the_step_are_seen_and_the_others_counted() -> None:
    timeline = deep(50)
    moves, before = 0, None
    for moment in steps_of(timeline):
        drawn = net_panel(moment, view_of(timeline), 110, 9)
        counted = [int(text) for text in re.findall(r"\d+", "".join(text for text, _ in drawn.title))]
        symbols = {hit.target.symbol for hit in drawn.inside.hits if isinstance(hit.target, Element)}
        assert sum(counted) + sum(f"u{number}" in symbols or f"z{number}" in symbols for number in range(60)) >= 45
        if moment.step is not None and moment.step.symbol.startswith(("u", "z", "delta")):
            assert moment.step.symbol in symbols
        moves += before is not None and counted != before
        before = counted
    assert moves <= 3 * 50  # there, back, and there again, never to and fro


# ── the edge, the height, numbers on wires ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("1:x", "i was drawn"),
        ("1:u2", "out_h goes on along w5…w8"),
        ("1:z1", "net_h went through σ to out_h"),
        ("1:E", "out_o and target meet in E_total"),
        ("1:dW2", "out_h and delta_o meet in ∂E/∂W2"),
        ("1:dz1", "delta_o·W2ᵀ came back along w5…w8"),
        ("1:W2_next", "w5…w8 became W2⁺"),
        ("1:b2_next", "b2 stays as it is"),
    ],
)
def test_the_edge_says_what_has_moved_in_the_colour_of_its_phase(position: str, said: str) -> None:
    drawn = panel("mazur-2-2-2", position)
    step = timeline_of("mazur-2-2-2").moment().step
    assert step is not None
    assert drawn.aside == ((said, step.phase),)


def test_the_heights_ask_for_no_less_than_the_least() -> None:
    for name in BUNDLED:
        timeline = timeline_of(name)
        least, best = net_heights(timeline.scenario, view_of(timeline), 82)
        assert 6 <= least <= 9
        assert least <= best <= 30


def test_the_least_height_has_room_for_closed_boxes_of_two_rows_for_two_units() -> None:
    timeline = timeline_of("mazur-2-2-2")
    assert net_heights(timeline.scenario, view_of(timeline), 80)[0] == 8


@given(st.floats(allow_nan=True, allow_infinity=True, width=64))
def test_a_number_on_a_wire_is_short_and_no_other_number(value: float) -> None:
    text = brief(value, BRIEF)
    assert len(text) == BRIEF
    if math.isnan(value):
        assert text.strip() == "NaN"
    else:
        assert float(text) == pytest.approx(value, rel=0.5)
        assert (float(text) == 0) == (value == 0)
