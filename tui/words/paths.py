"""The texts of the picture of a path: two numbers that are trained, over the plane of both."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

PATH = _("path")
OF_PATH = _("{loss} over {one} and {other}, and where the iterations go")
REPLACED = _("steps were replaced on the way, so the path before is not drawn")
NOT_EACH = _("{loss} cannot be computed for many points at once")
NOT_FINITE = _("nothing of the path is finite")
LEGEND = plural(
    "{begin} where it begins, {mark} after an update, {here} after {count:,} update",
    "{begin} where it begins, {mark} after an update, {here} after {count:,} updates",
)
ONLY_SOME = _("of the first {most:,} iterations")
AFTER = plural(
    "after {count:,} update: {one} {value}, {other} {second}",
    "after {count:,} updates: {one} {value}, {other} {second}",
)
