"""All texts there are on steps, in one table.

An entry's key is the name of an operation, with ":" and a variant where one text does not fit all its uses; a key that
begins with "remark:" adds to what is said of a step, where that is more than its operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gradstep.tui.words.steps.arrays import ARRAYS
from gradstep.tui.words.steps.backward import BACKWARD
from gradstep.tui.words.steps.curves import CURVES
from gradstep.tui.words.steps.dropout import DROPOUT
from gradstep.tui.words.steps.elementwise import ELEMENTWISE
from gradstep.tui.words.steps.entry import Entry
from gradstep.tui.words.steps.formulas import FORMULAS
from gradstep.tui.words.steps.forward import FORWARD, LOSSES
from gradstep.tui.words.steps.images import IMAGES
from gradstep.tui.words.steps.optimizers import OPTIMIZERS
from gradstep.tui.words.steps.remarks import REMARKS
from gradstep.tui.words.steps.rows import DATA
from gradstep.tui.words.steps.update import UPDATE

CATALOGUE: Mapping[str, Entry] = MappingProxyType(
    {
        **DATA,
        **FORWARD,
        **LOSSES,
        **BACKWARD,
        **UPDATE,
        **ELEMENTWISE,
        **CURVES,
        **ARRAYS,
        **IMAGES,
        **DROPOUT,
        **OPTIMIZERS,
        **FORMULAS,
        **REMARKS,
    },
)
