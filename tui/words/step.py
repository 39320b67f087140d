"""The texts of the panel of the step that has just run."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── at the start ─────────────────────────────────────────────────────────────────────────────────────────────

SOURCE = _("Source: {source}")
WHAT_IS_HERE = plural(
    "You see one training iteration of {count:,} step. Nothing has run yet: a dot is a number still to come.",
    "You see one training iteration of {count:,} steps. Nothing has run yet: a dot is a number still to come.",
)
PRESS_SPACE = _("Press Space to run the first step: {formula}")
PRESS_SPACE_TO_DRAW = _("Press Space to run the first step: it takes the inputs {symbol} from the data")

# ── the labels of notes ──────────────────────────────────────────────────────────────────────────────────────

WHY = _("why")
NEXT = _("next")
CHANGE = _("change")

# ── in the frame ─────────────────────────────────────────────────────────────────────────────────────────────

HIDDEN = _("hidden")
OUTPUT = _("output")
FROZEN = _("frozen")
SUMMED_OVER = plural("summed over {count:,} row", "summed over {count:,} rows")

# What the rows and columns of an array are:
AXES = _("{rows} × {columns}")
ROWS_OF = plural("{count:,} row", "{count:,} rows")
INPUTS = plural("{count:,} input", "{count:,} inputs")
UNITS = plural("{count:,} unit", "{count:,} units")
OUTPUTS = plural("{count:,} output", "{count:,} outputs")

# ── in the map of a large result ─────────────────────────────────────────────────────────────────────────────

A_NUMBER = _("a cell is a number")
LARGEST_OF = (_("a cell: largest of {height}×{width}"), _("largest of {height}×{width}"), _("{height}×{width} a cell"))

# ── in the arithmetic ────────────────────────────────────────────────────────────────────────────────────────

LARGEST = plural("the largest of {of:,}", "the {count:,} largest of {of:,}")
MORE = plural("+ {count:,} more", "+ {count:,} more")
OTHERS = plural("the other term", "the other {count:,} terms")
OTHER_ROWS_SUM = plural("the other row", "the other {count:,} rows")
ROW = _("row {row}")
ROW_OF = _("row {row} of {count:,}")
ROW_AND_UNIT = _("row {row}, {unit}")
NO_ROOM = _("no room for the arithmetic here: z makes the panel larger")
TERM = _("term")
SUM = _("sum")

# ── rows of the data ─────────────────────────────────────────────────────────────────────────────────────────

MASK = _("drawn at random: 0 with the chance {rate}")
COUNTED = _("counted by the run")
ALL_ROWS = plural("the only row of the data", "all {count:,} rows of the data")
ROWS = plural("row {rows} of 0 to {last:,}", "rows {rows} of 0 to {last:,}")
MORE_OF_THEM = _("{rows} and {count:,} more")
MORE_ROWS = plural("+ {count:,} more row", "+ {count:,} more rows")
MORE_COLUMNS = plural("+ {count:,} more column", "+ {count:,} more columns")
CLASS = _("class of {symbol}")
RIGHT = _("right")
RIGHT_OF = _("{right:,} of {count:,} right")

# ── who reads it ─────────────────────────────────────────────────────────────────────────────────────────────

NEXT_ITERATION = _("it is {symbol} of the next iteration")
READ_BY_ONE = _("{user} reads {symbol}")
READ_BY_TWO = _("{symbol} is used twice: {one} and {other}")
READ_BY = _("{symbol} is used {count} times: {others} and {last}")
READ_BY_MANY = _("{symbol} is used {count} times: {first} and {more} more")
READ_BY_SO_MANY = _("{symbol} is used {count} times")
BACKWARD_BEGINS = _("the backward pass begins at {first}")
READ_BY_NONE = _("no later step of the iteration reads {symbol}")

# ── what has changed ─────────────────────────────────────────────────────────────────────────────────────────

BY_UPDATE = _("by this update")
SINCE = _("since iteration {iteration:,}")
NO_CHANGE = _("none {since}")
FROM_TO = _("{before} → {now} {since}")
NORM = _("norm {before} → {now}, at most {most} an element, {since}")
OTHER_ROWS = _("other rows were drawn")
SAME_ROWS = _("the same rows as in the iteration before")
NEW_ROWS = _("other rows than in the iteration before")

# ── what is odd ──────────────────────────────────────────────────────────────────────────────────────────────

BY_HAND = _("{element}: {given}")
