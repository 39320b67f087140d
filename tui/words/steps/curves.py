"""The texts on further activations, and on what goes back through them."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.elementwise import CHAIN, EACH, ELEMENTS, LOCAL
from gradstep.tui.words.steps.entry import Entry

_PYTORCH = _("PyTorch Contributors, PyTorch documentation (2025), the activations of torch.nn.")
_GELU = _("Hendrycks & Gimpel, Gaussian Error Linear Units (2016), section 2.")

CURVES: dict[str, Entry] = {
    "leaky_relu": Entry(
        _("Leaky ReLU"),
        (EACH, _("Above 0 it hands on what it is given; below, a small share of it, so that a unit cannot die.")),
        ELEMENTS,
        _("Maas, Hannun & Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models (2013)."),
        short=_("a ReLU that lets a small share of what is below 0 through"),
    ),
    "elu": Entry(
        _("Exponential linear unit"),
        (EACH, _("Above 0 it hands on what it is given; below, it bends smoothly towards a floor.")),
        ELEMENTS,
        _("Clevert, Unterthiner & Hochreiter, Fast and Accurate Deep Network Learning by ELUs (2016)."),
        short=_("a ReLU that bends smoothly towards a floor below 0"),
    ),
    "softplus": Entry(
        _("Softplus"),
        (EACH, _("It is ReLU without its kink; computed as max(u, 0) + log(1 + exp(−|u|)), it cannot overflow.")),
        ELEMENTS,
        _PYTORCH,
        short=_("ReLU without its kink"),
    ),
    "silu": Entry(
        _("Sigmoid linear unit"),
        (EACH, _("Each number is multiplied by its own sigmoid; a little below 0 it dips.")),
        ELEMENTS,
        _PYTORCH,
        short=_("every number times its own sigmoid"),
    ),
    "softsign": Entry(
        _("Softsign"),
        (EACH, _("Like tanh it stays between −1 and 1, but it approaches them slowly.")),
        ELEMENTS,
        _PYTORCH,
        short=_("between −1 and 1, approached slowly"),
    ),
    "erf": Entry(
        _("Error function"),
        (EACH, _("Of a standard normal variable, ½ (1 + erf(u / √2)) is the probability that it is below u.")),
        ELEMENTS,
        _GELU,
        short=_("the error function, of which normal probabilities are made"),
    ),
    "gelu": Entry(
        _("Gaussian error linear unit"),
        (EACH, _("Each number is multiplied by the probability that a standard normal variable is below it.")),
        ELEMENTS,
        _GELU,
        short=_("every number times the normal probability below it"),
    ),
    "gelu_tanh": Entry(
        _("Gaussian error linear unit, with tanh"),
        (EACH, _("The normal probability is approximated by a tanh, as many programs do.")),
        ELEMENTS,
        _GELU,
        short=_("GELU with a tanh in the place of the error function"),
    ),
    "leaky_relu_gradient": Entry(
        _("Back through leaky ReLU"),
        (CHAIN, _("That derivative is 1 where {of} is above 0, elsewhere the small slope; at 0 it is the slope, too.")),
        ELEMENTS,
        _("Maas, Hannun & Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models (2013)."),
        short=_("its derivative is 1 above 0, elsewhere the small slope"),
    ),
    "elu_gradient": Entry(
        _("Back through an exponential linear unit"),
        (CHAIN, _("That derivative is 1 where {of} is above 0; below, it is α exp(u), which is the result plus α.")),
        ELEMENTS,
        _("Clevert, Unterthiner & Hochreiter, Fast and Accurate Deep Network Learning by ELUs (2016)."),
        short=_("its derivative is 1 above 0, below the result plus α"),
    ),
    "softplus_gradient": Entry(
        _("Back through softplus"),
        (CHAIN, _("The derivative of log(1 + exp(u)) is the sigmoid of u.")),
        ELEMENTS,
        _PYTORCH,
        short=_("the derivative of log(1 + exp(u)) is σ(u)"),
    ),
    "silu_gradient": Entry(
        _("Back through a sigmoid linear unit"),
        (CHAIN, _("By the product rule, the derivative of u σ(u) is σ(u) + u σ(u) (1 − σ(u)).")),
        ELEMENTS,
        _PYTORCH,
        short=_("the derivative of u σ(u) is σ(u) + u σ(u) (1 − σ(u))"),
    ),
    "softsign_gradient": Entry(
        _("Back through softsign"),
        (CHAIN, _("The derivative of u / (1 + |u|) is 1 / (1 + |u|)².")),
        ELEMENTS,
        _PYTORCH,
        short=_("the derivative of u / (1 + |u|) is 1 / (1 + |u|)²"),
    ),
    "erf_gradient": Entry(
        _("Back through the error function"),
        (CHAIN, _("The derivative of erf(u) is 2 / √π times exp(−u²).")),
        ELEMENTS,
        _GELU,
        short=_("the derivative of erf(u) is 2 / √π exp(−u²)"),
    ),
    "gelu_gradient": Entry(
        _("Back through a Gaussian error linear unit"),
        (CHAIN, _("By the product rule it is the normal probability below u, plus u times the normal density at u.")),
        ELEMENTS,
        _GELU,
        short=_("the normal probability below u, plus u times the density at u"),
    ),
    "gelu_tanh_gradient": Entry(
        _("Back through a Gaussian error linear unit with tanh"),
        (CHAIN, LOCAL, _("It is the product rule, and inside it the derivative of tanh, 1 − tanh².")),
        ELEMENTS,
        _GELU,
        short=_("the product rule, and inside it the derivative of tanh"),
    ),
}
