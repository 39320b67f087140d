"""Claims about the drawer that explains a number: its factors are opened down to what is given, and it follows."""

from __future__ import annotations

import pytest

from tests.engine.analysis.test_explain import AS_PRINTED
from tests.screen import Still
from tests.strategies import scenario_of

SIZES = [(80, 24), (120, 40), (200, 60)]


def test_factors_are_opened_down_to_what_is_given_and_back() -> None:
    still = Still(size=(120, 60)).goto("1:dW2").press("x")
    assert "= 0.593269992 × 0.138498562 = 0.082167041" in still.drawer
    still.press("j", "enter")
    assert "delta_o1 ─" in still.panel("drawer")
    assert "0.741365070 × 0.751365070 × (1 − 0.751365070) = 0.138498562" in still.drawer
    still.press("u")
    assert "the chain rule, factor by factor" in still.drawer
    still.press("u", *["enter"] * 9)
    assert "this is where it ends" in still.message
    still.press(*["backspace"] * 9)
    assert "= 0.593269992 × 0.138498562 = 0.082167041" in still.drawer
    assert still.bench.view.picked == ("dW2", (0, 0))


@pytest.mark.parametrize("size", SIZES)
def test_the_way_that_leads_here_stands_in_the_title(size: tuple[int, int]) -> None:
    still = Still(size=size).goto("1:dW2").press("x", "j", "enter")
    assert "∂E/∂w5 › delta_o1" in still.panel("drawer").split("\n")[0]


def test_the_chosen_factor_has_a_sign_and_the_keys_are_said_where_there_is_room() -> None:
    still = Still(AS_PRINTED, (120, 40)).goto("1:dW1").press("ctrl+right", "x", "j")
    lines = still.drawer.split("\n")
    place = next(y for y, line in enumerate(lines) if line.startswith("▸ "))
    assert lines[place].startswith("▸ δ1[0")
    assert lines[place - 1].startswith("  x[0,0]")
    assert "Enter opens a factor, Backspace goes back, u unrolls" in still.panel("drawer").split("\n")[0]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_unrolled_can_be_scrolled_to(size: tuple[int, int]) -> None:
    still = Still(size=size).goto("1:dW1").press("ctrl+right", "x", "u")
    seen = still.drawer
    for _ in range(8):
        seen += still.press("pagedown").drawer
    assert "the chain rule, factor by factor" in seen
    assert "× ∂out_o1/∂net_o1 = out_o1 · (1 − out_o1)" in " ".join(seen.split())


def test_in_the_third_column_what_stood_there_follows_below_the_factors() -> None:
    still = Still(size=(200, 60)).goto("1:dW1")
    before = [line.strip("│ ") for line in still.panel("chain").split("\n")[1:-1]]
    after = still.press("x").drawer
    assert {line for line in before if line} <= {line.strip() for line in after.split("\n")}
    parts = ("made of", "▸ i1", "the chain rule, factor by factor", "unrolled", "who uses it")
    places = [after.index(part) for part in parts]
    assert places == sorted(places)
    above = still.press("u").drawer
    assert above.index("unrolled") < above.index("made of")
    assert above.count("unrolled") == 1
    digits = Still("two-layer-digits", (200, 60)).goto("1:dW2").press("x").drawer
    assert "made of" in digits
    assert "unrolled" not in digits, "it would take long at every key"


def test_any_element_is_picked_with_the_arrow_keys_and_explained() -> None:
    still = Still()
    assert "nothing has run yet" in still.press("ctrl+right").message
    still.goto("1:dW2").press("ctrl+right")
    assert still.bench.view.picked == ("dW2", (0, 0))
    still.press("ctrl+right", "ctrl+down", "ctrl+down")
    assert still.bench.view.picked == ("dW2", (1, 1))
    still.press("ctrl+left", "ctrl+up", "x")
    assert "∂E/∂w5 " in still.drawer


def test_another_number_that_is_picked_meanwhile_is_explained() -> None:
    still = Still().goto("1:dW2").press("x").put("slash", "dw8")
    assert "∂E/∂w8 ─" in still.panel("drawer")
    still.press("escape")
    assert still.bench.drawer is None


def test_before_it_is_computed_a_number_is_said_to_have_no_value() -> None:
    still = Still().goto("1:dW2").press("x", "S")
    assert "∂E/∂w5 has no value here: it is computed by a step still to come" in " ".join(still.drawer.split())
    assert "= 0.082167041" in still.press("s").drawer


