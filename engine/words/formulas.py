"""Texts about formulas: why one cannot be read or does not fit."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

TOO_LONG = _("found {found:,} characters, expected at most {most:,}")
NO_LINE = _("expected NAME = FORMULA")
NO_FUNCTION = _("{name} is no function that formulas have{hint}")
NO_FUNCTION_OF_MODULE = _("{name} is no function that formulas have")
FUNCTION_OF_NUMPY = _("{name} is a function of NumPy that formulas do not have")
NO_TEXTS = _("formulas have no texts")
NO_ATTRIBUTE = _("{name} cannot follow a point, expected T or a function")
NO_SETTING = _("{function} has no setting {setting}, expected {known}")
NONE = _("none")
GIVEN_TWICE = _("{setting} is given twice")
TOO_MANY_ARGUMENTS = plural("{function} takes {count} argument", "{function} takes {count} arguments")
TAKES_OPERANDS = plural(
    "found {count:,} array for {function}, expected {expected}",
    "found {count:,} arrays for {function}, expected {expected}",
)
A_LIST = _("a list of them, [a, b]")
A_LIST_IS_NO_ARRAY = _("a list is no array, expected a formula")
A_NUMBER = _("expected a number")
A_WHOLE_NUMBER = _("expected a whole number")
# What is expected:
A_FUNCTION = _("a function")
T_OR_FUNCTION = _("T or a function")
AN_OPERATOR = _("an operator")
A_VALUE = _("a value")

# ── putting together ─────────────────────────────────────────────────────────────────────────────────────────

SHAPES_DO_NOT_SPREAD = _("shapes {left} and {right} do not fit together")
SHAPES_DO_NOT_MULTIPLY = _("{left} @ {right} does not go: the inner sizes differ")
SCALARS_DO_NOT_MULTIPLY = _("@ needs arrays on both sides; a single number is multiplied by *")
DOT_OF_STACKS = _(
    "np.dot of {left} and {right} is no product of matrices that formulas have, expected @ or two axes at most"
)
MOST_DIMENSIONS = _("found {found} dimensions, expected at most {most}")
NO_AXIS = _("there is no axis {axis} in {shape}")
SAME_AXIS = _("the axis {axis} stands there twice")
NO_RESHAPE = _("{shape} cannot be reshaped to {wanted}")
NO_PERMUTATION = _("expected each axis of {shape} once, counted from 0")
TOO_MANY_INDICES = _("{shape} has fewer axes than indices stand there")
OUT_OF_RANGE = _("the index {index} is out of range for {shape}")
NOTHING_LEFT = _("nothing is left of {shape}")
SIZES_DIFFER = _("{shapes} do not fit beside one another along axis {axis}")
CONVOLUTION_AXES = _(
    "conv2d takes images × channels × rows × columns and kernels × channels × rows × columns, "
    "found {images} and {kernels}"
)
CHANNELS_DIFFER = _("images of {images} and kernels of {kernels} do not fit: their channels, the second sizes, differ")
ONE_BIAS_A_KERNEL = _("found {bias} as the bias of kernels of {kernels}, expected one number a kernel")
POOLING_AXES = _("{function} takes images × channels × rows × columns, found {images}")
WINDOW_TOO_LARGE = _("a window of {window} is larger than its image of {image}{padded}")
WITH_PADDING = _(" with padding {padding}")
TOO_MANY_WINDOWS = _("what all windows of {window} see is more than {most:,} numbers")
MASK_TAKEN = _("{name}, the name of the mask of this dropout, is that of another value")
DROPOUT_ELSEWHERE = _("dropout stands in the lines of [model] alone, expected a product with its mask here")
DROPOUT_OF_A_NUMBER = _("dropout of a number alone, expected it of an array")
NO_SETTING_GIVEN = _("{function} needs {setting}")
WRONG_SETTING = _("the settings of {function} do not fit")
TOO_MANY_IN_A_ROW = _("found {found:,} operands in a row, expected at most {most}; sums and products have functions")
NO_NAME = _("{name} is no name of this scenario{hint}")
ONE_ELEMENT = _("{name} is one element, expected all of {symbol}, which one step writes")
NO_STEP = _("{name} is written by no step{hint}")
CHAINED_COMPARISON = _("two comparisons in a row; a product of both holds where both do: (a < b) * (b < c)")

REPLACED = _("another formula stands in the place of this step's own")

# ── a net of formulas ────────────────────────────────────────────────────────────────────────────────────────

ONLY_A_NUMBER = _("{name} is a number alone, expected it in the formulas that use it, or in [inputs]")
NUMBERS_ONLY = _("an array of nothing but numbers, expected it in [inputs]")
