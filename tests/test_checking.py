"""Claims about `gradstep check` and its key: verdicts, exit status, causes, and that it can be stopped."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.screen import driven
from tests.walks import RUNNABLE
from tui.cli import main
from tui.screens.page import PageScreen


@pytest.mark.parametrize("name", RUNNABLE)
def test_only_the_scenario_as_printed_fails_and_its_report_names_the_step(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = name == "sgd-regression-as-printed"
    assert main(["check", name, "--most", "300"]) == (1 if wrong else 0)
    out = capsys.readouterr().out
    assert ("DIFFERS" in out) == wrong
    assert ("⚠ δ1: not the derivative of the forward pass" in out) == wrong
    assert "forward passes" in out
    if wrong:
        failed = [line.split()[1] for line in out.splitlines() if line.startswith("✗")]
        assert failed == ["∂E/∂W1", "∂E/∂b1"]
    if name == "two-layer-digits":
        assert "300 of 3,760 elements checked: they agree" in out


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "mazur-2-2-2", "--at", "100:E", "--h", "1e-3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["passed"]
    assert found["h"] == 1e-3
    assert found["position"]["iteration"] == 100
    assert found["forward_passes"] >= 24
    for matrix in found["gradients"]:
        for element in matrix["worst"]:
            assert element["numerical"] == pytest.approx(element["backprop"], rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(
    "words", [["--h", "0"], ["--h", "x"], ["--most", "0"], ["--at", "start"], ["--at", "1:nothing"], ["--h", "nan"]]
)
def test_bad_use_is_one_line_and_status_2(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", "check", "mazur-2-2-2", *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


async def test_a_key_checks_the_gradients_of_the_cursor_s_iteration() -> None:
    async with driven("sgd-regression-as-printed") as screen:
        await screen.press("d")
        assert "nothing has run yet" in screen.message
        await screen.press("s", "d")
        assert isinstance(screen.app.screen, PageScreen)
        assert "DIFFERS" in screen.text
        assert "⚠ δ1" in screen.text
        await screen.press("escape")
        assert screen.position == "1:x"
        assert "backpropagation differs" in screen.message


async def test_a_check_that_takes_long_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven("two-layer-digits") as screen:
        await screen.press("s")
        await screen.pilot.press("d")
        screen.debugger._stop.set()
        await screen.press("escape")
        assert screen.position == "1:x"
