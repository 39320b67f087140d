"""Losses that are written as formulas: of each sample's terms, and how these are put together; penalties on weights.

Each term is a formula of y, the output, and t, the targets. Its gradient is derived like that of any formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from gradstep.engine.arrays import Shape
from gradstep.engine.language.formulas import ROWS, parse_line
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.lowering import Lowering
from gradstep.engine.program.network import Network
from gradstep.engine.program.program import Phase
from gradstep.engine.program.trees import Constant


@dataclass(frozen=True)
class Kind:
    """term: of every element. lines: what is computed first. settings: name → usual value. labels: targets may be
    class labels. targets: from where to where they may be; either: they are one of these two.
    """

    term: str
    lines: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    labels: bool = False
    targets: tuple[float, float] = (-inf, inf)
    either: bool = False


# How the terms are put together; the first is what is taken if none is given.
REDUCTIONS: Mapping[str, str] = {
    "mean": "sum({term}) / N",  # over the samples: the terms of one are added
    "sum": "sum({term})",
    "mean_all": "mean({term})",  # over all elements, as PyTorch's losses do
}

KINDS: Mapping[str, Kind] = {
    "absolute_error": Kind("abs(y - t)"),
    # Huber, Robust Estimation of a Location Parameter (1964).
    "huber": Kind(
        "where(abs(error) <= delta, 0.5 * error**2, delta * (abs(error) - 0.5 * delta))",
        ("error = y - t",),
        {"delta": 1.0},
    ),
    # Of targets −1 and 1: Cortes & Vapnik, Support-Vector Networks (1995).
    "hinge": Kind("maximum(0, 1 - t * y)", targets=(-1.0, 1.0), either=True),
    "cross_entropy": Kind("-t * log(y + epsilon)", (), {"epsilon": 0.0}, labels=True),
    "binary_cross_entropy": Kind(
        "-(t * log(y + epsilon) + (1 - t) * log(1 - y + epsilon))", (), {"epsilon": 0.0}, targets=(0.0, 1.0)
    ),
    "binary_cross_entropy_from_logits": Kind("softplus(y) - t * y", targets=(0.0, 1.0)),
}

# What the losses that are one step each are as formulas, beside which a penalty stands or which are summed otherwise.
AS_FORMULAS: Mapping[str, Kind] = {
    "squared_error": Kind("0.5 * (y - t)**2"),
    "softmax_cross_entropy": Kind("-t * log_softmax(y)", labels=True),
}
WITHOUT_HALF = Kind("(y - t)**2")


@dataclass(frozen=True)
class Penalty:
    """½ l2 Σ w² + l1 Σ |w| over some parameters: their gradients are l2 w and l1 sign(w)."""

    l1: float = 0.0
    l2: float = 0.0
    parameters: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The formula; "" where nothing is penalized."""
        terms: list[str] = []
        if not self.parameters:
            return ""
        if self.l2:
            squares = " + ".join(f"sum({name}**2)" for name in self.parameters)
            terms.append(f"0.5 * l2 * ({squares})")
        if self.l1:
            sizes = " + ".join(f"sum(abs({name}))" for name in self.parameters)
            terms.append(f"l1 * ({sizes})")
        return " + ".join(terms)


@dataclass(frozen=True, eq=False)
class FormulaLoss:
    """A loss by lines, of which the last is E, or E_data where a penalty is added. constants: its settings.
    makes_output: it is of logits, and the output proper is their softmax.
    """

    name: str
    kind: Kind
    lines: tuple[str, ...]
    penalty: Penalty
    constants: Mapping[str, float]
    makes_output: bool = False


def formula_loss(
    name: str, reduction: str, settings: Mapping[str, float], penalty: Penalty, *, half: bool
) -> FormulaLoss:
    """A loss as formulas."""
    kind = KINDS.get(name) or AS_FORMULAS[name]
    if name == "squared_error" and not half:
        kind = WITHOUT_HALF
    term = kind.term if settings.get("epsilon") else kind.term.replace(" + epsilon", "")
    whole = REDUCTIONS[reduction].format(term=term)
    lines = (*kind.lines, f"{'E_data' if penalty.text else 'E'} = {whole}")
    constants = {each: settings[each] for each in kind.settings if settings[each]}
    constants |= {each: size for each, size in (("l1", penalty.l1), ("l2", penalty.l2)) if size}
    return FormulaLoss(name, kind, lines, penalty, constants, name == "softmax_cross_entropy")


def with_loss(network: Network, loss: FormulaLoss, shapes: Mapping[str, Shape], rows: int) -> Network:
    """The network with the nodes of its loss. shapes: of its values and of t. Raises ExpressionError."""
    constants = {name: Constant(value, f"{value:g}") for name, value in loss.constants.items()}
    output = {"y": network.output}
    lowering = Lowering(dict(shapes), constants | {ROWS: Constant(float(rows), ROWS)}, aliases=output)
    if loss.makes_output:
        lowering.line(parse_line("y = softmax(y)", KNOWN), "loss")
        lowering.nodes[:] = [replace(node, layer=network.nodes[-1].layer) for node in lowering.nodes]
        lowering.aliases = output
    for line in loss.lines:
        lowering.line(parse_line(line, KNOWN), "loss", Phase.LOSS)
    if loss.penalty.text:
        lowering.aliases = {}  # a parameter may be called y
        for line in (f"penalty = {loss.penalty.text}", "E = E_data + penalty"):
            lowering.line(parse_line(line, KNOWN), "loss", Phase.LOSS)
    return replace(network, ending=tuple(lowering.nodes), loss=lowering.nodes[-1].name)
