"""The texts of the tour: ten moments, each with a heading and what to look at there."""

from __future__ import annotations

from gradstep.engine.words.language import _

TITLE = _("tour: {place} of {count}")
KEYS = _("Space next, S back, Esc ends")
DONE = _("that was the tour; Ctrl+P and tour shows it again, ? lists all keys")

# Of each: a heading; what to look at; the same where only the header and the step are in view beside it; what its colour
# says, where there are colours.

START = (
    _("A training iteration, assignment by assignment"),
    _(
        "At the left is the program: everything that one training iteration computes, in order. Beside it the net, the step that has just run, and the tables of the layers. Nothing has run yet, so numbers are dots."
    ),
    _(
        "One training iteration is a list of assignments. The line at the top has a dot for each, phase by phase; the panel below it shows the one that has just run. Nothing has run yet."
    ),
    "",
)
DRAWN = (
    _("The data come in"),
    _(
        "The first steps draw the samples of this iteration. A bar marks what a step has just written, here and in its table."
    ),
    _("The first steps draw the samples of this iteration. A bar marks what a step has just written."),
    "",
)
AFFINE = (
    _("Weighted sums"),
    _(
        "A product of matrices is shown as matrices. The lit row and column make the lit result; the sum stands below them. Ctrl and the arrow keys, or a click, pick another number."
    ),
    _(
        "A product of matrices is shown as matrices. The lit row and column make the lit result; the sum stands below them. Ctrl and the arrow keys, or a click, pick another number."
    ),
    "",
)
ACTIVATION = (
    _("The activation"),
    _("Element by element, with every factor under its name."),
    _("Element by element, with every factor under its name."),
    _("Blue is the forward pass, wherever it is shown."),
)
LOSS = (
    _("One number to make smaller"),
    _("The loss, term by term. It stands in the upper right corner, too."),
    _("The loss, term by term. It stands in the upper right corner, too."),
    "",
)
BACKWARD = (
    _("The way back begins"),
    _("How much the loss changes with each of these numbers. In the net the arrows turn round."),
    _("How much the loss changes with each of these numbers."),
    _("Orange is the backward pass."),
)
GRADIENT = (
    _("The gradient of a weight"),
    _("What went into the weight, times the delta of its unit. x explains the picked number down to the forward pass."),
    _("What went into the weight, times the delta of its unit. x explains the picked number down to the forward pass."),
    "",
)
UPDATE = (
    _("The update"),
    _("Old value minus learning rate times gradient: what the next iteration begins with."),
    _("Old value minus learning rate times gradient: what the next iteration begins with."),
    _("Green is the update."),
)
BACK = (
    _("Everything goes back"),
    _(
        "Capital letters go back: S a step, N a layer, F a phase, I an iteration, C to the stop before. This is the step before the update."
    ),
    _(
        "Capital letters go back: S a step, N a layer, F a phase, I an iteration, C to the stop before. This is the step before the update."
    ),
    "",
)
ON_YOUR_OWN = (
    _("On your own"),
    _(
        "c runs to the next stop, b sets one. e changes a number from here on and K compares. y shows pictures, h says why a step is so, ? lists all keys."
    ),
    _(
        "v shows tables, net, program and curve in turn below the step. c runs to the next stop, b sets one. e changes a number from here on and K compares. h says why, ? lists all keys."
    ),
    "",
)
