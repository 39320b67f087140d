"""A property: a valid scenario file changed at random is a scenario that runs, or an error of one line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.engine import ScenarioError, Timeline, bundled
from gradstep.engine.replay import replay
from gradstep.engine.scenario.loading import parse_scenario
from tests.walks import RUNNABLE

README = Path(__file__).parents[3] / "scenarios" / "README.md"
FENCES = re.findall(r"(?ms)^```toml\n(.*?)^```$", README.read_text(encoding="utf-8"))
# Large samples only cost time here.
TEXTS = [
    re.sub(r"samples = \d+", "samples = 50", path.read_text(encoding="utf-8"))
    for name, path in bundled().items()
    if name in RUNNABLE
] + FENCES

ODD = st.sampled_from(
    [
        *("0", "-1", "1e400", "nan", "inf", "[]", "[[]]", "{}", "true", "3.5", "9999999999999999999999"),
        *('""', '"x"', '"1:E"', '"relu"', '"E"', '"W1[0,0]"', "1979-05-27"),
        *("[[1]]", "[1, 2]", "[[1, 2], [3]]", "'''", "#", "=", "\n", "[[node]]\n"),
    ]
)


@st.composite
def changed_texts(draw: st.DrawFn) -> str:
    """A bundled or documented scenario with one to four changes: of characters, values, lines or keys."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        text = draw(st.sampled_from([_characters, _value, _line, _key]))(draw, text)
    return text


def _characters(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    stop = min(len(text), start + draw(st.integers(0, 3)))
    return text[:start] + draw(st.text(max_size=3)) + text[stop:]


def _value(draw: st.DrawFn, text: str) -> str:
    found = list(re.finditer(r"-?\d+(\.\d+)?|\"[^\"\n]*\"|\[[^\[\]\n]*\]", text))
    if not found:
        return text
    match = draw(st.sampled_from(found))
    return text[: match.start()] + draw(ODD) + text[match.end() :]


def _line(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return text
    one, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    how = draw(st.sampled_from(["delete", "copy", "swap"]))
    if how == "delete":
        del lines[one]
    elif how == "copy":
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _key(draw: st.DrawFn, text: str) -> str:
    found = list(re.finditer(r"(?m)^(\w+)(?= = )", text))
    if not found:
        return text
    match, other = draw(st.sampled_from(found)), draw(st.sampled_from(found))
    return text[: match.start()] + other[1] + text[match.end() :]


def _runs(text: str) -> None:
    try:
        scenario = parse_scenario(text.encode("utf-8", "surrogatepass"), "changed", "changed.toml")
    except ScenarioError as error:
        line = str(error)
        assert line.startswith("changed.toml: ")
        assert line.splitlines() == [line]
        return
    timeline = Timeline(scenario)
    for _ in range(2 * len(scenario.program.steps)):
        timeline.step()
    timeline.moment()
    while timeline.back():
        pass
    replay(scenario, "1")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed_texts())
def test_a_changed_scenario_runs_or_is_explained_in_one_line(text: str) -> None:
    _runs(text)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _toml(value: Any) -> str:
    """A value as TOML, in one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            escaped = "".join(f"\\U{ord(c):08X}" if not c.isalnum() or not c.isascii() else c for c in value)
            return f'"{escaped}"'
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
        case None:
            return '""'
    return repr(value)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_value_under_any_key_runs_or_is_explained_in_one_line(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    found = list(re.finditer(r"(?m)^([\w\"\[\],]+) = [^\n\[\"]*$", text))
    match = data.draw(st.sampled_from(found))
    _runs(text[: match.start()] + f"{match[1]} = {_toml(data.draw(VALUES))}" + text[match.end() :])
