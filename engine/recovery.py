"""The session that is kept when the debugger fails or is told to end: the next start offers it.

One file a scenario, beside the stops that are remembered of it; it is a session like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gradstep.engine.program.positions import Position
from gradstep.engine.remembered import file_of
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.timeline import Timeline

KEPT = "kept"


def is_worth_keeping(timeline: Timeline) -> bool:
    """Whether something would be lost, forks or a cursor that is not at the start: stops are remembered anyway."""
    start = timeline.position.iteration == 1 and timeline.position.step == 0
    return len(timeline.branches) > 1 or not start


def keep_session(timeline: Timeline, folder: Path) -> Path:
    """Keep a timeline's session, in the place of one that was kept before; gives its file.

    Raises OSError or SessionError where that is not possible.
    """
    from gradstep.engine.sessions import save_session  # noqa: PLC0415 - most runs keep nothing

    folder.mkdir(parents=True, exist_ok=True)
    path = file_of(timeline.scenario, folder, KEPT)
    save_session(timeline, path)
    return path


def kept_session(scenario: Scenario, folder: Path) -> Path | None:
    """The file of the session that was kept of a scenario, None where there is none."""
    path = file_of(scenario, folder, KEPT)
    return path if path.is_file() else None


def take_session(path: Path, data: Sequence[Path], history_bytes: int) -> tuple[Timeline, Position]:
    """The run and the position of a session that was kept. Raises SessionError where it fits no more."""
    from gradstep.engine.sessions import read_session  # noqa: PLC0415 - most starts have none

    return read_session(path, data, history_bytes=history_bytes)
