"""The texts on convolution and pooling of images, and on what goes back through them."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

_CONVOLUTION = _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 9.1 and 9.5.")
_MATRICES = _(
    "Chellapilla, Puri & Simard, High Performance Convolutional Neural Networks for Document Processing (2006)."
)
_POOLING = _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 9.3.")

IMAGES: dict[str, Entry] = {
    "conv2d": Entry(
        _("Convolution"),
        (
            _("Each kernel is laid over every window of an image; pixel times weight, summed over all channels."),
            _("The same weights look everywhere, so that a feature is found wherever it stands in the image."),
            _("As in all such nets the kernel is not turned round: strictly this is a cross-correlation."),
        ),
        _("{formula}: images × channels × rows × columns; the channels of {symbol} are the kernels."),
        _CONVOLUTION,
        short=_("each kernel laid over every window: pixel times weight, summed"),
    ),
    "conv2d_kernels": Entry(
        _("Back through a convolution, to its kernels"),
        (
            _("A weight is used in every window of every image, each time multiplied by the pixel that it lies on."),
            _("So it gathers {d} of every window times that pixel, over all windows and images."),
        ),
        _("{formula}, where windows(x) has what each window sees as a column: a product of matrices."),
        _MATRICES,
        short=_("a weight gathers each window's gradient times the pixel it lay on"),
    ),
    "conv2d_bias": Entry(
        _("Gradient of the biases of a convolution"),
        (
            _("A kernel's bias is added in every window of every image, with the derivative 1."),
            _("So it gathers all of {d} in its channel."),
        ),
        _("{formula}, over images, rows and columns: one number a kernel."),
        _CONVOLUTION,
        short=_("a bias is added everywhere: it gathers the gradient of every window"),
    ),
    "conv2d_images": Entry(
        _("Back through a convolution, to its images"),
        (
            _("A pixel is seen by several windows, and in each of them by every kernel, times a weight."),
            _("So it gathers {d} of the windows that see it, each times the weight that lies on the pixel there."),
        ),
        _("{formula}: what goes back to each window is put where it stands, and where windows overlap it is added."),
        _MATRICES,
        short=_("a pixel gathers from the windows that see it, times the weights on it"),
    ),
    "max_pool": Entry(
        _("Maximum pooling"),
        (
            _("Of each window, in each channel by itself, the largest pixel stays: whether something is there counts."),
            _("Exactly where it is within the window counts no more, and there are fewer numbers."),
        ),
        _("{formula}: the size of the window, and the stride where it is not the size."),
        _POOLING,
        short=_("the largest pixel of each window"),
    ),
    "max_pool_gradient": Entry(
        _("Back through maximum pooling"),
        (
            _(
                "The derivative is 1 for the largest pixel of a window, 0 for the others: {d} goes to the largest alone."
            ),
            _("Where several are the largest there is a kink and no derivative: by convention they share it evenly."),
        ),
        _("{formula}: the bracket is 1 for the largest, otherwise 0; of m equal ones each has 1 / m."),
        _POOLING,
        short=_("the gradient goes to the largest pixel; equal ones share it evenly"),
    ),
    "average_pool": Entry(
        _("Average pooling"),
        (
            _("Of each window, in each channel by itself, the mean of the pixels stays: there are fewer numbers."),
            _("Its derivative by each of n pixels is 1 / n."),
        ),
        _("{formula}: the size of the window, and the stride where it is not the size."),
        _POOLING,
        short=_("the mean of the pixels of each window"),
    ),
    "average_pool_gradient": Entry(
        _("Back through average pooling"),
        (
            _("The derivative of a mean by each of its n pixels is 1 / n: each gets that part of {d} of its window."),
            _("Where windows overlap, a pixel gets its part from each of those that see it; others get 0."),
        ),
        _("{formula}, summed over the windows that see the pixel."),
        _POOLING,
        short=_("a mean's derivative by each of its n pixels is 1 / n"),
    ),
}
