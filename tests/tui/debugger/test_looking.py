"""Claims about searches, the curve, names, digits, copying, and the drawers that tell of a step."""

from __future__ import annotations

import numpy as np
import pytest
from rich.cells import cell_len

from gradstep.tui.debugger import files, searching, stepping, stopping, whatif
from gradstep.tui.debugger.looking import by_group
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS
from gradstep.tui.pages.help import help_page
from gradstep.tui.text.glyphs import plain
from gradstep.tui.text.page import Line
from tests.screen import Still

# ── searching ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_search_finds_symbols_labels_elements_and_the_largest() -> None:
    still = Still().goto("1:W2_next")
    assert still.put("slash", "dw7").message.startswith("∂E/∂w7 = ")
    assert still.bench.view.picked == ("dW2", (0, 1))
    assert still.put("slash", "largest W2").message == "w8 = 0.55"
    assert still.bench.view.picked == ("W2", (1, 1))
    assert "is not a symbol" in still.put("slash", "zzz").message
    assert still.asking


def test_what_was_found_is_listed_in_a_drawer_and_gone_through() -> None:
    still = Still().goto("1:W2_next").put("slash", "out_")
    assert still.message.startswith("1 of ")
    assert still.panel("drawer").startswith("├─ found ")
    first = still.message
    assert still.press("comma").message.startswith("2 of ")
    assert still.press("full_stop").message == first
    assert still.press("full_stop").message.startswith(f"{len(still.bench.found)} of ")
    still.press("j", "enter")
    assert still.message.startswith("2 of ")
    chosen = next(line for line in still.drawer.split("\n") if line.startswith("▸"))
    assert chosen.split()[1] in still.message
    assert still.press("escape").bench.drawer is None
    assert still.press("comma").message.startswith("3 of ")


def test_the_smallest_and_the_largest_number_are_numbers() -> None:
    still = Still().press("s").put("e", "w1 = nan").answer("w1 = nan")
    assert still.put("slash", "smallest W1").message.startswith("w2 = ")
    assert still.put("slash", "largest W1").message.startswith("w4 = ")


def test_what_is_not_computed_yet_is_found_and_said_to_be_so() -> None:
    assert Still().put("slash", "dw7").message == "∂E/∂w7, not computed yet"


# ── the curve ────────────────────────────────────────────────────────────────────────────────────────────────


def curve_of(still: Still) -> tuple[str, str]:
    """The title, and what l shows next."""
    title, _, following = still.panel("curve").split("\n")[0].strip("╭╮─ ").partition(" ─")
    return title, following.strip("─ ")


def test_the_curve_is_linear_logarithmic_or_that_of_an_accuracy_or_a_watch() -> None:
    still = Still("two-layer-digits", (200, 60)).goto("150")
    frames = [curve_of(still)]
    for _ in range(3):
        frames.append(curve_of(still.press("l")))
    assert frames == [
        ("E", "l: log"),
        ("E (log)", "l: accuracy_train"),
        ("accuracy_train", "l: accuracy_test"),
        ("accuracy_test", "l: loss, linear"),
    ]
    still.put("w", "norm(W1)")
    assert curve_of(still)[1] == "l: norm(W1)"
    still.press("l")
    assert still.message == "the curve of norm(W1), at the end of each iteration so far"
    assert curve_of(still) == ("norm(W1)", "l: loss, linear")
    assert curve_of(still.press("l"))[0] == "E"


def test_an_element_that_is_watched_is_drawn_under_the_name_that_is_shown() -> None:
    still = Still().press("i").put("w", "W1[0,0]").press("l", "l")
    assert curve_of(still)[0] == "w1"


def test_in_a_small_terminal_l_shows_the_curve_below_the_step() -> None:
    still = Still(size=(80, 24)).goto("5")
    assert "curve" not in still.seen
    assert "curve" in still.press("l").seen
    assert "step" in still.seen


# ── names, digits, copying ───────────────────────────────────────────────────────────────────────────────────


def test_the_scenario_s_names_or_the_plain_symbols() -> None:
    still = Still().goto("1:dW2")
    assert "net_h = i·W1 + b1" in still.panel("program")
    assert still.press("m").message == "plain symbols"
    assert "u1 = x·W1 + b1" in still.panel("program")
    assert "net_h" not in still.panel("program")
    assert still.press("m").message == "the scenario's own names"


def test_a_curve_of_what_is_measured_has_the_scenarios_name() -> None:
    still = Still("tests/data/cases/asked-for.toml", (120, 40)).goto("end")
    still.press("l", "l", "l")
    assert still.message == "the curve of L_after"
    title = next(line for line in still.lines if "L_train" in line and "l:" in line)
    assert title.startswith("╭─ L_after ─")


def test_digits_go_round() -> None:
    still = Still()
    seen = [still.press("p").bench.view.digits for _ in range(5)]
    assert seen == [6, 9, 12, 17, 0]
    assert still.message == "as many digits as fit"


def test_what_is_copied_is_the_matrix_the_picked_number_or_the_selected_formula() -> None:
    still = Still().goto("1:dW2").press("Y")
    assert still.message == "∂E/∂W2 is in the clipboard"
    copied = eval(still.copied[-1], {"np": np})
    np.testing.assert_array_equal(copied, still.bench.timeline["dW2"])
    still.press("ctrl+right", "Y")
    assert still.message == "∂E/∂w5 is in the clipboard"
    assert float(still.copied[-1]) == still.value("dw5")
    still.press("up", "Y")
    assert (still.copied[-1], still.message) == (
        "delta_o = ∂E/∂out_o ∘ out_o ∘ (1 − out_o)",
        "the formula is in the clipboard",
    )


