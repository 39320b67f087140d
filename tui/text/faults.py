"""An exception that nobody expected, as a line for people."""

from __future__ import annotations

import traceback
from pathlib import Path

from gradstep.engine.errors import one_line, reason_of
from gradstep.tui.words import boundary as words

OURS = Path(__file__).parents[2]
MOST_CHARACTERS = 120  # of what an exception says


def told(error: BaseException) -> str:
    """What the system has not got or does not give; else a fault, with the line of ours that it came through last."""
    if isinstance(error, MemoryError):
        return words.NO_MEMORY
    if isinstance(error, OSError):
        return words.REFUSED.format(reason=reason_of(error).lower())
    said = one_line(str(error), MOST_CHARACTERS)
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(OURS)]
    if lines:
        where = f"{Path(lines[-1].filename).relative_to(OURS)}:{lines[-1].lineno}"
        what = words.AT.format(what=what, where=where)
    return words.FAULT.format(what=what)
