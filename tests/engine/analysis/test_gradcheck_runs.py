"""Claims about checking within a run: of samples, of forks, stopped half-way, and leaving all as it was."""

from __future__ import annotations

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import GradientCheck
from tests.engine.analysis.test_gradcheck import checked, loaded, verdicts
from tests.walks import bits

# ── samples, stopping, and what stays as it was ──────────────────────────────────────────────────────────────


def test_a_sample_has_the_largest_gradients_of_each_matrix_and_is_the_same_each_time() -> None:
    scenario = loaded("two-layer-digits")
    one, two = checked(scenario, most=90), checked(scenario, most=90)
    timeline = Timeline(scenario)
    timeline.goto("1")
    assert [m.checked for m in one.matrices] == [27, 26, 27, 10]
    for matrix, again in zip(one.matrices, two.matrices, strict=True):
        assert matrix.elements == again.elements
        found = [abs(element.backprop) for element in matrix.elements]
        largest = np.sort(np.abs(timeline[matrix.gradient]).reshape(-1))[::-1]
        assert set(largest[: -(-len(found) // 4)]) <= set(found)
        assert len({element.index for element in matrix.elements}) == len(found)
    assert [m.checked for m in checked(scenario, most=1).matrices] == [1, 1, 1, 1]


def test_it_can_be_stopped_and_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.engine.progress.PULSE", 0.0)
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 7

    result = checked(loaded("mazur-2-2-2"), progress=progress)
    assert seen == [(done, 12) for done in range(8)]
    assert (result.finished, result.checked, result.planned, result.size) == (False, 7, 12, 12)
    assert verdicts(result) == {"W1": "agrees", "b1": "agrees", "W2": "agrees", "b2": "unchecked"}
    assert [matrix.checked for matrix in result.matrices] == [4, 2, 1, 0]
    assert result.passed
    seen.clear()
    whole = checked(loaded("mazur-2-2-2"), progress=lambda done, total: bool(seen.append((done, total))) or True)
    assert whole.finished
    assert seen[-1] == (12, 12)
    none = checked(loaded("mazur-2-2-2"), progress=lambda done, total: False)
    assert (none.checked, none.finished) == (0, False)


def test_cursor_and_values_stay_as_they_were() -> None:
    for name, at in (("relu-softmax-2-3-2", "2:z1"), ("sgd-regression-as-printed", "30"), ("apples", "start")):
        timeline = Timeline(loaded(name))
        timeline.goto(at)
        before, position = bits(timeline.values()), timeline.position
        moment = timeline.moment()
        result = check(timeline)
        assert (result.position, timeline.position) == (position, position)
        assert bits(timeline.values()) == before
        after = timeline.moment()
        assert (after.losses.tobytes(), after.known.tobytes()) == (moment.losses.tobytes(), moment.known.tobytes())
        untouched = Timeline(loaded(name))
        for _ in range(10):
            timeline.step()
        untouched.goto(timeline.position)
        assert bits(timeline.values()) == bits(untouched.values())


@pytest.mark.parametrize(("option", "value"), [("h", 0.0), ("h", float("nan")), ("most", 0), ("tolerance", -1.0)])
def test_impossible_options_are_refused(option: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{option} is .* positive number is expected"):
        checked(loaded("apples"), **{option: value})


# ── forks ────────────────────────────────────────────────────────────────────────────────────────────────────


def edited(at: str, name: str, value: float) -> GradientCheck:
    timeline = Timeline(loaded("mazur-2-2-2"))
    timeline.goto(at)
    timeline.edit(name, value)
    return check(timeline)


def test_a_fork_is_checked_with_its_own_values() -> None:
    plain = checked(loaded("mazur-2-2-2"))
    for at in ("start", "1:2"):  # both before anything has read it
        fork = edited(at, "W1[0,0]", 0.9)
        assert (fork.passed, fork.branch) == (True, "fork-1")
        numbers = [[element.numerical for element in m.elements] for m in fork.matrices]
        assert numbers != [[element.numerical for element in m.elements] for m in plain.matrices]
    assert edited("1:x", "x[0,1]", 3.0).passed


def test_an_edit_in_the_middle_of_an_iteration_is_named_where_it_spoils_a_gradient() -> None:
    assert edited("1:E", "W1[0,0]", 0.9).passed  # no step of the backward pass reads W1
    result = edited("1:E", "W2[0,0]", 0.9)  # dz1 = δ2·W2ᵀ does
    assert {matrix.symbol for matrix in result.matrices if not matrix.passed} == {"W1", "b1"}
    assert [(c.symbol, c.note) for c in result.matrices[0].causes] == [("W2", "W2[0,0] was set to 0.9 after E")]
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:E")
    for value in (3.0, np.inf, 0.9):
        timeline.edit("W2[0,0]", value)
    assert [cause.note for cause in check(timeline).matrices[0].causes] == ["W2[0,0] was set to 0.9 after E"]
    result = edited("1:delta2", "delta2[0,1]", 7.0)
    assert {matrix.symbol for matrix in result.matrices if not matrix.passed} == {"W1", "b1", "W2", "b2"}
    assert all(matrix.causes[0].symbol == "delta2" for matrix in result.matrices)
    result = edited("1:z1", "z1[0,0]", 0.5)  # dW2 sees it, but nothing flows back through it
    assert {matrix.symbol for matrix in result.matrices if not matrix.passed} == {"W1", "b1"}
    assert all([cause.symbol for cause in matrix.causes] == ["z1"] for matrix in result.matrices if not matrix.passed)
    result = edited("1:db2", "dW2[0,0]", 7.0)
    assert [(m.symbol, [c.symbol for c in m.causes]) for m in result.matrices if not m.passed] == [("W2", ["dW2"])]
    assert edited("1", "W1_next[0,0]", 9.0).passed
    assert edited("1:E", "E", 9.0).passed


def test_targets_that_are_no_probabilities_any_more_are_named() -> None:
    timeline = Timeline(loaded("relu-softmax-2-3-2"))
    timeline.goto("1:t")
    timeline.edit("t[0,0]", 0.5)
    for at in ("1", "2"):
        timeline.goto(at)
        result = check(timeline)
        assert not result.passed
        for matrix in result.matrices:
            assert [cause.symbol for cause in matrix.causes] == ["delta2"]
            assert matrix.causes[0].note.startswith("row 0 of t sums to 1.5;")


def test_targets_are_blamed_as_they_were_read_and_not_as_they_are_now() -> None:
    timeline = Timeline(loaded("relu-softmax-2-3-2"))
    timeline.goto("1:delta1")
    timeline.edit("delta1[0,0]", 0.9)
    timeline.goto("1:dW1")
    timeline.edit("t[0,0]", 5.0)  # δ2 has read it before
    causes = {matrix.symbol: [cause.symbol for cause in matrix.causes] for matrix in check(timeline).matrices}
    assert causes == {"W1": ["delta1"], "b1": ["delta1"], "W2": [], "b2": []}
    timeline.switch("original")
    timeline.goto("1:t")
    before = float(timeline["t"][0, 0])
    timeline.edit("t[0,0]", 5.0)
    timeline.goto("1:dW1")
    timeline.edit("t[0,0]", before)
    assert all([cause.symbol for cause in matrix.causes] == ["delta2"] for matrix in check(timeline).matrices)
