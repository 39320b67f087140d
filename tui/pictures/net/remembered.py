"""What follows from a scenario, a notation and a size alone is worked out once: names, places, layouts.

It is kept as long as the scenario is, and is the same whether it is kept or not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pictures.net.look import Look

Kept = TypeVar("Kept")
_MOST = 2048  # of one scenario
_OF: WeakKeyDictionary[Scenario, dict[Hashable, object]] = WeakKeyDictionary()


def remembered(look: Look, key: tuple[Hashable, ...], made: Callable[[], Kept]) -> Kept:
    """What is made, or was made before for this key in this scenario and notation."""
    notation = look.notation
    whole = (notation.names, notation.own, notation.ascii, *key)
    kept = _OF.setdefault(look.moment.scenario, {})
    if whole not in kept:
        if len(kept) >= _MOST:
            kept.clear()
        kept[whole] = made()
    return cast(Kept, kept[whole])
