"""Claims about `gradstep check` and its key: verdicts, exit status, causes, and that it can be stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradstep.tui.cli import main
from tests.engine.analysis.test_gradcheck import NOTHING_TO_CHECK, PARTLY_INFINITE
from tests.screen import driven
from tests.walks import RUNNABLE


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
    assert out.count("relative: the difference over the larger of the two") == 1
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


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────


def said(capsys: pytest.CaptureFixture[str], status: int, *words: str) -> list[str]:
    assert main(["check", *words]) == status
    return capsys.readouterr().out.splitlines()


def test_where_nothing_could_be_compared_it_does_not_pass(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, 1, "sgd-regression-wide", "--at", "11")
    assert lines[1] == "nothing could be compared: 41 elements checked (41 not finite)"
    assert "? ∂E/∂W1  (20 elements)  not finite: nothing can be compared" in lines
    assert "they agree" not in lines[1]
    found = json.loads(said(capsys, 1, "sgd-regression-wide", "--at", "11", "--json")[0])
    assert (found["passed"], found["checked"], found["compared"]) == (False, 41, 0)


def test_where_some_could_be_compared_it_says_how_many_agree_and_how_many_are_not_finite(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "partly.toml"
    path.write_text(PARTLY_INFINITE, encoding="utf-8")
    lines = said(capsys, 1, str(path))
    assert lines[1] == "2 of 3 elements checked could be compared: they agree (1 not finite)"
    assert "? ∂E/∂W1  (2 elements)  1 element agrees, 1 not finite: these cannot be compared" in lines
    assert "✓ ∂E/∂b1  (1 element)  agrees" in lines


def test_a_program_without_parameters_has_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none.toml"
    path.write_text(NOTHING_TO_CHECK, encoding="utf-8")
    assert said(capsys, 1, str(path))[1].startswith("nothing could be compared: there are no parameters")


def test_where_a_smaller_h_decided_its_row_stands_below_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, 0, "mazur-2-2-2", "--h", "1")
    start = lines.index("✓ ∂E/∂W2  (4 elements)  agrees")
    head, first, better = (line.split() for line in lines[start + 1 : start + 4])
    assert head == ["worst", "3", "of", "4", "backprop", "numerical", "difference", "relative"]
    assert (first[0], better[:2]) == ("∂E/∂w8", ["smaller", "h"])
    assert float(first[-1]) > 1e-2
    assert float(better[-1]) < 1e-6
    assert float(better[-3]) == pytest.approx(float(first[1]), rel=1e-6)
    assert not any("smaller h  " in line for line in said(capsys, 0, "mazur-2-2-2"))


def test_a_held_kink_and_the_exact_loss_have_rows_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert any("exact loss  " in line for line in said(capsys, 0, "relu-softmax-2-3-2"))
    lines = said(capsys, 0, "two-layer-digits", "--most", "600")
    kinked = next(place for place, line in enumerate(lines) if "kink of u1" in line)
    assert lines[kinked + 1].split()[:2] == ["kink", "held"]


def test_a_kink_between_two_values_says_where_it_is_and_how_far_away(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "between.toml"
    file.write_text(
        'format = 1\ntitle = "two"\n[model]\nforward = "h = maximum(p, q)"\nloss = "E = sum(h * h + h)"\n'
        "[parameters]\np = [0.50002, 1.0]\nq = [0.5, 0.25]\n",
        encoding="utf-8",
    )
    lines = said(capsys, 0, str(file))
    assert sum("kink at p[0], 2.000000e-05 away" in line for line in lines) == 2
    assert any("a ReLU or such switches between" in line for line in lines)


def test_how_many_elements_there_are_and_are_shown_is_said_in_the_singular_and_in_the_plural(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = said(capsys, 1, "sgd-regression-as-printed", "--most", "3")
    assert lines[1] == "backpropagation differs from central differences in 2 of 4 elements"
    assert "✓ ∂E/∂b2  (1 element)  agrees" in lines
    assert "✓ ∂E/∂W2  (1 of 10 elements)  agrees" in lines
    lines = said(capsys, 0, "mazur-2-2-2", "--most", "1")  # one of each matrix, though that is more
    assert lines[1] == "4 of 12 elements checked: they agree"
    lines = said(capsys, 0, "mazur-2-2-2")
    assert lines[1] == "all 12 elements checked: they agree"
    headings = [line.split()[:4] for line in lines if line.startswith("  worst")]
    assert [" ".join(words[:2]) for words in headings] == ["worst 3", "worst first", "worst 3", "worst first"]


@pytest.mark.parametrize("command", [["check", "mazur-2-2-2"], ["explain", "mazur-2-2-2", "dw1"]])
@pytest.mark.parametrize("at", ["start", "1:0"])
def test_at_the_start_nothing_can_be_checked_or_explained(
    command: list[str], at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--at", at]) == 2
    assert capsys.readouterr().err.startswith("gradstep: --at: nothing has run at the start, expected a position")


# ── bad use, and the key ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        *(["--h", h] for h in ("0", "x", "nan", "1e-17", "1e10")),
        ["--most", "0"],
        ["--at", "start"],
        ["--at", "1:nothing"],
    ],
)
def test_bad_use_is_one_line_and_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status: object = main(["check", "mazur-2-2-2", *words])
    except SystemExit as stopped:
        status = stopped.code
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)


async def test_a_check_that_takes_long_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven("two-layer-digits") as screen:
        await screen.press("s")
        await screen.pilot.press("d")
        screen.debugger.stop_work()
        await screen.press("escape")
        assert screen.position == "1:x"
