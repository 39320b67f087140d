"""A session in a file: scenario, forks, breakpoints, watches and where the cursor was. No array is in it.

It is a small JSON text that a person can read. Everything it means is computed again from the scenario, whose digest
it carries: a session of a scenario that has changed since is refused. Writing is all or nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gradstep.engine import limits
from gradstep.engine.bits import SURROUNDINGS, digest, surroundings
from gradstep.engine.data.batches import Edit
from gradstep.engine.data.files.errors import FileError
from gradstep.engine.data.files.opening import open_regular
from gradstep.engine.data.files.whole import read_whole
from gradstep.engine.data.files.writing import write_whole
from gradstep.engine.errors import Problem, ScenarioError, clipped, in_file, reason_of
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.positions import Position, PositionError
from gradstep.engine.program.program import Program, ProgramError
from gradstep.engine.scenario import types
from gradstep.engine.scenario.loading import bundled, is_bundled, load_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.scenario.types import Mismatch, Type, found
from gradstep.engine.stops.stops import BUILT_IN, CONDITION, PHASE, STEP, WATCH, Stop, StopError, built_in
from gradstep.engine.stops.trigger import checked
from gradstep.engine.strictjson import dumps
from gradstep.engine.timeline.branches import Branch, Left, Replacement, changes_of, moment_of
from gradstep.engine.timeline.timeline import HISTORY_BYTES, Timeline
from gradstep.engine.words import phrases
from gradstep.engine.words import sessions as words

FORMAT = 1
MARK = "gradstep session"  # the first key of every session
ENDING = ".gradstep"
ALWAYS_THERE = tuple(stop.kind for stop in BUILT_IN)


class SessionError(Problem):
    """A session that cannot be read or written. As text it is one line: file, key, what was found, what is expected."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(in_file(file, key, problem))


def save_session(timeline: Timeline, path: Path) -> str:
    """Write a timeline's session, and give its mark; what was there before is replaced as a whole or not at all.

    Raises SessionError where that is not possible, and where the file that is there is no session.
    """
    try:
        if path.is_file() and mark_of(path) is None:
            raise SessionError(str(path), "", words.IS_NO_SESSION)
        content = f"{dumps(as_json(timeline, path.parent), indent=1)}\n".encode()
        write_whole(path, content)
    except SessionError:
        raise
    except (OSError, ValueError) as error:
        raise SessionError(str(path), "", phrases.CANNOT_BE_WRITTEN.format(reason=reason_of(error).lower())) from None
    return _mark(content)


def mark_of(path: Path) -> str | None:
    """What tells a file's content from any other, None where it is no session. Raises OSError."""
    if not path.is_file():
        return None
    with open_regular(path) as file:
        content = file.read(limits.SESSION * limits.MEBIBYTE)
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return _mark(content) if isinstance(found, dict) and MARK in found else None


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def looks_like_session(path: Path) -> bool:
    """Whether a file begins as sessions do. Raises OSError or ValueError where it cannot be read."""
    with open_regular(path) as file:
        return re.match(rb'\s*\{\s*"' + MARK.encode() + rb'"\s*:', file.read(200)) is not None


def as_json(timeline: Timeline, folder: Path) -> dict[str, Any]:
    """The content of the file; a scenario's path is written as seen from `folder`."""
    scenario = timeline.scenario
    name = scenario.file
    if not is_bundled(scenario):
        name = os.path.relpath(Path(name).resolve(), folder.resolve())
        name = os.path.join(os.curdir, name) if name in bundled() else name
    here = timeline.position
    state = _state(timeline)
    return {
        MARK: FORMAT,
        "scenario": name,
        "digest": scenario.digest,
        **({"with": list(timeline.original.scenario.replaced)} if timeline.original.scenario.replaced else {}),
        "forks": [_fork_json(timeline, branch) for branch in timeline.branches.values() if branch.parent],
        "stops": [asdict(stop) for stop in timeline.stops],
        "branch": timeline.branch.name,
        "position": "start" if here.symbol is None else f"{here.iteration}:{here.step}",
        "made_with": surroundings(),
        "state": "" if state is None else state,
    }


def _state(timeline: Timeline) -> str | None:
    """A digest of every number at the cursor but those of the data, None where they would have to be computed.

    Nothing is computed for it: a session may be saved by a program that fails, or while something else is under way.
    """
    here, branch = timeline.position, timeline.branch
    frame = timeline.restorer.known(branch, here.iteration)
    if frame is None or frame.computed < here.step:
        return None
    return digest({name: v for name, v in frame.at(here.step).items() if not timeline.program.symbols[name].rows})


