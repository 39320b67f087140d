"""What is said of the forward pass: layers, activations, and the losses that it ends in."""

from __future__ import annotations

from tui.words.entry import Entry

FORWARD: dict[str, Entry] = {
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

LOSSES: dict[str, Entry] = {
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
