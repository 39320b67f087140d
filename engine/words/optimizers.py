"""Texts about the settings of optimizers, as the description of a scenario file gives them."""

from __future__ import annotations

from gradstep.engine.words.language import _

LEARNING_RATE = _("η: how far a step goes; a number, or a formula of iteration and epoch")
MOMENTUM = _("μ: the share of the velocity that is kept")
DAMPENING = _("τ: with the convention of PyTorch, by how much the gradient is damped from iteration 2 on")
DECAY = _("ρ: the share of the mean square that is kept")
BETA1 = _("β1: the share of the mean gradient that is kept")
BETA2 = _("β2: the share of the mean square that is kept")
EPSILON = _("ε: added in the denominator, so that it is not 0")
WEIGHT_DECAY = _("λ: the parameter goes towards 0 by this share of itself times the learning rate")
CONVENTION = _("whether the learning rate stands in the velocity (textbook) or before it (pytorch)")
BIAS_CORRECTION = _("whether the means are divided by 1 − β^iteration, as they begin at 0")
EPSILON_AT = _(
    "where ε is added: √v̂ + ε (outside), √(v̂ + ε) (inside), or, before the correction of v, √v + ε (uncorrected)"
)
EPSILON_AT_ROOT = _("where ε is added: √v + ε (outside) or √(v + ε) (inside)")
EPSILON_WITHOUT_CORRECTION = _('"uncorrected" stands beside bias_correction = true, expected "outside" or "inside"')
DAMPENING_OF_TEXTBOOK = _('belongs to convention = "pytorch", expected 0')
