"""What is said where the parts of a scenario do not fit together."""

from __future__ import annotations

from engine.words.language import _, plural

# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────

RESERVED = _('"{name}" has a meaning of its own, expected another name')
CANNOT_BE_TYPED = _('"{name}" cannot be typed, expected a name of letters, digits and underscores')

# ── draws and measurements ───────────────────────────────────────────────────────────────────────────────────

DRAWS_FROM_DATA = _('"{kind}" draws from data, expected a table [data]')
BATCH_OF_ALL = _('belongs to draws other than "all", expected draw = "with_replacement" or another beside it')
TOO_LARGE_BATCH = _("found {batch:,}, expected at most {samples:,}, the number of rows")
MEASURED_WITHOUT_DATA = _("found no rows to measure an accuracy on, expected a table [data]")
MEASURED_WITHOUT_UPDATE = _("found no update to measure an accuracy after, expected a table [optimizer]")
NO_SET_OF_ROWS = _('"{name}" is not a set of rows{hint}, expected "train", "test" or both')
NO_ROWS_TO_TEST_ON = _("found no rows to test on, expected test = how many in [data], or a file of them")

# ── layers ───────────────────────────────────────────────────────────────────────────────────────────────────

NO_AFFINE_BEFORE = _('found "{kind}", expected an affine layer before each activation')
NO_DERIVATIVE = _('found no derivative beside it, expected one to be taken there, such as derivative = "sigmoid"')
BESIDE_UNITS = _("stands beside units, expected W and b, or units")
NO_PARAMETERS = _("missing, expected W and b, or units")
WEIGHTS_DO_NOT_FIT = plural(
    "found weights of shape {shape}, expected {count:,} row for {count:,} input",
    "found weights of shape {shape}, expected {count:,} rows for {count:,} inputs",
)
BIASES_DO_NOT_FIT = plural(
    "found {count:,} bias, expected {expected:,} for weights of shape {shape}",
    "found {count:,} biases, expected {expected:,} for weights of shape {shape}",
)

# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────

OTHER_NUMBER_OF_INPUTS = plural(
    "found {count:,} name, expected {operands} for {kind}", "found {count:,} names, expected {operands} for {kind}"
)
NAME_OF_TWO = _('"{name}" is the name of two values, expected a name of its own')
NOT_A_NODE_OR_INPUT = _('"{name}" is not a node or an input{hint}')
CYCLE = _("the nodes form a cycle ({cycle}), expected none to depend on itself")
NOT_A_NODE = _('"{name}" is not a node{hint}')
SEVERAL_OUTPUTS = _("nodes {names} are used by none, expected output = one of them")
UNUSED = _("the output {output} does not depend on it, expected a node that uses it on the way there")

# ── optimizer ────────────────────────────────────────────────────────────────────────────────────────────────

NOT_A_PARAMETER = _('"{name}" is not a parameter{hint}')
