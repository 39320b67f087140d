"""What a run may take, and that something would take more."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

TOO_MANY_NUMBERS = _(
    "found {total:,} numbers to hold (data {data:,}, parameters {parameters:,}, values {values:,}, losses {losses:,}, history {history:,}), expected at most {most:,}"
)
TOO_LONG_PROGRAM = _("found more than {most:,} steps in an iteration, expected no more")
TOO_MANY_STEPS = plural(
    "found {iterations:,} iterations of {count:,} step, expected at most {most:,} steps in all",
    "found {iterations:,} iterations of {count:,} steps, expected at most {most:,} steps in all",
)
TOO_MUCH_HISTORY = _(
    "found {found:,} MiB of history, expected at most {most:,} MiB beside the other numbers of this run"
)
