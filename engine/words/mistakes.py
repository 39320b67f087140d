"""What is said of each mistake: what was done, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from gradstep.engine.words.language import _, plural

AT = _("{what} (at {symbols})")

SAYS: Mapping[str, str] = {
    "bias-missing": _("the bias was left out"),
    "bias-subtracted": _("the bias was subtracted instead of added"),
    "bias-order": _("the biases are those of other units"),
    "weights-transposed": _("the weights were transposed, or were not where they should be"),
    "activation-missing": _("the activation was left out"),
    "activation-twice": _("the activation was applied twice"),
    "activation-other": _("another activation was applied"),
    "softmax-over-batch": _("the softmax was taken over the rows of the batch, or over everything"),
    "softmax-unnormalized": _("the softmax was not divided by its sum"),
    "softmax-twice": _("the softmax was applied twice"),
    "half-missing-in-loss": _("the loss has no ½, its gradient is that of the loss with ½"),
    "half-missing": _("the loss and its gradient have no ½"),
    "mean-over-outputs-in-loss": _("the loss was divided by the number of outputs, its gradient was not"),
    "mean-over-outputs": _("the loss and its gradient were divided by the number of outputs"),
    "mean-for-sum": _("the loss and its gradient were divided by the number of rows"),
    "sum-for-mean-in-loss": _("the loss was not divided by the number of rows, its gradient was"),
    "sum-for-mean": _("the loss and its gradient were not divided by the number of rows"),
    "log-base": _("the logarithm is to another base"),
    "root-taken": _("the root of the loss was taken"),
    "part-of-loss": _("only one output or one row is in the loss"),
    "epsilon-in-log": _("a small number was added in the logarithm"),
    "error-sign": _("target − output instead of output − target"),
    "error-absolute": _("the absolute error was taken"),
    "batch-mean-missing": _("the gradient was not divided by the number of rows, though the loss was"),
    "batch-mean-twice": _("the gradient was divided by the number of rows twice"),
    "softmax-and-sigmoid-derivative": _("the gradient of softmax with its loss was multiplied by y (1 − y) as well"),
    "label-only": _("the gradient was taken at the label only"),
    "derivative-missing": _("the derivative of the activation was left out"),
    "derivative-at-activation": _("the derivative was taken of what is an output already"),
    "derivative-formula-on-input": _("the derivative's formula was used on the pre-activation instead of the output"),
    "activation-for-derivative": _("the activation stands in the place of its derivative"),
    "derivative-half": _("only half of the derivative stands there"),
    "derivative-twice": _("the derivative was multiplied in twice"),
    "derivative-other": _("the derivative is that of another activation"),
    "relu-mask-missing": _("ReLU's mask was left out"),
    "relu-mask-inverted": _("ReLU's mask is the wrong way round"),
    "relu-mask-of-gradient": _("ReLU's mask was made of the gradient"),
    "relu-at-zero": _("ReLU's mask has ≥ where > is meant"),
    "early-update": _("the weights had been updated already when the gradient was handed back"),
    "weights-untransposed": _("the weights were not transposed"),
    "weights-missing": _("the weights were left out"),
    "weights-absolute": _("the weights' signs were left out"),
    "one-output-flows-back": _("only one of several terms flows back"),
    "error-flows-back": _("the gradient of the output was handed back without the activation's derivative"),
    "gradient-flows-back": _("the gradient of the weights stands in the place of the weights"),
    "preactivation-for-input": _("the pre-activation stands in the place of the layer's input"),
    "own-output-for-input": _("the layer's own output stands in the place of its input"),
    "gradient-transposed": _("the gradient is transposed"),
    "last-row-only": _("only the last row of the batch is in it"),
    "first-row-only": _("only the first row of the batch is in it"),
    "product-of-means": _("the product of the means stands in the place of the mean of the products"),
    "gradient-zero": _("the gradient is 0, as if it had been forgotten"),
    "stray-factor": _("a constant stands there that does not belong"),
    "bias-gradient-mean": _("the mean over the rows stands in the place of the sum"),
    "bias-gradient-one-number": _("it was summed over the units, too"),
    "bias-gradient-times-bias": _("it was multiplied by the bias"),
    "wrong-axis": _("it was summed over the other axis"),
    "ascent": _("the gradient was added instead of subtracted"),
    "rate-missing": _("the learning rate was left out"),
    "rate-twice": _("the learning rate was multiplied in twice"),
    "rate-over-batch": _("the learning rate was divided by the number of rows"),
    "weights-replaced": _("the weights were replaced by the step"),
    "layer-not-updated": _("the parameter was not updated"),
    "sign-of-gradient": _("only the gradient's sign was used"),
    "frozen-updated": _("a parameter was updated that stays as it is"),
}

# ── numbers that somebody gives ──────────────────────────────────────────────────────────────────────────────

NOT_A_GIVEN = _('"{text}" is none, expected POSITION:SYMBOL=VALUE such as 2:E=0.291027924, or a file .npz or .json')
NOT_A_NUMBER = _('"{text}": found {found}, expected a number')
NOTHING_KNOWN = _("nothing of it is a value of this scenario: {names}")
UNKNOWN = plural(
    "{count:,} name is no value of this scenario: {names}", "{count:,} names are no values of this scenario: {names}"
)
OTHER_SHAPE = _("{name}: found {found}, expected {expected}")
NOT_JSON = _("is no JSON object of names and numbers: {problem}")
NO_SUCH_PLACE = _('"{name}": {problem}')
