"""The texts on the forward pass: layers, activations, and the losses that it ends in."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

FORWARD: dict[str, Entry] = {
    "affine": Entry(
        _("Affine layer: weighted sums plus bias"),
        (
            _("Each row of {x} is a sample, each column of {W} a unit; {symbol} holds each unit's weighted sum."),
            _("{b} has one number a unit; the same bias is added to every row."),
            _(
                "{W} says how strongly each input counts, {b} how far a sum is shifted; a net learns by changing these two."
            ),
        ),
        _("{formula}, where {W} is inputs × outputs and {b} is added to each row."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 5.1."),
        ("x", "W", "b"),
        short=_("each unit adds its inputs times its weights, and its bias"),
    ),
    "linear": Entry(
        _("Linear layer: weighted sums, without a bias"),
        (
            _("Each row of {x} is a sample, each column of {W} a unit; {symbol} holds each unit's weighted sum."),
            _("Without a bias, a sample of zeros gives 0 in every unit, whatever the weights."),
        ),
        _("{formula}, where {W} is inputs × outputs."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 5.1."),
        ("x", "W"),
        short=_("each unit adds its inputs times its weights"),
    ),
    "add": Entry(
        _("Addition"),
        (
            _("{a} and {b} are added, element by element; a single number is added to every element."),
            _(
                "Its derivative with respect to either operand is 1: backward, each element's gradient goes on unchanged."
            ),
        ),
        _("{formula}, for operands of one shape, or one of them a single number."),
        _(
            "Saitoh, Deep Learning from Scratch (2016, in Japanese), chapter 5; "
            "Karpathy, notes of Stanford CS231n (2015), on backpropagation."
        ),
        ("a", "b"),
        short=_("a sum, element by element"),
        of_numbers=_("one added to the other"),
    ),
    "multiply": Entry(
        _("Multiplication, element by element"),
        (
            _("{a} and {b} are multiplied, element by element; a single number multiplies every element."),
            _("Its derivative with respect to one operand is the other: a backward pass needs both values again."),
        ),
        _("{formula}, for operands of one shape, or one of them a single number."),
        _(
            "Saitoh, Deep Learning from Scratch (2016, in Japanese), chapter 5; "
            "Karpathy, notes of Stanford CS231n (2015), on backpropagation."
        ),
        ("a", "b"),
        short=_("a product, element by element"),
        of_numbers=_("one times the other"),
    ),
    "sigmoid": Entry(
        _("Activation: the sigmoid (logistic function)"),
        (
            _(
                "The sigmoid brings each element of {u} between 0 and 1, rounded far out to these: large ones near 1, very negative ones near 0."
            ),
            _(
                "Without an activation that is not linear, affine layers in a row would be no more than one affine layer."
            ),
        ),
        _("{formula}, where σ(u) = 1 / (1 + exp(−u)), element by element."),
        _(
            "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
            "layers in a row: Bishop, Pattern Recognition and Machine Learning (2006), section 5.1."
        ),
        ("u",),
        short=_("the sigmoid brings every number between 0 and 1"),
    ),
    "relu": Entry(
        _("Activation: ReLU (rectified linear unit)"),
        (
            _("ReLU keeps each element of {u} that is positive and makes all others 0: a unit is on or off."),
            _("Where a unit is on, its derivative is 1, so that gradients do not shrink on their way through it."),
        ),
        _("{formula}, element by element."),
        _("Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011)."),
        ("u",),
        short=_("ReLU lets positive numbers through and makes the others 0"),
    ),
    "tanh": Entry(
        _("Activation: the hyperbolic tangent"),
        (
            _(
                "tanh brings each element of {u} between −1 and 1, rounded far out to these; it is odd: tanh(−u) = −tanh(u)."
            ),
            _("It is a sigmoid of another scale, tanh(u) = 2 σ(2u) − 1, with 0 in the middle."),
        ),
        _("{formula}, where tanh(u) = (exp(u) − exp(−u)) / (exp(u) + exp(−u)), element by element."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.3.2."),
        ("u",),
        short=_("tanh brings every number between −1 and 1"),
    ),
    "identity": Entry(
        _("Activation: the identity"),
        (
            _("{symbol} is {u} as it is: the activation that changes nothing."),
            _("At an output this is usual in regression, where the targets may be any numbers."),
        ),
        _("{formula}, element by element."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2.2.1."),
        ("u",),
        short=_("the identity hands its input on as it is"),
    ),
    "step": Entry(
        _("Activation: the step function (threshold)"),
        (
            _("Each element of {u} becomes 1 where it is above 0, and 0 elsewhere, at 0 as well: a yes or a no."),
            _(
                "It is the perceptron's activation; its derivative is 0 except at the jump, so no gradient goes back through it."
            ),
        ),
        _("{formula}: 1 where u > 0, otherwise 0, element by element."),
        _("Nielsen, Neural Networks and Deep Learning (2015), chapter 1."),
        ("u",),
        short=_("1 above 0, otherwise 0: the perceptron's yes or no"),
    ),
    "softmax": Entry(
        _("Output: softmax"),
        (
            _(
                "Softmax makes each row of logits {u} a row of probabilities with the sum 1: above 0, but for what rounds to 0."
            ),
            _("The row's maximum is subtracted first: it cancels, so it changes no value, and exp cannot overflow."),
            _("It works on whole rows: each probability depends on every logit of its row."),
        ),
        _("{formula}: at [n,k], exp({u}[n,k]) / Σ exp({u}[n,j]), the sum over all j of the row n."),
        _(
            "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; the shift by the maximum: "
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 4.1."
        ),
        ("u",),
        short=_("numbers from 0 to 1 that sum to 1: probabilities, one a class"),
    ),
}

LOSSES: dict[str, Entry] = {
    "half_squared_error": Entry(
        _("Loss: squared error, a sum"),
        (
            _("The loss is one number that says how far {y} is from the targets {t}; learning is to make it smaller."),
            _("The factor ½ is there so that the 2 of the derivative cancels: the gradient is simply {y} − {t}."),
            _(
                "It is a sum over the rows, not a mean: twice as many rows make loss and gradients about twice as large."
            ),
        ),
        _("{formula}, the sum over all rows and columns."),
        _(
            "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
            "Bishop, Pattern Recognition and Machine Learning (2006), section 5.2."
        ),
        ("y", "t"),
        short=_("how far {y} is from {t}, as one number to make smaller"),
    ),
    "mean_half_squared_error": Entry(
        _("Loss: squared error, a mean over the batch"),
        (
            _("The loss is one number that says how far {y} is from the targets {t}; learning is to make it smaller."),
            _("The factor ½ is there so that the 2 of the derivative cancels: the gradient is ({y} − {t}) / N."),
            _("It is a mean over the rows, not a sum: its scale and that of the gradients do not grow with the batch."),
        ),
        _("{formula}, the sum over all rows and columns divided by {N}, the number of rows (not of elements)."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 8.1.3 and 8.3.1."),
        ("y", "t"),
        short=_("how far {y} is from {t}, as one number, a mean over the rows"),
    ),
    "cross_entropy_from_logits": Entry(
        _("Loss: cross-entropy of softmax"),
        (
            _("With one-hot targets the loss is the mean over the rows of −log of the right class's probability."),
            _("It is computed from the logits {u}: a probability that rounds to 0 would have no finite logarithm."),
            _("The row's maximum is subtracted first, as in softmax: it changes no value, and exp cannot overflow."),
        ),
        _("{formula}, with the natural logarithm, the sum over all rows and columns, and {N} rows."),
        _(
            "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; "
            "Goodfellow, Bengio & Courville, Deep Learning (2016), sections 4.1, 6.2.2.3 and 8.1.3."
        ),
        ("u", "t"),
        short=_("the mean of −log of the right class's probability"),
    ),
    "cross_entropy": Entry(
        _("Loss: cross-entropy, shown with ε"),
        (
            _(
                "With one-hot targets the loss is the mean over the rows of −log(p + ε), p the right class's probability."
            ),
            _(
                "The small number ε keeps the logarithm finite where p is 0; where p is nearly 1, the loss can be below 0."
            ),
            _(
                "The backward pass takes the gradient of the exact loss, without ε, and not quite that of what is shown."
            ),
        ),
        _("{formula}, with the natural logarithm, the sum over all rows and columns, and {N} rows."),
        _(
            "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; "
            "with ε: Saitoh, Deep Learning from Scratch (2016, in Japanese), chapter 4."
        ),
        ("y", "t"),
        short=_("the mean of −log of the right class's probability and ε"),
    ),
}
