"""Claims about gradstep in a real terminal: keys that come faster than frames, other sizes meanwhile, signals."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from gradstep.engine import load_scenario
from gradstep.engine.recovery import kept_session
from gradstep.engine.remembered import STATE_VARIABLE, mark_seen
from gradstep.engine.sessions import read_session
from gradstep.tui.app import TOUR
from gradstep.tui.commandline.terminal import KNOWN
from gradstep.tui.debugger.registry import COMMANDS
from tests.terminal import DRAWN, GRADSTEP, LIMIT, TAKEN, Terminal

CODES = {
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "home": b"\x1b[H", "end": b"\x1b[F",
    "pageup": b"\x1b[5~", "pagedown": b"\x1b[6~", "enter": b"\r", "escape": b"\x1b", "tab": b"\t", "backspace": b"\x7f",
    "f1": b"\x1bOP", "f12": b"\x1b[24~", "space": b" ", "ctrl+p": b"\x10", "ctrl+l": b"\x0c",
    "ctrl+up": b"\x1b[1;5A", "ctrl+down": b"\x1b[1;5B", "ctrl+right": b"\x1b[1;5C", "ctrl+left": b"\x1b[1;5D",
}  # fmt: skip
LETTERS = [each.shown for each in COMMANDS if len(each.shown) == 1 and each.shown.isascii()]
LEAVING = ("q", "c", "C")  # which ends it, and what runs for long
KEYS = [*CODES.values(), *(letter.encode() for letter in LETTERS if letter not in LEAVING)]
TYPED = [b"5\r", b"w5 = 0.9\r", b"\x1b", b"E < 1\r", b"\xff\xfe", b"\x1b[200~pasted \xe2\x88\x82\x1b[201~", b"1:E\r"]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    mark_seen(TOUR, tmp_path / "state")
    return tmp_path / "state"


def gradstep(state: Path, *words: str, program: Sequence[str] = GRADSTEP) -> Terminal:
    return Terminal(words, (120, 40), {STATE_VARIABLE: str(state), "HOME": str(state)}, program)


def is_halted(process: int) -> bool:
    return os.waitid(os.P_PID, process, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_of_keys_and_sizes_is_survived(seed: int, state: Path) -> None:
    draw = random.Random(seed)
    with gradstep(state, "relu-softmax-2-3-2") as terminal:
        terminal.wait_for(DRAWN)
        for _ in range(25):
            terminal.type(b"".join(draw.choices(KEYS + TYPED, k=12)))
            terminal.resize(draw.randint(1, 200), draw.randint(1, 70))
        terminal.resize(120, 40)
        terminal.signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert terminal.is_given_back()
        assert "Traceback" not in terminal.text
        assert "gradstep's own" not in terminal.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_in_order_and_the_session_is_kept(number: signal.Signals, state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.type(b"sss")
        terminal.wait_for("step  3 of 19")
        terminal.type(b"e")
        terminal.type(b"\x15w5 = 0.9\r")
        terminal.wait_for("fork-1: w5 = 0.9")
        terminal.signal(number)
        assert terminal.end() == 128 + number
        assert terminal.is_given_back()
    kept = kept_session(load_scenario("mazur-2-2-2"), state)
    assert kept is not None
    timeline, position = read_session(kept)
    assert (position.iteration, position.step) == (1, 3)
    assert len(timeline.branches) == 2
    with gradstep(state) as terminal:
        terminal.wait_for("the session that was kept")
        terminal.type(b"y")
        terminal.wait_for("step  3 of 19")
        terminal.type(b"qy")
        assert terminal.end() == 0
    assert not kept.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_while_very_many_keys_wait(number: signal.Signals, state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.type(b"xH" * 300)
        terminal.signal(number)
        assert terminal.end() == 128 + number
        assert terminal.is_given_back()


def test_a_process_that_was_halted_goes_on_with_its_terminal_as_it_was(state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.signal(signal.SIGSTOP)
        terminal.signal(signal.SIGCONT)
        terminal.type(b"s")
        terminal.wait_for("step  1 of 19")
        terminal.signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert terminal.is_given_back()


# The key h waits for what never comes, while it holds the lock of what is to be written.
STUCK = """
import sys, threading
from dataclasses import replace
from gradstep.tui.cli import main
from gradstep.tui.debugger.registry import BY_NAME

def wait(bench):
    lock = threading.Lock()
    with lock:
        lock.acquire()

