"""Claims about stops as they are typed and as a scenario's file has them."""

from __future__ import annotations

import re
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import ScenarioError, Timeline, load_scenario
from gradstep.engine.stops.stops import ALWAYS, Stop, StopError
from gradstep.engine.stops.trigger import parse_stop, watch
from gradstep.engine.timeline.watches import watch_value
from tests.engine.stops.test_stops import DIVERGING, MAZUR, mazur
from tests.strategies import scenario_of

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(
    ("text", "stop", "shown"),
    [
        ("dW1", Stop("step", "dW1"), "dW1"),
        ("  delta_h ", Stop("step", "delta1"), None),
        ("dw5", Stop("step", "dW2"), "dW2"),
        ("backward", Stop("phase", "backward"), "backward"),
        ("backward every 3rd", Stop("phase", "backward", every=3), "backward every 3"),
        ("E < 0.1", Stop("condition", "", "E < 0.1"), "E < 0.1"),
        ("E  <  0.1   every 10", Stop("condition", "", "E < 0.1", 10), "E < 0.1 every 10"),
        ("changed(w5)", Stop("condition", "", "changed(w5)"), "changed(w5)"),
        ("dW1 if E < 0.1", Stop("step", "dW1", "E < 0.1"), "dW1 if E < 0.1"),
        ("update if iteration > 5 every 2nd", Stop("phase", "update", "iteration > 5", 2), None),
    ],
)
def test_a_breakpoint_is_a_place_a_condition_or_both_and_a_count(text: str, stop: Stop, shown: str | None) -> None:
    assert parse_stop(text, mazur().names) == stop
    assert shown is None or str(stop) == shown
    assert parse_stop(str(stop), mazur().names) == stop


