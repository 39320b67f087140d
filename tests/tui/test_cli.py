"""Claims about the command line: what is printed, the exit status, and that nobody ever sees a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gradstep.engine import Timeline, bundled, load_scenario
from gradstep.engine.sessions import save_session
from gradstep.tui.cli import main
from tests.tui.debugger.test_screen import LONG
from tests.walks import RUNNABLE

GRADSTEP = [sys.executable, "-m", "gradstep.tui.cli"]


def run(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    words = (*GRADSTEP, *words)
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=60, **more)  # type: ignore[call-overload]


def test_the_report_shows_what_is_printed_what_is_computed_and_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "mazur-2-2-2"]) == 0
    out, err = capsys.readouterr()
    row = next(line for line in out.splitlines() if "0.138498562" in line)
    assert row.split()[:5] == ["1:delta_o", "delta_o1", "0.138498562", "0.13849856163", "✓"]
    assert "already updated" in out
    assert "23 expectations: 21 agree, 2 known to differ" in out
    assert err == ""


def test_one_object_a_scenario_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--json", *RUNNABLE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["scenario"] for line in lines] == RUNNABLE


@pytest.mark.parametrize(
    ("words", "status", "value"),
    [
        (["replay", "sgd-regression-wide", "--at", "12:y"], 0, "NaN"),
        (["explain", "sgd-regression-wide", "y[0,0]", "--at", "12:y", "--unroll"], 0, "NaN"),
        (["explain", "sgd-regression-wide", "W1[0,0]", "--at", "12:y"], 0, "-Infinity"),
        (["check", "sgd-regression-wide", "--at", "12"], 1, "NaN"),
    ],
)
def test_what_is_not_finite_is_a_text_that_any_reader_of_json_takes(
    words: list[str], status: int, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == status
    line = capsys.readouterr().out

    def refused(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(line, parse_constant=refused)
    assert f'"{value}"' in line


def test_an_expectation_that_fails_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.toml"
    text = bundled()["apples"].read_text(encoding="utf-8")
    path.write_text(text.replace('price = "220"', 'price = "221"'), encoding="utf-8")
    assert main(["replay", str(path)]) == 1
    out = capsys.readouterr().out
    assert "✗ differs" in out
    assert "1 failed" in out


def test_positions_that_do_not_exist_are_status_2_before_anything_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for at in ("0", "-1", "", "1:1:1", "1:nothing", "99999999999999999999", "2:W1"):
        assert main(["replay", "mazur-2-2-2", "--at", at]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1


def test_the_list_and_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in bundled())
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["layer"]


@pytest.mark.parametrize("words", [["--bogus"], ["replay"], ["list", "x"], ["a", "b"], ["replay", "apples", "--at"]])
def test_words_that_are_off_are_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_without_a_terminal_there_is_replay() -> None:
    done = run(stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "gradstep replay mazur-2-2-2" in done.stderr


def test_without_a_terminal_the_scenario_of_a_session_can_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "my net.toml"
    scenario.write_text(bundled()["apples"].read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("apples", str(scenario)):
        save_session(Timeline(load_scenario(name)), tmp_path / "a.gradstep")
        assert main(["--session", str(tmp_path / "a.gradstep")]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        advice = shlex.split(err.partition(": gradstep ")[2])
        assert advice[0] == "replay"
        assert main(advice) == 0
        capsys.readouterr()


def test_a_file_that_is_called_like_a_command_is_opened_by_its_path(tmp_path: Path) -> None:
    scenario = bundled()["apples"].read_text(encoding="utf-8")
    for name in ("list", "debug"):
        (tmp_path / name).write_text(scenario, encoding="utf-8")
    for words in (["./list"], ["--", "list"], ["--ascii", "list"], ["debug"]):
        done = run(*words, stdin=subprocess.DEVNULL, cwd=tmp_path)
        assert f"gradstep replay {words[-1]}\n" in done.stderr
    assert "mazur-2-2-2" in run("list", cwd=tmp_path).stdout


# ── the help ─────────────────────────────────────────────────────────────────────────────────────────────────


def options_of(text: str) -> set[str]:
    return set(re.findall(r"--[a-z]+", text)) - {"--help"}


def helped(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["", "list", "replay", "explain", "check", "schema"])
def test_the_usage_and_the_readme_name_every_option_of_a_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    usage, _, about = helped("", capsys).partition("\n\n")
    entries = re.split(r"\n {7}(?=gradstep)", usage)
    own = [entry for entry in entries if entry.removeprefix("usage: ").startswith(f"gradstep {command or '['}")]
    there = options_of(helped(command, capsys).partition("options:")[2] if command else about)
    assert options_of("".join(own)) == there
    readme = (Path(__file__).parents[2] / "tui" / "README.md").read_text(encoding="utf-8")
    part = readme.partition("## The command line")[2].partition("\n## ")[0]
    assert there <= options_of(part)


def test_an_option_of_several_commands_is_described_in_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, set[str]] = {}
    for command in ("", "replay", "explain", "check"):
        described = re.findall(
            r"^  (--(?:ascii|json|data)\b.*?)(?=^  --|\Z|^$)", helped(command, capsys), flags=re.MULTILINE | re.DOTALL
        )
        for text in described:
            name, *about = text.split()
            found.setdefault(name, set()).add(" ".join(about))
    assert {name: len(texts) for name, texts in found.items()} == {"--ascii": 1, "--json": 1, "--data": 1}


def test_an_ascii_report_is_ascii_even_in_a_narrow_terminal() -> None:
    done = run("replay", "apples", "--ascii", env={**os.environ, "COLUMNS": "60"})
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert max(len(line) for line in done.stdout.splitlines() if " ok agrees" in line) <= 60


SAYING_WHEN_IT_RUNS = """
import signal, sys
from gradstep.engine import replay as replaying
from gradstep.tui.cli import main