def differs(timeline: Timeline) -> str:
    """What to say where the numbers at the cursor are not the bits that its session was saved with; otherwise "".

    That is only known where the session was left, and of sessions that have a digest of their numbers.
    """
    left = timeline.left
    if left is None or not left.state or (timeline.branch, timeline.position) != (left.branch, left.position):
        return ""
    state = _state(timeline)
    if state is None or state == left.state:
        return ""
    here = surroundings()
    others = [
        words.OTHER_THAN_THEN.format(what=name, then=clipped(left.made_with[key]), now=clipped(here[key]))
        for key, name in SURROUNDINGS.items()
        if left.made_with[key] != here[key]
    ]
    return words.OTHER_BITS.format(reasons="; ".join(others)) if others else words.OTHER_BITS_WITHOUT_REASON


def _fork_json(timeline: Timeline, branch: Branch) -> dict[str, Any]:
    """A fork by the nearest of its ancestors that has not been dropped."""
    parent = timeline.kept_ancestor(branch)
    edits = [asdict(edit) for edit in branch.edits[len(parent.edits) :]]
    replaced = [asdict(each) for each in branch.replaced[len(parent.replaced) :]]
    more = {"replaced": replaced} if replaced else {}
    return {"name": branch.name, "of": parent.name, "edits": edits, **more}


def load_session(path: Path, data: Sequence[Path] = (), *, history_bytes: int = HISTORY_BYTES) -> Timeline:
    """The timeline of a session, where it was left. Whether its numbers are those of then, `differs` says.

    Raises SessionError.
    """
    timeline, position = read_session(path, data, history_bytes=history_bytes)
    timeline.goto(position)
    return timeline


def read_session(
    path: Path, data: Sequence[Path] = (), *, history_bytes: int = HISTORY_BYTES
) -> tuple[Timeline, Position]:
    """The timeline of a session, still at its start, and where it was left. Raises SessionError."""
    content = _parsed(path)
    try:
        if not isinstance(content, dict) or content.get(MARK) != FORMAT:
            raise Mismatch(words.ANOTHER_FORMAT.format(mark=MARK, format=FORMAT))
        name = _OF_SCENARIO.check(content)["scenario"]
        try:
            scenario = load_scenario(name if name in bundled() else os.path.join(path.parent, name), data)
        except ScenarioError as error:
            raise Mismatch(str(error), "scenario") from None
        if content["digest"] not in (scenario.digest, scenario.digest_of_numbers):
            generated = scenario.dataset is not None and scenario.dataset.generated and "made_with" not in content
            if generated:
                raise Mismatch(words.CHANGED_OR_OTHER_BITS.format(scenario=name), "digest")
            raise Mismatch(words.SCENARIO_CHANGED.format(scenario=name), "digest")
        steps = _WITH.check(content)["with"]
        if steps:
            scenario = _with_steps(scenario, steps)
        timeline = Timeline(scenario, history_bytes=history_bytes)
        restored = _restoring(timeline).check(content)
    except Mismatch as error:
        raise SessionError(str(path), error.where.removeprefix("."), str(error)) from None
    timeline.stops, timeline.branch = _with_built_in(restored["stops"], scenario.program), restored["branch"]
    position = restored["position"]
    timeline.left = Left(timeline.branch, position, restored["state"], restored["made_with"])
    return timeline, position


def _with_built_in(stops: Sequence[Stop], program: Program) -> tuple[Stop, ...]:
    """The stops of a session, and before them those of `BUILT_IN` that there were not yet when it was saved."""
    known = {stop.identity for stop in stops}
    return (*(stop for stop in built_in(program) if stop not in known), *stops)


def _parsed(path: Path) -> Any:
    try:
        return json.loads(read_whole(path, limits.SESSION, words.A_SESSION).decode("utf-8"))
    except FileError as error:
        raise SessionError(str(path), "", str(error)) from None
    except (ValueError, RecursionError):
        raise SessionError(str(path), "", words.NOT_JSON) from None


_OF_SCENARIO = types.record({"scenario": types.text(), "digest": types.text()})


_WITH = types.record({"with": types.list_of(types.text())}, **{"with": []})


def _with_steps(scenario: Scenario, steps: Sequence[str]) -> Scenario:
    try:
        return scenario.with_steps(steps)
    except (ExpressionError, ProgramError) as error:
        raise Mismatch(str(error), "with") from None


