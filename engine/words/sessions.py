"""Errors of sessions that cannot be written or read."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

LATER_FORMAT = _('is there already, found "{mark}": {found} in it, expected {format} at most, or another name')
IS_NO_SESSION = _("is there already and is no session, expected another name")

# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────

A_SESSION = _("a session")
NOT_JSON = _("is no session, expected the JSON text that Ctrl+S saves")
ANOTHER_FORMAT = _('is no session of this program, expected "{mark}": {format}')
SCENARIO_CHANGED = _("{scenario} or its data have changed since this session was saved, expected those of then")
CHANGED_OR_OTHER_BITS = _(
    "{scenario} has changed since this session was saved, or NumPy generates its data with other bits here, expected the same data as then"
)

# ── the bits of its numbers ──────────────────────────────────────────────────────────────────────────────────

OTHER_BITS = _("the numbers are not the same to the bit as when this session was saved: {reasons}")
OTHER_BITS_WITHOUT_REASON = _(
    "the numbers are not the same to the bit as when this session was saved, by another version of gradstep or on another machine"
)
OTHER_THAN_THEN = _("{what} {then} then, {now} now")

# ── the content ──────────────────────────────────────────────────────────────────────────────────────────────

NO_SUCH_FORK = _('found "{name}", expected one of the forks')
NAME_IS_TAKEN = _("found {found}, expected a name that no other has")
NO_NAME = _("found {found}, expected the name of a fork")
NO_EDITS = _("found an empty list, expected at least one edit")
EDITS_LIE_BEFORE = _("found edits that lie before those of what it is a fork of, expected the order of the run")
NO_VALUE_AFTER = plural(
    "{symbol} has no value yet after {count:,} step, expected a later one",
    "{symbol} has no value yet after {count:,} steps, expected a later one",
)
NO_SUCH_ELEMENT = _("found {found}, expected the indices of an element of {symbol}")
WRITTEN_BY_NO_STEP = _("found {found}, expected a symbol that a step writes")
NO_SUCH_PHASE = _("found {found}, expected a phase of this program")
NO_CONDITION = _("found nothing, expected a condition")
NOTHING_BUT_KIND = _("found {found}, expected a stop of this kind to have nothing but its kind")
