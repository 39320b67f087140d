"""Texts about operations: the words in their formulas, and why shapes do not fit."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────

SCALAR = _("scalar")  # in place of the lengths of an array's axes
SHAPES_DIFFER = _("shapes {shapes} differ; they must be equal")
SHAPES_DIFFER_NONE_SCALAR = _("shapes {one} and {other} differ; they must be equal, or one a scalar")
INPUTS_DO_NOT_FIT = _("inputs of shape {inputs} do not fit weights of shape {weights} (inputs × outputs)")
BIAS_DOES_NOT_FIT = _("a bias of shape {bias} does not fit weights of shape {weights}, expected {expected}")
ROWS_DIFFER = _("inputs of shape {inputs} and deltas of shape {deltas} differ in rows")
COLUMNS_DIFFER = _("deltas of shape {deltas} and weights of shape {weights} differ in columns")

# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────

ROWS_DRAWN = _("rows drawn")
ALL_ROWS = _("all rows")
MASK_DRAWN = _("mask drawn")
NUMBER_OF_THE_ITERATION = _("number of the iteration")
NUMBER_OF_THE_EPOCH = _("number of the epoch")

# Of one element:
CHOICE = _("({low} if {test} ≤ 0 else {high})")
MORE_TERMS = plural("(the other term)", "(the other {count} terms)")