def test_where_nothing_can_be_unrolled_that_is_said() -> None:
    still = Still().goto("1:u1").put("slash", "w1").press("x", "u")
    assert "nothing to unroll" in still.message
    assert still.press("u").message == ""


def test_of_very_many_factors_the_first_are_listed_and_that_is_said() -> None:
    rows, columns = 600, 1
    x = [[1.0] * rows]
    layer = f'layer = [{{kind = "affine", W = {[[0.5]] * rows}, b = [0.0]}}]'
    rest = (
        'loss = {kind = "squared_error"}\noptimizer = {kind = "sgd", learning_rate = 0.1}\ntraining = {iterations = 1}'
    )
    head = f'format = 1\ntitle = "many"\ndata = {{x = {x}, t = {[[1.0] * columns]}}}\n'
    still = Still(scenario_of(f"{head}{layer}\n{rest}"), (120, 60)).goto("1:u1").press("x", *["pagedown"] * 3)
    assert "▸ " in still.drawer
    still.press(*["pageup"] * 3)
    assert "the first 500 of 1,201 factors are listed; / names any other" in " ".join(still.drawer.split())


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_formula_numbers_and_result_stand_first_then_what_it_is_made_of_then_who_uses_it(size: tuple[int, int]) -> None:
    still = Still(size=size).goto("1:delta1").press("x")
    told = " ".join(still.drawer.split())
    parts = (
        "delta_h1 = ∂E/∂out_h1 · out_h1 · (1 − out_h1)",
        "= 0.036350306 × 0.593269992 × (1 − 0.593269992) = 0.008771355",
        "made of",
        "∂E/∂out_h1 = 0.036350306 ∂E/∂out_h = delta_o·W2ᵀ",
        "out_h1 = 0.593269992 out_h = σ(net_h)",
        "who uses it",
    )
    places = [told.index(part) for part in parts]
    assert (places[0], places) == (0, sorted(places))
    assert "δ1[0,0]" not in told, "m shows plain symbols"
    unrolled = " ".join(still.press("u").drawer.split())
    assert unrolled.index("unrolled") < (unrolled.find("made of") if "made of" in unrolled else len(unrolled))
    assert unrolled.startswith(parts[0])


def explained(still: Still) -> str:
    """The title of the explanation that x opens."""
    still.press("x")
    title = still.panel("drawer").split("\n")[0]
    still.press("x")
    return title


def test_what_was_gone_to_is_explained_and_no_figure_that_was_passed_before() -> None:
    still = Still().press(*["right_square_bracket"] * 8).goto("1:dw1")
    assert "∂E/∂w1" in explained(still)
    assert "∂E/∂w1 picked" in still.text
    still.goto("1:E")
    assert "E_total" in explained(still)
    still.goto("1:dW2[1,1]")
    assert "∂E/∂w8" in explained(still)
    still.goto("1:dW2")
    assert "∂E/∂w5" in explained(still)
    still.put("slash", "w3")
    assert " w3 " in explained(still)
    still.press("down", "t")
    assert "δ" in explained(still) or "∂E/∂" in explained(still)


def test_a_pick_lasts_while_the_step_shows_it() -> None:
    still = Still().goto("1:dW1").put("slash", "dw2").press("s")
    assert still.position == "1:db1"
    assert still.bench.view.picked is None
    still = Still().goto("1:z1").put("slash", "z1[0,1]")
    picked = still.bench.view.picked
    assert picked is not None
    still.press("s")
    assert still.bench.view.picked == picked, "the next step reads it"
    still.press("i")
    assert still.bench.view.picked == picked, "it is the same step of another iteration"
    still.press("s", "s")
    assert still.bench.view.picked is None


def test_an_explanation_that_is_open_keeps_its_number_while_one_steps_and_follows_what_is_gone_to() -> None:
    still = Still().goto("1:dW1").put("slash", "dw2").press("x", "s", "s")
    assert "∂E/∂w2" in still.panel("drawer")
    still.goto("1:dw1")
    assert "∂E/∂w1" in still.panel("drawer").split("\n")[0]
    still.goto("1:E")
    assert "E_total" in still.panel("drawer").split("\n")[0]
    still.goto("3")
    assert "E_total" in still.panel("drawer").split("\n")[0], "an iteration alone names no other number"
