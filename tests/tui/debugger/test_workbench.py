"""Commands on a workbench: what each does, why it cannot, and what is done while work is under way."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradstep.tui.debugger.registry import BY_NAME, COMMANDS
from gradstep.tui.debugger.workbench import Workbench
from tests.screen import Still

NOTHING_YET = "nothing has run yet; s runs the first step"
AT_START = "this is the start: nothing has run yet; s runs the first step"
NO_STEP = "no step is selected: select one with the arrow keys up and down, or with a click"


def test_no_name_and_no_key_stands_for_two_commands() -> None:
    assert len(BY_NAME) == len(COMMANDS)
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def reasons(bench: Workbench) -> dict[str, str]:
    """Command → why it cannot be used."""
    found = {name: command.why_not(bench) for name, command in BY_NAME.items()}
    return {name: reason for name, reason in found.items() if reason is not None}


def test_at_the_start_each_command_says_why_it_cannot_be_used() -> None:
    still = Still()
    found = reasons(still.bench)
    assert found == {
        "back": AT_START,
        "layer_back": AT_START,
        "phase_back": AT_START,
        "iteration_back": AT_START,
        "continue_back": AT_START,
        "run_to": NO_STEP,
        "break": NO_STEP,
        "figure_back": "no figure lies here or before this; ] goes on to one",
        **dict.fromkeys(("turn_on", "turn_back", "as_text"), "no picture is seen: y shows the first"),
        **dict.fromkeys(
            ("page_down", "page_up", "scroll_right", "scroll_left"),
            "nothing is open that scrolls: Enter in the tables opens a matrix, x an explanation",
        ),
        "health": "nothing has run yet, so there is nothing to say of its health",
        "compare": "there is no fork to compare with: e changes a value and makes one, = a formula",
        "replace": "no step is selected and none has run: s runs the first",
        "derived": "the scenario has no backward pass of its own: [model] backward gives it one",
        "view": "all panels are in view: Tab and 1 to 9 move between them, z gives one all the room",
        **dict.fromkeys(
            ("explain", "open"), "nothing is picked that has a value: click on a number, or search one with /"
        ),
        **dict.fromkeys(("check", "why", "copy", "pick_left", "pick_right", "pick_up", "pick_down"), NOTHING_YET),
        **dict.fromkeys(
            ("search_next", "search_previous"),
            "nothing was searched for: / searches symbols, names, labels and elements",
        ),
        **dict.fromkeys(
            ("back_up", "unroll", "drop"), "this key is for a drawer: x explains, B lists the stops, * the forks"
        ),
    }
    for name, reason in found.items():
        assert still.do(name).message == reason
    assert still.position == "start"


def test_in_a_small_terminal_another_panel_can_be_chosen() -> None:
    assert "view" not in reasons(Still(size=(80, 24)).bench)


def test_a_command_that_can_be_used_does_it_and_what_was_said_is_cleared() -> None:
    still = Still()
    still.do("back").do("step")
    assert (still.position, still.message) == ("1:x", "")
    still.do("break")
    still.bench.do("continue_on")
    assert still.message == "running to the next stop; Esc stops it"
    still.finish()
    assert still.message == "stopped at 2:i: a breakpoint"


LEADS = {
    "s": "1:x",
    "right": "1:x",
    "space": "1:x",
    "s s s S": "1:t",
    "s s left": "1:x",
    "n": "1:t",
    "n n": "1:z1",
    "n n N": "1:t",
    "f f": "1:y",
    "f f F": "1:t",
    "s s s i": "2:u1",
    "s s s i i I": "2:u1",
    "i home": "start",
    "end": "10001:b2_next",
    "down down t": "1:t",
    "j j t": "1:t",
    "f f up k t": "1:z1",
}


@pytest.mark.parametrize("keys", LEADS)
def test_a_key_leads_where_the_help_says(keys: str) -> None:
    assert Still().press(*keys.split()).position == LEADS[keys]


def test_the_ends_of_the_run_say_so() -> None:
    still = Still().press("S")
    assert still.message == AT_START
    assert "ends here: all 10,001 iterations have run" in still.press("end", "s").message
    assert "ends here" in still.press("i").message
    assert "iteration 10,001 is the last" in still.press("S", "i").message
    assert still.position == "10001:W2_next"


def test_the_end_of_a_run_of_one_iteration_is_said_in_the_singular() -> None:
    still = Still("apples-and-oranges").press("end", "s")
    assert still.message.startswith("the run ends here: its only iteration has run;")


def test_what_is_typed_reaches_the_command_that_asked_for_it() -> None:
    still = Still().press("g").answer("nowhere")
    assert still.asking
    assert still.wrong
    assert still.bench.message[1], "an error"
    still.answer("2:E")
    assert (still.position, still.asking) == ("2:E", False)


def test_a_colon_goes_too_and_what_is_misspelled_is_asked_about() -> None:
    still = Still().goto("10000:E")
    assert "did you mean" in still.put("colon", "3:dW9").message
    assert (still.position, still.asking) == ("10000:E", True)
    assert still.answer(":net_h").position == "10000:u1"


def test_while_work_is_under_way_only_what_ends_it_is_done() -> None:
    still = Still()
    still.busy = "running"
    for name in BY_NAME.keys() - {"stop", "quit", "halt"}:
        still.bench.do(name)
        assert still.message == "running; Esc stops it"
    assert still.position == "start"
    still.bench.do("stop")
    assert not still.busy
    still.bench.do("quit")
    assert still.has_quit


@pytest.mark.parametrize(
    "module",
    [
        "gradstep.tui.debugger.registry",
        "gradstep.tui.debugger.stage",
        "gradstep.tui.pages",
        "gradstep.tui.pictures.albums",
    ],
)
def test_commands_pages_and_pictures_are_read_without_textual(module: str) -> None:
    code = f"import sys, {module}; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_a_symbol_alone_as_it_is_shown_is_a_position_in_this_iteration() -> None:
    still = Still().goto("3:E").put("g", "∂E/∂w1")
    assert (still.position, still.bench.view.picked) == ("3:dW1", ("dW1", (0, 0)))
    assert still.put("g", "out_h").position == "3:z1"
    assert still.put("g", "dW2[1,0]").bench.view.picked == ("dW2", (1, 0))
    assert "expected I, I:K, I:SYMBOL" in still.put("g", "nothing").message


def test_what_has_no_value_yet_is_told_by_the_name_that_was_typed() -> None:
    assert Still().goto("1:delta2").put("e", "w5 = delta_h").message.endswith('"delta_h" has no value')
