"""Units that let nothing through: dead, closed for a row, saturated. The one place where the net picture finds them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradstep.engine.analysis.health import SATURATED_BELOW
from gradstep.engine.arrays import Mask
from gradstep.tui.pictures.net.look import Look
from gradstep.tui.pictures.net.structure import Layer


@dataclass(frozen=True, eq=False)
class UnitStates:
    """A truth value a unit. dead: closed in every row of the batch; closed: in that shown; saturated: in every row."""

    dead: Mask
    closed: Mask
    saturated: Mask


def unit_states(look: Look, layer: Layer) -> UnitStates | None:
    """The states of a layer's units; None where its activation has none, or while they are not computed."""
    operation, u = layer.activation, look.array(layer.values[0])
    if operation is None or u is None or len(layer.values) < 2 or look.array(layer.values[1]) is None:
        return None
    row = u[min(look.row, len(u) - 1)]
    none = np.zeros(layer.units, dtype=np.bool_)
    if operation.closes:
        dead: Mask = np.all(u <= 0, axis=0)
        return UnitStates(dead, row <= 0, none)
    if operation.slope is not None:
        with np.errstate(all="ignore"):
            flat: Mask = np.all(operation.slope(u) < SATURATED_BELOW, axis=0)
        return UnitStates(none, none, flat)
    return None
