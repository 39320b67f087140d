"""A session in a file: scenario, forks, breakpoints, watches and where the cursor was. No array is in it.

It is a small JSON text that a person can read. Everything it means is computed again from the scenario, whose digest
it carries: a session of a scenario that has changed since is refused. Writing is all or nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gradstep.engine.data.edits import Edit
from gradstep.engine.errors import Problem, ScenarioError, clipped
from gradstep.engine.program.positions import Position, PositionError
from gradstep.engine.scenario.loading import bundled, is_bundled, load_scenario
from gradstep.engine.stops.stops import BUILT_IN, CONDITION, LOSS_RISES, NON_FINITE, PHASE, STEP, WATCH, Stop, StopError
from gradstep.engine.stops.trigger import checked
from gradstep.engine.strictjson import NOT_FINITE, dumps
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.timeline import HISTORY_BYTES, Timeline
from gradstep.engine.words import saving as words

FORMAT = 1
MARK = "gradstep session"  # the first key of every session
ENDING = ".gradstep"
MOST_BYTES = 16 * 2**20
KINDS = (STEP, PHASE, CONDITION, WATCH, NON_FINITE, LOSS_RISES)


class SessionError(Problem):
    """A session that cannot be read or written. As text it is one line: file, key, what was found, what is expected."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(" ".join(": ".join(part for part in (file, key, problem) if part).split()))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────


def save_session(timeline: Timeline, path: Path) -> None:
    """Write a timeline's session; the session that was there before is replaced as a whole or not at all.

    Raises SessionError where that is not possible, and where the file that is there is no session.
    """
    if not _may_be_replaced(path):
        raise SessionError(str(path), "", words.IS_NO_SESSION)
    text = dumps(as_json(timeline, path.parent), indent=1) + "\n"
    try:
        write_whole(path, text.encode())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SessionError(str(path), "", words.CANNOT_BE_WRITTEN.format(reason=reason.lower())) from None


def _may_be_replaced(path: Path) -> bool:
    """Whether nothing is there, or a session."""
    try:
        return not path.is_file() or is_session(path)  # what is no file cannot be written over anyway
    except (OSError, ValueError):
        return True  # writing will say why not


def is_session(path: Path) -> bool:
    """Whether a file begins as sessions do. Raises OSError or ValueError where it cannot be read."""
    with open(path, "rb") as file:
        return MARK.encode() in file.read(200)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place that is complete: whoever looks, and whenever this is cut short, finds it old or new."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    # The file is in place. That its name is on the disk, too, is as good as can be had where folders can be opened.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def as_json(timeline: Timeline, folder: Path) -> dict[str, Any]:
    """What the file holds; a scenario's path is written as seen from `folder`."""
    scenario = timeline.scenario
    name = scenario.file
    if not is_bundled(scenario):
        name = os.path.relpath(Path(name).resolve(), folder.resolve())
        name = os.path.join(os.curdir, name) if name in bundled() else name
    here = timeline.position
    return {
        MARK: FORMAT,
        "scenario": name,
        "digest": scenario.digest,
        "forks": [_fork_json(timeline, branch) for branch in timeline.branches.values() if branch.parent],
        "stops": [asdict(stop) for stop in timeline.stops],
        "branch": timeline.branch.name,
        "position": "start" if here.symbol is None else f"{here.iteration}:{here.step}",
    }


def _fork_json(timeline: Timeline, branch: Branch) -> dict[str, Any]:
    """A fork by the nearest of its ancestors that has not been dropped."""
    parent = branch.parent
    while parent is not None and timeline.branches.get(parent.name) is not parent:
        parent = parent.parent
    assert parent is not None, "the original is never dropped"
    edits = [asdict(edit) for edit in branch.edits[len(parent.edits) :]]
    return {"name": branch.name, "of": parent.name, "edits": edits}


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────


def load_session(path: Path, data: Sequence[Path] = (), *, history_bytes: int = HISTORY_BYTES) -> Timeline:
    """The timeline of a session, as it was left. Raises SessionError."""
    timeline, position = read_session(path, data, history_bytes=history_bytes)
    timeline.goto(position)
    return timeline


def read_session(
    path: Path, data: Sequence[Path] = (), *, history_bytes: int = HISTORY_BYTES
) -> tuple[Timeline, Position]:
    """The timeline of a session, still at its start, and where it was left. Raises SessionError."""
    file = str(path)
    content = _Reader(file, "", _parsed(path))
    if content.value.get(MARK) != FORMAT:
        raise SessionError(file, "", words.ANOTHER_FORMAT.format(mark=MARK, format=FORMAT))
    name = content.text("scenario")
    where = name if name in bundled() else os.path.join(path.parent, name)
    try:
        scenario = load_scenario(where, data)
    except ScenarioError as error:
        raise SessionError(file, "scenario", str(error)) from None
    if scenario.digest != content.text("digest"):
        raise SessionError(file, "digest", words.SCENARIO_CHANGED.format(scenario=name))
    timeline = Timeline(scenario, history_bytes=history_bytes)
    for fork in content.tables("forks"):
        _restore_fork(timeline, fork)
    timeline.stops = [_stop(timeline, each) for each in content.tables("stops")]
    branch = content.text("branch")
    if branch not in timeline.branches:
        raise SessionError(file, "branch", words.NO_SUCH_FORK.format(name=branch))
    timeline.branch = timeline.branches[branch]
    try:
        return timeline, timeline.course.parse(content.text("position"))
    except PositionError as error:
        raise SessionError(file, "position", str(error)) from None


