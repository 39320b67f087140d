"""Claims about errors: whatever is quoted in one, it is a line of bounded length, of characters that can be seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.engine import ScenarioError, Timeline, load_scenario
from gradstep.engine.errors import LONGEST, Problem, clipped, escaped, one_line
from gradstep.engine.language.conditions import parse
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.sessions import as_json, read_session
from gradstep.engine.stops.trigger import parse_stop, watch
from tests.strategies import NASTY

BASE = """
format = 1
title = "one unit"
data = {x = [[1.0]], t = [[0.0]]}
layer = [{kind = "affine", W = [[1.0]], b = [0.0]}]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.5}
"""


def is_fit_to_print(line: str) -> bool:
    return line.isprintable() and 0 < len(line) <= LONGEST


def said_by(act: Callable[[], Any]) -> str | None:
    """What is said where something cannot be done; None where it can."""
    try:
        act()
    except KeyError as error:
        return str(error.args[0])
    except Problem as error:
        return str(error)
    return None


def quoted_in_toml(text: str) -> str:
    """A text as TOML has it, all of it in escapes."""
    return '"' + "".join(f"\\U{ord(sign):08X}" for sign in text if not 0xD800 <= ord(sign) < 0xE000) + '"'


PLACES = [
    "title = {}",
    "{} = 1",
    "source = [{}]",
    "[names]\nu1 = {}",
    "[labels]\nW1 = [[{}]]",
    "[labels]\n{} = 1",
    "[[expect]]\nat = {}\nE = 0.5",
    '[[expect]]\nat = "1"\n{} = 0.5',
    '[[expect]]\nat = "1"\nE = {}',
    "[[break]]\nat = {}",
    "[[break]]\nwhen = {}",
    "[[watch]]\nshow = {}",
    "[training]\ndraw = {}",
    "[measure]\naccuracy = [{}]",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), NASTY, NASTY)
def test_a_scenario_s_error_can_be_printed_whatever_stands_in_it(place: str, text: str, file: str) -> None:
    base = BASE.replace('title = "one unit"\n', "") if place.startswith("title") else BASE
    content = (base + place.format(quoted_in_toml(text)) + "\n").encode()
    said = said_by(lambda: Timeline(parse_scenario(content, "x", file)).goto("1"))
    assert said is None or is_fit_to_print(said)


CASES: dict[str, Callable[[Timeline, str], Any]] = {
    "position": lambda timeline, text: timeline.goto(text),
    "value": lambda timeline, text: timeline[text],
    "edit": lambda timeline, text: timeline.edit(text, 0.5),
    "stop": lambda timeline, text: parse_stop(text, timeline.names),
    "stop with a condition": lambda timeline, text: parse_stop(f"dW1 if {text}", timeline.names),
    "watch": lambda timeline, text: watch(text, timeline.names),
    "condition": lambda timeline, text: parse(f"E + {text}"),
    "element": lambda timeline, text: timeline.names.element(f"W1[{text}]"),
    "name": lambda timeline, text: load_scenario(text),
}


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=NASTY)
def test_what_is_asked_of_the_engine_in_vain_is_said_in_a_line_that_can_be_printed(case: str, text: str) -> None:
    timeline = Timeline(parse_scenario(BASE.encode(), "unit", "unit.toml"))
    timeline.goto("1")
    said = said_by(lambda: CASES[case](timeline, text))
    assert said is None or is_fit_to_print(said)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    key=st.sampled_from(["scenario", "forks", "stops", "branch", "position", "digest"]), text=NASTY, deep=st.booleans()
)
def test_a_session_s_error_can_be_printed_whatever_stands_in_it(
    tmp_path_factory: pytest.TempPathFactory, key: str, text: str, deep: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "nasty.gradstep"
    content = as_json(Timeline(load_scenario("apples")), path.parent)
    fork = {"name": text, "of": "original", "edits": [{"symbol": text, "index": [], "value": 1.0}]}
    stop = {"kind": "condition", "at": text, "when": text, "every": 1, "enabled": True}
    content[key] = {"forks": [fork], "stops": [stop]}.get(key, text) if deep else text
    path.write_text(json.dumps(content), "utf-8")
    said = said_by(lambda: read_session(path))
    assert said is None or is_fit_to_print(said)


@pytest.mark.parametrize("ending", ["toml", "csv", "npz", "gradstep"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=400).map(lambda data: b"\x7fELF\x02" + data + b"SECRET\x01\x02"))
def test_of_a_file_that_is_no_data_nothing_is_repeated(
    tmp_path_factory: pytest.TempPathFactory, ending: str, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = folder / f"garbage.{ending}"
    path.write_bytes(content)
    text = BASE.replace("{x = [[1.0]], t = [[0.0]]}", f'{{{ending} = "{path.name}"}}')
    if ending == "csv":
        text = text.replace(f'"{path.name}"', f'"{path.name}", targets = ["t"]')
    (folder / "reads.toml").write_text(text)
    of_session = ending == "gradstep"
    said = said_by(lambda: read_session(path) if of_session else load_scenario(folder / "reads.toml"))
    if ending == "toml":
        said = said_by(lambda: load_scenario(path))
    assert said is not None
    assert is_fit_to_print(said)
    assert "SECRET" not in said
    assert "ELF" not in said


def test_what_cannot_be_seen_is_written_by_its_number() -> None:
    assert escaped("a\x1b[31mb\u202ec\u2066\n総δ \U0001f600") == "a\\x1b[31mb\\u202ec\\u2066\\n総δ \U0001f600"
    assert clipped("\u202e" * 50, 3) == "\\u2…"


def test_a_line_that_is_too_long_loses_its_middle() -> None:
    line = one_line("begin" + "x" * 1000 + "end", 50)
    assert len(line) == 50
    assert (line[:5], line[-3:]) == ("begin", "end")
    assert "…" in line


def test_a_long_name_of_a_file_keeps_its_end_and_leaves_room_for_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / ("d" * 200) / ("e" * 200) / "last.toml"
    path.parent.mkdir(parents=True)
    path.write_text(BASE + "colour = 3\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert "ee/last.toml: colour (line 8): unknown key" in str(caught.value)
    assert len(str(caught.value)) <= LONGEST
