"""Claims about figures beside a run: where they are looked at, what they come to, and where a failing one stops.

The unit computes y = 0.5 · 2 + 0.25 = 1.25 for t = 1, so E = ½ · 0.25² = 0.03125, ∂E/∂W = 0.25 · 2 = 0.5, and after an
update by 0.1 W = 0.45, b = 0.225, y = 1.125, E = ½ · 0.125² = 0.0078125; then ∂E/∂W = 0.25, W = 0.425, b = 0.2125,
y = 1.0625, E = ½ · 0.0625² = 0.001953125.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.errors import ScenarioError
from gradstep.engine.program.names import Reference
from gradstep.engine.scenario.figures import figures_of
from gradstep.engine.sessions import load_session, save_session
from gradstep.engine.stops.stops import ALWAYS, FIGURE, Stop
from gradstep.engine.timeline.figures import AT_ONCE, Outcome, Tally
from tests.strategies import scenario_of

UNIT = """
format = 1
title = "y = 0.5 · 2 + 0.25"
data = {x = [[2.0]], t = [[1.0]]}
layer = [{kind = "affine", W = [[0.5]], b = [0.25]}]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.1}
training = {iterations = 400}
names = {W1 = "w"}
"""


def expect(at: str, *lines: str) -> str:
    return "\n".join(("[[expect]]", f'at = "{at}"', *lines, ""))


def run(*tables: str) -> Timeline:
    return Timeline(scenario_of(UNIT + "".join(tables)))


def outcomes(timeline: Timeline) -> dict[int, Outcome]:
    return {number: each.outcome for number, each in timeline.figures().compared.items()}


HOLDS = expect("1:E", 'E = "0.03125"')
WRONG = expect("2:E", 'E = "0.0078"', 'note = "rounded"'), expect("2:E", 'E = "0.0079"')
MISPRINT = expect("2:E", 'E = "0.0087"', 'disagrees = "two digits changed places"')


# ── where ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "what", "position", "about"),
    [
        ("1:E", "E = 0.03125", "1:E", ["E"]),
        ("1", "E = 0.03125", "1:E", ["E"]),
        ("1", '"dw[0,0]" = 0.5', "1:dW1", ["dW1[0,0]"]),
        ("1", '"dW1[-1,0] * x[0,0] + E" = 1.03125', "1:dW1", ["dW1[0,0]", "x[0,0]", "E"]),
        ("1:dW1", '"x[0,0]**2" = 4', "1:dW1", ["x[0,0]"]),
        ("2", '"w[0]" = [0.45]', "2:x", ["W1"]),
        ("start", "w = [[0.5]]", "start", ["W1"]),
        ("end", '"w_next > 0" = [[true]]', "400:W1_next", ["W1_next"]),
    ],
)
def test_a_figure_is_looked_at_at_its_step_or_as_soon_as_all_that_it_names_is_there(
    at: str, what: str, position: str, about: list[str]
) -> None:
    (figure,) = figures_of(run(expect(at, what)).scenario)
    assert str(figure.position) == position
    assert [str(each) for each in figure.about] == about


def test_a_figure_knows_whether_it_is_a_symbol_an_element_or_an_expression() -> None:
    tables = (expect("1", what) for what in ("w = [[0.5]]", '"w[0,0]" = 0.5', '"w[0]" = [0.5]', '"E + 0" = 0.03125'))
    found = [figure.reference for figure in figures_of(run(*tables).scenario)]
    assert found == [Reference("W1"), Reference("W1", (0, 0)), None, None]


def test_a_name_is_for_one_value() -> None:
    (figure,) = figures_of(run(expect("1:E", 'name = " the  error "', "E = 0.03125")).scenario)
    assert figure.name == "the error"
    with pytest.raises(ScenarioError, match=r"expect\[0\]\.name \(line \d+\): .*2 values, expected one value"):
        run(expect("1", 'name = "the error"', "E = 0.03125", 't = [["1"]]'))


def test_a_symbol_cannot_be_called_as_a_key_of_the_table_is() -> None:
    with pytest.raises(ScenarioError, match="from_source"):
        scenario_of(UNIT.replace('W1 = "w"', 'W1 = "from_source"'))


# ── what it comes to ─────────────────────────────────────────────────────────────────────────────────────────


def test_figures_are_compared_as_the_cursor_comes_past_them_and_stay_so() -> None:
    timeline = run(HOLDS, *WRONG, MISPRINT)
    assert timeline.figures().tally == Tally(4, 0, 0, 0, 0, 0)
    timeline.goto("1:E")
    assert outcomes(timeline) == {1: Outcome.HOLDS}
    timeline.goto("2:E")
    expected = {1: Outcome.HOLDS, 2: Outcome.HOLDS, 3: Outcome.FAILS, 4: Outcome.DIFFERS}
    assert outcomes(timeline) == expected
    timeline.goto("start")
    assert outcomes(timeline) == expected
    assert timeline.moment().figures.tally == Tally(4, 4, 2, 1, 1, 0)


def test_one_that_was_said_to_differ_and_does_not_fails() -> None:
    timeline = run(expect("1:E", "E = 0.03125", 'disagrees = "it does not"'))
    timeline.goto("1:E")
    assert outcomes(timeline) == {1: Outcome.FAILS}


def test_a_matrix_is_compared_element_by_element_and_what_is_not_printed_holds() -> None:
    timeline = run(expect("1", 'w_next = [["0.46"]]', 'b1_next = [""]'))
    timeline.goto("1")
    first, second = (timeline.figures().compared[number].verdict for number in (1, 2))
    found = list(first.elements())
    assert [(index, printed, matches) for index, printed, _, matches in found] == [((0, 0), "0.46", False)]
    assert found[0][2] == pytest.approx(0.45)
    assert second.passed


def test_looking_recomputes_next_to_nothing_and_comparing_all_of_it_may_take_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    far = [expect(f"{iteration}:E", '"E >= 0" = true') for iteration in range(33, 400, 64)]
    timeline = run(*far)
    timeline.goto("end")
    asked: list[int] = []
    replays = timeline.restorer.replays

    def counted(*args: Any) -> int:
        asked.append(replays(*args))
        return asked[-1]

    monkeypatch.setattr(timeline.restorer, "replays", counted)
    before = timeline.figures().tally.compared
    assert max(asked) > AT_ONCE  # so that there was something to leave out
    assert before < len(far)
    assert not timeline.compare_figures(lambda done, total: False)
    assert timeline.compare_figures()
    assert timeline.figures().tally == Tally(len(far), len(far), len(far), 0, 0, 0)
    assert timeline.position == timeline.course.end


def test_the_frames_that_are_looked_at_stay_while_figures_elsewhere_are_compared() -> None:
    timeline = run(*(expect(f"{iteration}:E", '"E >= 0" = true') for iteration in range(1, 40)))
    timeline.goto("200")
    kept = timeline.restorer.known(timeline.branch, 200)
    timeline.compare_figures()
    assert timeline.restorer.known(timeline.branch, 200) is kept


# ── forks ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("where", "name", "outcome"),
    [
        ("1:E", "E", Outcome.OF_FORK),  # what it is compared with was set itself
        ("1:y", "w[0,0]", Outcome.HOLDS),  # y was computed before the edit
        ("1:x", "w[0,0]", Outcome.OF_FORK),
        ("1:x", "learning_rate", Outcome.HOLDS),  # E is not computed from it
        ("1:dW1", "dw[0,0]", Outcome.HOLDS),
    ],
)
def test_in_a_fork_a_figure_that_the_edit_bears_on_does_not_count(where: str, name: str, outcome: Outcome) -> None:
    timeline = run(HOLDS)
    timeline.goto(where)
    timeline.edit(name, 0.7)
    timeline.goto("2")
    assert outcomes(timeline) == {1: outcome}
    timeline.switch("original")
    assert outcomes(timeline) == {1: Outcome.HOLDS}


def test_what_lies_before_the_fork_is_the_source_s_and_what_lies_after_is_not() -> None:
    timeline = run(HOLDS, *WRONG)
    timeline.goto("1")
    timeline.edit("w[0,0]", 0.7)
    timeline.goto("3")
    assert outcomes(timeline) == {1: Outcome.HOLDS, 2: Outcome.OF_FORK, 3: Outcome.OF_FORK}
    timeline.goto("start")
    assert timeline.run_on().stops == ()


# ── the stop ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_stops_at_a_figure_that_fails_without_a_reason_from_both_sides() -> None:
    timeline = run(HOLDS, MISPRINT, *WRONG, expect("3:E", "E = 0.002"))
    found = [timeline.run_on() for _ in range(3)]
    assert [(str(each.position), each.stops) for each in found] == [
        ("2:E", (Stop(FIGURE),)),
        ("3:E", (Stop(FIGURE),)),
        (str(timeline.course.end), ()),
    ]
    back = [timeline.run_back() for _ in range(3)]
    assert [str(each.position) for each in back] == ["3:E", "2:E", "start"]


def test_a_figure_at_the_very_start_stops_after_the_first_step() -> None:
    assert str(run(expect("start", "w = [[0.6]]")).run_on().position) == "1:x"


def test_it_can_be_switched_off_and_a_session_keeps_that(tmp_path: Path) -> None:
    timeline = run(*WRONG)
    place = timeline.stops.index(Stop(FIGURE))
    timeline.replace_stop(place, Stop(FIGURE, enabled=False))
    assert timeline.run_on().stops == ()
    (tmp_path / "unit.toml").write_text(UNIT + "".join(WRONG), encoding="utf-8")
    saved = Timeline(load_scenario(str(tmp_path / "unit.toml")))
    saved.stops = timeline.stops
    save_session(saved, tmp_path / "unit.gradstep")
    assert load_session(tmp_path / "unit.gradstep").stops == timeline.stops


def test_a_session_that_is_older_than_a_stop_has_it(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("apples"))
    timeline.stops = ALWAYS[:1]
    save_session(timeline, tmp_path / "old.gradstep")
    assert set(load_session(tmp_path / "old.gradstep").stops) == set(ALWAYS)
