"""Claims about files when the system refuses them: each operation fails in turn, once and for good, under every command
that works with files. What was there stays whole, what is seen is a message, and the run goes on.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.exports import ExportError, export
from gradstep.engine.recovery import keep_session, kept_session
from gradstep.engine.remembered import keep_stops, mark_seen, recall_stops
from gradstep.engine.sessions import SessionError, mark_of, read_session, save_session
from gradstep.tui.app import TOUR
from gradstep.tui.cli import main
from tests.screen import driven

OPERATIONS = ("open", "stat", "replace", "fsync", "fchmod", "fchown", "unlink", "mkdir", "scandir", "listdir", "access")
REASONS = (errno.ENOSPC, errno.EACCES, errno.EIO)
PLACES = 5  # that are refused of those in a run of the debugger, which takes a second
NAME = "relu-softmax-2-3-2"


@contextmanager
def refusing(folder: Path, call: int, *, once: bool, reason: int = errno.EIO) -> Iterator[list[int]]:
    """The n-th operation on files in a folder is refused, or all from that one on; 0: none. Gives how many came."""
    count = [0]

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **more: Any) -> Any:
            if args and _is_in(args[0], folder):
                count[0] += 1
                if call and (count[0] == call or (not once and count[0] > call)):
                    raise OSError(reason, os.strerror(reason), str(args[0]))
            return real(*args, **more)

        return operation

    with pytest.MonkeyPatch.context() as patch:
        for name in OPERATIONS:
            patch.setattr(os, name, wrapped(getattr(os, name)))
        patch.setattr(io, "open", wrapped(io.open))
        patch.setattr(builtins, "open", wrapped(builtins.open))
        yield count


def _is_in(what: Any, folder: Path) -> bool:
    """Whether a path, or the file of a handle, is in a folder."""
    if isinstance(what, int):
        try:
            what = os.readlink(f"/proc/self/fd/{what}")
        except OSError:
            return False
    try:
        return os.fsdecode(what).startswith(str(folder))
    except TypeError:
        return False


def every(folder: Path, begin: Callable[[], Any], act: Callable[[Any], object]) -> Iterator[tuple[Any, str]]:
    """Each operation that `act` needs is refused in turn; what `begin` gave, afterwards."""
    with refusing(folder, 0, once=True) as count:
        act(begin())
    assert count[0] > 2
    for call in range(1, count[0] + 1):
        for once in (True, False):
            started = begin()
            with refusing(folder, call, once=once, reason=REASONS[call % len(REASONS)]):
                act(started)
            yield started, f"operation {call} of {count[0]}, {'once' if once else 'for good'}"


# ── the engine ───────────────────────────────────────────────────────────────────────────────────────────────


def at(position: str) -> Timeline:
    timeline = Timeline(load_scenario(NAME))
    timeline.goto(position)
    return timeline


def test_a_session_that_is_saved_is_old_or_new(tmp_path: Path) -> None:
    file = tmp_path / "a.gradstep"
    save_session(at("1:E"), file)
    old = file.read_bytes()
    save_session(at("2:E"), file)
    new = file.read_bytes()

    def begin() -> Timeline:
        file.write_bytes(old)
        for litter in tmp_path.glob(".gradstep-*"):
            litter.unlink()
        return at("2:E")

    said = []

    def act(timeline: Timeline) -> None:
        said.clear()
        try:
            save_session(timeline, file)
        except SessionError as error:
            said.append(str(error))

    for _, where in every(tmp_path, begin, act):
        assert file.read_bytes() == (old if said else new) or file.read_bytes() == new, where
        assert all("\n" not in line for line in said)
        if "once" in where:
            assert {path.name for path in tmp_path.iterdir()} == {"a.gradstep"}, where


def test_an_export_is_there_or_not(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    said = []

    def act(timeline: Timeline) -> None:
        said.clear()
        try:
            export(timeline, file, ["E"], 1, 2)
        except ExportError as error:
            said.append(str(error))

    def begin() -> Timeline:
        for path in tmp_path.iterdir():
            path.unlink()
        return at("1")

    for _, where in every(tmp_path, begin, act):
        assert said or file.read_bytes().startswith(b"iteration,E\r\n1,"), where
        assert not said or not file.exists() or file.read_bytes().count(b"\n") == 3, where


def test_what_is_remembered_is_remembered_or_refused(tmp_path: Path) -> None:
    state = tmp_path / "state"

    def act(timeline: Timeline) -> None:
        for each in (keep_stops, keep_session):
            with suppress(OSError, SessionError):
                each(timeline, state)
        try:
            recall_stops(Timeline(timeline.scenario), state)
        except OSError as error:
            pytest.fail(f"what cannot be read is as good as none: {error}")

    for timeline, where in every(tmp_path, lambda: at("1:E"), act):
        kept = kept_session(timeline.scenario, state)
        if kept is not None:
            assert mark_of(kept) is not None, where
            assert str(read_session(kept)[1]) == "1:E"


# ── the screen ───────────────────────────────────────────────────────────────────────────────────────────────


async def keys(folder: Path, state: Path, call: int, *, once: bool) -> int:
    """All that the debugger does with files, in one run; gives how many operations there were."""
    with refusing(folder, call, once=once, reason=REASONS[call % len(REASONS)]) as count:
        async with driven(at("1"), guarded=True, state=state) as screen:
            await screen.press("escape", "escape", "s", "b")
            await screen.ask("ctrl+s", str(folder / "saved.gradstep"))
            await screen.press("escape", "escape", "o")
            await screen.answer(str(folder / "other.gradstep"))
            await screen.press("escape", "escape", "o")
            await screen.answer(str(folder / "scenario.toml"))
            await screen.press("escape", "escape", "s")
            assert "program" in screen.text
            assert screen.bench.timeline.position.step
            screen.app.exit()
    return count[0]


async def test_the_debugger_outlives_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_session(at("2:E"), tmp_path / "other.gradstep")
    (tmp_path / "scenario.toml").write_bytes(load_scenario("apples").content)
    mark_seen(TOUR, tmp_path / "state")
    total = await keys(tmp_path, tmp_path / "state", 0, once=True)
    assert total > 20
    chance = random.Random(2)
    for turn in range(PLACES):
        await keys(tmp_path, tmp_path / "state", chance.randint(1, total), once=turn % 2 == 0)
        saved = tmp_path / "saved.gradstep"
        assert not saved.exists() or mark_of(saved) is not None
        saved.unlink(missing_ok=True)


# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words", ["replay {0}/a.toml --export {0}/a.npz", "check {0}/a.toml", "explain {0}/a.toml E --at 1:E"]
)
def test_a_command_says_in_one_line_what_was_refused(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.toml").write_bytes(load_scenario(NAME).content)
    typed = words.format(tmp_path).split()
    seen = []

    def act(_: object) -> None:
        seen[:] = [main(typed)]

    for _, where in every(tmp_path, lambda: (tmp_path / "a.npz").unlink(missing_ok=True), act):
        lines = capsys.readouterr().err.splitlines()
        assert seen[0] in (0, 2), (where, lines)
        assert len(lines) == (seen[0] == 2), (where, lines)
