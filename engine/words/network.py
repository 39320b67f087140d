"""The names of the layers of a network, and the notes on them."""

from __future__ import annotations

from gradstep.engine.words.language import _

LAYER = _("layer {number}")

NOT_THE_DERIVATIVE = _("not the derivative of the forward pass: {kind} forward, {derivative} backward")
NOT_THE_DERIVATIVE_AT_INPUT = _(
    "not the derivative of the forward pass: {kind} forward, {derivative} at its input backward"
)
NOT_THE_DERIVATIVE_AT_OUTPUT = _(
    "not the derivative of the forward pass: {kind} forward, {derivative} at its output backward"
)
