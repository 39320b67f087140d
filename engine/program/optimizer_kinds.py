"""The optimizers that a scenario can name: each is lines of formulas, its settings, and where they are from.

    sgd       Robbins & Monro, A stochastic approximation method (1951).
    momentum  Polyak, Some methods of speeding up the convergence of iteration methods (1964). As PyTorch writes it
              (torch.optim.SGD), the velocity is a sum of gradients; as textbooks do (Sutskever, Martens, Dahl & Hinton,
              On the importance of initialization and momentum in deep learning, 2013; Saitoh, Deep Learning from
              Scratch, section 6.1.4), a sum of steps. With one learning rate throughout both make the same parameters.
    nesterov  Nesterov, A method for solving the convex programming problem with convergence rate O(1/k²) (1983), with
              the gradient taken where the parameters are: Bengio, Boulanger-Lewandowski & Pascanu, Advances in
              optimizing recurrent networks (2013), equation 7; torch.optim.SGD with nesterov=True.
    adagrad   Duchi, Hazan & Singer, Adaptive subgradient methods (2011); torch.optim.Adagrad.
    rmsprop   Tieleman & Hinton, Lecture 6.5 of Neural networks for machine learning (2012); torch.optim.RMSprop. With
              ε inside the root: Graves, Generating sequences with recurrent neural networks (2013).
    adam      Kingma & Ba, Adam: a method for stochastic optimization (2015), algorithm 1; torch.optim.Adam. ε before
              the correction of v is the ε̂ at the end of its section 2, of tf.keras and of Saitoh's optimizer.py.
    adamw     Loshchilov & Hutter, Decoupled weight decay regularization (2019), algorithm 2, where the decay is times
              the learning rate as in torch.optim.AdamW.

Defaults are those of PyTorch, but for the momentum and the learning rate, which must be given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradstep.engine.program.optimizers import LEARNING_RATE, Hyperparameter, Optimizer, sgd
from gradstep.engine.program.updates import optimizer_of
from gradstep.engine.words import optimizers as words

OUTSIDE, INSIDE, UNCORRECTED = "outside", "inside", "uncorrected"
PYTORCH, TEXTBOOK = "pytorch", "textbook"

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """A setting that decides which lines there are: one of some words, or true or false."""

    name: str
    about: str
    options: tuple[str | bool, ...]
    default: str | bool


@dataclass(frozen=True, eq=False)
class Kind:
    """lines: of the values of all settings, those of `updates`. meanings: what a line writes → its operation's name.

    problem: why settings do not go together, and of which; "" where they do.
    """

    hyperparameters: tuple[Hyperparameter, ...]
    lines: Callable[[Settings], str]
    meanings: Mapping[str, str]
    choices: tuple[Choice, ...] = ()
    problem: Callable[[Settings], tuple[str, str]] = lambda settings: ("", "")

    def optimizer(self, name: str, settings: Settings) -> Optimizer:
        """The optimizer of this kind, without values for its hyperparameters. name: of the kind."""
        # An update by one number times the gradient is one operation, made at one go.
        return sgd if self is SGD else optimizer_of(name, self.lines(settings), self.hyperparameters, {}, self.meanings)


def _epsilon(default: float) -> Hyperparameter:
    return Hyperparameter("epsilon", words.EPSILON, default, "ε", low=0.0)


def _share(name: str, about: str, default: float | None, sign: str) -> Hyperparameter:
    """A share from 0 to, but not including, 1."""
    return Hyperparameter(name, about, default, sign, low=0.0, below=1.0)


CONVENTION = Choice("convention", words.CONVENTION, (PYTORCH, TEXTBOOK), PYTORCH)
EPSILON_AT_ROOT = Choice("epsilon_at", words.EPSILON_AT_ROOT, (OUTSIDE, INSIDE), OUTSIDE)
EPSILON_AT = Choice("epsilon_at", words.EPSILON_AT, (OUTSIDE, INSIDE, UNCORRECTED), OUTSIDE)
BIAS_CORRECTION = Choice("bias_correction", words.BIAS_CORRECTION, (True, False), True)

MOMENTUM = _share("momentum", words.MOMENTUM, None, "μ")
DAMPENING = Hyperparameter("dampening", words.DAMPENING, 0.0, "τ", low=0.0, high=1.0)


def _momentum(settings: Settings) -> str:
    if settings["convention"] == TEXTBOOK:
        return "v = momentum * v - learning_rate * g\np = p + v"
    if not settings["dampening"]:
        return "v = momentum * v + g\np = p - learning_rate * v"
    # PyTorch's velocity begins as the first gradient, which is not damped.
    return "v = where(iteration == 1, g, momentum * v + (1 - dampening) * g)\np = p - learning_rate * v"


def _nesterov(settings: Settings) -> str:
    if settings["convention"] == TEXTBOOK:
        return "v = momentum * v - learning_rate * g\np = p + momentum * v - learning_rate * g"
    return "v = momentum * v + g\np = p - learning_rate * (g + momentum * v)"


def _root(of: str, settings: Settings) -> str:
    return f"sqrt({of} + epsilon)" if settings["epsilon_at"] == INSIDE else f"(sqrt({of}) + epsilon)"


def _adagrad(settings: Settings) -> str:
    return f"h = h + g ** 2\np = p - learning_rate * g / {_root('h', settings)}"


def _rmsprop(settings: Settings) -> str:
    return f"v = decay * v + (1 - decay) * g ** 2\np = p - learning_rate * g / {_root('v', settings)}"


def _adam(settings: Settings, before: str = "p") -> str:
    lines = "m = beta1 * m + (1 - beta1) * g\nv = beta2 * v + (1 - beta2) * g ** 2\n"
    if not settings["bias_correction"]:
        return f"{lines}p = {before} - learning_rate * m / {_root('v', settings)}"
    if settings["epsilon_at"] == UNCORRECTED:
        return (
            f"{lines}rate = learning_rate * sqrt(1 - beta2 ** iteration) / (1 - beta1 ** iteration)\n"
            f"p = {before} - rate * m / (sqrt(v) + epsilon)"
        )
    return (
        f"{lines}m_hat = m / (1 - beta1 ** iteration)\nv_hat = v / (1 - beta2 ** iteration)\n"
        f"p = {before} - learning_rate * m_hat / {_root('v_hat', settings)}"
    )


def _adamw(settings: Settings) -> str:
    return f"decayed = p - learning_rate * weight_decay * p\n{_adam(settings, 'decayed')}"


def _dampened(settings: Settings) -> tuple[str, str]:
    wrong = settings["convention"] == TEXTBOOK and settings["dampening"]
    return ("dampening", words.DAMPENING_OF_TEXTBOOK) if wrong else ("", "")


def _corrected(settings: Settings) -> tuple[str, str]:
    wrong = settings["epsilon_at"] == UNCORRECTED and not settings["bias_correction"]
    return ("epsilon_at", words.EPSILON_WITHOUT_CORRECTION) if wrong else ("", "")


BETAS = (_share("beta1", words.BETA1, 0.9, "β1"), _share("beta2", words.BETA2, 0.999, "β2"))
WEIGHT_DECAY = Hyperparameter("weight_decay", words.WEIGHT_DECAY, 0.01, "λ", low=0.0)
OF_ADAM = {"m": "mean_gradient", "v": "mean_square", "rate": "corrected_rate", "p": "adaptive_step"}
OF_ADAM |= dict.fromkeys(("m_hat", "v_hat"), "bias_correction")

SGD = Kind((LEARNING_RATE,), lambda settings: "p = p - learning_rate * g", {})

OPTIMIZERS: Mapping[str, Kind] = {
    "sgd": SGD,
    "momentum": Kind(
        (LEARNING_RATE, MOMENTUM, DAMPENING),
        _momentum,
        {"v": "velocity", "p": "velocity_step"},
        (CONVENTION,),
        _dampened,
    ),
    "nesterov": Kind((LEARNING_RATE, MOMENTUM), _nesterov, {"v": "velocity", "p": "nesterov_step"}, (CONVENTION,)),
    "adagrad": Kind(
        (LEARNING_RATE, _epsilon(1e-10)), _adagrad, {"h": "square_sum", "p": "adaptive_step"}, (EPSILON_AT_ROOT,)
    ),
    "rmsprop": Kind(
        (LEARNING_RATE, _share("decay", words.DECAY, 0.99, "ρ"), _epsilon(1e-8)),
        _rmsprop,
        {"v": "mean_square", "p": "adaptive_step"},
        (EPSILON_AT_ROOT,),
    ),
    "adam": Kind((LEARNING_RATE, *BETAS, _epsilon(1e-8)), _adam, OF_ADAM, (BIAS_CORRECTION, EPSILON_AT), _corrected),
    "adamw": Kind(
        (LEARNING_RATE, *BETAS, WEIGHT_DECAY, _epsilon(1e-8)),
        _adamw,
        OF_ADAM | {"decayed": "weight_decay"},
        (BIAS_CORRECTION, EPSILON_AT),
        _corrected,
    ),
}
