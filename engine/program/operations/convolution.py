"""Convolution of images as networks do it: each kernel is laid over every window, unturned, and products are summed.

With the windows of all images as the columns of one matrix it is a product of matrices, forward and backward
(Chellapilla, Puri & Simard, High Performance Convolutional Neural Networks for Document Processing, 2006).
"""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Number, Operand, total
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError
from gradstep.engine.program.operations.windows import Windows
from gradstep.engine.words import formulas as words

AXES = 4  # images × channels × rows × columns, and kernels × channels × rows × columns


def _windows(kernels: Shape, stride: int, padding: int) -> Windows:
    return Windows((kernels[2], kernels[3]), stride, padding)


def _shape(x: Shape, kernels: Shape, *bias: Shape, stride: int, padding: int) -> Shape:
    """Images × kernels × rows × columns. Raises ShapeError."""
    if len(x) != AXES or len(kernels) != AXES:
        raise ShapeError(words.CONVOLUTION_AXES.format(images=written(x), kernels=written(kernels)))
    if x[1] != kernels[1]:
        raise ShapeError(words.CHANNELS_DIFFER.format(images=written(x), kernels=written(kernels)))
    if bias and bias[0] != kernels[:1]:
        raise ShapeError(words.ONE_BIAS_A_KERNEL.format(bias=written(bias[0]), kernels=written(kernels)))
    return (x[0], kernels[0], *_windows(kernels, stride, padding).over(x))


def _columns(x: Array, windows: Windows) -> tuple[Array, Calls]:
    """What every window sees as a column, channel by channel and row by row, and the calls that put it there."""
    padded, calls = windows.framed(x)
    places = windows.over(x.shape)
    columns = np.empty((x.shape[1], *windows.size, x.shape[0], *places))
    seen = np.lib.stride_tricks.sliding_window_view(padded, windows.size, axis=(2, 3))
    every = seen[:, :, :: windows.stride, :: windows.stride].transpose(1, 4, 5, 0, 2, 3)
    matrix = columns.reshape(-1, x.shape[0] * places[0] * places[1])
    return matrix, (*calls, partial(np.copyto, columns, every))


def _rows(kernels: Array) -> tuple[Array, Calls]:
    """Each kernel as a row, and the calls that put it there, if it does not stand so already."""
    if kernels.flags.c_contiguous:
        return kernels.reshape(len(kernels), -1), ()
    held = np.empty(kernels.shape)
    return held.reshape(len(kernels), -1), (partial(np.copyto, held, kernels),)


def _by_kernel(d: Array) -> tuple[Array, Calls]:
    """The upstream gradient with a row for each kernel, in the order of the columns of windows."""
    held = np.empty((d.shape[1], d.shape[0], *d.shape[2:]))
    return held.reshape(d.shape[1], -1), (partial(np.copyto, held, d.transpose(1, 0, 2, 3)),)


def _kernel(out: Array, x: Array, kernels: Array, *bias: Array, stride: int, padding: int) -> Calls:
    columns, gather = _columns(x, _windows(kernels.shape, stride, padding))
    rows, lay = _rows(kernels)
    found = np.empty((len(kernels), x.shape[0], *out.shape[2:]))
    by_image = found.transpose(1, 0, 2, 3)
    multiply = partial(arrays.dot, rows, columns, found.reshape(len(kernels), -1))
    if bias:
        return (*gather, *lay, multiply, partial(_add_bias, by_image, bias[0], out))
    return (*gather, *lay, multiply, partial(np.copyto, out, by_image))


def _add_bias(found: Array, bias: Array, out: Array) -> None:
    np.add(found, bias[:, None, None], out)


def _element(index: Index, x: Operand, kernels: Operand, *bias: Operand, stride: int, padding: int) -> Expression:
    image, kernel, *window = index
    seen = [*_windows(kernels.shape, stride, padding).pixels(x.shape, (window[0], window[1]))]
    terms: list[Expression] = [
        x[(image, channel, *pixel)] * kernels[(kernel, channel, *offset)]
        for channel in range(x.shape[1])
        for pixel, offset in seen
    ]
    found = total(terms) if terms else Number(0.0)
    return found + bias[0][kernel] if bias else found


