"""Positions and names: what can be typed, what it stands for, and what is said about the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine import Position, PositionError, Scenario, Timeline, bundled, load_scenario
from tests.strategies import scenario_of, scenarios

MAZUR = load_scenario("mazur-2-2-2")
STEPS = len(MAZUR.program.steps)


def mazur(at: str) -> Timeline:
    timeline = Timeline(MAZUR)
    timeline.goto(at)
    return timeline


# ── typed positions ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "iteration", "step"),
    [
        ("start", 1, 0),
        ("1:0", 1, 0),
        ("1:1", 1, 1),
        ("1", 1, STEPS),
        (f"1:{STEPS}", 1, STEPS),
        ("2:0", 1, STEPS),
        ("3:u1", 3, 3),
        ("3:net_h", 3, 3),
        ("3:net_h2", 3, 3),
        (" 3 : u1 ", 3, 3),
        ("0003:003", 3, 3),
        ("10001", 10001, STEPS),
        ("end", 10001, STEPS),
        (" end\n", 10001, STEPS),
    ],
)
def test_a_typed_position_is_that_moment(typed: str, iteration: int, step: int) -> None:
    position = MAZUR.course.parse(typed)
    assert (position.iteration, position.step) == (iteration, step)
    assert position.symbol == (MAZUR.program.steps[step - 1].symbol if step else None)
    assert position.phase == (MAZUR.program.steps[step - 1].phase if step else None)


def test_without_an_iteration_it_is_the_cursors() -> None:
    timeline = mazur("7:2")
    timeline.goto(":delta2")
    assert str(timeline.position) == "7:delta2"
    timeline.goto(":3")
    assert str(timeline.position) == "7:u1"
    with pytest.raises(PositionError):
        MAZUR.course.parse(":3")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "is not a position, expected I, I:K, I:SYMBOL, start or end"),
        ("nothing", "is not a position"),
        ("-1", "is not a position"),
        ("1.5", "is not a position"),
        ("+1", "is not a position"),
        ("１", "is not a position"),  # a full-width digit
        ("x:1", "is not a position"),
        ("1:１", "is not a position"),
        ("0", "found 0, expected an iteration from 1 to 10,001"),
        ("10002", "found 10002, expected an iteration from 1 to 10,001"),
        ("9" * 5000, "expected an iteration from 1 to 10,001"),
        (f"1:{STEPS + 1}", f"found {STEPS + 1}, expected a step from 0 to {STEPS}"),
        ("1:-1", "is not a symbol"),
        ("1:", "is not a symbol"),
        ("1:2:3", "is not a symbol"),
        ("1:delta9", 'did you mean "delta'),
        ("1:net_x", 'did you mean "net_'),
        ("1:W1", "W1 is there from the start and written by no step; W1_next is"),
        ("1:w5", "W2 is there from the start and written by no step; W2_next is"),
        ("1:learning_rate", "is there from the start and written by no step"),
    ],
)
def test_a_position_that_is_none_is_refused_with_what_would_be(typed: str, said: str) -> None:
    timeline = mazur("2:3")
    with pytest.raises(PositionError) as refusal:
        timeline.goto(typed)
    assert said in str(refusal.value)
    assert str(timeline.position) == "2:u1"  # and the cursor stays


@given(st.text(st.sampled_from("0123459:startendW1_E u-"), max_size=8))
def test_any_text_is_a_position_or_refused_in_one_line(typed: str) -> None:
    try:
        position = MAZUR.course.parse(typed, 5)
    except PositionError as error:
        refusal = str(error)
        assert refusal
        assert "\n" not in refusal
    else:
        assert MAZUR.course.start <= position <= MAZUR.course.end


@given(scenarios(iterations=3))
def test_every_position_is_read_back_as_it_is_written(text: str) -> None:
    course = scenario_of(text).course
    for iteration in range(1, course.iterations + 1):
        for step in range(course.length(iteration) + 1):
            position = course.at(iteration, step)
            assert course.parse(str(position)) == position == course.parse(f"{iteration}:{step}")
            assert course.parse(str(position)).symbol == position.symbol


def test_positions_are_ordered_as_they_are_passed() -> None:
    assert Position(1, 0) < Position(1, 1, "draw", "x") < Position(2, 1, "draw", "x") < Position(2, 3)
    assert Position(2, 3, "forward", "u1") == Position(2, 3)


# ── what is not there ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_computed_yet_is_a_key_error_that_says_so() -> None:
    timeline = mazur("3:u1")
    assert timeline["u1"].shape == (1, 2)
    for name in ("z1", "out_h", "out_h1", "E", "E_total", "dw5", "w5_next", "W1_next"):
        with pytest.raises(KeyError, match="not computed yet at 3:net_h"):
            timeline[name]
    assert "z1" not in timeline.values()


def test_at_the_start_there_is_only_what_the_first_iteration_starts_from() -> None:
    assert Timeline(MAZUR).values().keys() == {"W1", "b1", "W2", "b2", "learning_rate"}


@pytest.mark.parametrize(
    ("name", "hint"), [("W1_nxt", "W1_next"), ("net_hh", "net_h"), ("epsilon", ""), ("w5_nxt", "w5_next")]
)
def test_an_unknown_name_is_a_key_error_with_a_suggestion(name: str, hint: str) -> None:
    with pytest.raises(KeyError) as refusal:
        mazur("1")[name]
    suggestion = f' (did you mean "{hint}"?)' if hint else ""
    assert refusal.value.args == (f'"{name}" is not a symbol, name or label{suggestion}',)


# ── a source's own names ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "symbol", "index"),
    [
        ("net_h", "u1", ...),
        ("out_o", "y", ...),
        ("E_total", "E", ...),
        ("i", "x", ...),
        ("dout_h", "dz1", ...),
        ("dout_o", "dy", ...),
        ("delta_o", "delta2", ...),
        ("w5", "W2", (0, 0)),
        ("w6", "W2", (1, 0)),
        ("w3", "W1", (0, 1)),
        ("dw5", "dW2", (0, 0)),
        ("dw6", "dW2", (1, 0)),
        ("w5_next", "W2_next", (0, 0)),
        ("w3_next", "W1_next", (0, 1)),
        ("net_h2", "u1", (0, 1)),
        ("delta_o1", "delta2", (0, 0)),
        ("dout_h2", "dz1", (0, 1)),
    ],
)
def test_a_name_or_label_of_the_source_is_its_symbol_or_element(name: str, symbol: str, index: object) -> None:
    timeline = mazur("2")
    assert timeline[name].tolist() == timeline[symbol][index].tolist()  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [("3:net_o", "u2"), ("3:E_total", "E"), ("3:dw5", "dW2"), ("3:w5_next", "W2_next"), ("3:delta_h1", "delta1")],
)
def test_a_name_or_label_of_the_source_can_be_gone_to(typed: str, symbol: str) -> None:
    assert str(mazur(typed).position) == f"3:{symbol}"


def test_implied_names_are_those_of_the_readme() -> None:
    scenario: Scenario = load_scenario("and-perceptron")
    names = {name: scenario.names.resolve(name).symbol for name in ("Z", "A", "dZ", "dA", "dW", "W_next", "db")}
    assert names == {"Z": "u1", "A": "y", "dZ": "delta1", "dA": "dy", "dW": "dW1", "W_next": "W1_next", "db": "db1"}
    assert str(scenario.names.resolve("dz_3")) == "delta1[2,0]"


@pytest.mark.parametrize(
    ("own", "symbol", "element"),
    [("", "∂E/∂Z", "∂E/∂z_3"), ('delta1 = "dZ"', "dZ", "dz_3"), ('delta1 = "slope"', "slope", "")],
)
def test_the_elements_of_a_gradient_are_called_as_the_gradient_is(own: str, symbol: str, element: str) -> None:
    text = bundled()["and-perceptron"].read_text(encoding="utf-8").replace('delta1 = "dZ"', own)
    names = scenario_of(text[: text.index("[[expect]]")]).names
    assert (names.dressed_own("delta1"), names.label("delta1", (2, 0))) == (symbol, element)
    assert str(names.resolve("dz_3")) == "delta1[2,0]", "typed, it is that in any case"
