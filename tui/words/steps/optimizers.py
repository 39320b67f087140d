"""The texts on what an optimizer computes on the way from a gradient to the next value of a parameter."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

OF_MOMENTUM = _("Polyak, Some Methods of Speeding Up the Convergence of Iteration Methods (1964).")
OF_ADAM = _("Kingma & Ba, Adam, A Method for Stochastic Optimization (2015), algorithm 1.")
OF_SCHEDULES = _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.3.1.")
OF_UPDATES = _("Goodfellow, Bengio & Courville, Deep Learning (2016), chapter 8.")
NEXT_ITERATION = _("The next iteration starts from {symbol}.")

OPTIMIZERS: dict[str, Entry] = {
    "iteration": Entry(
        _("The number of the iteration"),
        (
            _("The run counts its iterations from 1; this update depends on how many there have been."),
            _("It is no number that is learnt: going back, it counts back."),
        ),
        _("{symbol} = the number of this iteration."),
        OF_ADAM,
        short=_("the update depends on how many there have been"),
    ),
    "epoch": Entry(
        _("The number of the epoch"),
        (
            _("An epoch is as many iterations as it takes to see as many samples as there are, counted from 1."),
            _("It is no number that is learnt: going back, it counts back."),
        ),
        _("{symbol} = the number of the epoch that this iteration belongs to."),
        OF_SCHEDULES,
        short=_("an epoch sees as many samples as there are"),
    ),
    "schedule": Entry(
        _("The learning rate of this iteration"),
        (
            _("Here the learning rate is no fixed number: a schedule makes {symbol} anew in each iteration."),
            _(
                "Large steps at first go far; small ones later settle, as a batch's gradient is never quite that of all."
            ),
        ),
        _("{formula}."),
        OF_SCHEDULES,
        short=_("large steps at first, small ones later"),
    ),
    "velocity": Entry(
        _("The velocity"),
        (
            _("The velocity {of} remembers the gradients before, the older the fainter, and this one is added."),
            _("Where gradients agree from step to step it grows, where they turn about they cancel."),
            NEXT_ITERATION,
        ),
        _("{formula}, with {of} = 0 at the start."),
        OF_MOMENTUM,
        short=_("gradients that agree add up, those that turn about cancel"),
    ),
    "velocity_step": Entry(
        _("Update: a step by the velocity"),
        (
            _("{of} does not go against its gradient alone but by the velocity, in which those before live on."),
            _("So it rolls through flat stretches and small hollows, and may roll past a minimum before it turns."),
        ),
        _("{formula}."),
        OF_MOMENTUM,
        short=_("{of} goes by the velocity, not by this gradient alone"),
    ),
    "nesterov_step": Entry(
        _("Update: a step that looks ahead"),
        (
            _("Nesterov's gradient belongs where the velocity will have carried {of}, not where it is."),
            _("Written for where it is, that is the new velocity once more, and this gradient on top of it."),
        ),
        _("{formula}."),
        _(
            "Nesterov, A Method of Solving a Convex Programming Problem (1983); "
            "Bengio, Boulanger-Lewandowski & Pascanu, Advances in Optimizing Recurrent Networks (2013)."
        ),
        short=_("the velocity that will be there counts already"),
    ),
    "square_sum": Entry(
        _("The sum of squared gradients"),
        (
            _("Of each element the squares of all its gradients are added up; nothing is forgotten."),
            _("What often had a large gradient will go in small steps, what seldom had one in large ones."),
            NEXT_ITERATION,
        ),
        _("{formula}, with {of} = 0 at the start."),
        _("Duchi, Hazan & Singer, Adaptive Subgradient Methods for Online Learning (2011)."),
        short=_("the squares of all gradients so far, element by element"),
    ),
    "mean_square": Entry(
        _("The mean of squared gradients"),
        (
            _("A running mean of the squared gradient, element by element; its root says how large gradients are."),
            _("It forgets: each step keeps a share of the mean and takes the rest from this gradient."),
            NEXT_ITERATION,
        ),
        _("{formula}, with {of} = 0 at the start."),
        _("Tieleman & Hinton, Lecture 6.5 of Neural Networks for Machine Learning (2012)."),
        short=_("how large this element's gradients are, squared, on average"),
    ),
    "mean_gradient": Entry(
        _("The mean of gradients"),
        (
            _("A running mean of the gradient, element by element: the direction on which the last batches agree."),
            _("It forgets: each step keeps a share of the mean and takes the rest from this gradient."),
            NEXT_ITERATION,
        ),
        _("{formula}, with {of} = 0 at the start."),
        OF_ADAM,
        short=_("the direction on which the last gradients agree"),
    ),
    "bias_correction": Entry(
        _("The mean without its bias"),
        (
            _("The running mean began at 0, so in the first iterations it is too small."),
            _("After k of them its shares add up to 1 − β^k only; dividing by that makes it a mean."),
        ),
        _("{formula}."),
        _("Kingma & Ba, Adam, A Method for Stochastic Optimization (2015), section 3."),
        short=_("the mean began at 0; its shares add up to less than 1"),
    ),
    "corrected_rate": Entry(
        _("The learning rate that corrects both means"),
        (
            _("Both running means began at 0, so in the first iterations they are too small."),
            _("Instead of both means the learning rate is corrected here; ε then stands beside the root as it is."),
        ),
        _("{formula}."),
        _("Kingma & Ba, Adam, A Method for Stochastic Optimization (2015), end of section 2."),
        short=_("both means began at 0; the rate makes up for it"),
    ),
    "weight_decay": Entry(
        _("Weight decay"),
        (
            _("Before anything else {of} goes a little towards 0, whatever its gradient is."),
            _("In the loss, a penalty would be divided by the root, too; beside it, all weights decay alike."),
        ),
        _("{formula}."),
        _("Loshchilov & Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2."),
        short=_("{of} goes a little towards 0, whatever its gradient is"),
    ),
    "adaptive_step": Entry(
        _("Update: a step of its own length for each element"),
        (
            _("Divided by the root of its mean or summed square, a gradient says where to go, hardly how far."),
            _("So each element of {of} goes by about the learning rate, be its gradients large or small."),
            _("The small ε keeps the division from being one by 0."),
        ),
        _("{formula}."),
        OF_ADAM,
        short=_("each element goes by about the learning rate, be its gradients large or small"),
    ),
    "own_state": Entry(
        _("What the optimizer keeps"),
        (
            _("{of} is kept of the parameter from one iteration to the next; it was 0 at the start."),
            NEXT_ITERATION,
        ),
        _("{formula}, with {of} = 0 at the start."),
        OF_UPDATES,
        short=_("kept for the next iteration; 0 at the start"),
    ),
    "own_intermediate": Entry(
        _("On the way to the next value"),
        (
            _("{symbol} is a line of the scenario's own update, computed for {of} in this iteration alone."),
            _("Nothing of it is kept; what reads it comes after it."),
        ),
        _("{formula}."),
        OF_UPDATES,
        short=_("a line of the scenario's own update of {of}"),
    ),
    "own_update": Entry(
        _("Update: a line of the scenario's own"),
        (
            _("The scenario says by a formula of its own what the next value of {of} is."),
            _("{of} stays as it was until the iteration ends; the next one starts from {symbol}."),
        ),
        _("{formula}."),
        OF_UPDATES,
        short=_("the scenario's own formula for the next {of}"),
    ),
}
