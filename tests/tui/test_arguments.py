"""A property of the command line: whatever is typed behind a command, it answers in one line of bounded length."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.engine.errors import LONGEST_LINE
from gradstep.tui.cli import main
from tests.strategies import NASTY

PLACES = [
    ["replay", "{}"],
    ["replay", "apples", "{}"],
    ["replay", "apples", "--at", "{}"],
    ["replay", "apples", "--break", "{}"],
    ["replay", "apples", "--export", "a.csv", "--symbols", "{}", "--from", "end"],
    ["replay", "apples", "--{}"],
    ["explain", "apples", "{}"],
    ["explain", "apples", "price", "--digits", "{}"],
    ["check", "apples", "--at", "{}"],
    ["check", "apples", "--h", "{}"],
    ["check", "apples", "--most", "{}"],
    ["list", "{}"],
    ["--session", "{}"],
    ["--history", "{}"],
    ["--theme", "{}", "apples"],
    ["{}"],
]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES), NASTY)
def test_a_refusal_is_one_line_that_can_be_printed(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory, place: list[str], text: str
) -> None:
    typed = [word.replace("{}", text).replace("a.csv", str(tmp_path_factory.getbasetemp() / "a.csv")) for word in place]
    status = main(typed)
    out, err = capsys.readouterr()
    assert status in (0, 1, 2)
    if status == 2:
        assert out == ""
        assert err.removesuffix("\n").isprintable()
        assert err.endswith("\n")
        assert len(err) <= LONGEST_LINE + 1
    else:
        assert err == ""
