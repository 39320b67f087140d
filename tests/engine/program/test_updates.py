"""Claims about updates written as formulas: what a name stands for, and that all of it is a run's like any other."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from numpy.testing import assert_allclose

from gradstep.engine import ScenarioError, Timeline, load_scenario
from gradstep.engine.analysis.explain import unrolled
from gradstep.engine.exports import export
from gradstep.engine.program.expression import Element, elements_of, evaluate
from gradstep.engine.program.program import Phase, Program, Role
from gradstep.engine.replay import replay
from gradstep.engine.scenario.format import json_schema
from gradstep.engine.sessions import load_session, save_session
from gradstep.engine.stops.trigger import parse_stop
from tests.engine.program.test_optimizer_kinds import CASES, net, plain_loop
from tests.strategies import scenario_of

LINES = '''\
update = """
v = mu * v + (1 - mu) * g     # a running mean
v_hat = v / (1 - mu ** iteration)

p = p - learning_rate * v_hat
"""
mu = 0.75
learning_rate = 0.1
'''


def run(lines: str = LINES, iterations: int = 12) -> Timeline:
    return Timeline(scenario_of(net(lines, 4, iterations)))


def updates(program: Program) -> list[str]:
    return [step.symbol for step in program.steps if step.phase is Phase.UPDATE]


def test_names_are_state_or_steps_on_the_way_by_which_comes_first() -> None:
    program = run().program
    assert updates(program)[:4] == ["iteration", "v_W1_next", "v_hat_W1", "W1_next"]
    roles = {name: program.symbols[name].role for name in ("v_W1", "v_W1_next", "v_hat_W1", "mu", "iteration")}
    assert roles == {
        "v_W1": Role.STATE,
        "v_W1_next": Role.NEXT,
        "v_hat_W1": Role.INTERMEDIATE,
        "mu": Role.HYPERPARAMETER,
        "iteration": Role.COUNTER,
    }


def test_numbers_are_those_of_a_plain_loop() -> None:
    def update(p: np.ndarray, g: np.ndarray, kept: dict[str, np.ndarray], k: int) -> np.ndarray:
        kept["v"] = 0.75 * kept.get("v", np.zeros_like(p)) + 0.25 * g
        return p - 0.1 * kept["v"] / (1 - 0.75**k)

    timeline = run()
    timeline.goto("end")
    for name, expected in plain_loop(net(LINES, 4, 12), update).items():
        assert_allclose(timeline[f"{name}_next"], expected, rtol=1e-12, atol=1e-13)


def test_what_reads_a_name_after_its_line_reads_what_that_wrote() -> None:
    timeline = run('update = """\np = p - 0.5 * g\nw = p - old\nold = p\n"""')
    steps = {step.symbol: step.operands for step in timeline.program.steps}
    assert steps["w_W1"] == ("W1_next", "old_W1")
    assert steps["old_W1_next"] == ("W1_next",)
    timeline.goto("2")
    assert_allclose(timeline["w_b2"], timeline["b2_next"] - timeline["b2"])


def test_rows_and_counters_are_known() -> None:
    rows = 'draw = "in_order"\nbatch = 2\n[optimizer]'
    text = net('update = "p = p + 0 * g + N / 100 + epoch"', 4, 7).replace("[optimizer]", rows)
    timeline = Timeline(scenario_of(text))
    for iteration, epoch in ((1, 1), (3, 1), (4, 2), (7, 3)):  # six samples in batches of two
        timeline.goto(str(iteration))
        assert timeline["epoch"] == epoch
        assert_allclose(timeline["W1_next"], timeline["W1"] + 0.02 + epoch)


def test_a_learning_rate_may_be_a_formula_of_iteration_epoch_and_other_settings() -> None:
    timeline = run('kind = "momentum"\nmomentum = 0.5\nlearning_rate = "0.1 * momentum ** epoch + 1 / iteration"', 5)
    assert updates(timeline.program)[:4] == ["iteration", "epoch", "learning_rate", "v_W1_next"]
    for iteration in (1, 4):
        timeline.goto(str(iteration))
        expected = 0.1 * 0.5**iteration + 1 / iteration
        assert timeline["learning_rate"] == pytest.approx(expected, rel=1e-15)
        assert_allclose(timeline["W1_next"], timeline["W1"] - expected * timeline["v_W1_next"])
    assert timeline.names.dressed("learning_rate") == "η"


def test_sgd_with_such_a_rate_still_descends_at_one_go() -> None:
    program = run('kind = "sgd"\nlearning_rate = "1 / iteration"').program
    step = program.steps[program.writers["W1_next"]]
    assert step.operation.name == "descend"


def test_a_graph_is_updated_likewise() -> None:
    text = """
