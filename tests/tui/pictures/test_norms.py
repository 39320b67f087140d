"""Claims about the norms: their symptoms, their curves side by side, and the same as text."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.health import SYMPTOMS
from gradstep.engine.analysis.trends import trends
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.norms import KINDS, MEANINGS, groups, norms_drawing, norms_text
from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.notation import Notation
from tests.strategies import scenario_of

ALL_CLOSED = """
format = 1
title = "a dead unit"
[data]
x = {rows}
t = {targets}
[[layer]]
kind = "affine"
W = [[1.0, -1.0]]
b = [0.5, -3.0]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[1.0], [1.0]]
b = [0.0]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
iterations = 5
[names]
u1 = "a"
"""


def drawn(scenario: Scenario, where: str, width: int = 76, height: int = 60, *, plain: bool = False) -> Drawing:
    timeline = Timeline(scenario)
    timeline.goto(where)
    found = trends(timeline, 1, 5)
    return norms_drawing(timeline.moment(), found, View(Notation(timeline.names), plain=plain), width, height)


def norms(scenario: Scenario, where: str) -> tuple[str, str]:
    """What the picture says, without its line breaks, and the text."""
    timeline = Timeline(scenario)
    timeline.goto(where)
    moment, found = timeline.moment(), trends(timeline, 1, 5)
    return " ".join(drawn(scenario, where).text.split()), "\n".join(norms_text(moment, found, Notation(timeline.names)))


def test_every_kind_of_symptom_has_a_name_and_a_meaning() -> None:
    assert set(KINDS) == set(MEANINGS) == set(SYMPTOMS)


@pytest.mark.parametrize(
    ("rows", "targets", "sentence"),
    [
        ("[[1.0], [2.0]]", "[[1.0], [0.0]]", "dead (1): a ≤ 0 for each of the 2 rows that can be drawn"),
        ("[[1.0]]", "[[1.0]]", "dead (1): a ≤ 0 for the only row there is"),
    ],
)
def test_the_norms_tell_symptoms_by_one_name_and_say_what_they_mean(rows: str, targets: str, sentence: str) -> None:
    for text in norms(scenario_of(ALL_CLOSED.format(rows=rows, targets=targets)), "1"):
        assert f"at the cursor: 1 of 2 ReLU units of a (layer 1) is {sentence}" in text
        assert "dead ReLU, a: from iteration 1 to 5" in text
        assert "dead ReLU: u ≤ 0 " in text
        assert not any(word in text for word in ("closed", "u1", "exploding", "saturated"))


def test_an_exploding_gradient_says_when_it_is_called_so() -> None:
    for text in norms(load_scenario("sgd-regression-wide"), "5"):
        assert "exploding gradient, ∂E/∂b2: from iteration 5" in text
        assert "exploding gradient: its RMS is above 10, and its norm above 1,000 times that of the weights" in text
        assert "vanishing" not in text


@pytest.mark.parametrize("where", ["5:E", "5:dW1", "5"])
def test_norms_are_said_to_be_those_at_the_end_of_each_iteration(where: str) -> None:
    page, text = norms(load_scenario("mazur-2-2-2"), where)
    for told in (page, text):
        assert "the norms are those at the end of each iteration" in told
    assert "usual 1e-3" in page
    assert "size of the update relative to W1" in text
    assert "dead ReLU" not in page


@pytest.mark.parametrize("size", [(82, 18), (36, 4), (78, 16), (150, 40)])
@pytest.mark.parametrize("plain", [False, True])
def test_they_fill_any_room_exactly(size: tuple[int, int], plain: bool) -> None:
    drawing = drawn(load_scenario("sgd-regression-wide"), "5", *size, plain=plain)
    assert drawing.height == size[1]
    assert all(sum(cell_len(text) for text, _ in line) == size[0] for line in drawing.lines)


def test_each_parameter_has_a_colour_in_all_pictures_and_where_there_are_none_a_sign() -> None:
    scenario = load_scenario("sgd-regression-wide")
    keys = {key for line in drawn(scenario, "3", 82, 20).lines for _, key in line}
    assert {f"series {number}" for number in (1, 2, 3, 4)} <= keys
    legend = next(line for line in drawn(scenario, "3", 82, 20, plain=True).text.splitlines() if "W1" in line)
    assert legend.split() == ["*", "W1", "o", "b1", "+", "W2", "x", "b2"]


def test_what_spans_more_than_two_powers_of_ten_has_a_logarithmic_axis_and_says_so() -> None:
    text = drawn(load_scenario("sgd-regression-wide"), "5", 150, 40).text
    assert "norm of the gradient (log" in text
    assert "norm of the parameter (log" not in drawn(load_scenario("mazur-2-2-2"), "5", 150, 40).text


def test_frozen_parameters_have_no_curves() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    assert groups(timeline.program) == [["W1", "W2"]]  # Mazur's biases are not updated
    assert "more parameter" not in drawn(load_scenario("mazur-2-2-2"), "5").text
    assert groups(Timeline(load_scenario("apples")).program) == [[]]


def test_frozen_parameters_are_said_to_be_frozen_in_the_picture_and_in_its_text() -> None:
    said = "frozen, not updated and without curves: b1, b2"
    assert said in drawn(load_scenario("mazur-2-2-2"), "5").text
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("5")
    text = norms_text(timeline.moment(), trends(timeline, 1, 5), Notation(timeline.names))
    assert text[-1] == said
    assert "frozen" not in drawn(load_scenario("sgd-regression"), "5").text
