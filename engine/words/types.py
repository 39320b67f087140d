"""Types of values in scenario and session files: as they are found, and as they are expected."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

MISMATCH = _("found {found}, expected {expected}")

# ── found ────────────────────────────────────────────────────────────────────────────────────────────────────

THE_TEXT = _('the text "{text}"')
LIST_OF = _("a list of {count:,}")
NOTHING = _("nothing")
A_TABLE = _("a table")
OF_TYPE = _("a {type}")
SO_MANY_NUMBERS = plural("{count:,} number", "{count:,} numbers")

# ── expected ─────────────────────────────────────────────────────────────────────────────────────────────────

TRUE_OR_FALSE = _("true or false")
TEXT = _("a text")
LIST = _("a list")
TEXTS = _("a list of texts")
TEXT_OR_TEXTS = _("a text or a list of texts")
NAME = _("a name of letters, digits and underscores that does not begin with a digit")
ONE_OF = _("one of {options}")
WHOLE_NUMBER = _("a whole number from {low:,} to {high:,}")
SIZES = plural("{count:,} whole number from 1 to {most:,}", "{count:,} whole numbers from 1 to {most:,}")
NUMBER = _("a finite number")
NUMBER_FROM = _("a finite number of at least {low:g}")
NUMBER_BELOW = _("a number from {low:g} to, but not including, {below:g}")
NUMBER_OR_FORMULA = _("a finite number, or a formula as a text")
NUMBER_BETWEEN = _("a number from {low:g} to {high:g}")
NUMBERS = _("a list of finite numbers")
ROW = _("a row, that is a list of finite numbers")
ROWS = _("rows of finite numbers, such as [[1.0, 2.0], [3.0, 4.0]]")
AS_MANY_AS_IN_ROW_0 = _("{count:,} as in row 0")
VALUE = _('a finite number, a list or rows of them, a formula such as "randn(2, 3)", or a table that names a file')
BLOCKS = _("lists within lists of finite numbers, {count} deep")
AS_THE_FIRST = _("{shape} as the first")
ARRAY = _("a finite number, a list of them, rows of them, or lists of such rows")
PRINTED = _("a number, a number as text, or true or false")
PRINTED_VALUE = _("a printed value: text or number, a list or rows of them, or true or false")
LABEL = _("a label, or a list or rows of labels")

# ── tables of arrays ─────────────────────────────────────────────────────────────────────────────────────────

NONE = _("none")
UNKNOWN_KEY = _("unknown key{hint}, expected one of {known}")
ONE_OF_THE_SOURCES = _("found {found} in the table, expected one of values, npz, npy and safetensors")
NAME_OF_ARRAY = _('missing the name of its array, expected {kind} and array, such as array = "W1"')
NO_NAME_OF_ARRAY = _("found the name of an array beside {kind}, which has one array only, expected none")
