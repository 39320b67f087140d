"""Errors of starting values: rules, formulas that draw, and arrays from files."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────

NO_NAMES = _('"{name}" is a name, expected numbers and functions such as randn(2, 3)')
ONE_NUMBER = _("expected one number")
NO_SIZES = _("{function} needs sizes, whole numbers from 1, such as {example}")
RAGGED = _("expected rows of equally many numbers, such as [[1, 2], [3, 4]]")
CANNOT_BE_DRAWN = _("{function} cannot draw from these numbers")
TOO_MANY = _("found too many numbers, expected at most {most:,} in all parts of the formula together")
NOT_FINITE = _("found NaN or infinity in what the formula gives, expected finite numbers")

# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────

OF_RULE = _('belongs to the rule "{rule}", expected {key} = "{rule}" beside it')
LOW_AND_HIGH = _("missing, expected low and high, or neither")
HIGH_NOT_ABOVE_LOW = _("found {high:g}, expected more than {low:g}")

# ── numbers without brackets around each row ─────────────────────────────────────────────────────────────────

ONE_SAMPLE_OR_SEVERAL = _(
    "found {count} numbers in x and in t, one sample or {count}, expected x = [[{row}]] or x = [[{column}]]"
)
ROWS_OF_T = plural(
    "found {count:,} number, expected a row for each row of t, of which there are {rows:,}",
    "found {count:,} numbers in a list, expected a row for each row of t, of which there are {rows:,}",
)
NO_CLASS_LABEL = _("found {found:g}, expected a class label, that is a whole number from 0")
WEIGHTS_OF_WHICH_SHAPE = plural(
    "found {count:,} number in a list, expected {inputs:,}, one an input of a single unit, or rows, one an input",
    "found {count:,} numbers in a list, expected {inputs:,}, one an input of a single unit, or rows, one an input",
)
ONE_WEIGHT = _("found one number, expected units beside it, which all of its weights are for, or rows")
OTHER_UNITS = _("found weights of shape {shape}, expected {units:,} columns as units says")
TRANSPOSED_WEIGHTS = _(
    "found weights of shape {shape}, expected {inputs:,} rows, one an input; {{ …, transpose = true }} turns units × inputs"
)
TABLE_OF_BIASES = _("found biases of shape {shape}, expected a list, or one number for all units")
NO_ROWS = _("found an array of shape {shape}, expected rows, one a sample")
