"""Whether there is room for what a scenario asks for: one array, and all that a run holds."""

from __future__ import annotations

import numpy as np

from gradstep.engine import limits
from gradstep.engine.limits import Held
from gradstep.engine.scenario.document import Document
from gradstep.engine.words import limits as limit_words
from gradstep.engine.words import sources as words


def check_size(document: Document, key: str, *sizes: int) -> None:
    """Raises ScenarioError where an array would be too large."""
    if int(np.prod([float(size) for size in sizes])) > limits.ARRAY:
        made = " × ".join(f"{size:,}" for size in sizes)
        raise document.error(key, words.TOO_MANY_NUMBERS.format(sizes=made, most=limits.ARRAY))


def check_held(document: Document, key: str, held: Held) -> None:
    """Raises ScenarioError where a run would hold too many numbers."""
    if held.too_many:
        problem = limit_words.TOO_MANY_NUMBERS.format(
            total=held.total,
            data=held.data,
            parameters=held.parameters,
            values=held.values,
            losses=held.losses,
            history=held.history,
            most=limits.NUMBERS,
        )
        raise document.error(key, problem)
