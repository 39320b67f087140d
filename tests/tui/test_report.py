"""Claims about the report of a replay: numbers stay whole at any width, and names are those of the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.cli import main
from gradstep.tui.text.plain_columns import Columns, Row

CASES = Path(__file__).parents[1] / "data" / "cases"


def reported(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["replay", *words]) == status
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", ["20", "40", "60", "80", "100", ""])
@pytest.mark.parametrize("colour", ["1", ""])
def test_every_printed_and_computed_number_is_whole_at_any_width(
    columns: str, colour: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", colour)
    out = reported(capsys, "mazur-2-2-2")
    for number in ("0.593269992", "0.59326999211", "-0.019049119", "0.29102777369359933", "3.510187782978859e-05"):
        assert re.search(rf"(?m)(^| ){re.escape(number)}( |$)", out), number


def test_where_the_output_goes_to_no_terminal_each_figure_has_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    out = reported(capsys, "mazur-2-2-2")
    row = next(line for line in out.splitlines() if "3.510187782978859e-05" in line)
    assert row.split() == ["10001", "E_total", "3.510187782978859e-05", "3.51018778297886e-05", "✓", "agrees", "[10]"]


CELLS = st.text("ab総0.5-", min_size=1, max_size=24)


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=6), st.integers(10, 120))
def test_no_text_of_a_row_is_broken_and_lines_fit_wherever_each_text_does(
    rows: list[tuple[str, ...]], width: int
) -> None:
    columns = Columns(("at", "what", "printed", "computed", "verdict"), numbers=(2, 3))
    lines = ["".join(text for text, _ in line) for line in columns.lines([Row(row) for row in rows], width, "-")]
    written = "\n".join(lines)
    for row in rows:
        assert all(text in written for text in row)
    if max(cell_len(text) for row in rows for text in row) <= width - 14 and width >= 80:
        assert max(map(cell_len, (line.rstrip() for line in lines))) <= width


def test_the_report_speaks_in_the_scenario_s_own_names(capsys: pytest.CaptureFixture[str]) -> None:
    out = reported(capsys, "mazur-2-2-2", "--at", "1:dw5", "--break", "E < 0")
    assert "replayed to 1:∂E/∂W2 " in out
    assert "∂E/∂W2 = [[" in out
    for word in ("u1", "z1", "delta1", "delta2", "dW1", "W1_next", "E <"):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", out.partition(" [1] ")[0]), word


def test_symptoms_are_told_in_the_scenario_s_own_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (CASES / "relu-dies.toml").read_text(encoding="utf-8")
    (tmp_path / "named.toml").write_text(text + '[names]\nu1 = "net"\nz1 = "out"\n')
    out = reported(capsys, str(tmp_path / "named.toml"))
    assert "stopped by max(out) == 0" in out
    assert "2:net  2 of 2 ReLU units of net" in out
    assert "u1" not in out


def test_a_scenario_s_own_breaks_are_told_where_they_stop_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(CASES / "relu-dies.toml")
    assert "breakpoint max(z1) == 0: first hit at 2:z1\n" in reported(capsys, file, "--at", "9")
    assert "breakpoint max(z1) == 0: not hit so far\n" in reported(capsys, file, "--at", "1")


UNIT = """
format = 1
title = "one unit"
data = {x = [[1.0]], t = [[0.0]]}
layer = [{kind = "affine", W = [[0.333333]], b = [0.0]}]
loss = {kind = "squared_error"}
[[expect]]
at = "1"
"""


@pytest.mark.parametrize(
    ("lines", "hinted"),
    [("y = [[0.33]]", True), ("y = [[0.34]]", False), ('y = [["0.34"]]', False), ('y = [["0.33"]]', False)],
)
def test_a_number_that_would_hold_as_text_is_told_so(
    lines: str, hinted: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "unit.toml").write_text(UNIT + lines)
    out = reported(capsys, str(tmp_path / "unit.toml"), status=0 if '"0.33"' in lines else 1)
    assert ("written as text, in quotes" in out) is hinted


def test_a_disagreement_hides_no_wrong_value_of_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = 'y = [["0.34"]]\ndisagrees = "a slip"\ninstead = '
    (tmp_path / "unit.toml").write_text(UNIT + lines + '[["0.333"]]')
    assert "≠ known [1]" in reported(capsys, str(tmp_path / "unit.toml"))
    (tmp_path / "unit.toml").write_text(UNIT + lines + '[["0.335"]]')
    assert "✗ not as stated [1]" in reported(capsys, str(tmp_path / "unit.toml"), status=1)
