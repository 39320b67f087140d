"""Units that let nothing through: dead, closed for a row, saturated. The one place where the net picture finds them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Mask
from gradstep.tui.pictures.net.look import Look
from gradstep.tui.pictures.net.structure import Layer


@dataclass(frozen=True, eq=False)
class UnitStates:
    """A truth value a unit. dead, saturated: for every row of the data; closed: for the row that is shown."""

    dead: Mask
    closed: Mask
    saturated: Mask


def unit_states(look: Look, layer: Layer) -> UnitStates | None:
    """The states of a layer's units; None where its activation has none, or while they are not computed."""
    operation, u = layer.activation, look.array(layer.values[0])
    if operation is None or u is None or len(layer.values) < 2 or look.array(layer.values[1]) is None:
        return None
    known = look.still.get(layer.values[0])
    if known is None:
        return None
    row = u[min(look.row, len(u) - 1)]
    closed = np.asarray(row <= 0) if operation.closes else np.zeros(layer.units, dtype=np.bool_)
    return UnitStates(known.dead, closed, known.saturated)