def _kernel_gradient(stride: int, padding: int) -> Operation:
    """∂E/∂K: each weight has seen a pixel in every window and image, and gathers the upstream gradient times these."""

    def kernel(out: Array, d: Array, x: Array, kernels: Array) -> Calls:
        columns, gather = _columns(x, _windows(kernels.shape, stride, padding))
        rows, lay = _by_kernel(d)
        return (*gather, *lay, partial(arrays.dot, rows, columns.T, out.reshape(len(kernels), -1)))

    def element(index: Index, d: Operand, x: Operand, kernels: Operand) -> Expression:
        number, channel, *offset = index
        terms = [
            d[(image, number, *window)] * x[(image, channel, *pixel)]
            for image in range(x.shape[0])
            for window in product(*map(range, d.shape[2:]))
            for pixel, seen in _windows(kernels.shape, stride, padding).pixels(x.shape, (window[0], window[1]))
            if [*seen] == offset
        ]
        return total(terms) if terms else Number(0.0)

    formula = "{0}·windows({1})ᵀ"
    return Operation("conv2d_kernels", kernel, lambda d, x, kernels: kernels, formula, element, adds=True)


def _image_gradient(stride: int, padding: int) -> Operation:
    """∂E/∂x: what flows back to every window by the kernels, put back where the windows stand, and added up."""

    def kernel(out: Array, d: Array, kernels: Array, x: Array) -> Calls:
        windows = _windows(kernels.shape, stride, padding)
        rows, lay = _rows(kernels)
        upstream, turn = _by_kernel(d)
        columns = np.empty((x.shape[1], *windows.size, x.shape[0], *d.shape[2:]))
        padded = windows.empty_frame(x.shape) if padding else out
        pieces = [
            (windows.seen_at(padded, offset), columns[:, offset[0], offset[1]].transpose(1, 0, 2, 3))
            for offset in windows.offsets
        ]
        calls: Calls = (
            *lay,
            *turn,
            partial(arrays.dot, rows.T, upstream, columns.reshape(rows.shape[1], -1)),
            partial(padded.fill, 0.0),
            *(partial(np.add, place, piece, place) for place, piece in pieces),
        )
        return (*calls, partial(np.copyto, out, windows.inside(padded))) if padding else calls

    def element(index: Index, d: Operand, kernels: Operand, x: Operand) -> Expression:
        image, channel, *pixel = index
        seeing = [*_windows(kernels.shape, stride, padding).seeing(x.shape, (pixel[0], pixel[1]))]
        terms = [
            d[(image, number, *window)] * kernels[(number, channel, *offset)]
            for window, offset in seeing
            for number in range(kernels.shape[0])
        ]
        return total(terms) if terms else Number(0.0)

    return Operation("conv2d_images", kernel, lambda d, kernels, x: x, "Σ {1}ᵀ·{0}", element, adds=True)


def _add_up(out: Array, d: Array) -> Calls:
    return (partial(arrays.add_reduce, d, (0, 2, 3), None, out),)


_bias_gradient = Operation(
    "conv2d_bias",
    _add_up,
    lambda d: d[1:2],
    "Σ {0}",
    lambda index, d: total([d[n, index[0], i, j] for n, i, j in product(range(d.shape[0]), *map(range, d.shape[2:]))]),
    adds=True,
)


def convolution(stride: int = 1, padding: int = 0, operands: int = 2) -> Operation:
    """x: images × channels × rows × columns; K: kernels × channels × rows × columns; b, if there is one: a number a
    kernel. The result: images × kernels × rows × columns. operands: 2 or, with b, 3.
    """
    settings = (f", stride={stride}" if stride != 1 else "") + (f", padding={padding}" if padding else "")
    names = ", ".join(f"{{{place}}}" for place in range(operands))
    bias = (Gradient(2, _bias_gradient, ("d",)),) if operands > 2 else ()
    return Operation(
        "conv2d",
        partial(_kernel, stride=stride, padding=padding),
        partial(_shape, stride=stride, padding=padding),
        f"conv2d({names}{settings})",
        partial(_element, stride=stride, padding=padding),
        (
            Gradient(1, _kernel_gradient(stride, padding), ("d", "0", "1")),
            *bias,
            Gradient(0, _image_gradient(stride, padding), ("d", "1", "0")),
        ),
        adds=True,
    )