def _parsed(path: Path) -> Any:
    file = str(path)
    try:
        if not path.is_file():
            raise SessionError(file, "", words.NO_REGULAR_FILE if path.exists() else words.NO_SUCH_FILE)
        if path.stat().st_size > MOST_BYTES:
            raise SessionError(file, "", words.LARGER_THAN_A_SESSION.format(most=MOST_BYTES // 2**20))
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SessionError(file, "", words.CANNOT_BE_READ.format(reason=reason)) from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, SessionError):
            raise
        raise SessionError(file, "", words.NOT_JSON) from None


class _Reader:
    """A table of the file, whose every key is checked when it is read."""

    def __init__(self, file: str, key: str, value: Any) -> None:
        self.file = file
        self.key = key
        if not isinstance(value, dict):
            raise self.error("", words.EXPECTED_TABLE.format(found=_shown(value)))
        self.value: dict[str, Any] = value

    def error(self, name: str, problem: str) -> SessionError:
        return SessionError(self.file, ".".join(part for part in (self.key, name) if part), problem)

    def text(self, name: str) -> str:
        value = self.value.get(name)
        if not isinstance(value, str):
            raise self.error(name, words.EXPECTED_TEXT.format(found=_shown(value)))
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        value = self.value.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.error(name, words.EXPECTED_WHOLE_NUMBER.format(found=_shown(value), low=low, high=high))
        return value

    def number(self, name: str) -> float:
        value = self.value.get(name)
        if isinstance(value, str) and value in NOT_FINITE:
            return NOT_FINITE[value]
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        except OverflowError:
            pass
        raise self.error(name, words.EXPECTED_NUMBER.format(found=_shown(value)))

    def truth(self, name: str) -> bool:
        value = self.value.get(name)
        if not isinstance(value, bool):
            raise self.error(name, words.EXPECTED_TRUTH.format(found=_shown(value)))
        return value

    def items(self, name: str) -> list[Any]:
        value = self.value.get(name)
        if not isinstance(value, list):
            raise self.error(name, words.EXPECTED_LIST.format(found=_shown(value)))
        return value

    def tables(self, name: str) -> list[_Reader]:
        key = ".".join(part for part in (self.key, name) if part)
        return [_Reader(self.file, f"{key}[{place}]", item) for place, item in enumerate(self.items(name))]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return words.NOTHING if value is None else clipped(text)


def _restore_fork(timeline: Timeline, fork: _Reader) -> None:
    name, of = fork.text("name"), fork.text("of")
    if of not in timeline.branches:
        raise fork.error("of", words.NO_EARLIER_FORK.format(name=of))
    if not _may_be_a_name(name) or name in timeline.branches:
        raise fork.error("name", words.NAME_IS_TAKEN.format(found=_shown(name)))
    parent = timeline.branches[of]
    edits = [_edit(timeline, each) for each in fork.tables("edits")]
    if not edits:
        raise fork.error("edits", words.NO_EDITS)
    moments = [(edit.iteration, edit.step) for edit in (*parent.edits, *edits)]
    if moments != sorted(moments):
        raise fork.error("edits", words.EDITS_LIE_BEFORE)
    timeline.fork(name, parent, edits)


def _may_be_a_name(name: str) -> bool:
    return 0 < len(name) <= 100 and name.isprintable()


def _edit(timeline: Timeline, table: _Reader) -> Edit:
    course, program = timeline.course, timeline.program
    iteration = table.whole("iteration", 1, course.iterations)
    step = table.whole("step", 0 if iteration == 1 else 1, course.length(iteration))
    symbol = table.text("symbol")
    if symbol not in program.symbols:
        raise table.error("symbol", words.NO_SUCH_SYMBOL.format(symbol=symbol[:40]))
    if program.writers.get(symbol, -1) >= step:
        raise table.error("step", words.NO_VALUE_AFTER(step, symbol=symbol))
    shape, index = program.symbols[symbol].shape, tuple(table.items("index"))
    fits = len(index) == len(shape) and all(type(i) is int and 0 <= i < n for i, n in zip(index, shape, strict=True))
    if not fits:
        raise table.error("index", words.NO_SUCH_ELEMENT.format(found=_shown(list(index)), symbol=symbol))
    fork = table.text("fork") if "fork" in table.value else ""  # "" of the fork that it is listed with
    if fork and not _may_be_a_name(fork):
        raise table.error("fork", words.NO_NAME.format(found=_shown(fork)))
    return Edit(iteration, step, symbol, index, table.number("value"), fork)


def _stop(timeline: Timeline, table: _Reader) -> Stop:
    kind, at = table.text("kind"), table.text("at")
    if kind not in KINDS:
        raise table.error("kind", words.NO_SUCH_KIND.format(found=_shown(kind), kinds=", ".join(KINDS)))
    stop = Stop(kind, at, table.text("when"), table.whole("every", 1, 10**9), table.truth("enabled"))
    steps = timeline.program.steps
    if kind == STEP and at not in timeline.program.writers:
        raise table.error("at", words.WRITTEN_BY_NO_STEP.format(found=_shown(at)))
    if kind == PHASE and not any(step.phase == at for step in steps):
        raise table.error("at", words.NO_SUCH_PHASE.format(found=_shown(at)))
    if kind in (CONDITION, WATCH) and not stop.when:
        raise table.error("when", words.NO_CONDITION)
    if kind in (NON_FINITE, LOSS_RISES) and stop.identity not in BUILT_IN:
        raise table.error("kind", words.NOTHING_BUT_KIND.format(found=_shown(stop.when or at)))
    try:
        return checked(stop, timeline.names)
    except StopError as error:
        raise table.error("when", str(error)) from None
