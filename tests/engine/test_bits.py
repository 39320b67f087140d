"""Claims about sessions whose numbers come out in other bits: that is said, with what it may come from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Timeline, arrays, bits, load_scenario
from gradstep.engine.data import datasets
from gradstep.engine.sessions import SessionError, differs, load_session, read_session, save_session
from gradstep.tui import threads

GENERATED = """\
format = 1
title = "generated"
[data]
generate = "3 * x0 + 2 * x1"
inputs = 2
samples = 20
[[layer]]
kind = "affine"
units = 3
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
units = 1
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
iterations = 50
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A session of generated data, saved in the middle of an iteration."""
    (tmp_path / "generated.toml").write_text(GENERATED)
    timeline = Timeline(load_scenario(tmp_path / "generated.toml"))
    timeline.goto("7:delta1")
    save_session(timeline, tmp_path / "a.gradstep")
    return tmp_path / "a.gradstep"


def change(session: Path, **keys: object) -> None:
    content = json.loads(session.read_text())
    session.write_text(json.dumps({name: value for name, value in (content | keys).items() if value is not None}))


def test_a_session_has_what_its_bits_depend_on_and_a_digest_of_them(session: Path) -> None:
    content = json.loads(session.read_text())
    assert content["made_with"].keys() == {"numpy", "blas", "kernel", "threads", "processor"}
    assert content["made_with"]["numpy"] == np.__version__
    assert len(content["state"]) == 32


def test_nothing_is_said_where_the_bits_are_those_of_then(session: Path) -> None:
    assert not differs(load_session(session))


def test_nothing_is_said_where_they_are_the_same_though_something_else_made_them(session: Path) -> None:
    change(session, made_with={**bits.surroundings(), "numpy": "1.26.4", "threads": "64"})
    assert not differs(load_session(session))


def test_other_bits_are_told_with_all_that_is_another_than_then(session: Path) -> None:
    change(session, state="0" * 32, made_with={**bits.surroundings(), "numpy": "1.26.4", "threads": "64"})
    said = differs(load_session(session))
    assert "not the same to the bit as when this session was saved" in said
    assert f"NumPy 1.26.4 then, {np.__version__} now" in said
    assert f"threads of BLAS 64 then, {bits.threads()} now" in said
    assert "processor" not in said


def test_other_bits_without_a_reason_are_told(session: Path) -> None:
    change(session, state="0" * 32)
    assert "by another version of gradstep or on another machine" in differs(load_session(session))


def test_products_that_are_added_in_another_order_are_told(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def backwards(one: Any, other: Any, out: Any = None) -> Any:
        return np.dot(one[..., ::-1], other[::-1], out) * (1 + 2**-50) if out is None else _filled(one, other, out)

    def _filled(one: Any, other: Any, out: Any) -> Any:
        np.dot(one[..., ::-1], other[::-1], out)
        out *= 1 + 2**-50
        return out

    monkeypatch.setattr(arrays, "dot", backwards)
    assert differs(load_session(session))


def test_elsewhere_in_the_run_nothing_is_known(session: Path) -> None:
    change(session, state="0" * 32)
    timeline, position = read_session(session)
    assert not differs(timeline)
    timeline.goto(position)
    assert differs(timeline)
    timeline.step()
    assert not differs(timeline)


def test_an_older_session_is_opened_and_nothing_is_said_of_its_bits(session: Path) -> None:
    scenario = load_scenario(session.with_name("generated.toml"))
    change(session, state=None, made_with=None, digest=scenario.digest_of_numbers)
    timeline = load_session(session)
    assert str(timeline.position) == "7:delta1"
    assert not differs(timeline)


def other_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if NumPy drew other numbers."""
    drawn: Callable[..., Any] = datasets.generator
    monkeypatch.setattr(datasets, "generator", lambda seed, *stream: drawn(seed + 1, *stream))


def test_generated_data_are_known_by_their_recipe(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_bits(monkeypatch)
    assert differs(load_session(session))


def test_of_an_older_session_it_is_not_said_that_a_file_has_changed(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load_scenario(session.with_name("generated.toml"))
    change(session, state=None, made_with=None, digest=scenario.digest_of_numbers)
    other_bits(monkeypatch)
    with pytest.raises(SessionError, match="or NumPy generates its data with other bits here"):
        load_session(session)


def test_another_recipe_is_another_scenario(session: Path) -> None:
    session.with_name("generated.toml").write_text(GENERATED.replace("3 * x0", "4 * x0"))
    with pytest.raises(SessionError, match="have changed since this session was saved"):
        load_session(session)


@pytest.mark.parametrize("made_with", [{"numpy": "\x1b[31m" * 100}, {"blas": "x" * 10_000}, {}])
def test_what_a_file_says_is_repeated_short_and_visible(session: Path, made_with: dict[str, str]) -> None:
    change(session, state="0" * 32, made_with=made_with)
    said = differs(load_session(session))
    assert said.isprintable()
    assert len(said) <= 600


def test_threads_are_those_that_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in bits.THREADS:
        monkeypatch.delenv(name, raising=False)
    assert int(bits.threads()) >= 1
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert bits.threads() == "3"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    assert bits.threads() == "2"


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────

SAID = """
import os
import gradstep.tui.cli
from gradstep.engine import bits
print(",".join(os.environ.get(name, "") for name in bits.THREADS), bits.threads())
"""


def said(**told: str) -> str:
    """What the command finds, with nothing imported before it."""
    unset = (*bits.THREADS, "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(
        [sys.executable, "-c", SAID], env=environment | told, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_command_runs_blas_on_one_thread() -> None:
    assert bits.THREADS == threads.THREADS
    assert said() == ",".join("1" * len(bits.THREADS)) + " 1"


@pytest.mark.parametrize("place", range(len(bits.THREADS)))
def test_what_somebody_has_set_stays(place: int) -> None:
    name = bits.THREADS[place]
    assert said(**{name: "3"}) == ",".join("3" if each == name else "" for each in bits.THREADS) + " 3"


def test_what_is_imported_beside_numpy_changes_nothing() -> None:
    code = "import numpy, os\nbefore = dict(os.environ)\nimport gradstep.tui.cli\nassert dict(os.environ) == before"
    environment = {name: value for name, value in os.environ.items() if name not in bits.THREADS}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
