"""Claims about `gradstep compare`: what it prints, its JSON, and its exit status."""

from __future__ import annotations

import json

import pytest

from gradstep.tui.cli import main


def test_the_mistake_behind_a_printed_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "mazur-2-2-2", "2:E=0.291027924"]) == 1
    out = capsys.readouterr().out
    assert "0 of 1 agrees" in out
    assert "2:E_total: 0.291027924, computed 0.291027773694" in out
    assert "early-update: the weights had been updated already" in out
    assert "dz1 = delta2 @ W2_next.T" in out


def test_right_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "mazur-2-2-2", "E=0.298371109", "dw5=0.082167041"]) == 0
    assert capsys.readouterr().out == "2 of 2 agree\n"


def test_no_known_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "mazur-2-2-2", "2:E=0.123456789"]) == 1
    assert "None of the known mistakes gives these numbers." in capsys.readouterr().out


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "mazur-2-2-2", "2:E=0.291027924", "E=0.298371109", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["compared"], found["agree"]) == (2, 1)
    assert found["first"] == {"iteration": 2, "symbol": "E"}
    assert [each["verdict"] for each in found["symbols"]] == ["agrees", "differs"]
    assert [(each["id"], each["explains"]) for each in found["mistakes"]] == [("early-update", 2)]


@pytest.mark.parametrize(
    "given", [["nonsense"], ["2:E=x"], ["9:Q=1"], ["mine.npz"], ["E=1", "--map", "a"], [], ["mine.json"]]
)
def test_what_cannot_be_used_is_one_line_and_status_2(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "mazur-2-2-2", *given]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) <= 320
