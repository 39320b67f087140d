"""What is said of sessions and exports: why a file cannot be written, and what is wrong with one that is read."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

CANNOT_BE_WRITTEN = _("cannot be written: {reason}")
IS_NO_SESSION = _("is there already and is no session, expected another name")

ENDS_OTHERWISE = _('found "{name}", expected a file that ends in {endings}')
NOTHING_TO_WRITE = _("there is nothing to write, expected symbols, such as E or W1_next")
NO_SUCH_ITERATIONS = _("found iterations {first:,} to {last:,}, expected some from 1 to {most:,}")
TAKEN_BY_NPZ = _('"{name}" cannot be the name of an array in an NPZ file, expected another name or CSV')
TOO_LARGE = _("{iterations:,} × {numbers:,} numbers are more than 2 GiB, expected fewer iterations or symbols")

# ── reading a session: the file ──────────────────────────────────────────────────────────────────────────────

NO_REGULAR_FILE = _("is no regular file, expected a session")
NO_SUCH_FILE = _("cannot be read: no such file, expected a session")
CANNOT_BE_READ = _("cannot be read: {reason}")
LARGER_THAN_A_SESSION = _("is larger than {most} MiB, expected a session")
NOT_JSON = _("is no session, expected the JSON text that Ctrl+S saves")
ANOTHER_FORMAT = _('is no session of this program, expected "{mark}": {format}')
SCENARIO_CHANGED = _("{scenario} or its data have changed since this session was saved, expected those of then")

# ── reading a session: kinds of values ───────────────────────────────────────────────────────────────────────

NOTHING = _("nothing")  # what is found where there is no value
EXPECTED_TABLE = _("found {found}, expected a table")
EXPECTED_TEXT = _("found {found}, expected a text")
EXPECTED_WHOLE_NUMBER = _("found {found}, expected a whole number from {low:,} to {high:,}")
EXPECTED_NUMBER = _("found {found}, expected a number")
EXPECTED_TRUTH = _("found {found}, expected true or false")
EXPECTED_LIST = _("found {found}, expected a list")

# ── reading a session: what it says ──────────────────────────────────────────────────────────────────────────

NO_SUCH_FORK = _('found "{name}", expected one of the forks')
NO_EARLIER_FORK = _('found "{name}", expected one of the forks before it')
NAME_IS_TAKEN = _("found {found}, expected a name that no other has")
NO_NAME = _("found {found}, expected the name of a fork")
NO_EDITS = _("found an empty list, expected at least one edit")
EDITS_LIE_BEFORE = _("found edits that lie before those of what it is a fork of, expected the order of the run")
NO_SUCH_SYMBOL = _('found "{symbol}", expected a symbol of this network')
NO_VALUE_AFTER = plural(
    "{symbol} has no value yet after {count:,} step, expected a later one",
    "{symbol} has no value yet after {count:,} steps, expected a later one",
)
NO_SUCH_ELEMENT = _("found {found}, expected the indices of an element of {symbol}")
NO_SUCH_KIND = _("found {found}, expected one of {kinds}")
WRITTEN_BY_NO_STEP = _("found {found}, expected a symbol that a step writes")
NO_SUCH_PHASE = _("found {found}, expected a phase of this program")
NO_CONDITION = _("found nothing, expected a condition")
NOTHING_BUT_KIND = _("found {found}, expected a stop of this kind to have nothing but its kind")
