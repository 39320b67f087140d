"""What is said of a scenario's samples and where they come from."""

from __future__ import annotations

from engine.words.language import _

# ── which source ─────────────────────────────────────────────────────────────────────────────────────────────

ONE_SOURCE = _("either x and t, or generate with inputs and samples, or one of csv, npz and idx")
BESIDE_ANOTHER = _("stands beside {source}, expected {one_source}")
OF_ANOTHER = _("belongs to {source}, expected {one_source}")
MISSING = _("missing, expected {one_source}")

# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

TOO_MANY_NUMBERS = _("{sizes} numbers are too many, at most {most} expected")
OTHER_NUMBER_OF_ROWS = _("{rows} rows, expected {expected} as x has")
IMAGE_DOES_NOT_FIT = _("{pixels} pixels do not fit rows of {inputs} inputs")
TWO_SETS_TO_TEST_ON = _("stands beside rows to test on of their own, expected one of the two")
TOO_MANY_TO_TEST_ON = _("found {found}, expected fewer than the {rows} rows there are")
OTHER_NUMBER_TO_TEST_ON = _("{inputs} rows of inputs and {targets} of targets to test on, expected equally many")
OTHER_WIDTH_TO_TEST_ON = _("rows of {found} inputs to test on, expected {expected} as those to train on")

# ── generated ────────────────────────────────────────────────────────────────────────────────────────────────

HIGH_NOT_ABOVE_LOW = _("found {high:g}, expected more than low, {low:g}")
NOT_FINITE = _("gives NaN or infinity for some inputs, expected finite targets")
NOT_AN_INPUT = _('"{name}" is not an input; the inputs are {known}')
NO_NUMBER_A_SAMPLE = _('"{expression}" gives no number a sample, expected arithmetic of the inputs')

# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES_OF_ARRAYS = _("found {found} names, expected those of x and t, and perhaps of x and t to test on")
NAMES_OF_IDX_FILES = _("found {found} names, expected images and labels, and perhaps images and labels to test on")
WHERE_IDX_FILES_ARE = _("{problem}; give their folder with --data FOLDER or in the environment variable {variable}")

# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────

LABELS_NOT_EXPECTED = _("found class labels, expected rows of numbers (labels belong to softmax_cross_entropy)")
LABEL_OUT_OF_RANGE = _("found label {label}, expected 0 to {last}")
TARGETS_DO_NOT_FIT = _("rows of {targets} targets do not fit an output of shape {shape}")
SUM_NOT_1 = _("found a sum of {total:g}, expected numbers from 0 on that sum to 1")
