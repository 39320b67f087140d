"""Commands on a workbench whose window only remembers what it was asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.errors import Problem
from gradstep.engine.progress import Progress
from gradstep.tui.debugger.registry import BY_NAME
from gradstep.tui.debugger.workbench import Prompt, Workbench

NOTHING_YET = "nothing has run yet; s runs the first step"
AT_START = "this is the start: nothing has run yet; s runs the first step"


class Remembering:
    """A window without a screen."""

    def __init__(self) -> None:
        self.busy = ""
        self.small = False
        self.drawn = 0
        self.said: list[str] = []
        self.prompt: Prompt | None = None
        self.opened: list[object] = []
        self.has_quit = False
        self.under_way: Callable[[], object] = lambda: None

    @property
    def asking(self) -> bool:
        return self.prompt is not None

    def draw(self) -> None:
        self.drawn += 1

    def say(self, text: str, *, error: bool) -> None:
        self.said.append(text)

    def ask(self, prompt: Prompt, value: str = "") -> None:
        self.prompt = prompt

    def close_line(self) -> None:
        self.prompt = None

    def reveal(self, symbol: str, index: tuple[int, ...]) -> None:
        pass

    def scroll_to_top(self) -> None:
        pass

    def open(self, dialog: object, done: object = None) -> None:
        self.opened.append(dialog)

    def work(self, label: str, job: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        self.busy = label
        self.under_way = lambda: done(job(lambda at, total: True))

    def finish(self) -> None:
        """Let the work that is under way arrive."""
        self.busy = ""
        self.under_way()

    def stop_work(self) -> None:
        self.busy = ""

    def quit(self) -> None:
        self.has_quit = True


def workbench(name: str = "mazur-2-2-2") -> tuple[Workbench, Remembering]:
    window = Remembering()
    return Workbench(window, BY_NAME, Timeline(load_scenario(name))), window


def test_at_the_start_each_command_says_why_it_cannot_be_used() -> None:
    bench, window = workbench()
    reasons = {name: command.why_not(bench) for name, command in BY_NAME.items()}
    assert {name: reason for name, reason in reasons.items() if reason is not None} == {
        "back": AT_START,
        "layer_back": AT_START,
        "phase_back": AT_START,
        "iteration_back": AT_START,
        "continue_back": AT_START,
        "figure_back": "no figure lies here or before this; ] goes on to one",
        "run_to": "no step is selected: select one with the arrow keys up and down, or with a click",
        "break": "no step is selected: select one with the arrow keys up and down, or with a click",
        "compare": "there is no fork to compare with: e changes a value and makes one",
        "explain": "nothing is picked that has a value: click on a number, or search one with /",
        **dict.fromkeys(("check", "why", "pick_left", "pick_right", "pick_up", "pick_down"), NOTHING_YET),
        **dict.fromkeys(
            ("search_next", "search_previous"),
            "nothing was searched for: / searches symbols, names, labels and elements",
        ),
    }
    bench.do("break")
    assert window.said == [reasons["break"]]
    assert not window.drawn


def test_a_command_that_can_be_used_does_it_and_what_was_said_is_cleared() -> None:
    bench, window = workbench()
    bench.do("step")
    assert (str(bench.moment.position), window.drawn, window.said) == ("1:x", 1, [""])
    bench.do("break")
    bench.do("continue_on")
    assert window.said[-1] == "running to the next stop; Esc stops it"
    window.finish()
    assert window.said[-1] == "stopped at 2:x: i"


def test_what_is_typed_reaches_the_command_that_asked_for_it() -> None:
    bench, window = workbench()
    bench.do("goto")
    assert window.prompt is not None
    with pytest.raises(Problem, match="nowhere"):
        window.prompt.answer(bench, "nowhere")
    assert window.asking
    window.prompt.answer(bench, "2:E")
    assert str(bench.moment.position) == "2:E"
    assert not window.asking


def test_while_work_is_under_way_only_what_ends_it_is_done() -> None:
    bench, window = workbench()
    window.busy = "running"
    for name in BY_NAME.keys() - {"stop", "quit"}:
        bench.do(name)
    assert set(window.said) == {"running; Esc stops it"}
    assert bench.timeline.position == bench.timeline.course.start
    bench.do("stop")
    assert not window.busy
    bench.do("quit")
    assert window.has_quit


@pytest.mark.parametrize(
    "module", ["gradstep.tui.debugger.registry", "gradstep.tui.pages", "gradstep.tui.pictures.albums"]
)
def test_commands_pages_and_pictures_are_read_without_textual(module: str) -> None:
    code = f"import sys, {module}; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
