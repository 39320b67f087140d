"""Claims about the lines that errors name: they are those where a person would look."""

from __future__ import annotations

import pytest

from gradstep.engine import ScenarioError, bundled
from gradstep.engine.scenario.lines import line_of, lines_of
from gradstep.engine.scenario.loading import parse_scenario

TEXT = '''format = 1          # [[expect]]
title = """
[[expect]]
a = 1 \\"""
"""
source = 'x = # [[break]]'
data = {x = [
  [1.0], # ]]
], t = [[0.0]]}

[[layer]]
kind = "affine"
W = [
  [1.0],
]
b = [0.0]
[loss]
kind = "squared_error"
# [[expect]]
[[expect]]
at = "1"
E = "0.5"
  [[expect]]  # the second
  "E + 0.5" = "1.0"
  at = "1"
[[ "expect" ]]
at = "1"
  "y[0,0]" = "1.0"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 2),
        ("source", 6),
        ("data", 7),
        ("data.x[0]", 7),
        ("layer[0]", 11),
        ("layer[0].W[0][0]", 13),
        ("layer[0].units", 11),
        ("loss.kind", 18),
        ("expect[0]", 20),
        ("expect[0].E", 22),
        ("expect[1].E + 0.5", 24),
        ("expect[1].at", 25),
        ("expect[2].y[0,0]", 28),
        ("expect[2].tolerance", 26),
        ("optimizer.kind", 0),
        ("", 0),
    ],
)
def test_a_key_stands_in_the_line_where_it_is_written(key: str, line: int) -> None:
    assert line_of(TEXT, key) == line
    assert line_of(TEXT.replace("\n", "\r\n"), key) == line


@pytest.mark.parametrize("name", bundled())
def test_every_head_and_key_of_the_bundled_scenarios_is_found_where_it_stands(name: str) -> None:
    content = bundled()[name].read_text(encoding="utf-8")
    lines, found = content.splitlines(), lines_of(content)
    assert len([key for key in found if key.startswith("expect[") and "." not in key]) == content.count("\n[[expect]]")
    for key, line in found.items():
        part = key.partition("].")[2] or key.rpartition(".")[2]
        assert part.partition("[")[0] in lines[line - 1], key


WRONG = [
    ('[[expect]]\nat = "1:x9"\nE = 1\n', "expect[0].at (line 10): "),
    ('[[expect]]\nat = "1"\nE = 0.5\n[[expect]]\nat = "1"\nvalue = 0.29\n', "expect[1].value (line 14): "),
    ('[[break]]\nwhen = "E <"\n', "break[0] (line 9): "),
    ('[[watch]]\nshow = "Q"\n', "watch[0].show (line 10): "),
    ("[[expect]]\nE = 1\n", "expect[0].at (line 9): missing"),
    ('[[layer]]\nkind = "relu"\n[[layer]]\nkind = "relu"\n', "layer[2].kind (line 12): "),
]
BASE = """format = 1
title = "one unit"
data = {x = [[1.0]], t = [[0.0]]}
loss = {kind = "squared_error"}
[[layer]]
kind = "affine"
W = [[1.0]]
b = [0.0]
"""


@pytest.mark.parametrize(("more", "said"), WRONG)
def test_an_error_in_an_array_of_tables_names_the_line(more: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario((BASE + more).encode(), "unit", "unit.toml")
    assert said in str(caught.value)
