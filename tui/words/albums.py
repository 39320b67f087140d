"""What the pictures of arrays say, heat maps, images and the curves of norms; and what all kinds of them are called."""

from __future__ import annotations

from engine.words.language import _, plural

NET = _("net")
HEAT_MAP = _("heat map")
LEARNED = _("learned")
NORMS = _("norms")
IMAGES = _("images of {symbol}")

# ── what the characters of heat maps and images mean ─────────────────────────────────────────────────────────

QUARTERS = _("each sign a quarter of the way; blank is 0")
ALL_ZERO = _("every number is 0")
NONE_FINITE = _("no number is finite")

# ── heat maps ────────────────────────────────────────────────────────────────────────────────────────────────

NO_ELEMENTS = _("no elements")
BLOCKS = _("{shape}, each cell is the largest of {height}×{width}")

SHAPE = plural("shape {shape}, {count:,} number", "shape {shape}, {count:,} numbers")
SIGNS = _("{negative:,} negative, {zero:,} zero, {positive:,} positive, {others:,} not finite")
RANGE = _("min {smallest} ({at_smallest}), max {largest} ({at_largest}), {mean}")
MEAN = _("mean {mean}")
MEAN_OF_FINITE = _("mean {mean} of the finite ones")
LARGEST = _("largest by magnitude: {elements}")
NOT_FINITE = _("not finite: {elements}")

# ── images ───────────────────────────────────────────────────────────────────────────────────────────────────

INTO_UNIT = _("{weights}[:,{unit}]: the weights into unit {unit} of {units}")
DRAWN_ROW = _("{symbol}[{row}], row {row} of {rows} drawn")
TARGET = _("target {target}")
OUTPUT = _("output {output} ({value})")

# ── norms ────────────────────────────────────────────────────────────────────────────────────────────────────

COMPUTING = _("the norms of the iterations so far are being computed")

NORM_OF_GRADIENT = _("norm of ∂E/∂{parameter}")
NORM_OF_UPDATE = _("norm of the update of {parameter}")
UPDATE_TO_WEIGHT = _("update to weight, of {parameter}")
COLUMNS = _("{parameter}: iteration, norm of the gradient, of the update, update to weight")

AT_CURSOR = _("at the cursor: {symptoms}")
HEALTHY = _("at the cursor: nothing vanishes, explodes, is dead or saturated")
FROM = _("{symptom}, {symbol}: from iteration {first:,}")
FROM_TO = _("{symptom}, {symbol}: from iteration {first:,} to {last:,}")
