"""The texts of images."""

from __future__ import annotations

from gradstep.engine.words.language import _

INTO_UNIT = _("{weights}[:,{unit}]: the weights into unit {unit} of {units}")
DRAWN_ROW = _("{symbol}[{row}], row {row} of {rows} drawn")
TARGET = _("target {target}")
OUTPUT = _("output {output} ({value})")
