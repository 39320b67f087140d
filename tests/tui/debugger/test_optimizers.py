"""What optimizers keep and compute is walked through like all else: in view, marked, explained, where it was before."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import pytest

from gradstep.engine import Scenario, bundled
from gradstep.tui.debugger.stage import Stage
from gradstep.tui.pages import arrangement as places
from gradstep.tui.text.notation import Notation
from tests.engine.program.test_optimizer_kinds import net
from tests.screen import Still
from tests.strategies import scenario_of
from tests.tui.debugger import test_walk as claims
from tests.tui.debugger.test_walk import SIZES, walk

SGD = 'kind = "sgd"\nlearning_rate = 0.5'
ADAM = 'kind = "adam"\nlearning_rate = 0.01'
MOMENTUM = 'kind = "momentum"\nmomentum = 0.9\nlearning_rate = "0.5 / epoch"'
OWN = 'update = """\nv = mu * v - learning_rate * g\np = p + v\n"""\nmu = 0.9\nlearning_rate = 0.5'


def article(optimizer: str) -> Scenario:
    """The 2-2-2 example, with its names and labels, trained otherwise."""
    text = bundled()["mazur-2-2-2"].read_text(encoding="utf-8").partition("[[expect]]")[0]
    return scenario_of(text.replace(SGD, optimizer))


SCENARIOS = {
    "adam": article(ADAM),
    "momentum": article(MOMENTUM),
    "own": article(OWN),
    "one number a parameter": article(f'{ADAM}\nepsilon_at = "uncorrected"'),
    "no names": scenario_of(net('kind = "adamw"\nlearning_rate = 0.1', 1)),
}


@lru_cache(maxsize=1)
def stages(name: str, size: tuple[int, int]) -> list[tuple[claims.Moment, Stage]]:
    still = Still(SCENARIOS[name], size)
    return [(still.bench.moment, stage) for stage in walk(still)]


@pytest.fixture(params=[(name, size) for name in SCENARIOS for size in SIZES], ids=str, scope="module")
def walked(request: pytest.FixtureRequest) -> list[tuple[claims.Moment, Stage]]:
    return stages(*request.param)


def test_what_was_written_is_in_view(walked: list[tuple[claims.Moment, Stage]]) -> None:
    claims.test_what_was_written_is_in_view_and_marked_in_the_step_and_in_its_table(walked)


def test_numbers_agree(walked: list[tuple[claims.Moment, Stage]]) -> None:
    claims.test_every_number_that_can_be_clicked_is_the_element_to_all_digits_that_are_shown(walked)


def edges(stage: Stage) -> list[str]:
    """The upper edges of the tables, which say what groups of columns are seen."""
    area = stage.areas[places.TABLES]
    return [line for line in stage.drawing.text.split("\n")[area.y : area.y + area.height] if "╭" in line[area.x :]]


def test_nothing_moves(walked: list[tuple[claims.Moment, Stage]]) -> None:
    """Where one step shows other groups of columns than the step before, some of several have been left out."""
    for (before, old), (moment, new) in pairwise(walked):
        assert old.areas == new.areas
        if edges(old) == edges(new):
            claims.test_nothing_moves_while_one_steps([(before, old), (moment, new)])


def test_names_are_the_scenario_s(walked: list[tuple[claims.Moment, Stage]]) -> None:
    claims.test_the_scenarios_names_are_used_and_no_others(walked)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_every_step_is_explained_and_told(name: str, ascii_only: bool) -> None:
    still = Still(SCENARIOS[name], ascii_only=ascii_only)
    for stage in walk(still):
        for key in ("x", "h"):
            still.press(key)
            assert still.drawer
            still.press("escape")
        assert stage.drawing.text.isascii() or not ascii_only


def test_the_velocity_stands_beside_its_weights_under_its_name() -> None:
    still = Still(SCENARIOS["momentum"]).goto("2:v_W2_next")
    table = still.panel("tables")
    assert " v⁺ " in table
    assert "v_⁺" not in table
    assert all(name in still.panel("step") for name in ("w5", "w6", "w7", "w8"))


def test_a_squared_gradient_is_no_gradient_of_a_square() -> None:
    still = Still(SCENARIOS["adam"]).goto("2:v_W2_next")
    assert "(∂E/∂W2)²" in still.panel("step")
    assert "∂E/∂W2²" not in still.panel("step")
    assert "(∂E/∂w" in still.press("x").drawer


def test_a_counter_is_said_to_be_counted() -> None:
    still = Still(SCENARIOS["adam"]).goto("2:iteration")
    assert "counted by the run" in still.panel("step")
    assert "row of the data" not in still.panel("step")
    assert "counted by the run" in still.press("x").drawer


def test_what_is_kept_can_be_set_and_watched() -> None:
    still = Still(SCENARIOS["momentum"]).goto("3:E")
    still.press("e").answer("v_w5 = 0.5")
    assert still.bench.timeline["v_W2"][0, 0] == 0.5
    still.press("w").answer("norm(v_W2)")
    assert "norm(v_W2)" in "\n".join(still.lines)


def test_a_single_number_of_a_parameter_stands_under_its_own_name_alone() -> None:
    still = Still(SCENARIOS["one number a parameter"]).goto("1:rate_W1")
    (row,) = (line for line in still.panel("tables").split("\n") if "rate_W1" in line)
    assert row.strip("│ ").split()[:2] == ["rate_W1", "▌"]
    assert "called" not in row


@pytest.mark.parametrize(
    ("name", "symbol", "formula"),
    [
        ("adam", "m_W1_next", "m_W1⁺ = β1 · m_W1 + (1 − β1) · ∂E/∂W1"),
        ("adam", "W1_next", "W1⁺ = W1 − η · m_hat_W1 / (√(v_hat_W1) + ε)"),
        ("own", "v_W2_next", "v_W2⁺ = mu · v_W2 − η · ∂E/∂W2"),
        ("own", "delta1", "delta_h = ∂E/∂out_h ∘ out_h ∘ (1 − out_h)"),
    ],
)
def test_a_single_number_s_product_has_a_dot_and_that_of_arrays_a_circle(name: str, symbol: str, formula: str) -> None:
    scenario = SCENARIOS[name]
    program = scenario.program
    assert Notation(scenario.names).formula(program.steps[program.writers[symbol]]) == formula