BY_NAME["why"] = replace(BY_NAME["why"], act=wait)
sys.exit(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_while_the_app_waits_for_what_never_comes(number: signal.Signals, state: Path) -> None:
    with gradstep(state, program=("-c", STUCK)) as terminal:
        terminal.wait_for(DRAWN)
        terminal.type(b"ss")
        terminal.wait_for("step  2 of 19")
        terminal.type(b"h")
        terminal.signal(number)
        assert terminal.end() == 128 + number
        assert terminal.is_given_back()
    assert kept_session(load_scenario("mazur-2-2-2"), state) is not None


def test_a_signal_is_heard_while_the_terminal_takes_nothing(state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.type(b"ss")
        terminal.wait_for("step  2 of 19")
        for _ in range(100):  # pictures, none of which is read
            terminal.resize(110, 40)
            os.write(terminal.outer, b"sS\x0c")
            time.sleep(0.02)
            terminal.resize(120, 40)
        terminal.signal(signal.SIGTERM)
        assert terminal.process.wait(LIMIT) == 128 + signal.SIGTERM
        assert terminal.has_its_modes()
    assert kept_session(load_scenario("mazur-2-2-2"), state) is not None


def test_a_halt_is_over_when_the_process_is_told_to_go_on(state: Path) -> None:
    draw = random.Random(1)
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        for _ in range(10):
            for _ in range(draw.randint(1, 3)):
                terminal.signal(signal.SIGTSTP)
                terminal.read(draw.choice([0, 0.01]))
            terminal.signal(signal.SIGCONT)
        terminal.signal(signal.SIGINT)
        assert terminal.end() == 128 + signal.SIGINT
        assert terminal.is_given_back()


def test_a_process_that_is_halted_gives_its_terminal_back_and_takes_it_again(state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.signal(signal.SIGTSTP)
        terminal.read_until(lambda: terminal.is_given_back() and is_halted(terminal.process.pid))
        terminal.output = b""
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(DRAWN)
        assert not terminal.has_its_modes()
        terminal.type(b"s")
        terminal.wait_for("step  1 of 19")


# A shell in little: it starts gradstep, says when that is halted, and lets it go on.
SHELL = """
import os, signal, sys
child = os.fork()
if child == 0:
    from gradstep.tui.cli import main
    sys.exit(main())
_, status = os.waitpid(child, os.WUNTRACED)
print("halted", os.WIFSTOPPED(status), flush=True)
os.kill(child, signal.SIGCONT)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_ctrl_z_halts_it_where_a_shell_waits_for_it(state: Path) -> None:
    with gradstep(state, program=("-c", SHELL)) as terminal:
        terminal.wait_for(DRAWN)
        terminal.type(b"\x1a")
        terminal.wait_for("halted True")
        terminal.wait_for(DRAWN)
        terminal.type(b"s")
        terminal.wait_for("step  1 of 19")
        terminal.type(b"q")
        assert terminal.end() == 0
    with gradstep(state) as terminal:  # which no shell has started
        terminal.wait_for(DRAWN)
        terminal.type(b"\x1as")
        terminal.wait_for("step  1 of 19")
        assert not is_halted(terminal.process.pid)


ELSEWHERE = """
import os, sys
os.dup2(os.open(sys.argv.pop(), os.O_WRONLY | os.O_CREAT), 2)
os.execv(sys.executable, [sys.executable, "-m", "gradstep.tui.cli"])
"""


def test_a_screen_is_not_drawn_into_a_file(state: Path, tmp_path: Path) -> None:
    with gradstep(state, str(tmp_path / "errors"), program=("-c", ELSEWHERE)) as terminal:
        assert terminal.end() == 2
        assert TAKEN not in terminal.output
    said = (tmp_path / "errors").read_text()
    assert said == "gradstep: standard error is no terminal, and the screen is drawn there: start it without 2>\n"


def test_a_terminal_that_threw_away_what_undoes_its_modes_hears_it_again_at_the_end(state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.signal(signal.SIGTSTP)
        terminal.read_until(lambda: terminal.is_given_back() and is_halted(terminal.process.pid))
        terminal.output = b""  # as the kernel does at an interrupt with what nobody has read yet
        os.write(terminal.outer, b"\x03")
        terminal.read_until(lambda: b"^C" in terminal.output)
        terminal.signal(signal.SIGCONT)
        assert terminal.end() == 128 + signal.SIGINT
        assert terminal.is_given_back()


@pytest.mark.parametrize("later", [0.0, 0.01, 0.05, 0.2])
def test_a_signal_at_the_start_leaves_no_terminal_taken(later: float, state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.read_until(lambda: TAKEN in terminal.output)
        terminal.read(later)
        terminal.signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert terminal.is_given_back()


def test_a_window_that_is_closed_is_the_end_of_it(state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        terminal.type(b"ss")
        terminal.wait_for("step  2 of 19")
        terminal.hang_up()
        assert terminal.process.wait(60) in (128 + signal.SIGHUP, -signal.SIGHUP)
    assert kept_session(load_scenario("mazur-2-2-2"), state) is not None


def test_a_palette_that_is_not_laid_out_yet_takes_every_key(state: Path) -> None:
    with gradstep(state) as terminal:
        terminal.wait_for(DRAWN)
        for _ in range(5):
            terminal.type(b"\x10\x1b[6~\x1b[5~\x1b[B\x1b[6~")
            terminal.type(b"\x1b")
        terminal.signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert "gradstep's own" not in terminal.text
        assert "Traceback" not in terminal.text


@pytest.mark.parametrize("term", ["foo", "dumb", "Unknown", "hpterm" * 9])
def test_a_terminal_without_a_screen_is_told_so_in_one_line_with_status_2(term: str, state: Path) -> None:
    with Terminal([], (120, 40), {"TERM": term, STATE_VARIABLE: str(state)}) as terminal:
        assert terminal.end() == 2
        assert f"gradstep: found TERM={term}, expected" in terminal.text
        assert terminal.text.strip().count("\n") == 0


def test_a_known_terminal_without_a_description_has_a_screen_and_is_told_what_is_assumed(
    state: Path,
) -> None:
    with Terminal([], (120, 40), {"TERM": "xterm-of-tomorrow", STATE_VARIABLE: str(state)}) as terminal:
        terminal.wait_for("no description of TERM=xterm-of-tomorrow")
        terminal.type(b"s")
        terminal.wait_for("step  1 of 19")
        terminal.type(b"q")
        assert terminal.end() == 0


@pytest.mark.parametrize(("term", "known"), [("xterm-ghostty", True), ("foot", True), ("footling", False), ("", False)])
def test_the_names_of_terminals_that_have_a_screen_begin_with_their_family(term: str, known: bool) -> None:
    assert bool(KNOWN.match(term)) is known
