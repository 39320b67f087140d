"""What is remembered of a scenario from one start to the next: its stops and watches, and which are switched off.

One small JSON file a scenario stands in a folder of the person's own; it is written whole or not at all. What of it no
longer fits a scenario that has changed since is left out, and a file that cannot be read is as good as none: this is a
convenience, and a session is what keeps things for good.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gradstep.engine.data.files.errors import FileError
from gradstep.engine.data.files.whole import read_whole
from gradstep.engine.data.files.writing import write_whole
from gradstep.engine.scenario.loading import is_bundled
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.scenario.types import Mismatch
from gradstep.engine.stops.stops import Stop
from gradstep.engine.strictjson import dumps
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import sessions as words

STATE_VARIABLE = "GRADSTEP_STATE"
MOST = 1  # MiB


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where it is kept: what GRADSTEP_STATE names, otherwise the place that the system has for such things."""
    named = environment.get(STATE_VARIABLE)
    if named:
        return Path(named).expanduser()
    base = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA")
    return Path(base or "~/.local/state").expanduser() / "gradstep"


def file_of(scenario: Scenario, folder: Path, kind: str = "stops") -> Path:
    """Where something of a scenario is kept: of a bundled one by its name, of any other by its path."""
    name = scenario.file if is_bundled(scenario) else str(Path(scenario.file).resolve())
    return folder / f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"


def recall_stops(timeline: Timeline, folder: Path) -> bool:
    """Give a timeline the stops that were there last time, as far as they fit; whether there were any."""
    known = _read(file_of(timeline.scenario, folder))
    if known is None:
        return False
    stops = [stop for stop in (_stop(timeline, each) for each in known) if stop is not None]
    remembered = {stop.identity: stop for stop in stops}
    there = [remembered.pop(stop.identity, stop) for stop in timeline.stops]
    timeline.stops = (*there, *remembered.values())
    return True


def keep_stops(timeline: Timeline, folder: Path) -> None:
    """Remember a timeline's stops. Raises OSError where that is not possible."""
    file = file_of(timeline.scenario, folder)
    folder.mkdir(parents=True, exist_ok=True)
    content = {"scenario": timeline.scenario.file, "stops": [asdict(stop) for stop in timeline.stops]}
    write_whole(file, f"{dumps(content, indent=1)}\n".encode())


def _stop(timeline: Timeline, given: Any) -> Stop | None:
    """A stop as it was written, if it can be used in this run."""
    from gradstep.engine.sessions import stop_type  # noqa: PLC0415 - most starts remember nothing

    try:
        found: Stop = stop_type(timeline).check(given)
    except Mismatch:
        return None
    return found


def _read(file: Path) -> list[Any] | None:
    """The stops in a file; None where there is none that can be read."""
    try:
        content = json.loads(read_whole(file, MOST, words.A_SESSION).decode())
    except (FileError, ValueError, RecursionError):
        return None
    stops = content.get("stops") if isinstance(content, dict) else None
    return stops if isinstance(stops, list) else None


def seen_before(name: str, folder: Path) -> bool:
    """Whether something that is shown once has been shown."""
    return (folder / name).is_file()


def mark_seen(name: str, folder: Path) -> None:
    """It has been shown now. Raises OSError where that cannot be remembered."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
