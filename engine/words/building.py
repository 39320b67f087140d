"""What is said where the parts of a scenario do not fit together."""

from __future__ import annotations

from engine.words.language import _, plural

# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────

RESERVED = _('"{name}" has a meaning of its own, expected a name of letters, digits and underscores')
CANNOT_BE_TYPED = _('"{name}" cannot be typed, expected a name of letters, digits and underscores')

# ── draws and measurements ───────────────────────────────────────────────────────────────────────────────────

DRAWS_FROM_DATA = _('"{kind}" draws from data, expected a table [data]')
BATCH_OF_ALL = _('belongs to draws other than "all", expected draw = "with_replacement" or another beside it')
TOO_LARGE_BATCH = _("found {batch}, expected at most {samples}, the rows there are")
MEASURED_WITHOUT_DATA = _("accuracy is of data, expected a table [data]")
MEASURED_WITHOUT_UPDATE = _("accuracy is measured after an update, expected a table [optimizer]")
NO_SET_OF_ROWS = _('"{name}" is not a set of rows{hint}, expected "train", "test" or both')
NO_ROWS_TO_TEST_ON = _("there are no rows to test on, expected test = how many in [data], or a file of them")

# ── layers ───────────────────────────────────────────────────────────────────────────────────────────────────

NO_AFFINE_BEFORE = _('found "{kind}", expected an affine layer before each activation')
NO_DERIVATIVE = _("belongs to derivative, expected it beside")
BESIDE_UNITS = _("stands beside units, expected W and b, or units")
NO_PARAMETERS = _("missing, expected W and b, or units")
WEIGHTS_DO_NOT_FIT = plural(
    "weights of shape {shape} do not fit {count:,} input, expected {count:,} row",
    "weights of shape {shape} do not fit {count:,} inputs, expected {count:,} rows",
)
BIASES_DO_NOT_FIT = _("{biases} biases do not fit weights of shape {shape}, expected {expected}")

# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────

OTHER_NUMBER_OF_INPUTS = plural(
    "found {count:,} name, {kind} takes {operands}", "found {count:,} names, {kind} takes {operands}"
)
NAME_OF_TWO = _('"{name}" is the name of two values, expected a name of its own')
NOT_A_NODE_OR_INPUT = _('"{name}" is not a node or an input{hint}')
CYCLE = _("the nodes form a cycle ({cycle}), expected none to depend on itself")
NOT_A_NODE = _('"{name}" is not a node{hint}')
SEVERAL_OUTPUTS = _("nodes {names} are used by none, expected output = one of them")
UNUSED = _("{output} does not depend on it, expected a node that uses it")

# ── optimizer ────────────────────────────────────────────────────────────────────────────────────────────────

NOT_A_PARAMETER = _('"{name}" is not a parameter{hint}')