replay = replaying.replay

def told(*arguments, **options):
    print("running", flush=True)
    return replay(*arguments, **options)

replaying.replay = told
signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it would be ignored
sys.exit(main())
"""


INTERRUPTED_AT_THE_START = """
import sys

class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from gradstep.tui.start import main
sys.exit(main())
"""


def test_a_command_that_is_interrupted_while_it_is_loaded_says_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT_THE_START], check=False, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_an_interrupted_replay_ends_at_once_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_bytes(LONG)
    words = [sys.executable, "-c", SAYING_WHEN_IT_RUNS, "replay", str(tmp_path / "long.toml"), "--at", "end"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == ""
    assert err == "gradstep: interrupted\n"


def test_a_reader_who_goes_away_hears_nothing_more() -> None:
    command = " ".join(GRADSTEP) + " replay --json sgd-regression mazur-2-2-2 apples | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == '{"scenario'
    assert done.stderr == ""


def test_who_stops_reading_the_report_is_not_told_that_an_expectation_failed() -> None:
    command = " ".join(GRADSTEP) + " replay mazur-2-2-2 --at 5 | head -1; echo ${PIPESTATUS[0]}"
    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] in ("0", "141")  # 0 where the pipe took all of it
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_is_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "gradstep: the output cannot be written: no space left on device\n"
    for words in (["list"], ["schema"], ["replay", "apples"], ["replay", "apples", "--json"]):
        with open("/dev/full", "w") as full, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", full)
            assert (main(words), capsys.readouterr().err) == (2, said), words
    with open("/dev/full", "w") as full:  # nor does the interpreter try again at its end
        done = subprocess.run([*GRADSTEP, "list"], check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_output_that_knows_no_greek_gets_ascii(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wide.toml"
    text = bundled()["apples"].read_text(encoding="utf-8").replace('title = "', 'title = "総入力 ')
    path.write_text(text, encoding="utf-8")
    replay = ["replay", str(path)]
    for words in (["list"], replay, [*replay, "--json"], ["schema"]):
        with io.TextIOWrapper(io.BytesIO(), encoding) as output, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", output)
            assert (main(words), capsys.readouterr().err) == (0, ""), words
            assert output.buffer.getvalue()  # type: ignore[attr-defined]
    done = run(*replay, env={**os.environ, "PYTHONIOENCODING": encoding}, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_a_control_character_does_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "red.toml"
    text = bundled()["apples"].read_text(encoding="utf-8").replace('title = "', 'title = "\\u001b[31m\\u202e')
    path.write_text(text, encoding="utf-8")
    assert main(["replay", str(path)]) == 0
    assert main(["replay", "\x1b[31m"]) == 2
    out, err = capsys.readouterr()
    assert "?[31m?" in out
    assert not any(sign in out + err for sign in "\x1b\u202e")


def report(text: str, folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    (folder / "unit.toml").write_text(UNIT + text, encoding="utf-8")
    assert main(["replay", str(folder / "unit.toml"), *words]) in (0, 1)
    return capsys.readouterr().out


UNIT = """
format = 1
title = "one unit"
data = {x = [[1.0]], t = [[0.0]]}
layer = [{kind = "affine", W = [[1.0]], b = [0.0]}]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.5}
training = {iterations = 5}
"""
HALF = '[[expect]]\nat = "1:E"\nE = 0.5\n'
LATE = '[[expect]]\nat = "3:E"\n"E < 1" = true\n'


def test_what_the_report_counts_is_in_the_singular_and_in_the_plural(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "1 expectation: 1 agrees\n" in report(HALF, tmp_path, capsys)
    assert "2 expectations: 2 agree\n" in report(HALF + LATE, tmp_path, capsys)
    assert "1 expectation: 1 agrees, 1 lies beyond\n" in report(HALF + LATE, tmp_path, capsys, "--at", "1")
    assert "1 expectation: 1 agrees, 2 lie beyond\n" in report(HALF + LATE + LATE, tmp_path, capsys, "--at", "1")
    assert "no expectations here, 1 lies beyond\n" in report(LATE, tmp_path, capsys, "--at", "1")
    assert "no expectations here, 2 lie beyond\n" in report(LATE + LATE, tmp_path, capsys, "--at", "1")


def test_what_agrees_although_it_was_said_to_differ_is_no_contradiction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = report(HALF + 'disagrees = "a slip"\n', tmp_path, capsys)
    assert "✗ does not differ [1]" in out
    assert "✗ agrees" not in out


def test_a_replay_to_a_position_shows_what_was_written_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "mazur-2-2-2", "--at", "1:w1_next"]) == 0
    out = capsys.readouterr().out
    assert "W1⁺ = [[0.1497807161327628, 0.24975114363236958]" in out
    assert main(["replay", "sgd-regression", "--at", "3:E"]) == 0
    assert "E = " in capsys.readouterr().out


def test_each_value_of_an_array_has_a_verdict_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = """format = 1
title = "one right, one wrong"
inputs = {a = [0.7, 1.0], b = [1.0, 1.0]}
[[node]]
name = "c"
kind = "multiply"
inputs = ["a", "b"]
[[expect]]
at = "1:c"
c = ["0.7", "5.0"]
"""
    known = 'disagrees = "a slip"\n'
    for more, status, verdicts in (("", 1, ["agrees", "differs"]), (known, 0, ["agrees", "known"])):
        path = tmp_path / "s.toml"
        path.write_text(text + more)
        assert main(["replay", str(path), "--ascii"]) == status
        rows = [line for line in capsys.readouterr().out.splitlines() if "c[" in line]
        assert [verdict in row for verdict, row in zip(verdicts, rows, strict=True)] == [True, True], rows


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
@pytest.mark.parametrize("words", [["--help"], ["replay", "--help"]])
def test_a_help_that_cannot_be_written_is_said(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*GRADSTEP, *words], check=False, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot be written" in done.stderr or "no space left" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
@pytest.mark.parametrize("words", [["replay", "nofile"], ["list"]])
def test_the_status_is_2_also_where_the_reason_cannot_be_written(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*GRADSTEP, *words], check=False, stdout=full, stderr=full, timeout=60)
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links as of Unix")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("loop", "cannot be read: too many levels of symbolic links"),
        ("dangling", "cannot be read: it is a link to a file that is not there"),
        ("a" * 5000, "cannot be read: file name too long"),
        ("nothing", "no bundled scenario and no file of this name"),
    ],
)
def test_why_a_name_leads_to_no_scenario_is_said(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    Path("dangling").symlink_to("nowhere")
    assert main(["replay", name]) == 2
    assert reason in capsys.readouterr().err
