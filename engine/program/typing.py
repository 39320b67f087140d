"""A step as a person would type it, in the language of formulas: `delta1 = dz1 * z1 * (1 - z1)`.

It is what stands ready to be changed where a step is replaced. Most operations are written with signs that have a plain
spelling; the others are listed. What does not come out as a formula of the step's own shape is not offered.
"""

from __future__ import annotations

import re

from gradstep.engine.language.formulas import parse_formula
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.formulas import Placed, formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.names import Names
from gradstep.engine.program.operation import Operation, ShapeError
from gradstep.engine.program.operations.spreading import COMPARISONS
from gradstep.engine.program.program import Step
from gradstep.engine.program.replacing import constants_of

# The name of an operation → how it is typed, where its signs do not say it.
_TYPED = {
    "sigmoid": "sigmoid({0})",
    "relu": "maximum(0, {0})",
    "step": "{0} > 0",
    "bias_gradient": "sum({0}, axis=0)",
    "half_squared_error": "0.5 * sum(({0} - {1})**2)",
    "mean_half_squared_error": "0.5 * sum(({0} - {1})**2) / N",
    "mean_difference": "({0} - {1}) / N",
    "cross_entropy_from_logits": "-sum({1} * log_softmax({0})) / N",
    "relu_gradient": "{0} * ({1} > 0)",
    "tanh_gradient": "{0} * (1 - {1}**2)",
    "identity_gradient": "{0}",
    "pass_on": "{0}",
    "pass_on_summed": "sum({0})",
    "pass_times_summed": "sum({0} * {1})",
    "descend": "{0} - {2} * {1}",
    **{name: f"{name}({{0}})" for name in ("softplus", "silu", "softsign", "erf", "gelu", "gelu_tanh")},
}
_COMPARISONS = {operation.name for operation in COMPARISONS.values()}
_SET = {"leaky_relu": "slope", "elu": "alpha"}
_PLAIN = {
    "∘": "*",
    "·": "@",
    "−": "-",
    "ᵀ": ".T",
    "²": "**2",
    "^": "**",
    "½": "0.5 *",
    "√": "sqrt",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}


def typed(names: Names, step: Step) -> str:
    """`SYMBOL = FORMULA`, or just `SYMBOL = ` where the step has no formula that could be typed."""
    head = f"{names.typed(step.symbol)} = "
    template = _template(step.operation)
    try:
        text = template.format(*map(names.typed, step.operands))
        formula = formula_of(parse_formula(text, KNOWN), names.references, constants_of(names.program))
        shape = formula.operation.shape(*(names.program.symbols[name].shape for name in formula.operands))
    except (ExpressionError, ShapeError, Placed, IndexError):
        return head
    return head + text if shape == names.program.symbols[step.symbol].shape else head


def _template(operation: Operation) -> str:
    formula = operation.formula
    if operation.name == "cross_entropy":  # which has a number of its own in it
        return f"-sum({{1}} * log({formula.partition('log(')[2].removesuffix(' / N')}) / N"
    if operation.name in _SET:  # which has a number of its own, too
        number = re.search(r"\+ (\S+) ", formula)
        return f"{operation.name}({{0}}, {_SET[operation.name]}={number[1] if number else ''})"
    if operation.name in ("stack", "concatenate"):  # of a list
        return re.sub(r"\(((?:\{\d+\}(?:, )?)+)", r"([\1]", formula).replace(", ]", "], ")
    if operation.name in ("maximum", "minimum"):  # one of them may be a number
        formula = formula.replace(operation.name[:3], operation.name, 1)
    if operation.name == "abs":
        formula = f"abs({formula[1:-1]})"
    if operation.name in _COMPARISONS:
        formula = formula[1:-1].replace(" = ", " == ")
    if operation.name in _TYPED:
        return _TYPED[operation.name]
    for sign, plain in _PLAIN.items():
        formula = formula.replace(sign, plain)
    return formula
