"""The texts on the end of an iteration: what becomes of each parameter."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

UPDATE: dict[str, Entry] = {
    "descend": Entry(
        _("Update: a step of gradient descent"),
        (
            _("{goal} rises fastest along its gradient, so with {rate} > 0 {p} goes a little way against {gradient}."),
            _("The learning rate {rate} says how far: too small is slow, too large overshoots and may diverge."),
            _("{p} stays as it was until the iteration ends; the next one starts from {symbol}."),
        ),
        _("{formula}, with one learning rate {rate} > 0 for all elements."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 4.3 and 8.3.1."),
        ("p", "gradient", "rate"),
        short=_("{goal} falls against its gradient; {rate} says how far to go"),
    ),
    "keep": Entry(
        _("No update: a frozen parameter"),
        (
            _("{p} is frozen: the optimizer leaves it as it is, and the next iteration starts from the same numbers."),
            _("Its gradient is computed all the same, but no update uses it."),
        ),
        _("{formula}, for each element."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 15.1.1, on frozen features."),
        ("p",),
        short=_("{p} is frozen: the optimizer leaves it as it is"),
    ),
}
