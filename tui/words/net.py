"""The texts of the picture of a network."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────

BEFORE_FIRST_STEP = _("before the first step")
ROW = _("row {row} of {rows:,}")
INPUTS = _("inputs")
LOSS = _("loss")
MORE = _("{count:,} more")

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

# ── units and what is on the wires ───────────────────────────────────────────────────────────────────────────

UNIT = _("unit {unit}")
DEAD = _("dead")
CLOSED = _("closed")
SATURATED = _("saturated")
UNITS = plural("{layer}, {count:,} unit", "{layer}, {count:,} units")
A_CELL_EACH = _("{units}, a cell each")
MORE_UNITS = plural(" + {count:,} more unit", " + {count:,} more units")
DEAD_UNITS = _("dead for every row")
OPEN_FOR_ROW = _("open for this row")
SATURATED_UNITS = _("saturated for every row")
LARGEST = _("{symbol} largest")
IMAGE = _("image {rows}×{columns}")
LABEL = _("label")
NET = _("net")
PART = _(", {part}")  # of what is said behind it
TO_THE_LEFT = plural("{count:,} layer to the left", "{count:,} layers to the left")
TO_THE_RIGHT = plural("{count:,} layer to the right", "{count:,} layers to the right")

# ── what has just moved: in the edge of the panel ────────────────────────────────────────────────────────────

DRAWN = _("{symbol} was drawn")
FROM_TO = _("{first}…{last}")
GOES_ON = _("{value} goes on along {wires}")
THROUGH = _("{value} went through {operation} to {result}")
COMPARED = _("{value} and {target} meet in {loss}")
BEGINS = _("{gradient}: the way back begins at {value}")
BACK_THROUGH = _("{gradient} came back through {operation}′")
CAME_BACK = _("{product} came back along {wires}")
MEET = _("{one} and {other} meet in {gradient}")
SUMMED = _("{delta} is summed in {gradient}")
UPDATED = _("{wires} became {result}")
STAYS = _("{parameter} stays as it is")
NODES_OUT = plural("+ {count:,} node", "+ {count:,} nodes")
