"""The engine knows no screen: what it imports is seen in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

RUN = """
from gradstep.engine import Timeline, load_scenario
timeline = Timeline(load_scenario("relu-softmax-2-3-2"))
timeline.goto("end")
timeline.moment()
"""
REPLAY = """
from gradstep.engine.replay import as_json, replay
from gradstep.engine import load_scenario
as_json(replay(load_scenario("apples")))
"""
EVERYTHING = """
import importlib, pkgutil, gradstep.engine
for module in pkgutil.walk_packages(gradstep.engine.__path__, "gradstep.engine."):
    importlib.import_module(module.name)
"""


def imported(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after running the code."""
    report = "\nimport sys; print(*sorted({name.removeprefix('gradstep.').partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code", ["import gradstep.engine", RUN, REPLAY, EVERYTHING], ids=["import", "run", "replay", "all"]
)
def test_the_engine_works_without_a_screen(code: str) -> None:
    modules = imported(code)
    assert {"engine", "numpy"} <= modules
    assert not modules & {"textual", "rich", "tui"}


def test_the_command_line_imports_the_screen_only_where_it_is_needed() -> None:
    modules = imported("import gradstep.tui.cli")
    assert {"tui", "engine"} <= modules
    assert "textual" not in modules


@pytest.mark.parametrize("command", ["list", "schema", "explain mazur-2-2-2 dw5", "check apples"])
def test_a_command_without_a_screen_imports_none(command: str) -> None:
    run = f"import gradstep.tui.cli as cli; assert cli.main({command.split()}) == 0; print()"
    assert "textual" not in imported(run)
