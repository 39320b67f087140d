"""The texts of the help page beside those of the commands."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── what is not a command but can be done ────────────────────────────────────────────────────────────────────

ALSO = _("Also")
CLICK = _("click")
CLICKS = _("a step: select it, and see the steps of a line; a number: see its arithmetic")
PALETTE = _("the palette: every command by name, and themes")

# ── the signs on the screen ──────────────────────────────────────────────────────────────────────────────────

READING = _("Reading the screen")
STEPS = _("in the strip of phases, one a step: has run; has just run; is still to come")
NEXT = _("before a step: it runs next")
JUST_WRITTEN = _("before a step or a number: just written")
WRITTEN = _("before a table: just written")
CHANGED = _("after a number: differs from the iteration before")
MISSING = _("instead of a number: not computed yet")
DIFFERS = _("between two tables: the same in two forks; * marks what differs")
GOES_ON = _("at the edge of a panel: more stands there; Shift+→ scrolls")
NO_NUMBER = _("above the curve: NaN or infinite there")
BREAKPOINTS = _("before a step: a breakpoint; one that is switched off")
FOREIGN = _("a step that is not the derivative of its forward pass")
FIGURES = _("a figure: holds; but for its last digit; differs, with a reason; differs without one")
GRADIENTS = _("the gradient of the loss with respect to W; of a layer's pre-activation u")
UPDATES = _("W after its update, what the next iteration begins with; the learning rate")
PRODUCTS = _("matrix product; product element by element; transposed")
