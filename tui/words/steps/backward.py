"""The texts on the backward pass: where it begins, and how a gradient goes back through each operation."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

BACKWARD: dict[str, Entry] = {
    "difference": Entry(
        _("Gradient of the squared error"),
        (
            _("The backward pass begins here: {symbol} says how the loss changes with each element of the output {y}."),
            _(
                "The derivative of ½ ({y} − {t})² is {y} − {t}: the ½ cancels the 2; no other term of the sum has this element."
            ),
            _("The loss is a sum, so nothing is divided by the number of rows; a mean would have ({y} − {t}) / N."),
        ),
        _("{formula}, for {goal} = ½ Σ ({y} − {t})²."),
        _("Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986)."),
        ("y", "t"),
        short=_("the derivative of ½ ({y} − {t})² is {y} − {t}"),
    ),
    "mean_difference": Entry(
        _("Gradient of the mean squared error"),
        (
            _("The backward pass begins here: {symbol} says how the loss changes with each element of the output {y}."),
            _(
                "The derivative of ½ ({y} − {t})² is {y} − {t}: the ½ cancels the 2; no other term of the sum has this element."
            ),
            _("The loss is a mean over the rows, so every element is divided by {N}; a sum would have {y} − {t}."),
        ),
        _("{formula}, for {goal} = ½ Σ ({y} − {t})² / N."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 8.1.3 and 8.3.1."),
        ("y", "t"),
        short=_("the derivative of ½ ({y} − {t})² is {y} − {t}; {goal} is a mean"),
    ),
    "mean_difference:softmax": Entry(
        _("Delta of softmax with cross-entropy"),
        (
            _(
                "The gradient of cross-entropy through softmax, with respect to the logits, is {y} Σ {t} − {t} in each row."
            ),
            _(
                "Where each row of the targets {t} sums to 1, that is {y} − {t}; the mean over the batch divides it by {N}."
            ),
            _(
                "It is softmax and cross-entropy together that give this: behind softmax, squared error leaves another factor."
            ),
        ),
        _(
            "{formula}, only if each row of {t} sums to 1, the logarithm is natural and {goal} is the mean over the batch."
        ),
        _(
            "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; "
            "Goodfellow, Bengio & Courville, Deep Learning (2016), sections 6.2.2.3 and 8.1.3."
        ),
        ("y", "t"),
        short=_("softmax and cross-entropy together have the gradient {y} − {t}"),
    ),
    "seed_gradient": Entry(
        _("Seed of the backward pass: the gradient 1"),
        (
            _("There is no loss: {y} itself is differentiated, and its derivative with respect to itself is 1."),
            _("From this seed the chain rule multiplies its way back to every input."),
            _("Where the output has several elements, each gets 1: then it is their sum that is differentiated."),
        ),
        _("{formula}, for each element."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.3."),
        ("y",),
        short=_("the derivative of {y} with respect to itself is 1"),
    ),
    "seed_gradient:loss": Entry(
        _("Seed of the backward pass: the gradient 1"),
        (
            _("{y} is what is differentiated, and its derivative with respect to itself is 1."),
            _("From this seed the chain rule multiplies its way back to every parameter, one operation at a time."),
        ),
        _("{formula}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.3."),
        ("y",),
        short=_("the derivative of {y} with respect to itself is 1"),
    ),
    "sigmoid_gradient": Entry(
        _("Back through the sigmoid"),
        (
            _("The chain rule: {symbol} is the upstream gradient {upstream} times the sigmoid's derivative."),
            _(
                "That derivative is {z}(1 − {z}), with {z} the sigmoid's output: taken there, it needs no new exponential."
            ),
            _("It is at most 1/4, and almost 0 where the output is near 0 or 1: a saturated unit learns slowly."),
        ),
        _("{formula}, because σ′(u) = exp(−u) / (1 + exp(−u))² = z(1 − z) where z = σ(u)."),
        _(
            "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 3.10."
        ),
        ("upstream", "z"),
        short=_("{goal} depends on {of} only through {z}, and σ′ = σ(1 − σ)"),
    ),
    "tanh_gradient": Entry(
        _("Back through the hyperbolic tangent"),
        (
            _("The chain rule: {symbol} is the upstream gradient {upstream} times the derivative of tanh."),
            _("That derivative is 1 − {z}², with {z} the output of tanh: taken there, it needs no new tanh."),
            _("It is at most 1, and almost 0 where the output is near −1 or 1: a saturated unit learns slowly."),
        ),
        _("{formula}, because tanh′(u) = 1 − tanh(u)² = 1 − z² where z = tanh(u)."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.2."),
        ("upstream", "z"),
        short=_("{goal} depends on {of} only through {z}, and tanh′ = 1 − tanh²"),
    ),
    "relu_gradient": Entry(
        _("Back through ReLU"),
        (
            _(
                "Where {at} is positive ReLU's derivative is 1, and {upstream} passes unchanged; elsewhere it is stopped."
            ),
            _("At 0, where ReLU has a kink and no derivative, 0 is taken by convention."),
            _("It may as well be taken at the output z: z > 0 exactly where u > 0."),
        ),
        _("{formula}, element by element; the bracket is 1 where u > 0, otherwise 0."),
        _(
            "Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011); "
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.3."
        ),
        ("upstream", "at"),
        short=_("where {at} > 0 ReLU's derivative is 1, elsewhere 0 (at 0 by convention)"),
    ),
    "relu_gradient:output": Entry(
        _("Back through ReLU, taken at its output"),
        (
            _(
                "Where {at} is positive ReLU's derivative is 1, and {upstream} passes unchanged; elsewhere it is stopped."
            ),
            _("It is taken at the output {at} instead of the input u, and may be: z > 0 exactly where u > 0."),
            _("At 0, where ReLU has a kink and no derivative, 0 is taken by convention."),
        ),
        _("{formula}, element by element; the bracket is 1 where z > 0, which is where u > 0, otherwise 0."),
        _(
            "Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011); "
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.3."
        ),
        ("upstream", "at"),
        short=_("where {at} > 0 ReLU's derivative is 1, elsewhere 0 (at 0 by convention)"),
    ),
    "relu_gradient:foreign": Entry(
        _("The derivative of ReLU, behind another activation"),
        (
            _("Where {at} is positive {upstream} passes unchanged; elsewhere it is stopped, as if this were a ReLU."),
            _("At 0, where ReLU has a kink and no derivative, 0 is taken by convention."),
        ),
        _("{formula}, element by element; the bracket is 1 where {at} > 0, otherwise 0."),
        _("Glorot, Bordes & Bengio, Deep Sparse Rectifier Neural Networks (2011), on ReLU."),
        ("upstream", "at"),
        short=_("passes where {at} > 0, as behind a ReLU, which this is not"),
    ),
    "identity_gradient": Entry(
        _("The derivative of the identity: 1"),
        (
            _("The derivative of the identity is 1 everywhere."),
            _("So {symbol} is {upstream}, unchanged."),
        ),
        _("{formula}, for each element."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.1, on linear outputs."),
        ("upstream",),
        short=_("the derivative of the identity is 1"),
    ),
    "step_gradient": Entry(
        _("The derivative of the step function: 0"),
        (
            _(
                "The step function's derivative is 0 almost everywhere: it is flat; at its jump it has none, and 0 is taken."
            ),
            _("So {symbol} is 0 whatever {upstream} is: nothing is learnt through it."),
            _(
                "Activations with a slope, such as the sigmoid, took its place so that nets could be trained by gradients."
            ),
        ),
        _("{formula}, for each element."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 5.1."),
        ("upstream",),
        short=_("the step function is flat: the derivative taken is 0, nothing is learnt"),
    ),
    "sigmoid_slope": Entry(
        _("The derivative of the sigmoid, taken at a given value"),
        (
            _("{symbol} is the upstream gradient {upstream} times the sigmoid's derivative, taken at {at}."),
            _("It is computed anew from {at}; behind a sigmoid, z(1 − z) at its output z is σ′(u) with less work."),
        ),
        _("{formula}, where σ′(v) = σ(v) (1 − σ(v)), element by element."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 3.10."),
        ("upstream", "at"),
        short=_("the sigmoid's derivative, taken at {at}"),
    ),
    "tanh_slope": Entry(
        _("The derivative of tanh, taken at a given value"),
        (
            _("{symbol} is the upstream gradient {upstream} times the derivative of tanh, taken at {at}."),
            _("It is computed anew from {at}; behind a tanh, 1 − z² at its output z is tanh′(u) with less work."),
        ),
        _("{formula}, where tanh′(v) = 1 − tanh(v)², element by element."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.2."),
        ("upstream", "at"),
        short=_("the derivative of tanh, taken at {at}"),
    ),
    "weight_gradient": Entry(
        _("Gradient of the weights"),
        (
            _(
                "In row n the weight {of}[j,k] multiplies {x}[n,j]; its share of the gradient is {x}[n,j] times {upstream}[n,k]."
            ),
            _(
                "All rows use the same weights, so the shares are summed over the rows: {x} transposed times {upstream}."
            ),
            _("No mean is taken here: where the loss is a mean over the batch, 1/N is already in {upstream}."),
        ),
        _("{formula}: at [j,k], the sum of {x}[n,j] times {upstream}[n,k] over the rows n."),
        _(
            "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
            "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.1."
        ),
        ("x", "upstream"),
        short=_("a weight's gradient: its input times its unit's delta, over all rows"),
    ),
    "bias_gradient": Entry(
        _("Gradient of the bias"),
        (
            _(
                "The same {of} is added to every row of the batch, so its gradient is a sum over the rows of {upstream}."
            ),
            _("A bias is a weight whose input is always 1: its derivative in each row is 1."),
            _("No mean is taken here: where the loss is a mean over the batch, 1/N is already in {upstream}."),
        ),
        _("{formula}: for each unit, the sum of its column over the rows."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), sections 5.1 and 5.3.1."),
        ("upstream",),
        short=_("a bias is added with derivative 1: its gradient is its unit's delta"),
    ),
    "input_gradient": Entry(
        _("Back through the weights, to the layer's input"),
        (
            _(
                "Each element of {of} feeds every unit of the layer, so it gathers their deltas times the weights between."
            ),
            _(
                "{W} is as in the forward pass, before any update: the gradient is taken at the weights that made {goal}."
            ),
            _(
                "With updated weights the hidden deltas behind it would not be derivatives of {goal} as it was computed."
            ),
        ),
        _("{formula}, with {W} from before any update."),
        _(
            "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986); "
            "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.1."
        ),
        ("upstream", "W"),
        short=_("each unit behind sends back its delta times the weight between"),
    ),
    "pass_on": Entry(
        _("Back through an addition"),
        (
            _("The derivative of a sum with respect to one of its terms is 1."),
            _("So {upstream} is handed on to {of} unchanged."),
        ),
        _("{formula}, for each element."),
        _(
            "Saitoh, Deep Learning from Scratch (2016, in Japanese), chapter 5; "
            "Karpathy, notes of Stanford CS231n (2015), on backpropagation."
        ),
        ("upstream",),
        short=_("a sum's derivative by a term is 1: the gradient goes on unchanged"),
    ),
    "pass_on_summed": Entry(
        _("Back through an addition, to a single number"),
        (
            _("The single number {of} was added to every element, each time with derivative 1."),
            _("A value used many times gets the sum of what comes back: here of every element of {upstream}."),
        ),
        _("{formula}, the sum over all elements."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2."),
        ("upstream",),
        short=_("{of} was added to every element, so what comes back is summed"),
    ),
    "pass_times": Entry(
        _("Back through a multiplication"),
        (
            _("The derivative of a product with respect to one factor is the other factor."),
            _("So what comes back to {of} is {upstream} times {other}, as it was in the forward pass."),
        ),
        _("{formula}, element by element."),
        _(
            "Saitoh, Deep Learning from Scratch (2016, in Japanese), chapter 5; "
            "Karpathy, notes of Stanford CS231n (2015), on backpropagation."
        ),
        ("upstream", "other"),
        short=_("a product's derivative by one factor is the other factor"),
    ),
    "pass_times_summed": Entry(
        _("Back through a multiplication, to a single number"),
        (
            _("The single number {of} multiplied every element of {other}, which is its derivative there."),
            _("A value used many times gets the sum of what comes back: {upstream} times {other}, over all elements."),
        ),
        _("{formula}, the sum over all elements."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2."),
        ("upstream", "other"),
        short=_("{of} multiplied every element, so what comes back is summed"),
    ),
    "accumulate": Entry(
        _("Sum of the gradients of a value used more than once"),
        (
            _("{of} is used {count} times, and a change of it reaches {goal} through every use."),
            _("The chain rule adds up all paths: the gradient is the sum of what came back from each use."),
        ),
        _("{formula}, one term for each use."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2."),
        short=_("{of} is used {count} times: what comes back from each use is added"),
    ),
}