format = 1
title = "two numbers"
[data]
x = [[2.0]]
t = [[1.0]]
[parameters]
w = 0.25
[[node]]
name = "y"
kind = "multiply"
inputs = ["x", "w"]
[loss]
kind = "squared_error"
[training]
iterations = 3
[optimizer]
update = '''
v = 0.5 * v - 0.1 * g
p = p + v
'''
"""
    timeline = Timeline(scenario_of(text))
    w, v = 0.25, 0.0
    for iteration in range(1, 4):
        v = 0.5 * v - 0.1 * (2 * w - 1) * 2
        w += v
        timeline.goto(str(iteration))
        assert float(timeline["v_w_next"]) == pytest.approx(v, rel=1e-14)
        assert float(timeline["w_next"]) == pytest.approx(w, rel=1e-14)


# ── a run's like any other ───────────────────────────────────────────────────────────────────────────────────


def test_every_element_of_an_update_is_its_arithmetic() -> None:
    timeline = run()
    timeline.goto("3")
    values = timeline.values()
    for symbol in ("v_W1_next", "v_hat_W1", "W1_next"):
        for index in np.ndindex(*values[symbol].shape):
            expression = timeline.provenance().element(symbol, index)
            assert expression is not None
            assert evaluate(expression, values.__getitem__) == pytest.approx(values[symbol][index], rel=1e-14)
    whole = unrolled(timeline, Element("W1_next", (0, 0)))
    assert whole is not None
    assert evaluate(whole, values.__getitem__) == pytest.approx(values["W1_next"][0, 0], rel=1e-12)
    assert {"v_W1", "iteration", "mu", "x"} <= {each.symbol for each in elements_of(whole)}


def test_going_back_is_going_on_again_to_the_bit() -> None:
    timeline = run()
    timeline.goto("9:v_hat_W2")
    there = {name: array.tobytes() for name, array in timeline.values().items()}
    for position in ("2", "end", "start", "9:x", "9:v_hat_W2"):
        timeline.goto(position)
    assert {name: array.tobytes() for name, array in timeline.values().items()} == there
    assert timeline["iteration"] == 9


def test_state_is_edited_kept_in_sessions_and_exported(tmp_path: Path) -> None:
    path = tmp_path / "net.toml"
    path.write_text(net(LINES, 4, 12))
    timeline = Timeline(load_scenario(path))
    timeline.goto("4:E")
    timeline.edit("v_W1[0,0]", 0.5)
    timeline.goto("4")
    assert timeline["v_W1_next"][0, 0] == 0.75 * 0.5 + (1 - 0.75) * timeline["dW1"][0, 0]
    timeline.goto("11:v_hat_b1")
    save_session(timeline, tmp_path / "it.session")
    again = load_session(tmp_path / "it.session")
    assert str(again.position) == "11:v_hat_b1"
    for name, array in timeline.values().items():
        assert again[name].tobytes() == array.tobytes(), name
    export(timeline, tmp_path / "v.npz", ["v_W1_next"], 3, 5)
    timeline.goto("5")
    with np.load(tmp_path / "v.npz") as file:
        assert file["v_W1_next"][-1].tobytes() == timeline["v_W1_next"].tobytes()


def test_a_counter_is_counted_and_can_be_set_for_an_iteration() -> None:
    timeline = run()
    timeline.goto("6:iteration")
    timeline.edit("iteration", 1.0)
    timeline.goto("6")
    assert_allclose(timeline["v_hat_W1"], timeline["v_W1_next"] / 0.25)
    timeline.goto("7")
    assert timeline["iteration"] == 7


def test_conditions_ask_for_state_and_a_counter_is_the_run_s_own() -> None:
    timeline = run()
    timeline.add_stop(parse_stop("iteration == 5 and norm(v_W1) > 0", timeline.names))
    timeline.run_on()
    assert timeline.position.iteration == 5


def test_replay_shows_what_is_kept() -> None:
    values = replay(run().scenario, at="2").values
    assert {"v_W1", "v_W1_next", "v_hat_W1", "iteration", "mu"} <= values.keys()


def test_labels_and_names_of_a_parameter_are_those_of_what_is_kept_of_it() -> None:
    text = net(LINES, 4) + '[names]\nW2 = "V"\n[labels]\nb2 = ["b", "c"]\n'
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    assert timeline.names.resolve("v_V_next").symbol == "v_W2_next"
    assert timeline.names.resolve("v_hat_V").symbol == "v_hat_W2"
    assert timeline["v_hat_c"] == timeline["v_hat_b2"][1]
    assert timeline.names.label("v_b2_next", (0,)) == "v_b⁺"


# ── what cannot be used ──────────────────────────────────────────────────────────────────────────────────────

ADAM = 'kind = "adam"\nlearning_rate = 0.1\n'
WRONG = [
    ('update = "p = p - mu * g"', "update", ('"p = p - mu * g", column 9', '"mu"', "no setting")),
    ('update = "p = p - nu * g"\nmu = 1', "update", ("column 9", 'did you mean "mu"')),
    ('update = "v = v + g"', "update", ("p = …",)),
    ('update = ""', "update", ("p = …",)),
    ('update = "g = 2 * g\\np = p - g"', "update", ('"g = 2 * g", column 1', "cannot be written")),
    ('update = "mu = 2\\np = p - mu * g"\nmu = 1', "update", ('"mu = 2", column 1', "cannot be written")),
    ('update = "iteration = 2\\np = p - g"', "update", ("cannot be written",)),
    ('update = "p = p - g\\np = p - g"', "update", ("written twice",)),
    ('update = "p = p - 0.1 * (g"', "update", ("column 17", 'expected ")"')),
    ('update = "p - g"', "update", ("NAME = FORMULA",)),
    ('update = "v = sum(v) + sum(g)\\np = p - v"', "update", ('"v = sum(v) + sum(g)", column 1', "3×4")),
    ('update = "p = sum(g)"', "update", ('"p = sum(g)", column 1', "next W1", "scalar", "3×4")),
    ('update = "p = p - g @ g"', "update", ("column 9", "inner sizes differ")),
    ('update = "p = p - g"\nmu = "x"', "mu", ("finite number",)),
    ('update = "p = p - g"\nmu = 1', "mu", ("no line",)),
    ('update = "p = p - g"\nlearning_rate = "1 / epoch"', "learning_rate", ("no line",)),
    ('update = "p = p - g * E"\nE = 1', "E", ("two values",)),
    ('update = "p = p - g * N"\nN = 1', "N", ("something else",)),
    ('update = "p = p - g"\nfrozen = ["W9"]', "frozen[0]", ('"W9"',)),
    ('kind = "sgd"\nlearning_rate = 0.1\nupdate = "p = g"', "update", ("does not belong", "sgd")),
    ("learning_rate = 0.1", "kind", ("missing", "update")),
    ('kind = "adm"\nlearning_rate = 0.1', "kind", ('did you mean "adam"',)),
    (ADAM + "momentum = 2", "momentum", ("does not belong", "beta1")),
    (ADAM + "beta1 = 1", "beta1", ("from 0 to, but not including, 1",)),
    (ADAM + "epsilon = -1", "epsilon", ("at least 0",)),
    (ADAM + 'epsilon_at = "uncorrected"\nbias_correction = false', "epsilon_at", ("bias_correction",)),
    (
        'kind = "momentum"\nmomentum = 0.9\nlearning_rate = 1\nconvention = "textbook"\ndampening = 1',
        "dampening",
        ("pytorch",),
    ),
    ('kind = "momentum"\nlearning_rate = 1', "momentum", ("missing", "share of the velocity")),
    ('kind = "sgd"\nlearning_rate = "0.1"', "learning_rate", ("iteration or epoch",)),
    ('kind = "sgd"\nlearning_rate = "rate * epoch"', "learning_rate", ("column 1", '"rate"')),
    ('kind = "sgd"\nlearning_rate = "epoch +"', "learning_rate", ("column 8",)),
]


@pytest.mark.parametrize(("lines", "key", "words"), WRONG)
def test_what_cannot_be_used_is_one_line_with_its_place(lines: str, key: str, words: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(net(lines, 1))
    message = str(caught.value)
    assert f"optimizer.{key} (line " in message
    assert "\n" not in message
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(("name", "written"), [("v_w", "v = v + g"), ("u_w", "u = 2 * v"), ("v_w_next", "v = v + g")])
def test_what_an_update_writes_cannot_have_the_name_of_another_value(name: str, written: str) -> None:
    text = f"""
