"""The texts of the picture of what a network has learned."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── why there is none ────────────────────────────────────────────────────────────────────────────────────────

NO_DATA = _("there are no data whose range could be drawn")
NOT_TWO_INPUTS = _("a row of the data has {inputs:,} inputs; a plane needs exactly two")
NOT_ROW_BY_ROW = _("the output is not made of the inputs row by row")
NO_FINITE_ROW = _("no row of the data is finite")
TOO_FAR = _("the data reach too far")

# ── its title ────────────────────────────────────────────────────────────────────────────────────────────────

OVER = _("{output} over {x0} and {x1}")
ONE_OUTPUT = _("{output} (output {column} of {columns})")
LARGEST_CLASS = _("class of the largest {output}")
BEFORE_UPDATE = _("{picture}, before the update of iteration {iteration:,}")
AFTER_UPDATE = _("{picture}, after the update of iteration {iteration:,}")
WITHIN_UPDATE = _("{picture}, with {updated}; the other parameters not yet updated")

# ── what its characters stand for ────────────────────────────────────────────────────────────────────────────

EVERYWHERE = _("{number} everywhere")
FROM_TO = _("{first} to {last}")
CLASSES = _("{classes}: class of the largest output")
CLASS_OF_LARGEST = _("class of the largest output")
CLASSES_AND_THIN = _("{classes}: class of the largest output; thin: probability below {sure:g}")

# ── the data on top ──────────────────────────────────────────────────────────────────────────────────────────

ROWS = _("{marks} {count:,} of {total:,} rows")
ROWS_NOT_IN_BATCH = plural(
    "{marks} row not in the batch ({count:,} of all {total:,})",
    "{marks} rows not in the batch ({count:,} of all {total:,})",
)
BATCH = plural("{marks} the batch's row", "{marks} the batch's rows")
SOME_OF_BATCH = _("{marks} {count:,} of the batch's rows")
WITH_CLASS = plural("{rows}, the digit its class", "{rows}, the digit their class")
WITH_TARGET = _("{rows} with target {target}")
WITH_BOTH_TARGETS = _("{rows} with target 0 and 1")
SIDES = _("below {half:g} it says 0, above it 1")

# ── its text ─────────────────────────────────────────────────────────────────────────────────────────────────

# numbers: VALUES_OF_ROW.
ROW_OF_BATCH = _("row {row:,} of the batch: {numbers}")
ROW_NOT_IN_BATCH = _("row {row:,} of the data, not in the batch: {numbers}")
ROW_OF_DATA = _("row {row:,} of the data: {numbers}")
VALUES_OF_ROW = _("{x0} {value0}, {x1} {value1}, target {target}, output {output}")
MORE_OF_BATCH = plural("and {count:,} row more of the batch", "and {count:,} rows more of the batch")
MORE_NOT_IN_BATCH = plural(
    "and {count:,} row more that is not in the batch", "and {count:,} rows more that are not in the batch"
)
MORE_OF_DATA = plural("and {count:,} row more of the data", "and {count:,} rows more of the data")
