"""Claims about what importing loads, in fresh interpreters.

The floors are those of import-linter's contracts in pyproject.toml: it reads the source, here it is run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
FORBIDDEN = [contract for contract in CONTRACTS if contract["type"] == "forbidden"]
FLOORS = [contract for contract in CONTRACTS if "containers" in contract]

IMPORT_ALL = """
import importlib, pkgutil, sys

def import_all(name):
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
        importlib.import_module(found.name)
"""
# Each room is imported with nothing of ours loaded. Its tower is a bare package: the engine's own one loads most rooms.
ROOM_BY_ROOM = """
import importlib.util, json, types
tower, *rooms = sys.argv[1:]
path = list(importlib.util.find_spec(tower).submodule_search_locations)
loaded = {}
for room in rooms:
    for name in [name for name in sys.modules if name.startswith("gradstep.")]:
        del sys.modules[name]
    sys.modules[tower] = types.ModuleType(tower)
    sys.modules[tower].__path__ = path
    import_all(f"{tower}.{room}")
    inside = (name.removeprefix(f"{tower}.") for name in sys.modules if name.startswith(f"{tower}."))
    loaded[room] = [name.split(".")[0] for name in inside]
print(json.dumps(loaded))
"""
RUN = """
from gradstep.engine import Timeline, load_scenario
timeline = Timeline(load_scenario("relu-softmax-2-3-2"))
timeline.goto("end")
timeline.moment()
"""
REPLAY = """
from gradstep.engine.replay import replay
from gradstep.engine.replayed import as_json
from gradstep.engine import load_scenario
as_json(replay(load_scenario("apples")))
"""


def run(code: str, *arguments: str) -> str:
    """The last line that a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def imported(code: str) -> set[str]:
    """The top-level modules, and those of gradstep, that a fresh interpreter has after running the code."""
    report = "\nimport sys; print(*{name.removeprefix('gradstep.').partition('.')[0] for name in sys.modules})"
    return set(run(code + report).split())


@pytest.mark.parametrize("contract", FLOORS, ids=lambda contract: contract["name"])
def test_a_room_by_itself_loads_nothing_of_a_higher_floor_or_beside_it(contract: dict[str, Any]) -> None:
    (tower,) = contract["containers"]
    floors = [floor.split(" | ") for floor in reversed(contract["layers"])]
    loaded = json.loads(run(IMPORT_ALL + ROOM_BY_ROOM, tower, *(room for floor in floors for room in floor)))
    higher = {
        room: set(loaded[room]) - {room} - set().union(*map(set, floors[:height]))
        for height, floor in enumerate(floors)
        for room in floor
    }
    assert {room: rooms for room, rooms in higher.items() if rooms} == {}


@pytest.mark.parametrize("contract", FORBIDDEN, ids=lambda contract: contract["name"])
def test_what_a_contract_forbids_is_not_loaded_by_everything_together(contract: dict[str, Any]) -> None:
    modules = imported(IMPORT_ALL + "".join(f"import_all({name!r})\n" for name in contract["source_modules"]))
    assert {"engine", "numpy"} <= modules
    assert not modules & set(contract["forbidden_modules"])


@pytest.mark.parametrize("code", ["import gradstep.engine", RUN, REPLAY], ids=["import", "run", "replay"])
def test_the_engine_works_without_a_screen(code: str) -> None:
    modules = imported(code)
    assert {"engine", "numpy"} <= modules
    assert not modules & {"textual", "rich", "tui"}


COMMANDS = ["list", "schema", "replay apples", "check apples", "explain apples dapple"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_without_a_screen_loads_none(command: str) -> None:
    modules = imported(f"import gradstep.tui.cli as cli; assert cli.main({command.split()}) == 0; print()")
    assert {"tui", "engine"} <= modules
    assert "textual" not in modules
