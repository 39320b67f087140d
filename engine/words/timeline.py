"""Texts about a run: of positions in it, of values there and where they come from, of edits and of replays."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── positions ────────────────────────────────────────────────────────────────────────────────────────────────

NOT_A_POSITION = _('"{text}" is not a position, expected I, I:K, I:SYMBOL, start or end')
NO_SUCH_ITERATION = _('"{text}": found {found}, expected an iteration from 1 to {most:,}')
NO_SUCH_STEP = _('"{text}": found {found}, expected a step from 0 to {most:,}')
WRITTEN_BY_NO_STEP = _('"{text}": {symbol} is there from the start and written by no step')
ANOTHER_IS_WRITTEN = _('"{text}": {symbol} is there from the start and written by no step; {other} is')
MEASURED_NOW_AND_THEN = _('"{text}": {symbol} is measured in some iterations only, {first:,}, {second:,} and so on')
NO_SUCH_RANGE = _(
    "found iterations {first:,} to {last:,}, {most:,} of them, expected a range within 1 to {iterations:,}"
)

# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────

NOT_COMPUTED_YET = _("{symbol} is not computed yet at {position}")
NOT_MEASURED = _("{symbol} is not measured in iteration {iteration:,}, only in {first:,}, {second:,} and so on")
INFINITE = _("infinite")  # what a value became, as against NaN

# What a value is that no arithmetic has made:
SET_BY_HAND = _("set by hand at {position} ({branch})")
NUMBER_OF_THE_DATA = _("a number of the data")
DRAWN_BY_CHANCE = _("drawn at random for this iteration")
COUNTED = _("counted by the run")
SET_IN_DATA = _("a number of the data, set by hand at {position} ({branch})")
UPDATED_TO = _("what iteration {iteration:,} updated it to: {position}")
WHERE_TRAINING_BEGINS = _("where training begins")
GIVEN_BY_THE_SCENARIO = _("given by the scenario")
GIVEN = _("given")

# ── edits and forks ──────────────────────────────────────────────────────────────────────────────────────────

IS_AN_ARRAY = _("{name} is an array of shape {shape}, expected one element of it")
FORK_EXISTS = _('there is a fork "{name}" already')
IN_ANOTHER_ORDER = _(
    "{symbol} would be computed later, since the formula reads {late}, but the steps of a fork keep their order"
)
ORIGINAL_STAYS = _("the original run cannot be dropped")

# ── replays that come to something else ──────────────────────────────────────────────────────────────────────

ANOTHER_STATE = _("replaying came to another state before iteration {iteration:,} than the first run")
ANOTHER_LOSS = _("replaying iteration {iteration:,} came to another loss than the first run")
ANOTHER_MEASUREMENT = _("replaying iteration {iteration:,} came to another measurement than the first run")
CHECKPOINT_CHANGED = _("the checkpoint before iteration {iteration:,} has changed since it was made")