def _restoring(timeline: Timeline) -> Type:
    """A session of this timeline's scenario. Its forks are made anew as they are read, each before what is of it."""

    def branch(name: str) -> Branch:
        if name not in timeline.branches:
            raise Mismatch(words.NO_SUCH_FORK.format(name=name))
        return timeline.branches[name]

    def position(typed: str) -> Position:
        try:
            return timeline.course.parse(typed)
        except PositionError as error:
            raise Mismatch(str(error)) from None

    edit = types.record(
        {
            "iteration": types.whole(1, timeline.course.iterations),
            "step": types.whole(0),
            "symbol": types.one_of(*timeline.program.symbols),
            "index": types.list_of(types.whole(0)),
            "value": types.double(),
            "fork": types.text(),  # "" of the fork that it is listed with
        },
        fork="",
    ).then(lambda given: _edit(timeline, Edit(**given)))
    replaced = types.record(
        {
            "iteration": types.whole(1, timeline.course.iterations),
            "symbol": types.one_of(*timeline.program.writers),
            "line": types.text(),
            "fork": types.text(),
        },
        fork="",
    ).then(lambda given: _named(Replacement(**given)))
    fork = types.record(
        {
            "name": types.text(),
            "of": types.text().then(branch),
            "edits": types.list_of(edit),
            "replaced": types.list_of(replaced),
        },
        replaced=[],
    )
    return types.record(
        {
            "forks": types.list_of(fork.then(lambda given: _restore_fork(timeline, **given))),
            "stops": types.list_of(stop_type(timeline)),
            "branch": types.text().then(branch),
            "position": types.text().then(position),
            "state": types.text(),
            "made_with": types.record({name: types.text() for name in SURROUNDINGS}, **dict.fromkeys(SURROUNDINGS, "")),
        },
        state="",
        made_with={},
    )


def stop_type(timeline: Timeline) -> Type:
    """A stop of this timeline's program, as it is written."""
    stop = types.record(
        {
            "kind": types.one_of(STEP, PHASE, CONDITION, WATCH, *ALWAYS_THERE),
            "at": types.text(),
            "when": types.text(),
            "every": types.whole(1),
            "enabled": types.truth(),
        }
    )
    return stop.then(lambda given: _stop(timeline, Stop(**given)))


def _restore_fork(
    timeline: Timeline, name: str, of: Branch, edits: Sequence[Edit], replaced: Sequence[Replacement]
) -> None:
    if not _may_be_a_name(name) or name in timeline.branches:
        raise Mismatch(words.NAME_IS_TAKEN.format(found=found(name)), ".name")
    if not edits and not replaced:
        raise Mismatch(words.NO_EDITS, ".edits")
    moments = [*map(moment_of, (*of.edits, *edits))]
    changes = changes_of(edits, replaced)
    last = max((change.iteration for change in of.changes), default=0)
    if moments != sorted(moments) or changes[0].iteration < last:  # a step is another one for the whole of an iteration
        raise Mismatch(words.EDITS_LIE_BEFORE, ".edits")
    try:
        timeline.fork(name, of, changes)
    except (ExpressionError, ProgramError) as error:
        raise Mismatch(str(error), ".replaced") from None


def _named(change: Replacement) -> Replacement:
    if change.fork and not _may_be_a_name(change.fork):
        raise Mismatch(words.NO_NAME.format(found=found(change.fork)), ".fork")
    return change


def _may_be_a_name(name: str) -> bool:
    return 0 < len(name) <= 100 and name.isprintable()


def _edit(timeline: Timeline, edit: Edit) -> Edit:
    """The edit, if it can be made in the run; raises Mismatch."""
    course, program, symbol = timeline.course, timeline.program, edit.symbol
    types.whole(0 if edit.iteration == 1 else 1, course.length(edit.iteration)).inside(".step", edit.step)
    if program.writers.get(symbol, -1) >= edit.step:
        raise Mismatch(words.NO_VALUE_AFTER(edit.step, symbol=symbol), ".step")
    shape = program.symbols[symbol].shape
    if len(edit.index) != len(shape) or any(place >= size for place, size in zip(edit.index, shape, strict=True)):
        raise Mismatch(words.NO_SUCH_ELEMENT.format(found=list(edit.index), symbol=symbol), ".index")
    if edit.fork and not _may_be_a_name(edit.fork):
        raise Mismatch(words.NO_NAME.format(found=found(edit.fork)), ".fork")
    return edit


def _stop(timeline: Timeline, stop: Stop) -> Stop:
    """The stop, if it can be used with this program; raises Mismatch."""
    kind, at, steps = stop.kind, stop.at, timeline.program.steps
    if kind == STEP and at not in timeline.program.writers:
        raise Mismatch(words.WRITTEN_BY_NO_STEP.format(found=found(at)), ".at")
    if kind == PHASE and not any(step.phase == at for step in steps):
        raise Mismatch(words.NO_SUCH_PHASE.format(found=found(at)), ".at")
    if kind in (CONDITION, WATCH) and not stop.when:
        raise Mismatch(words.NO_CONDITION, ".when")
    if kind in ALWAYS_THERE and stop.identity not in BUILT_IN:
        raise Mismatch(words.NOTHING_BUT_KIND.format(found=found(stop.when or at)), ".kind")
    try:
        return checked(stop, timeline.names)
    except StopError as error:
        raise Mismatch(str(error), ".when") from None
