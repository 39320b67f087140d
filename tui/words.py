"""What a step is and why it is so, in words, for people who learn backpropagation.

`CATALOGUE` holds every text, a whole sentence each, with named placeholders; a translation is another such table.
An entry's key is the name of an operation, with ":" and a variant where one text does not fit all its uses; a key
that begins with "remark:" adds to what is said of a step, where that is more than its operation. Placeholders are
{symbol}, {formula}, {operands}, {count}, {of} (what a gradient or an updated value belongs to), {layer} (in the phase
measure the set of rows), {goal} (what is differentiated), {N} ("N = 4", or "N" where that is not known), {forward} (the
forward pass's formula) and those by which the entry calls its operands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.program import Program, Step
from tui.wording import Wording


@dataclass(frozen=True)
class Entry:
    """Texts on one kind of step, and what its operands are called in them. A remark has sentences alone."""

    name: str
    sentences: tuple[str, ...]
    formula: str = ""
    source: str = ""
    operands: tuple[str, ...] = ()


_FORWARD: dict[str, Entry] = {
    "affine": Entry(
        "Affine layer: weighted sums plus bias",
        (
            "Each row of {x} is a sample, each column of {W} a unit; {symbol} holds each unit's weighted sum.",
            "{b} has one number a unit; the same bias is added to every row.",
            "Weights and biases are what a net learns: how strongly each input counts, how far a sum is shifted.",
        ),
        "{formula}, where W is inputs × outputs and b is added to each row.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.1.",
        ("x", "W", "b"),
    ),
    "add": Entry(
        "Addition",
        (
            "{a} and {b} are added, element by element; a single number is added to every element.",
            "Its derivative with respect to either operand is 1: backward, each element's gradient goes on unchanged.",
        ),
        "{formula}, for operands of one shape, or one of them a single number.",
        "Baydin et al., Automatic Differentiation in Machine Learning: a Survey (2018).",
        ("a", "b"),
    ),
    "multiply": Entry(
        "Multiplication, element by element",
        (
            "{a} and {b} are multiplied, element by element; a single number multiplies every element.",
            "Its derivative with respect to one operand is the other: a backward pass needs both values again.",
        ),
        "{formula}, for operands of one shape, or one of them a single number.",
        "Baydin et al., Automatic Differentiation in Machine Learning: a Survey (2018).",
        ("a", "b"),
    ),
    "sigmoid": Entry(
        "Activation: the sigmoid (logistic function)",
        (
            "The sigmoid brings each element of {u} between 0 and 1: large ones near 1, very negative ones near 0.",
            "Without an activation that is not linear, affine layers in a row would be no more than one affine layer.",
        ),
        "{formula}, where σ(u) = 1 / (1 + exp(−u)), element by element.",
        "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986).",
        ("u",),
    ),
    "relu": Entry(
        "Activation: ReLU (rectified linear unit)",
        (
            "ReLU keeps each element of {u} that is positive and makes all others 0: a unit is on or off.",
            "Where a unit is on, its derivative is 1, so that gradients do not shrink on their way through it.",
        ),
        "{formula}, element by element.",
        "Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011).",
        ("u",),
    ),
    "tanh": Entry(
        "Activation: the hyperbolic tangent",
        (
            "tanh brings each element of {u} between −1 and 1; it is odd: tanh(−u) = −tanh(u).",
            "It is a sigmoid of another scale, tanh(u) = 2 σ(2u) − 1, with 0 in the middle.",
        ),
        "{formula}, where tanh(u) = (exp(u) − exp(−u)) / (exp(u) + exp(−u)), element by element.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.3.2.",
        ("u",),
    ),
    "identity": Entry(
        "Activation: the identity",
        (
            "{symbol} is {u} as it is: the activation that changes nothing.",
            "At an output this is usual in regression, where the targets may be any numbers.",
        ),
        "{formula}, element by element.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2.2.1.",
        ("u",),
    ),
    "step": Entry(
        "Activation: the step function (threshold)",
        (
            "Each element of {u} becomes 1 where it is above 0, and 0 elsewhere, at 0 as well: a yes or a no.",
            "It is the activation of the perceptron; its derivative is 0 everywhere, so nothing is learnt through it.",
        ),
        "{formula}: 1 where u > 0, otherwise 0, element by element.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.7.",
        ("u",),
    ),
    "softmax": Entry(
        "Output: softmax",
        (
            "Softmax makes each row of logits {u} a row of probabilities: all above 0, with the sum 1.",
            "The row's maximum is subtracted first: it cancels, so it changes no value, and exp cannot overflow.",
            "It works on whole rows: each probability depends on every logit of its row.",
        ),
        "{formula}: y[n,k] = exp(u[n,k]) / Σ exp(u[n,j]), the sum over all j of the row n.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; the shift by the maximum: "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 4.1.",
        ("u",),
    ),
}

_LOSSES: dict[str, Entry] = {
    "half_squared_error": Entry(
        "Loss: squared error, a sum",
        (
            "The loss is one number that says how far {y} is from the targets {t}; learning is to make it smaller.",
            "The factor ½ is there so that the 2 of the derivative cancels: the gradient is simply y − t.",
            "It is a sum over the rows, not a mean: twice as many rows make loss and gradients about twice as large.",
        ),
        "{formula}, the sum over all rows and columns.",
        "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.",
        ("y", "t"),
    ),
    "mean_half_squared_error": Entry(
        "Loss: squared error, a mean over the batch",
        (
            "The loss is one number that says how far {y} is from the targets {t}; learning is to make it smaller.",
            "The factor ½ is there so that the 2 of the derivative cancels: the gradient is (y − t) / N.",
            "It is a mean over the rows, not a sum: its scale and that of the gradients do not grow with the batch.",
        ),
        "{formula}, the sum over all rows and columns divided by {N}, the number of rows (not of elements).",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.2; "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3.",
        ("y", "t"),
    ),
    "cross_entropy_from_logits": Entry(
        "Loss: cross-entropy of softmax",
        (
            "With one-hot targets the loss is the mean over the rows of −log of the right class's probability.",
            "It is computed from the logits {u}: a probability that rounds to 0 would have no finite logarithm.",
            "The row's maximum is subtracted first, as in softmax: it changes no value, and exp cannot overflow.",
        ),
        "{formula}, with the natural logarithm, the sum over all rows and columns, and {N} rows.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2.2.3.",
        ("u", "t"),
    ),
    "cross_entropy": Entry(
        "Loss: cross-entropy, shown with ε",
        (
            "With one-hot targets the loss is the mean over the rows of −log of the right class's probability.",
            "The small number ε beside {y} keeps the logarithm finite where a probability is 0.",
            "This ε in the shown loss does not change the gradient, which is that of the exact loss, without ε.",
        ),
        "{formula}, with the natural logarithm, the sum over all rows and columns, and {N} rows.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; "
        "with ε: Saitoh, Deep Learning from Scratch (2016, in Japanese), chapter 4.",
        ("y", "t"),
    ),
}

_BACKWARD: dict[str, Entry] = {
    "difference": Entry(
        "Gradient of the squared error",
        (
            "The backward pass begins here: {symbol} says how the loss changes with each element of the output {y}.",
            "The derivative of ½ (y − t)² is y − t: the ½ cancels the 2; no other term of the sum has this element.",
            "The loss is a sum, so nothing is divided by the number of rows; a mean would have (y − t) / N.",
        ),
        "{formula}, for E = ½ Σ (y − t)².",
        "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986).",
        ("y", "t"),
    ),
    "mean_difference": Entry(
        "Gradient of the mean squared error",
        (
            "The backward pass begins here: {symbol} says how the loss changes with each element of the output {y}.",
            "The derivative of ½ (y − t)² is y − t: the ½ cancels the 2; no other term of the sum has this element.",
            "The loss is a mean over the rows, so every element is divided by {N}; a sum would have y − t.",
        ),
        "{formula}, for E = ½ Σ (y − t)² / N.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.",
        ("y", "t"),
    ),
    "mean_difference:softmax": Entry(
        "Delta of softmax with cross-entropy",
        (
            "The gradient of cross-entropy through softmax, with respect to the logits, is y Σ t − t in each row.",
            "Each row of the targets {t} sums to 1, so that is y − t; the mean over the batch divides it by {N}.",
            "Only softmax and cross-entropy together give this; with squared error another factor would remain.",
        ),
        "{formula}, only if each row of t sums to 1, the logarithm is natural and E is the mean over the batch.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2.2.3.",
        ("y", "t"),
    ),
    "seed_gradient": Entry(
        "Seed of the backward pass: the gradient 1",
        (
            "There is no loss: {y} itself is differentiated, and its derivative with respect to itself is 1.",
            "From this seed the chain rule multiplies its way back to every input.",
            "Where the output has several elements, each gets 1: then it is their sum that is differentiated.",
        ),
        "{formula}, for each element.",
        "Griewank & Walther, Evaluating Derivatives (2008), on the reverse mode; "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.",
        ("y",),
    ),
    "sigmoid_gradient": Entry(
        "Back through the sigmoid",
        (
            "The chain rule: {symbol} is the upstream gradient {upstream} times the sigmoid's derivative.",
            "That derivative is z(1 − z), with z the output {z}: taken there, it needs no new exponential.",
            "It is at most 1/4, and almost 0 where the output is near 0 or 1: a saturated unit learns slowly.",
        ),
        "{formula}, because σ′(u) = exp(−u) / (1 + exp(−u))² = z(1 − z) where z = σ(u).",
        "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.2.",
        ("upstream", "z"),
    ),
    "tanh_gradient": Entry(
        "Back through the hyperbolic tangent",
        (
            "The chain rule: {symbol} is the upstream gradient {upstream} times the derivative of tanh.",
            "That derivative is 1 − z², with z the output {z}: taken there, it needs no new tanh.",
            "It is at most 1, and almost 0 where the output is near −1 or 1: a saturated unit learns slowly.",
        ),
        "{formula}, because tanh′(u) = 1 − tanh(u)² = 1 − z² where z = tanh(u).",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.2.",
        ("upstream", "z"),
    ),
    "relu_gradient": Entry(
        "Back through ReLU",
        (
            "Where {at} is positive ReLU's derivative is 1, and {upstream} passes unchanged; elsewhere it is stopped.",
            "At 0, where ReLU has a kink and no derivative, 0 is taken by convention.",
            "It may as well be taken at the output z: z > 0 exactly where u > 0.",
        ),
        "{formula}, element by element; the bracket is 1 where u > 0, otherwise 0.",
        "Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011); "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.3.",
        ("upstream", "at"),
    ),
    "relu_gradient:output": Entry(
        "Back through ReLU, taken at its output",
        (
            "Where {at} is positive ReLU's derivative is 1, and {upstream} passes unchanged; elsewhere it is stopped.",
            "It is taken at the output {at} instead of the input u, and may be: z > 0 exactly where u > 0.",
            "At 0, where ReLU has a kink and no derivative, 0 is taken by convention.",
        ),
        "{formula}, element by element; the bracket is 1 where z > 0, which is where u > 0, otherwise 0.",
        "Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011); "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.3.",
        ("upstream", "at"),
    ),
    "relu_gradient:foreign": Entry(
        "The derivative of ReLU, behind another activation",
        (
            "Where {at} is positive {upstream} passes unchanged; elsewhere it is stopped, as if this were a ReLU.",
            "At 0, where ReLU has a kink and no derivative, 0 is taken by convention.",
        ),
        "{formula}, element by element; the bracket is 1 where {at} > 0, otherwise 0.",
        "Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011), on ReLU.",
        ("upstream", "at"),
    ),
    "identity_gradient": Entry(
        "The derivative of the identity: 1",
        (
            "The derivative of the identity is 1 everywhere.",
            "So {symbol} is {upstream}, unchanged.",
        ),
        "{formula}, for each element.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.2.",
        ("upstream",),
    ),
    "step_gradient": Entry(
        "The derivative of the step function: 0",
        (
            "The step function's derivative is 0 everywhere: it is flat, and at its jump 0 is taken.",
            "So {symbol} is 0 whatever {upstream} is: nothing is learnt through it.",
            "Activations with a slope, such as the sigmoid, took its place so that nets could be trained by gradients.",
        ),
        "{formula}, for each element.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.7.",
        ("upstream",),
    ),
    "sigmoid_slope": Entry(
        "The derivative of the sigmoid, taken at a given value",
        (
            "{symbol} is the upstream gradient {upstream} times the sigmoid's derivative, taken at {at}.",
            "It is computed anew from {at}; behind a sigmoid, z(1 − z) at its output z is σ′(u) with less work.",
        ),
        "{formula}, where σ′(v) = σ(v) (1 − σ(v)), element by element.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.2.",
        ("upstream", "at"),
    ),
    "tanh_slope": Entry(
        "The derivative of tanh, taken at a given value",
        (
            "{symbol} is the upstream gradient {upstream} times the derivative of tanh, taken at {at}.",
            "It is computed anew from {at}; behind a tanh, 1 − z² at its output z is tanh′(u) with less work.",
        ),
        "{formula}, where tanh′(v) = 1 − tanh(v)², element by element.",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.2.",
        ("upstream", "at"),
    ),
    "weight_gradient": Entry(
        "Gradient of the weights",
        (
            "In row n the weight W[i,j] multiplies x[n,i], so that row's share of its gradient is x[n,i] times δ[n,j].",
            "All rows use the same weights, so the shares are summed over the rows: {x} transposed times {upstream}.",
            "No mean is taken here: where the loss is a mean over the batch, 1/N is already in {upstream}.",
        ),
        "{formula}: at [i,j], the sum of x[n,i] times δ[n,j] over the rows n, where δ is {upstream}.",
        "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.1.",
        ("x", "upstream"),
    ),
    "bias_gradient": Entry(
        "Gradient of the bias",
        (
            "The same {of} is added to every row of the batch, so its gradient is a sum over the rows of {upstream}.",
            "A bias is a weight whose input is always 1: its derivative in each row is 1.",
            "No mean is taken here: where the loss is a mean over the batch, 1/N is already in {upstream}.",
        ),
        "{formula}: for each unit, the sum of its column over the rows.",
        "Bishop, Pattern Recognition and Machine Learning (2006), sections 5.1 and 5.3.1.",
        ("upstream",),
    ),
    "input_gradient": Entry(
        "Back through the weights, to the layer's input",
        (
            "Each element of {of} feeds every unit of the layer, so it gathers their deltas times the weights between.",
            "{W} is as in the forward pass, before its update: the gradient is taken at the weights that made {goal}.",
            "With updated weights the hidden deltas behind it would not be derivatives of {goal} as it was computed.",
        ),
        "{formula}, with W from before its update.",
        "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
        "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.1.",
        ("upstream", "W"),
    ),
    "pass_on": Entry(
        "Back through an addition",
        (
            "The derivative of a sum with respect to one of its terms is 1.",
            "So {upstream} is handed on to {of} unchanged.",
        ),
        "{formula}, for each element.",
        "Baydin et al., Automatic Differentiation in Machine Learning: a Survey (2018).",
        ("upstream",),
    ),
    "pass_on_summed": Entry(
        "Back through an addition, to a single number",
        (
            "The single number {of} was added to every element, each time with derivative 1.",
            "A value used many times gets the sum of what comes back: here of every element of {upstream}.",
        ),
        "{formula}, the sum over all elements.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2.",
        ("upstream",),
    ),
    "pass_times": Entry(
        "Back through a multiplication",
        (
            "The derivative of a product with respect to one factor is the other factor.",
            "So what comes back to {of} is {upstream} times {other}, as it was in the forward pass.",
        ),
        "{formula}, element by element.",
        "Baydin et al., Automatic Differentiation in Machine Learning: a Survey (2018).",
        ("upstream", "other"),
    ),
    "pass_times_summed": Entry(
        "Back through a multiplication, to a single number",
        (
            "The single number {of} multiplied every element of {other}, which is its derivative there.",
            "A value used many times gets the sum of what comes back: {upstream} times {other}, over all elements.",
        ),
        "{formula}, the sum over all elements.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2.",
        ("upstream", "other"),
    ),
    "accumulate": Entry(
        "Sum of the gradients of a value used more than once",
        (
            "{of} is used {count} times, and a change of it reaches {goal} through every use.",
            "The chain rule adds up all paths: the gradient is the sum of what came back from each use.",
        ),
        "{formula}, one term for each use.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2.",
    ),
}

_UPDATE: dict[str, Entry] = {
    "descend": Entry(
        "Update: a step of gradient descent",
        (
            "{goal} rises fastest along its gradient, so {p} goes a little way against {gradient}.",
            "The learning rate {rate} says how far: too small is slow, too large overshoots and may diverge.",
            "{p} stays as it was until the iteration ends; the next one starts from {symbol}.",
        ),
        "{formula}, with one learning rate {rate} > 0 for all elements.",
        "Robbins & Monro, A Stochastic Approximation Method (1951); "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.3.1.",
        ("p", "gradient", "rate"),
    ),
    "keep": Entry(
        "No update: a frozen parameter",
        (
            "{p} is frozen: the optimizer leaves it as it is, and the next iteration starts from the same numbers.",
            "Its gradient is computed all the same, but no update uses it.",
        ),
        "{formula}, for each element.",
        "Yosinski et al., How transferable are features in deep neural networks? (2014), on frozen layers.",
        ("p",),
    ),
}

_DATA: dict[str, Entry] = {
    "draw:input": Entry(
        "The batch: inputs",
        (
            "{symbol} holds the inputs that this iteration learns from, one sample a row, {N} in all.",
            "With replacement rows may repeat, drawn independently; without replacement none repeats in an epoch.",
            "The mean loss of a random batch has, on average, the gradient of that over all rows, for less work.",
        ),
        "{symbol} = rows of the data, as the scenario draws them: all, at random, or in order.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3; "
        "Robbins & Monro, A Stochastic Approximation Method (1951).",
    ),
    "draw:target": Entry(
        "The batch: targets",
        (
            "{symbol} holds what the network should answer, one row for each row of the inputs, {N} in all.",
            "They belong to the rows of the inputs, drawn with replacement, without replacement, or in order.",
        ),
        "{symbol} = the targets of the rows that were drawn.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3.",
    ),
    "all_rows:input": Entry(
        "Measuring: the inputs of a whole set",
        (
            "{symbol} holds the inputs of the set {layer}, every row once, {N} in all: nothing is drawn.",
            "Rows that are set apart to test on are never learnt from, so they show how the network does on new data.",
        ),
        "{symbol} = all rows of the set {layer}.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2.",
    ),
    "all_rows:target": Entry(
        "Measuring: the targets of a whole set",
        (
            "{symbol} holds the targets of the set {layer}, every row once, {N} in all.",
            "They are only compared with what the network answers; nothing is learnt from them here.",
        ),
        "{symbol} = the targets of all rows of the set {layer}.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2.",
    ),
    "accuracy": Entry(
        "Measuring: the accuracy",
        (
            "The accuracy is the share of rows in which {y} and {t} have their largest element at the same place.",
            "It has no gradient to follow: it changes only where a class flips, and is constant in between.",
            "That is why a loss that changes gradually is minimized, and the accuracy is only measured.",
        ),
        "{formula}, over {N} rows; of equal elements the first counts.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), sections 5.1.2 and 8.1.2.",
        ("y", "t"),
    ),
    "accuracy:column": Entry(
        "Measuring: the accuracy",
        (
            "The accuracy is the share of rows where {y} and {t} are both above ½, or both not.",
            "It has no gradient to follow: it changes only where a class flips, and is constant in between.",
            "That is why a loss that changes gradually is minimized, and the accuracy is only measured.",
        ),
        "{symbol} = mean [({y} > ½) = ({t} > ½)], over {N} rows, for an output of a single column.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), sections 5.1.2 and 8.1.2.",
        ("y", "t"),
    ),
}

_REMARKS: dict[str, Entry] = {
    "remark:measure": Entry(
        "Part of a measurement",
        ("Here the set {layer} is measured with the updated parameters: no gradient is taken, nothing is learnt.",),
    ),
    "remark:foreign": Entry(
        "Not the derivative of the forward pass",
        (
            "This is not the derivative of the forward pass, {forward}; the scenario asks for it.",
            "So neither {symbol} nor what is made of it is a gradient of {goal}, even if {goal} falls all the same.",
        ),
    ),
    "remark:contribution": Entry(
        "One of several contributions",
        ("{of} is used more than once: this is what one use sends back; the sum of all these is its gradient.",),
    ),
    "remark:epsilon": Entry(
        "The shown loss has ε, its gradient has not",
        ("The ε in the shown loss does not change this gradient: it is that of the exact loss, without ε.",),
    ),
    "remark:logits": Entry(
        "Logits are enough",
        ("The logits are enough: softmax keeps a row's order, so the largest logit is the largest probability.",),
    ),
}

CATALOGUE: Mapping[str, Entry] = MappingProxyType(
    {**_DATA, **_FORWARD, **_LOSSES, **_BACKWARD, **_UPDATE, **_REMARKS},
)


def about(
    program: Program,
    step: Step,
    wording: Wording,
    rows: int | None,
    catalogue: Mapping[str, Entry] = CATALOGUE,
) -> tuple[str, ...]:
    """The name of what a step is, sentences on what and why, the formula with its conditions, and a source for it.

    rows: the rows of a batch, where they are known. The name comes first, the formula last but one, the source last.
    """
    main, *remarks = (catalogue[key] for key in keys(program, step))
    fields = _fields(program, step, wording, rows) | dict(
        zip(main.operands, map(wording.symbol, step.operands), strict=bool(main.operands))
    )
    sentences = [*main.sentences, *(sentence for remark in remarks for sentence in remark.sentences)]
    texts = (main.name, *sentences, main.formula, main.source)
    return tuple(wording.sign(text).format_map(fields) for text in texts)


def keys(program: Program, step: Step) -> tuple[str, ...]:
    """The keys of what is said of a step: that of its operation or a variant of it, then those of remarks."""
    name, symbol = step.operation.name, program.symbols[step.symbol]
    remarks: list[str] = []
    if name in ("draw", "all_rows"):
        name += ":target" if symbol.role == "target" else ":input"
    elif name == "accuracy":
        if program.symbols[step.operands[0]].shape[1] == 1:
            name += ":column"
        elif any(other.operation.name == "softmax" for other in program.steps):
            remarks.append("remark:logits")
    elif step.phase == "measure":
        remarks.append("remark:measure")
    elif name == "mean_difference" and _writer(program, step.operands[0]).operation.name == "softmax":
        name += ":softmax"
        if _writer(program, program.loss).operation.name == "cross_entropy":
            remarks.append("remark:epsilon")
    elif name == "relu_gradient" and step.note:
        name += ":foreign"
    elif name == "relu_gradient" and step.operands[1] != symbol.of:
        name += ":output"
    if step.note:
        remarks.append("remark:foreign")
    if symbol.role == "contribution":
        remarks.append("remark:contribution")
    return (name, *remarks)


def _fields(program: Program, step: Step, wording: Wording, rows: int | None) -> dict[str, str]:
    """What the placeholders stand for that do not depend on the entry."""
    symbol, goal = program.symbols[step.symbol], wording.symbol(program.loss)
    count = _rows_measured(program, step) if step.phase == "measure" else rows
    fields = {
        "symbol": wording.symbol(step.symbol),
        "formula": wording.formula(step),
        "operands": ", ".join(map(wording.symbol, step.operands)),
        "count": str(len(step.operands)),
        "of": wording.symbol(symbol.of) if symbol.of else "",
        "layer": step.layer,
        "goal": wording.sign(f"Σ {goal}") if program.symbols[program.loss].shape else goal,
        "N": "N" if count is None else f"N = {count:,}",
    }
    if step.note:
        fields["forward"] = wording.formula(_writer(program, program.symbols[step.operands[0]].of))
    return fields


def _writer(program: Program, symbol: str) -> Step:
    """The step that writes a symbol that is no data."""
    return program.steps[program.writers[symbol]]


def _rows_measured(program: Program, step: Step) -> int:
    """The rows of the set that a step of the measure phase belongs to."""
    first = next(other for other in program.steps if other.phase == "measure" and other.layer == step.layer)
    return program.symbols[first.symbol].shape[0]  # a phase begins with the set's rows
