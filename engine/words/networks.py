"""Errors of layers and nodes that do not fit together."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

NODES_BESIDE_LAYERS = _("stands beside [[layer]], expected either layers or nodes")
OF_A_GRAPH = _("found beside [[layer]]s, expected beside the [[node]]s of a graph")
NO_DATA_FOR_LAYERS = _("missing, expected a table [data] with x and t for the layers")
NO_DATA_FOR_THE_LOSS = _("missing, expected a table [data] with the loss's targets t")
NO_LOSS = _("missing, expected a table [loss] with a kind")
NO_NETWORK = _("missing, expected [[layer]] tables, [[node]] tables of a graph, or a table [model] of formulas")

# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────

BESIDE_FORMULAS = _("stands beside [model], expected one of them")
TWO_LOSSES = _("stands beside the loss of [model], expected one of them")
NO_LOSS_TO_LEARN = _("missing, expected a loss that the optimizer makes small")
NO_LINES = _("found no line, expected NAME = FORMULA")
NO_EPSILON_HERE = _("stands beside a penalty, where the loss is computed from the logits exactly, expected 0")
NO_PENALTY = _("stands beside no penalty, expected l2 or l1 above 0")
PENALIZED_TWICE = _('"{name}" is named twice, expected each parameter once')
SETTING_OF_LOSS = _('"{name}" is the name of a value, expected another name beside {name} of the loss')
NOT_A_PARAMETER = _('"{name}" is no parameter{hint}')
WRITTEN_LATER = _('"{name}" is written further below, expected each line after those that it reads')
READS_ITSELF = _('"{name}" is what this line writes, expected a name that is written before')
NUMBER_OF_ROWS = _('"{name}" is the number of rows, expected another name')
NOT_AN_INPUT = _('"{name}" is not in [inputs], where what is carried on begins{hint}')
READS_NOTHING = _('"{name}" reads no value, expected what it is made of')
READS_WHAT_FOLLOWS = _('"{name}" reads "{operand}", which is computed behind it')
ASSIGNED_TWICE = _('"{name}" is the name of two values, expected each name to be assigned once')
NAME_OF_DATA = _("is the name of the rows of [data], expected another name")
NOT_A_LINE = _('"{name}" is none of the lines: {known}')
LOSS_OF_MANY = _("{name} has the shape {shape}, expected one number: sum or mean makes one")
UNUSED_IN_FORMULAS = _("{output} does not depend on it, expected a line that uses it on the way there")
TOO_LARGE = _("{name} would have more than {most:,} numbers")

# ── layers ───────────────────────────────────────────────────────────────────────────────────────────────────

NO_AFFINE_BEFORE = _('found "{kind}", expected an affine layer before each activation')
NO_DERIVATIVE = _('found no derivative beside it, expected one to be taken there, such as derivative = "sigmoid"')
BIASES_OF_NONE = _("stands beside bias = false, expected one of them")
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
MANY_AXES = _("found an array of shape {shape}, expected two dimensions at most")
NAME_OF_TWO = _('"{name}" is the name of two values, expected a name of its own')
NOT_A_NODE_OR_INPUT = _('"{name}" is not a node or an input{hint}')
CYCLE = _("the nodes form a cycle ({cycle}), expected none to depend on itself")
NOT_A_NODE = _('"{name}" is not a node{hint}')
SEVERAL_OUTPUTS = _("nodes {names} are used by none, expected output = one of them")
UNUSED = _("the output {output} does not depend on it, expected a node that uses it on the way there")
