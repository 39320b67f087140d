"""The texts of the tables of the layers."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── titles ───────────────────────────────────────────────────────────────────────────────────────────────────

OF_LAYER = _("{layer} · {kind}")
HIDDEN = _("hidden")
OUTPUT = _("output")
UNITS = plural("{count:,} {kind} unit", "{count:,} {kind} units")
OUTPUTS = plural("{count:,} output", "{count:,} outputs")
KINDS = {"relu": _("ReLU"), "sigmoid": _("sigmoid"), "tanh": _("tanh"), "identity": _("linear"), "step": _("step")}
VALUES = _("values")
MEASURED = _("measured")
LOSS = _("loss")

# ── headings ─────────────────────────────────────────────────────────────────────────────────────────────────

VALUE = _("value")
GRADIENT = _("gradient")
STATE = _("state")
NEXT = _("next")
NUMBERED = _("{group} {unit}")
UNIT = _("unit {unit}")
CALLED = _("called {name}")

SHAPE = _("shape")
NORM = _("norm")
FROM = _("from")
TO = _("to")
SPREAD = _("spread")
ZEROS = _("zero")
STRIP_EACH = (_("largest of each column"), _("largest each"), _("columns"))
STRIPS = (
    _("largest of each {count} columns"),
    _("largest of {count} columns"),
    _("largest of {count}"),
    _("max of {count}"),
)
ALL = _("all {value}")

# ── what is not seen ─────────────────────────────────────────────────────────────────────────────────────────

BETWEEN = _(" · ")
BETWEEN_IN_ASCII = _(", ")
ROWS = _("rows {first:,}-{last:,} of {count:,}")
ROWS_BRIEFLY = _("{first:,}-{last:,} of {count:,}")
LAYERS = _("layers {first:,}-{last:,} of {count:,}")
LAYERS_BRIEFLY = _("{first:,}-{last:,} of {count:,}")
LAYER = _("{layer} of {count:,}")  # layer 1 of 2
TABLE = _("table {place:,} of {count:,}")
OF_PHASE = _("{shown:,} of {count:,} symbols: those of this phase")
OF_PHASE_BRIEFLY = _("{shown:,} of {count:,} symbols"), _("{shown:,}/{count:,}")
ARRAYS = _("{shown:,} of {count:,} arrays: those of steps {first:,}-{last:,}")
ARRAYS_OF_STEP = _("{shown:,} of {count:,} arrays: those of step {first:,}")
ARRAYS_BRIEFLY = _("{shown:,} of {count:,} arrays"), _("{shown:,}/{count:,}")
NOT_SHOWN = _("not shown: {groups}")
SO_MANY_NOT_SHOWN = _("not shown: {count}")
LEFT_OUT = _("+ {count} more")
SLICE = _("{slice} of {shape}")
MORE_SLICES = plural("{count:,} more slice is not shown", "{count:,} more slices are not shown")

# ── two branches ─────────────────────────────────────────────────────────────────────────────────────────────

DIFFERENCE_OF = _("difference: {branch} − {other}"), _("{branch} − {other}"), _("difference")
DIFFERENCES = _("differ")
LARGEST = _("largest")
WHERE = _("where")
IN_BRANCH = _("{symbol} in {branch}")
NOTHING_DIFFERS = _("nothing differs here")
LARGEST_OF_ALL = _("largest difference: {element}, {difference}")
PAGE = _("page {page} of {count}")
SAME_IN_BOTH = _("the same in both: {symbols}")
COMPARED = _("{branch} beside {other}")
