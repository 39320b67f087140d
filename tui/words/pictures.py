"""The texts of pictures of arrays: heat maps, images, norms; and of the frame around any picture."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── kinds of pictures ────────────────────────────────────────────────────────────────────────────────────────

NET = _("net")
HEAT_MAP = _("heat map")
LEARNED = _("learned")
NORMS = _("norms")
IMAGES = _("images of {symbol}")

IMAGES_OF_NONE = _("images")

NO_IMAGES = _("the inputs are no images: the scenario gives no rows and columns of pixels")
NOTHING_TRAINED = _("no parameter is updated, so there are no norms to draw")
NOT_YET = _("{symbol} is not computed yet")
COMPUTING = _("the norms of the iterations so far are being computed")

# ── characters that stand for magnitudes ─────────────────────────────────────────────────────────────────────

ALL_ZERO = _("every number is 0")
NONE_FINITE = _("no number is finite")

# ── heat maps ────────────────────────────────────────────────────────────────────────────────────────────────

NO_ELEMENTS = _("no elements")
BLOCKS = _("{shape}, a cell: the largest of {height}×{width}")
HEAT_OF_STEP = _("what the step reads and writes")
HEAT_OF_PARAMETERS = _("parameters")
HEAT_OF_GRADIENTS = _("gradients of the parameters")
HEAT_OF_CHANGES = _("what the update adds to the parameters")
CHANGE = _("{after} − {before}")
NO_STEP = _("no step has run yet")
OWN_SCALES = _("each map has its own scale, up to its largest magnitude")
STRONGEST = _("the strongest colour stands for the largest magnitude")
ONE_SCALE = _("one scale for all")
MORE_MAPS = plural("+ {count:,} more map", "+ {count:,} more maps")

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
SHOWN = _("{first:,} to {last:,} of {count:,}")
TARGET = _("target {target}")
OUTPUT = _("output {output} ({value})")

# ── norms ────────────────────────────────────────────────────────────────────────────────────────────────────

NORMS_OF_GRADIENTS = _("norm of the gradient")
NORMS_OF_UPDATES = _("norm of the update")
RELATIVE_UPDATES = _("update / parameter, usual 1e-3")
NORMS_OF_PARAMETERS = _("norm of the parameter")
MORE_PARAMETERS = plural("+ {count:,} more parameter", "+ {count:,} more parameters")
MORE_IN_TEXT = plural("+ {count:,} more line", "+ {count:,} more lines")
COLUMNS = _(
    "{parameter}: iteration, norm of the gradient, norm of the update, size of the update relative to {parameter}"
)
FROZEN = _("frozen, not updated and without curves: {parameters}")
AT_ENDS = _("the norms are those at the end of each iteration")

# symptoms
AT_CURSOR = _("at the cursor: {symptom}")
HEALTHY = _("at the cursor: nothing vanishes, explodes, is dead or saturated")
FROM = _("{symptom}, {symbol}: from iteration {first:,}")
FROM_TO = _("{symptom}, {symbol}: from iteration {first:,} to {last:,}")

KIND_NOT_FINITE = _("not finite")
KIND_EXPLODING = _("exploding gradient")
KIND_VANISHING = _("vanishing gradient")
KIND_DEAD = _("dead ReLU")
KIND_SATURATED_SIGMOID = _("saturated sigmoid")
KIND_SATURATED_TANH = _("saturated tanh")
KIND_IDENTICAL = _("identical units")
KIND_PLATEAU = _("plateau")

# when it is called so; an RMS is the root mean square of an array's elements
KIND_AND_MEANING = _("{kind}: {meaning}")
MEANS_NOT_FINITE = _("NaN or infinite")
MEANS_EXPLODING = _(
    "its RMS is above {rms:g}, and its norm above {ratio:,g} times that of the weights, or above theirs and {growth:g} times its own one iteration earlier"
)
MEANS_VANISHING = _(
    "what comes back to it has an RMS below {share:g} times that of what comes back to the last layer, and so has its own beside that of the weights"
)
MEANS_DEAD = _("u ≤ 0 for every row of the data, in {share:.0%} of the layer's units or more")
MEANS_SATURATED = _(
    "φ′(u) is below {below:.0%} of its maximum for every row of the data, in {share:.0%} of the layer's units or more"
)
MEANS_IDENTICAL = _("the same weights coming in and going out, and so the same gradients forever")
MEANS_PLATEAU = _(
    "the mean loss over {least} iterations and {epochs} epochs or more is within {flat:.1%} of the one before, and above {above:.0%} of what the best constant output would come to"
)

# ── the frame around a picture ───────────────────────────────────────────────────────────────────────────────

ONE_OF_PICTURES = _("{place:,} of {count:,}")
