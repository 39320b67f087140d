"""The texts of the curves of norms, and of the symptoms that they show."""

from __future__ import annotations

from gradstep.engine.words.language import _

NORM_OF_GRADIENT = _("norm of ∂E/∂{parameter}")
NORM_OF_UPDATE = _("norm of the update of {parameter}")
RELATIVE_UPDATE = _("size of the update relative to {parameter} (about 1e-3 is usual)")
COLUMNS = _(
    "{parameter}: iteration, norm of the gradient, norm of the update, size of the update relative to {parameter}"
)
AT_ENDS = _("the norms are those at the end of each iteration")

# ── symptoms ─────────────────────────────────────────────────────────────────────────────────────────────────

AT_CURSOR = _("at the cursor: {symptom}")
HEALTHY = _("at the cursor: nothing vanishes, explodes, is dead or saturated")
FROM = _("{symptom}, {symbol}: from iteration {first:,}")
FROM_TO = _("{symptom}, {symbol}: from iteration {first:,} to {last:,}")

KIND_NOT_FINITE = _("not finite")
KIND_EXPLODING = _("exploding gradient")
KIND_VANISHING = _("vanishing gradient")
KIND_DEAD = _("dead ReLU")
KIND_CLOSED = _("closed ReLU")
KIND_SATURATED_SIGMOID = _("saturated sigmoid")
KIND_SATURATED_TANH = _("saturated tanh")

# when it is called so; an RMS is the root mean square of an array's elements
KIND_AND_MEANING = _("{kind}: {meaning}")
MEANS_NOT_FINITE = _("NaN or infinite")
MEANS_EXPLODING = _(
    "its RMS is above {rms:g}, and its norm above {ratio:,g} times that of the weights, or above theirs and {growth:g} times its own one iteration earlier"
)
MEANS_VANISHING = _(
    "its RMS is below {share:g} times that of the last layer's gradient, and below {share:g} times that of the weights"
)
MEANS_DEAD = _("u ≤ 0 in every row of a batch; a row of another batch may open it")
MEANS_CLOSED = _("u ≤ 0 in the only row of a batch; another row may open it")
MEANS_SATURATED = _("φ′(u) is below {below:.0%} of its maximum in every row of a batch")
