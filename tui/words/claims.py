"""The texts on lines of somebody's own backward pass: what each is to the derived gradients."""

from __future__ import annotations

from gradstep.engine.words.language import _

YOURS = _("yours")
EQUALS = _("equals {gradient}")
UNUSED = _("equals {gradient}, but its name trains nothing: it would be {name}")
MULTIPLE = _("{ratio} × {gradient}: a constant multiple of it")
TRANSPOSED = _("{gradient} transposed")
DIFFERS = _("differs from {gradient}, most at {element}: {found} for {true}")
OTHER_SHAPE = _("has another shape than {gradient}")
NONE = _("equals no gradient of {goal}")
READS = _("{text}; it reads {others}, where that begins")
LINES = _("your own lines, against the derived gradients")
FIRST_WRONG = _("the first that is wrong: {symbol}")
ALL_RIGHT = _("every line is right")

TRAINED_BY_DERIVED = _("{fork}: trained by the derived gradients from iteration {iteration:,} on; * lists the forks")
NO_OWN_LINES = _("the scenario has no backward pass of its own: [model] backward gives it one")
