"""The texts on what is likely a slip of a scenario's."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

SPREAD = _(
    "{shapes} is spread to {shape}: each number of {one} meets each of {other} (broadcasting); row by row would take both in one shape"
)
SPREAD_AT = _("{formula}: {told}")
MORE_SPREAD = plural("{told}; so does {count:,} more step", "{told}; so do {count:,} more steps")
UPHILL = _("{rate} = {value} is negative: updates go where the loss grows")