format = 1
title = "a clash"
[data]
x = [[2.0]]
t = [[1.0]]
[parameters]
w = 0.25
[[node]]
name = "{name}"
kind = "multiply"
inputs = ["x", "w"]
[loss]
kind = "squared_error"
[optimizer]
update = "v = v + g\\nu = 2 * v\\np = p - u"
"""
    with pytest.raises(ScenarioError) as caught:
        scenario_of(text)
    message = str(caught.value)
    assert "optimizer.update (line " in message
    assert f'"{written}", column 1: "{name}" is the name of two values' in message


# ── the schema ───────────────────────────────────────────────────────────────────────────────────────────────


def document(lines: str) -> dict[str, object]:
    return tomllib.loads(net(lines, 1, 1))


@pytest.mark.parametrize("lines", [LINES, ADAM, *(f"{case}\nlearning_rate = 0.1" for case, _ in CASES.values())])
def test_what_the_reader_takes_the_schema_takes(lines: str) -> None:
    jsonschema.validate(document(lines), json_schema())


@pytest.mark.parametrize(
    "lines", [ADAM + "momentum = 0.5", ADAM + "beta1 = 1", ADAM + 'update = "p = g"', "mu = 1", LINES + 'nu = "x"']
)
def test_what_the_reader_refuses_the_schema_refuses(lines: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document(lines), json_schema())