def test_what_is_copied_is_numpy_s_where_it_is_not_finite() -> None:
    still = Still("sgd-regression-wide").goto("20:dW1").press("Y")
    copied = eval(still.copied[-1], {"np": np})
    np.testing.assert_array_equal(copied, still.bench.timeline["dW1"])
    assert not np.isfinite(copied).all()


# ── drawers that tell ────────────────────────────────────────────────────────────────────────────────────────


def test_the_step_that_ran_says_what_it_is_and_why() -> None:
    still = Still("relu-softmax-2-3-2")
    assert "nothing has run yet" in still.press("h").message
    still.goto("1:delta2").press("h")
    told = " ".join(still.drawer.split())
    assert "softmax and cross-entropy together that give this" in told
    still.press("pagedown")
    assert still.press("S").bench.drawer is not None
    assert still.drawer, "it follows"


def test_why_is_asked_of_a_selected_step_first_and_follows() -> None:
    still = Still().goto("1:dW2").press("down", "h")
    assert "∂E/∂b2: what it is and why" in still.panel("drawer")
    still.press("escape", "escape").goto("1:dW2").press("h")
    assert "∂E/∂W2: what it is and why" in still.panel("drawer")
    assert "∂E/∂b2: what it is and why" in still.press("s").panel("drawer")


def test_a_wrong_derivative_is_marked_there_too_and_in_the_program() -> None:
    still = Still("sgd-regression-as-printed").goto("1:delta1")
    assert "⚠ δ1 = " in still.panel("program")
    assert "⚠ not the derivative of the forward pass" in " ".join(still.press("h").drawer.split())
    assert "⚠" not in Still("sgd-regression").panel("program")


def test_gradients_are_checked_and_shown() -> None:
    still = Still("sgd-regression-as-printed")
    assert "nothing has run yet" in still.press("d").message
    still.press("s", "d")
    assert "gradients of iteration 1" in still.panel("drawer")
    assert "DIFFERS" in still.drawer
    assert "backpropagation differs" in " ".join(still.drawer.split())
    assert still.position == "1:x"
    assert "drawer" not in still.press("d").seen, "the key that opened it closes it"


@pytest.mark.parametrize("width", [32, 46, 52, 76, 100])
@pytest.mark.parametrize("name", ["mazur-2-2-2", "relu-softmax-2-3-2", "sgd-regression-as-printed"])
def test_the_table_of_a_gradient_check_is_cut_through_no_number(name: str, width: int) -> None:
    check = Still(name).goto("1").press("d").bench.drawer
    assert check is not None
    lines = ["".join(text for text, _ in line.pieces) for line in check.page(width) if isinstance(line, Line)]
    assert max(map(cell_len, lines)) <= width
    assert any("worst" in line and line.endswith("relative" if width > 32 else "backprop") for line in lines)


def test_the_story_names_the_source() -> None:
    still = Still().press("f1")
    assert still.bench.moment.scenario.title in still.panel("drawer")
    assert "Source: " in still.drawer


# ── the help and the prompts ─────────────────────────────────────────────────────────────────────────────────


def test_help_lists_every_command_that_has_keys_to_show() -> None:
    still = Still(size=(100, 120)).press("question_mark")
    told = " ".join(still.drawer.split())
    for command in COMMANDS:
        back = f"{command.name.removesuffix('_back')}_on" in BY_NAME and command.name.endswith("_back")
        assert not command.shown or command.help in told or back, command.name


def test_in_the_help_what_goes_back_stands_beside_what_goes_on() -> None:
    rows = [row for rows in by_group(COMMANDS).values() for row in rows]
    assert ("n N", "to the end of this layer's steps · back") in rows
    assert ("] [", "to the next figure that the source prints · back") in rows
    assert not any(keys in ("N", "[", "C") for keys, _ in rows)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("width", [40, 60, 73, 96])
def test_no_line_of_the_help_is_cut(width: int, ascii: bool) -> None:
    lines = [
        "".join(text for text, _ in line.pieces) for line in help_page(by_group(COMMANDS), width, ascii_only=ascii)
    ]
    assert all(cell_len(line) <= width for line in lines)
    told = " ".join(" ".join(lines).split())
    for rows in by_group(COMMANDS).values():
        assert all((plain(text) if ascii else text) in told for _, text in rows)


def test_what_is_said_of_a_line_to_type_in_fits_in_eighty_columns() -> None:
    for prompt in (stepping.GO_TO, stopping.WATCH, stopping.SET, whatif.EDIT, searching.SEARCH, files.SAVE):
        assert cell_len(prompt.hint) <= 78, prompt.hint


def test_a_picture_in_words_says_how_much_is_not_seen_and_scrolls() -> None:
    still = Still("two-layer-digits", (80, 24)).press("i", "y", "T")
    first = still.panel("picture")
    assert "more lines: PgDn" in first
    assert "T as picture" in first
    second = still.press("pagedown").panel("picture")
    assert "PgUp PgDn" in second
    assert first.split("\n")[1] not in second
    while "PgDn" in still.press("pagedown").panel("picture"):
        pass
    assert "∂E/∂W2" in still.panel("picture"), "the last of what there is to say"
    assert "row 1 of 100" in still.press("greater_than_sign").panel("picture").split("\n")[1], "from its first line"
    still.press("escape", "y")
    assert "T as text" in still.panel("picture")
