"""Forks: what there is at a place depends on the edits that lead there and on nothing else; the original never changes.

What must be there is computed by an `Edited`: the program's operations one after another on plain arrays,
with each edit written in where it was made, and no branch, frame or history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Position, Scenario, Timeline, load_scenario
from gradstep.engine.analysis.explain import element_at, explain
from gradstep.engine.analysis.gradcheck import check as gradient_check
from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Edit
from gradstep.engine.stops.stops import Stop
from gradstep.engine.timeline.timeline import EditError
from tests.strategies import scenario_of
from tests.walks import bits

pytestmark = pytest.mark.filterwarnings("error")


# ── what must be there ───────────────────────────────────────────────────────────────────────────────────────


class Edited:
    """A run with some edits, from the start to the end: the values at every position."""

    def __init__(self, scenario: Scenario, edits: Sequence[Edit], last: int | None = None) -> None:
        program, data = scenario.program, scenario.dataset
        rows_of = {"x": data.x.copy(), "t": data.t.copy()} if data else {}
        state: Mapping[str, Array] = program.start
        self.values: list[list[dict[str, Array]]] = []  # [iteration - 1][step], step 0 being before the first
        for iteration in range(1, (last or scenario.course.iterations) + 1):
            rows = scenario.draw.rows(iteration) if scenario.draw else None
            now, seen = dict(state), []
            for place in range(program.length(iteration) + 1):
                if place:
                    step = program.steps[place - 1]
                    if step.operands:
                        made = np.empty(program.symbols[step.symbol].shape)
                        with np.errstate(all="ignore"):
                            step.operation.fill(made, *(now[name] for name in step.operands))
                    else:
                        base, _, subset = step.symbol.partition("_")
                        made = getattr(data, step.symbol) if subset == "test" else rows_of[base]
                        made = made if rows is None or subset else made[rows]
                    now[step.symbol] = made.copy()
                for edit in edits:
                    if (edit.iteration, edit.step) == (iteration, place):
                        now[edit.symbol] = now[edit.symbol].copy()
                        if edit.symbol in rows_of and rows is not None:
                            now[edit.symbol][rows == rows[edit.index[0]], edit.index[1]] = edit.value
                        else:
                            now[edit.symbol][edit.index] = edit.value
                        if edit.symbol in rows_of:
                            row = edit.index[0] if rows is None else rows[edit.index[0]]
                            rows_of[edit.symbol][row, edit.index[1]] = edit.value
                seen.append(dict(now))
            self.values.append(seen)
            state = {name: now[becomes] for name, becomes in program.carried.items()}

    def at(self, position: Position) -> dict[str, Array]:
        return self.values[position.iteration - 1][position.step]


def check(timeline: Timeline, run: Edited) -> None:
    """Values and names at the cursor are those that must be there."""
    values, wanted = timeline.values(), run.at(timeline.position)
    assert bits(values) == bits({name: wanted[name] for name in timeline.program.symbols if name in wanted})


def check_everywhere(timeline: Timeline, run: Edited) -> None:
    timeline.goto("start")
    check(timeline, run)
    while timeline.step():
        check(timeline, run)
    while timeline.back():
        check(timeline, run)


def every_value(timeline: Timeline, name: str) -> list[Any]:
    timeline.switch(name)
    timeline.goto("start")
    seen = [bits(timeline.values())]
    while timeline.step():
        seen.append(bits(timeline.values()))
    return seen


# ── one edit ─────────────────────────────────────────────────────────────────────────────────────────────────


ROWS = """
format = 1
title = "three rows"
data = {x = [[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]], t = [[1.0], [0.0], [0.5]]}
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.5, frozen = ["b2"]}
[[layer]]
kind = "affine"
W = [[0.3, -0.2], [0.1, 0.4]]
b = [0.1, -0.1]
[[layer]]
kind = "sigmoid"
[[layer]]
kind = "affine"
W = [[0.5], [-0.3]]
b = [0.2]
[training]
iterations = 9
seed = 3
"""


MEASURED = """
draw = "in_order"
batch = 2
[measure]
accuracy = ["train"]
every = 1
"""


EDITS = {
    "a parameter before its update": ("3:u1", "W1[0,1]", "W1", 2.5),
    "a parameter before anything has run": ("start", "W1[0,1]", "W1", 2.5),
    "a parameter whose update has run": ("3:W1_next", "W1[0,1]", "W1_next", 2.5),
    "an updated parameter": ("3:W2_next", "W1_next[1,0]", "W1_next", -1.5),
    "a frozen parameter": ("4:dW1", "b2[0]", "b2", 3.0),
    "an element of the input": ("3:x", "x[1,0]", "x", 7.0),
    "an element of the input once it was used": ("3:E", "x[0,1]", "x", 7.0),
    "a target": ("2:t", "t[0,0]", "t", -3.0),
    "an intermediate value": ("3:z1", "z1[1,1]", "z1", 0.75),
    "a gradient": ("5:dW2", "dW2[0,0]", "dW2", 9.0),
    "the loss": ("5:E", "E", "E", 9.0),
    "the learning rate": ("4:y", "learning_rate", "learning_rate", 0.01),
    "a NaN": ("4:y", "y[0,0]", "y", float("nan")),
}


@pytest.mark.parametrize("draw", ["all", "in_order", "with_replacement", "without_replacement"])
@pytest.mark.parametrize("what", EDITS)
def test_an_edit_changes_what_follows_in_a_fork_and_nothing_in_the_original(what: str, draw: str) -> None:
    where, name, symbol, value = EDITS[what]
    scenario = scenario_of(ROWS + f'draw = "{draw}"\n' + ("batch = 2\n" if draw != "all" else ""))
    timeline, plain = Timeline(scenario), Edited(scenario, ())
    before = every_value(timeline, "original")
    timeline.goto(where)
    here, original = timeline.position, timeline.branch
    fork = timeline.edit(name, value)
    assert (fork.name, timeline.branch, timeline.position) == ("fork-1", fork, here)
    (edit,) = timeline.moment().edits
    assert (edit.iteration, edit.step, edit.symbol) == (here.iteration, here.step, symbol)
    check(timeline, Edited(scenario, [edit]))
    assert timeline[symbol][edit.index].tobytes() == np.float64(value).tobytes()
    if timeline.back():  # back past the edit it is the original
        check(timeline, plain)
    check_everywhere(timeline, Edited(scenario, [edit]))
    assert every_value(timeline, "original") == before
    assert timeline.branch is original
    check_everywhere(timeline, plain)


def test_an_edited_row_is_another_one_wherever_it_is_drawn_again_and_nowhere_else() -> None:
    scenario = scenario_of(ROWS + 'draw = "in_order"\nbatch = 2')
    timeline = Timeline(scenario)
    timeline.goto("3:x")  # rows 1 and 2 of 0, 1, 2
    assert (timeline["x"] == [[-0.5, 2.0], [0.25, -1.0]]).all()
    timeline.edit("x[0,1]", 50.0)
    for iteration in range(1, 10):
        timeline.goto(f"{iteration}:x")
        drawn = [(2 * (iteration - 1) + place) % 3 for place in (0, 1)]
        assert [50.0 in row for row in timeline["x"]] == [iteration >= 3 and row == 1 for row in drawn]


def test_what_is_measured_is_measured_on_what_was_edited_before() -> None:
    scenario = scenario_of(ROWS + MEASURED)
    timeline = Timeline(scenario)
    timeline.goto("3:x")  # rows 1 and 2 of 0, 1, 2
    timeline.edit("x[0,1]", 50.0)
    check_everywhere(timeline, Edited(scenario, timeline.branch.edits))
    timeline.goto("3:accuracy_train")
    assert timeline["x_train"].tolist() == [[1.0, 0.5], [-0.5, 50.0], [0.25, -1.0]]
    said = explain(timeline, element_at(timeline, "x_train[1,1]")).origin
    assert said == "a number of the data, set by hand at 3:x (fork-1)"
    timeline.edit("x[1,1]", 60.0)  # once it was measured
    check_everywhere(timeline, Edited(scenario, timeline.branch.edits))
    timeline.goto("3:accuracy_train")
    assert timeline["x_train"][2, 1] == -1.0
    timeline.goto("4:accuracy_train")
    assert timeline["x_train"][2, 1] == 60.0


def test_of_a_number_of_the_data_that_was_set_twice_the_later_edit_is_told() -> None:
    timeline = Timeline(scenario_of(ROWS))
    for at, value in (("2:x", 5.0), ("4:x", 6.0)):
        timeline.goto(at)
        timeline.edit("x[1,0]", value)
    timeline.goto("4:t")
    timeline.edit("x[1,0]", 7.0)
    told = {}
    for at in ("2:x", "3:x", "4:u1", "5:x"):
        timeline.goto(at)
        told[at] = explain(timeline, element_at(timeline, "x[1,0]")).origin
    assert told == {
        "2:x": "set by hand at 2:x (fork-1)",
        "3:x": "a number of the data, set by hand at 2:x (fork-1)",
        "4:u1": "set by hand at 4:t (fork-3)",
        "5:x": "a number of the data, set by hand at 4:t (fork-3)",
    }


def test_an_edited_row_that_is_drawn_twice_is_another_one_in_both_places() -> None:
    timeline = Timeline(scenario_of(ROWS + 'draw = "with_replacement"\nbatch = 3'))
    draw = timeline.scenario.draw
    assert draw is not None
    rows_of = ((iteration, draw.rows(iteration)) for iteration in range(2, 10))
    iteration, rows = next((i, rows) for i, rows in rows_of if rows is not None and 1 < sum(rows == rows[0]) < 3)
    timeline.goto(f"{iteration}:x")
    timeline.edit("x[0,1]", 50.0)
    where = [row == rows[0] for row in rows]
    assert [50.0 in row for row in timeline["x"]] == where
    for place, edited in enumerate(where):
        explanation = explain(timeline, element_at(timeline, f"x[{place},1]"))
        assert explanation.origin.startswith("set by hand") == edited
    assert gradient_check(timeline).passed
    check_everywhere(timeline, Edited(timeline.scenario, timeline.branch.edits))


# ── forks of forks ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_fork_of_a_fork_has_both_edits_and_one_made_before_the_first_edit_has_only_its_own() -> None:
    scenario = scenario_of(ROWS)
    timeline = Timeline(scenario)
    timeline.goto("4:y")
    timeline.edit("W1[0,0]", 2.0)
    timeline.goto("6:x")
    timeline.edit("x[2,0]", -2.0)
    both = timeline.branch
    timeline.goto("4:u1")  # before the edit of fork-1, though on fork-2
    own = timeline.edit("b1[0]", 1.0)
    timeline.switch("fork-2")
    timeline.goto("5:E")  # between the edits
    one = timeline.edit("W2[0,0]", 0.0)
    assert [each.parent and each.parent.name for each in (both, own, one)] == ["fork-1", "original", "fork-1"]
    assert [len(each.edits) for each in (both, own, one)] == [2, 1, 2]
    for branch in (*timeline.branches.values(), both):
        timeline.switch(branch.name)
        assert timeline.moment().parent == (branch.parent.name if branch.parent else "")
        check_everywhere(timeline, Edited(scenario, branch.edits))


def test_hits_are_counted_along_the_fork_whatever_was_counted_in_the_original() -> None:
    timeline = Timeline(scenario_of(ROWS))
    timeline.stops = [Stop("condition", when="W1[0,0] > 1", every=2)]
    assert timeline.run_on().position == timeline.course.end  # never in the original
    timeline.goto("4:y")
    timeline.edit("W1[0,0]", 2.0)  # from iteration 5 on
    timeline.goto("9:E")
    assert [str(timeline.run_back().position) for _ in range(3)] == ["8:x", "6:x", "start"]
    timeline.switch("original")
    assert timeline.run_on().position == timeline.course.end


def test_the_later_of_two_edits_at_one_moment_counts() -> None:
    timeline = Timeline(scenario_of(ROWS))
    timeline.goto("4:y")
    for value in (1.0, 2.0, 1.0, 3.0):
        timeline.edit("W1[0,0]", value)
        timeline.step()
        timeline.back()
        assert timeline["W1"][0, 0] == value
    assert [float(timeline.values_in(f"fork-{n}")["W1"][0, 0]) for n in (1, 2, 3, 4)] == [1.0, 2.0, 1.0, 3.0]
    check_everywhere(timeline, Edited(timeline.scenario, timeline.branch.edits))


def test_forks_are_numbered_on_and_a_dropped_one_leaves_what_was_forked_from_it() -> None:
    timeline = Timeline(scenario_of(ROWS))
    timeline.goto("4:y")
    timeline.edit("W1[0,0]", 2.0)
    timeline.goto("5:y")
    kept = timeline.edit("W1[0,1]", 2.0)
    timeline.goto("6:y")
    timeline.edit("W1[1,1]", 2.0)
    here = timeline.position
    assert timeline.moment().parent == "fork-2"
    timeline.drop("fork-2")
    assert (timeline.branch.name, timeline.moment().parent) == ("fork-3", "")
    check_everywhere(timeline, Edited(timeline.scenario, timeline.branch.edits))
    timeline.goto(here)
    timeline.drop("fork-3")  # its parent is not there any more, but that one's is
    assert (timeline.branch.name, timeline.position) == ("fork-1", here)
    assert timeline.edit("b1[0]", 0.0).name == "fork-4"
    assert [*timeline.branches] == ["original", "fork-1", "fork-4"]
    assert kept not in timeline.branches.values()
    timeline.fork("tried by hand", timeline.branches["original"], [Edit(2, 0, "b1", (0,), 1.0), *kept.edits])
    assert len(timeline.branch.edits) == 3
    check_everywhere(timeline, Edited(timeline.scenario, timeline.branch.edits))
    timeline.drop("tried by hand")
    assert timeline.branch.name == "original"


def test_switching_keeps_the_position() -> None:
    timeline = Timeline(scenario_of(ROWS))
    timeline.goto("4:y")
    timeline.edit("W1[0,0]", 2.0)
    timeline.goto("7:dz1")
    there = bits(timeline.values())
    assert timeline.switch("original")
    assert str(timeline.position) == "7:dz1"
    check(timeline, Edited(timeline.scenario, ()))
    assert bits(timeline.values_in("fork-1")) == there
    timeline = Timeline(timeline.scenario, history_bytes=0)
    timeline.edit("W1[0,0]", 2.0)
    timeline.goto("7:dz1")
    assert not timeline.switch("original", lambda done, total: False)
    assert (timeline.branch.name, str(timeline.position)) == ("fork-1", "7:dz1")


def test_what_cannot_be_edited_is_refused_with_the_reason() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("2:u1")
    for name, kind, message in (
        ("W1", EditError, "W1 is an array of shape 2×2, expected one element of it"),
        ("z1[0,0]", EditError, "out_h has no value yet at 2:net_h"),
        ("E", EditError, "E_total has no value yet at 2:net_h"),
        ("W1_next[0,0]", EditError, "W1⁺ has no value yet at 2:net_h"),
        ("V[0,0]", KeyError, '"V" is not a symbol, name or label'),
        ("W1[2,0]", KeyError, r"W1 is 2×2, counted from 0; it has no element \[2,0\]"),
        ("W1[0]", KeyError, r"W1 is 2×2, counted from 0; it has no element \[0\]"),
        ("W1[-1,0]", KeyError, r"is not an element, expected such as W1\[0,0\]"),
    ):
        with pytest.raises(kind, match=message):
            timeline.edit(name, 1.0)
    assert [*timeline.branches] == ["original"]
    assert timeline.edit("w5", 1.0).edits == (Edit(2, 3, "W2", (0, 0), 1.0),)
    for act in (timeline.drop, timeline.switch, timeline.values_in):
        with pytest.raises(KeyError, match="fork-9"):
            act("fork-9")
    with pytest.raises(EditError, match="the original run cannot be dropped"):
        timeline.drop("original")
    with pytest.raises(EditError, match='there is a fork "fork-1" already'):
        timeline.fork("fork-1", timeline.branch, [Edit(1, 0, "W1", (0, 0), 1.0)])
    assert timeline.branch.name == "fork-1"


def act(timeline: Timeline, kind: str, how: Any) -> None:
    """One act of a walk. What an edit makes is checked here: the edits so far that lie no later, and the new one."""
    if kind == "edit":
        values = timeline.values()
        symbol = [*values][how[0] % len(values)]
        size = values[symbol].size
        index = np.unravel_index(how[1] % size, values[symbol].shape)
        here, before = timeline.position, timeline.branch.edits
        updated = timeline.program.carried.get(symbol, symbol)
        meant = updated if updated in values else symbol
        timeline.edit(f"{symbol}[{','.join(map(str, index))}]" if index else symbol, how[2])
        edit = Edit(here.iteration, here.step, meant, tuple(map(int, index)), how[2])
        earlier = [each for each in before if (each.iteration, each.step) <= (here.iteration, here.step)]
        assert timeline.branch.edits == (*earlier, edit)
        assert timeline.position == here
    elif kind == "goto":
        iteration = 1 + round(how[0] * (timeline.course.iterations - 1))
        timeline.goto(timeline.course.at(iteration, round(how[1] * timeline.course.length(iteration))))
    elif kind == "switch":
        timeline.switch([*timeline.branches][how % len(timeline.branches)])
    elif kind == "drop":
        if timeline.branch.name != "original":
            timeline.drop(timeline.branch.name)
    else:
        getattr(timeline, kind)()
