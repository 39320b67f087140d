"""Texts about the hyperparameters of optimizers, as the description of a scenario file gives them."""

from __future__ import annotations

from gradstep.engine.words.language import _

LEARNING_RATE = _("η in p − η ∂E/∂p")
