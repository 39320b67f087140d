"""The texts of the picture of a network."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────

BEFORE_FIRST_STEP = _("before the first step")
ROW = _("row {row} of {rows:,}")
SHOWN_LAYERS = _("shown: from {first} to {last}")
INPUTS = _("inputs")
LOSS = _("loss")
MORE = _("{count:,} more")

# ── its legend, as far as there is something of it ───────────────────────────────────────────────────────────

# w: a weight or bias. marks: of the lines that carry gradients instead.
THIRDS = _("─ ═ ━ thirds of the largest |w|")
THIRDS_AND_OF_GRADIENT = _("─ ═ ━ thirds of the largest |w|, on lines with {marks} of |∂E/∂w|")
ZERO = _("┄ 0")
SIGNS = _("⊕ ⊖ its sign")
NO_NUMBER = _("? NaN")
BIASES = _("b bias")

ABOVE_AND_BELOW = _("above a line: value, below: gradient ∂")
FIRST_ELEMENT = _("…{shape} the first element of an array of {shape}")
SUM = _("Σ sum of gradients")

DOT = _("· not computed")
READ_MARK = _("◂ read")
WRITTEN_MARK = _("▸ written")

# ── of which moment the numbers are: in the legend, and at the top of the text ───────────────────────────────

# Each fits in the 72 columns of a picture in a small terminal.
AFTER_UPDATE = _("parameters updated, all else from before the update")
WITHIN_UPDATE = _("{updated} updated, all else from before the update")
MEASURED = _("measured rows, units not shown")
MEASURED_AFTER_UPDATE = _("parameters updated, all else from before; measured rows, units not shown")

# What was set by hand after steps had read it; of many how many:
SET_SINCE = plural("⚠ {elements}: set by hand after it was read", "⚠ {elements}: set by hand after they were read")
NUMBERS = _("{count} numbers")

# ── numbers in the text ──────────────────────────────────────────────────────────────────────────────────────

NOT_COMPUTED = _("not computed yet")
PART_OF_ARRAY = _("{numbers} (of {shape})")
READ = _("{told} (read by this step)")
WRITTEN = _("{told} (written by this step)")

# ── layers in the text ───────────────────────────────────────────────────────────────────────────────────────

INTO_UNIT = _("in: {weights}")
WEIGHT = _("{weight} from {unit}, {gradient}")
BIAS = _("bias {bias}, {gradient}")

# ── graphs in the text ───────────────────────────────────────────────────────────────────────────────────────

NODE = _("{node} = {operation} of {operands}")
WIRE = _("value {value}, gradient {gradient}")
WIRE_WITHOUT_GRADIENT = _("value {value}, no gradient")
LEAVES = _("{node} leaves the graph: {wire}")
SUM_INTO_NODE = _("sum of its gradients: {gradient}")
SUM_INTO_INPUT = _("{node}: sum of its gradients {gradient}")