WRONG = {
    "": "found nothing to stop at, expected a symbol, a phase or a condition",
    "E < 0.1 every 0": '"every 0" never stops, expected a number of at least 1',
    "dW9": '"dW9" is not a symbol, name or label (did you mean "dW2"?)',
    "nothing if E < 1": '"nothing" is not a symbol, name, label or phase',
    "backwards if E < 1": '"backwards" is not a symbol, name, label or phase (did you mean "backward"?)',
    "W1": '"W1" is written by no step (W1_next is); a condition such as changed(W1) can be stopped at',
    "learning_rate": '"learning_rate" is written by no step; a condition such as changed(learning_rate)',
    "measure": 'this program has no phase "measure"',
    "u1 if E < 0.1": "E_total has no value yet at net_h",
    "E <": '"E <", column 4: found the end, expected a value',
    "dW1 if Q > 1": '"Q" is not a symbol, name or label',
    "W1 > 0": '"W1 > 0", column 1: an array of shape 2×2 is neither true nor false: use any(...) or all(...)',
    "phase < 1": '"phase < 1", column 9: "<" does not compare the text "draw" with a scalar',
    "prev(prev(E))": "prev and changed cannot be nested: they look back one iteration and no further",
    "E.__class__": '"E.__class__", column 2: cannot read "."',
    "__import__('os')": '"__import__" is not a function',
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_stopped_at_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(StopError) as caught:
        parse_stop(text, mazur().names)
    assert WRONG[text] in str(caught.value)


def test_what_is_near_a_name_and_a_phase_gets_one_suggestion() -> None:
    with pytest.raises(StopError) as caught:
        parse_stop("draout if E < 1", mazur().names)
    assert str(caught.value).count("did you mean") == 1


HOSTILE = [
    "1 +" * 10**5 + "1",
    "(" * 10**4,
    "not " * 200 + "E",
    "-" * 5000 + "1",
    "E[" * 500,
    "(" * 60 + "E" + ")" * 60,
]


HOSTILE += ["prev(" * 100, "E if " * 10**4, "W1[0,0,0]", "E < 'a", "E = 1", "lambda: 0", "E; E", "E\x00", "every 3"]


HOSTILE += ["E every 99999999999", "{E}", "f'{E}'", "E[0]", "W1[10**9, 0] > 0", "W1[999999999, 0] > 0", "open('x')"]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_hostile_texts_are_refused_as_any_other_mistake_is(text: str) -> None:
    with pytest.raises(StopError):
        parse_stop(text, mazur().names)
    with pytest.raises(StopError):
        watch(text, mazur().names)


def test_a_huge_power_is_an_infinite_number_that_costs_nothing() -> None:
    assert parse_stop("9**9**9", mazur().names) == Stop("condition", "", "9**9**9")
    assert watch_value(mazur(), watch("9**9**9", mazur().names), mazur().course.start) == (np.inf, 1)


WORDS = [
    *"EWt(),[]<>=*'\"0 1-",
    " if ",
    " every ",
    "E",
    "W1",
    "phase",
    "step",
    "prev(",
    "changed(",
    "and ",
    "or ",
    "not ",
]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map("".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_stop_or_an_error_that_says_so(text: str) -> None:
    for read in (parse_stop, watch):
        with suppress(StopError):
            assert isinstance(read(text, mazur().names), Stop)


@pytest.mark.parametrize("text", ["E > 0 and y", "E == 0 or W1", "step > 9 and phase", "E > 0 and 'a'", "E and y > 0"])
def test_a_condition_without_an_answer_is_refused_however_far_into_it_that_is(text: str) -> None:
    with pytest.raises(StopError, match="neither true nor false"):
        parse_stop(text, mazur().names)


@pytest.mark.parametrize("text", ["changed(iteration)", "changed(epoch)", "iteration == prev(iteration) + 1"])
def test_the_number_of_an_iteration_differs_from_that_of_the_one_before(text: str) -> None:
    timeline = Timeline(load_scenario(MAZUR))
    timeline.stops = [parse_stop(text, timeline.names)]
    assert timeline.run_on().position == timeline.course.at(2, 1)


def test_a_condition_on_an_earlier_step_is_asked_after_every_step_too() -> None:
    timeline = Timeline(load_scenario(MAZUR))
    timeline.stops = [parse_stop("prev(step + 0*E) == 3", timeline.names)]
    assert timeline.run_on().position == timeline.course.at(2, 3)


# ── in a scenario's file ─────────────────────────────────────────────────────────────────────────────────────

TABLES = """
[[break]]
at = "dW1"
when = "iteration > 3"
every = 2
[[break]]
at = "backward"
enabled = false
[[watch]]
show = "norm(W1)"
[[watch]]
show = "E"
stop = true
"""


def test_breakpoints_and_watches_of_a_file_come_after_those_that_are_always_there() -> None:
    assert Timeline(scenario_of(DIVERGING + TABLES)).stops == (
        *ALWAYS,
        Stop("step", "dW1", "iteration > 3", 2),
        Stop("phase", "backward", enabled=False),
        Stop("watch", when="norm(W1)", enabled=False),
        Stop("watch", when="E"),
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[[break]]\nat = "dW7"', 'random.toml: break[0]: "dW7" is not a symbol'),
        (
            '[[break]]\nat = "E"\n[[break]]\nwhen = "E <"',
            'random.toml: break[1]: "E <", column 4: found the end, expected a value',
        ),
        ("[[break]]\nevery = 2", "random.toml: break[0]: found nothing to stop at"),
        ('[[break]]\nat = "E"\nevery = 0', "random.toml: break[0].every: "),
        ('[[break]]\nat = "E"\nonce = true', "random.toml: break[0].once: "),
        ('[[watch]]\nshow = "V"', 'random.toml: watch[0].show: "V" is not a symbol'),
        ("[[watch]]\nstop = true", "random.toml: watch[0].show: "),
        ('[watch]\nshow = "E"', "random.toml: watch: "),
        ('[[watch]]\nshow = " "', "random.toml: watch[0].show: "),
        (
            '[[watch]]\nshow = "E - prev(E)"\nstop = true',
            'random.toml: watch[0].show: "E - prev(E)" looks back an iteration itself',
        ),
    ],
)
def test_what_is_wrong_with_them_is_said_with_file_and_key(table: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(DIVERGING + table)
    assert message in re.sub(r" \(line \d+\)", "", str(caught.value))
