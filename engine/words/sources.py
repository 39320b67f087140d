"""Errors of a scenario's samples."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── which source ─────────────────────────────────────────────────────────────────────────────────────────────

ONE_SOURCE = _("either x and t, or generate with inputs and samples, or one of csv, npz and idx")
BESIDE_ANOTHER = _("stands beside {source}, expected {one_source}")
OF_ANOTHER = _("belongs to {source}, expected {one_source}")
MISSING = _("missing, expected {one_source}")

# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

TOO_MANY_NUMBERS = _("found {sizes} numbers in an array, expected at most {most:,}")
OTHER_NUMBER_OF_ROWS = plural(
    "found {count:,} row, expected {expected:,} as x has", "found {count:,} rows, expected {expected:,} as x has"
)
IMAGE_DOES_NOT_FIT = _("found {pixels} pixels, expected {inputs:,} in all, as many as a row of x has numbers")
TOO_SMALL_A_DIVISOR = _("found {divisor:g}, by which some inputs become infinite, expected a larger number")
TWO_SETS_TO_TEST_ON = _("found beside rows to test on from a file, expected one of the two")
TOO_MANY_TO_TEST_ON = _("found {found:,}, expected fewer than the number of rows, {rows:,}")
OTHER_NUMBER_TO_TEST_ON = plural(
    "found {count:,} row of targets to test on, expected {expected:,} as there are rows of inputs",
    "found {count:,} rows of targets to test on, expected {expected:,} as there are rows of inputs",
)
OTHER_WIDTH_TO_TEST_ON = plural(
    "found {count:,} input a row to test on, expected {expected:,} as in those to train on",
    "found {count:,} inputs a row to test on, expected {expected:,} as in those to train on",
)

# ── generated ────────────────────────────────────────────────────────────────────────────────────────────────

HIGH_NOT_ABOVE_LOW = _("found {high:g}, expected more than low, {low:g}")
TOO_WIDE = _("found {high:g}, whose distance from low, {low:g}, is no finite number, expected a smaller range")
NOT_FINITE = _("found NaN or infinity for some inputs, expected finite targets")
NOT_AN_INPUT = _('"{name}" is not an input, expected one of {known}')
NO_NUMBER_A_SAMPLE = _('"{expression}" gives no number a sample, expected arithmetic of the inputs')

# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES_OF_ARRAYS = plural(
    "found {count:,} name, expected those of x and t, and perhaps of x and t to test on",
    "found {count:,} names, expected those of x and t, and perhaps of x and t to test on",
)
NAMES_OF_IDX_FILES = plural(
    "found {count:,} name, expected images and labels, and perhaps images and labels to test on",
    "found {count:,} names, expected images and labels, and perhaps images and labels to test on",
)
WHERE_IDX_FILES_ARE = _("{problem}; --data FOLDER or the variable {variable} says where")

# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────

LABELS_NOT_EXPECTED = _("found class labels, expected rows of numbers (labels belong to {kinds})")
OUT_OF_RANGE = _("found {found:g}, expected a number from {low:g} to {high:g}: the loss is {kind}")
NEITHER = _("found {found:g}, expected {low:g} or {high:g}: the loss is {kind}")
LABEL_OUT_OF_RANGE = _("found label {label}, expected 0 to {last:,}")
TARGETS_DO_NOT_FIT = plural(
    "found {count:,} target a row, expected those of an output of shape {shape}",
    "found {count:,} targets a row, expected those of an output of shape {shape}",
)
NEGATIVE = _("found {found:g}, expected a probability, that is a number from 0 on")
SUM_NOT_1 = _("found a sum of {total:g}, expected numbers that sum to 1")
