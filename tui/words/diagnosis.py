"""The texts on somebody's own numbers: what agrees, where they part, and which mistake gives them."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

AGREE = plural("{agree:,} of {count:,} agrees", "{agree:,} of {count:,} agree")
MORE = plural("and {count:,} more that differs", "and {count:,} more that differ")
MULTIPLE = _("{name}: {ratio} × the computed")
TRANSPOSED = _("{name}: the computed, transposed")
ONE = _("{name}: {theirs}, computed {ours}")
SOME = plural(
    "{name}: {count:,} of {size:,} differs, by {worst} at most",
    "{name}: {count:,} of {size:,} differ, by {worst} at most",
)
ORIGIN = _("{symbol} is wrong, although what it is computed from is right:")
NONE_THERE = _("by none of the known mistakes")
NONE = _("None of the known mistakes gives these numbers.")
STOPPED = _("Stopped before all known mistakes had been tried; none so far gives these numbers.")
EXPLAINED = plural(
    "A mistake gives what is given ({numbers:,} compared):",
    "{count:,} mistakes give what is given ({numbers:,} compared):",
)
TIED = _("These numbers cannot tell one of them from another: more numbers would.")
