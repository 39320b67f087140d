"""The texts of heat maps."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

NO_ELEMENTS = _("no elements")
POINTED_AT = _("{marks} point at {element} = {value}")
BLOCKS = _("{shape}, each cell is the largest of {height}×{width}")

SHAPE = plural("shape {shape}, {count:,} number", "shape {shape}, {count:,} numbers")
SIGNS = _("{negative:,} negative, {zero:,} zero, {positive:,} positive, {others:,} not finite")
RANGE = _("min {smallest} ({at_smallest}), max {largest} ({at_largest}), {mean}")
MEAN = _("mean {mean}")
MEAN_OF_FINITE = _("mean {mean} of the finite ones")
LARGEST = _("largest by magnitude: {elements}")
NOT_FINITE = _("not finite: {elements}")
