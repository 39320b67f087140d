"""Random nets of formulas: lines over parameters of up to four dimensions, with every function that formulas have.

A net is written as a person would write it, and grows by the numbers that it comes to (by `tests.tape`), so that
every shape fits and nothing overflows: what is large goes through tanh, what must be above 0 is a square and a half.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests import tape
from tests.tape import Array

Draw = Callable[[st.SearchStrategy[Any]], Any]
Shape = tuple[int, ...]

LARGEST, MOST_NUMBERS = 8.0, 60
SMOOTH = ("exp", "square", "sin", "cos", "tanh", "sigmoid", "softplus", "silu", "erf", "gelu", "gelu_tanh")
KINKED = ("abs", "relu", "leaky_relu", "elu", "softsign")
POSITIVE = ("log", "sqrt")
REDUCTIONS = ("sum", "mean", "max", "min")


@dataclass(frozen=True, eq=False)
class Net:
    """parameters: by name; lines: of the forward pass, in order; loss: the line of it."""

    parameters: dict[str, Array]
    lines: tuple[str, ...]
    loss: str

    def __repr__(self) -> str:
        return self.toml

    @property
    def toml(self) -> str:
        """The scenario."""
        forward = "\n".join(self.lines)
        values = "\n".join(f"{name} = {array.tolist()}" for name, array in self.parameters.items())
        return (
            f"format = 1\ntitle = \"random formulas\"\n[model]\nforward = '''\n{forward}\n'''\n"
            f'loss = "{self.loss}"\n[parameters]\n{values}\n'
        )

    def reference(self) -> tuple[dict[str, Array], dict[str, Array]]:
        """Every value by its name, and the gradient of every parameter, by the tape."""
        with np.errstate(all="ignore"):
            values = tape.run([*self.lines, self.loss], self.parameters)
            gradients = tape.gradients(values["E"], [values[name] for name in self.parameters])
        return {name: each.array for name, each in values.items()}, dict(zip(self.parameters, gradients, strict=True))


@dataclass(eq=False)
class _Grower:
    """values: of every name so far. ties: numbers are of a few sizes, so that many are equal, and some are 0."""

    draw: Draw
    numbers: random.Random
    ties: bool
    parameters: dict[str, Array] = field(default_factory=dict)
    values: dict[str, Array] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def one_of(self, choices: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def parameter(self, shape: Shape) -> str:
        """The name of a new parameter; of more than two dimensions, of a list of numbers that a line has reshaped."""
        name = f"p{len(self.parameters) + 1}"
        array = np.array([self.number() for _ in range(prod(shape))])
        if len(shape) > 2:
            self.parameters[f"{name}_flat"] = self.values[f"{name}_flat"] = array
            self.line(name, f"reshape({name}_flat, {shape})")
        else:
            self.parameters[name] = self.values[name] = array.reshape(shape)
            self.unused.append(name)
        return name

    def number(self) -> float:
        return self.numbers.choice((-1.0, -0.5, 0.0, 0.5, 1.0)) if self.ties else round(self.numbers.uniform(-2, 2), 3)

    def line(self, name: str, text: str) -> None:
        used = set(compile(text, "formula", "eval").co_names)
        self.unused = [each for each in self.unused if each not in used] + [name]
        self.lines.append(f"{name} = {text}")
        self.values[name] = self.computed(text)

    def shape(self) -> Shape:
        return tuple(self.draw(st.lists(st.integers(1, 3), max_size=4)))

    def computed(self, text: str) -> Array:
        with np.errstate(all="ignore"):
            return tape.run([f"found = {text}"], self.values)["found"].array

    def leaf(self) -> str:
        """A name that there is, those that nothing has used first, or a new parameter."""
        names = [*self.unused, *self.values]
        name: str = self.one_of([*names, ""]) or self.parameter(self.shape())
        return name

    def expression(self, depth: int) -> str:
        """A formula, no deeper than this."""
        if depth == 0:
            return self.leaf()
        inner = self.expression(depth - 1)
        text = self.one_of(KINDS)(self, inner, self.computed(inner))
        array = self.computed(text)
        if array.size > MOST_NUMBERS or array.ndim > 4 or not np.isfinite(array).all():
            return inner
        return f"tanh({text})" if np.abs(array).max() > LARGEST else text

    # ── each kind of operation, of a formula and what it comes to ────────────────────────────────────────────

    def function(self, inner: str, array: Array) -> str:
        name = self.one_of((*SMOOTH, *KINKED, *POSITIVE))
        return f"{name}(square({inner}) + 0.5)" if name in POSITIVE else f"{name}({inner})"

    def partner(self, array: Array) -> str:
        """What can be spread over an array, or that it can be spread over."""
        fits = [name for name, other in self.values.items() if _spread(array.shape, other.shape)]
        shape = array.shape[self.draw(st.integers(0, array.ndim)) :] if array.ndim else (2,)
        shape = tuple(1 if self.draw(st.booleans()) else size for size in shape)
        name: str = self.one_of([*fits, ""]) or self.parameter(shape)
        return name

    def arithmetic(self, inner: str, array: Array) -> str:
        other = self.one_of([self.partner(array), inner, "0.5", "2", "-3"])
        sign = self.one_of("+-*/")
        if sign == "/" and not other.replace(".", "").lstrip("-").isdigit():
            other = f"(square({other}) + 0.5)"
        one, other = self.one_of([(f"({inner})", other), (other, f"({inner})")])
        if sign == "/" and "0.5)" not in other and inner in other:
            other = f"(square({other}) + 0.5)"
        return f"{one} {sign} {_bracketed(other)}"

    def power(self, inner: str, array: Array) -> str:
        positive = f"(square({inner}) + 0.5)"
        return self.one_of(
            [
                f"({inner}) ** 2",
                f"({inner}) ** 3",
                f"-({inner})",
                f"{positive} ** 0.5",
                f"{positive} ** -1",
                f"{positive} ** -1.5",
                f"2 ** tanh({inner})",
                f"{positive} ** {self.partner(array)}",
            ]
        )

    def compared(self, inner: str, array: Array) -> str:
        other = self.one_of([self.partner(array), "0.25"])
        sign = self.one_of(("<", "<=", ">", ">=", "==", "!="))
        return self.one_of(
            [
                f"(({inner}) {sign} {other}) * ({inner})",
                f"where(({inner}) {sign} {other}, {inner}, {other})",
                f"where({other}, {inner}, 2 * ({inner}))",
                f"maximum({inner}, {other})",
                f"minimum({other}, {inner})",
            ]
        )

    def reduced(self, inner: str, array: Array) -> str:
        axes: list[Any] = [None, *range(-array.ndim, array.ndim)]
        if array.ndim > 1:
            axes.append((0, array.ndim - 1))
        axis, keep = self.one_of(axes), self.draw(st.booleans())
        settings = (f", axis={axis}" if axis is not None else "") + (", keepdims=True" if keep else "")
        return f"{self.one_of(REDUCTIONS)}({inner}{settings})"

    def softmax(self, inner: str, array: Array) -> str:
        if not array.ndim:
            return inner
        axis = self.draw(st.integers(-array.ndim, array.ndim - 1))
        return f"{self.one_of(('softmax', 'log_softmax'))}({inner}, axis={axis})"

    def moved(self, inner: str, array: Array) -> str:
        order = tuple(self.draw(st.permutations(range(array.ndim))))
        sizes = [(-1,), (array.size,), (1, array.size), (array.size, 1), *([array.shape[::-1]] if array.ndim else [])]
        sizes += [(2, -1)] if array.size % 2 == 0 and array.size else []
        choices = [f"reshape({inner}, {self.one_of(sizes)})"]
        choices += [f"({inner}).T", f"transpose({inner}, {order})"] if array.ndim > 1 else [f"({inner}).T"]
        choices += [f"flatten({inner})"] if array.ndim > 1 else []
        return self.one_of(choices)

    def indexed(self, inner: str, array: Array) -> str:
        if not array.ndim:
            return inner
        keys = [self.key(size) for size in array.shape[: self.draw(st.integers(1, array.ndim))]]
        return f"({inner})[{', '.join(keys)}]"

    def key(self, size: int) -> str:
        return self.one_of([str(size - 1), "-1", "0", ":", "::-1", "0:1", f"{size - 1}:", "::2"])

    def product(self, inner: str, array: Array) -> str:
        if not array.ndim:
            return inner
        width = array.shape[-1]
        shapes: list[Shape] = [(width,), (width, 2)]
        shapes += [(*array.shape[:-2], width, 2), (1, width, 1)] if array.ndim > 2 else []
        shapes += [(2, width, 2)] if array.ndim <= 2 else []
        fits = [name for name, each in self.values.items() if each.shape in shapes]
        other = self.one_of([*fits, ""]) or self.parameter(self.one_of(shapes))
        if array.ndim == 2 and self.draw(st.booleans()):
            return self.one_of([f"({inner}) @ ({inner}).T", f"({inner}).T @ ({inner})", f"dot(({inner}).T, {inner})"])
        return f"({inner}) @ {other}"

    def of_images(self, inner: str, array: Array) -> str:
        """Convolution or pooling; what has other axes is one row of pixels, or a column."""
        if array.ndim != 4:
            shape = self.one_of([(1, 1, 1, array.size), (1, 1, array.size, 1), (1, array.size, 1, 1)])
            inner, array = f"reshape({inner}, {shape})", array.reshape(shape)
        stride, padding = self.draw(st.integers(1, 2)), self.draw(st.integers(0, 1))
        if self.draw(st.booleans()):
            size = self.draw(st.integers(1, min(array.shape[2:])))
            return f"{self.one_of(('max_pool', 'average_pool'))}({inner}, {size}, {stride})"
        size = tuple(self.draw(st.integers(1, min(3, side + 2 * padding))) for side in array.shape[2:])
        kernels = self.parameter((self.draw(st.integers(1, 2)), array.shape[1], *size))
        bias = self.parameter(self.values[kernels].shape[:1]) if self.draw(st.booleans()) else ""
        return f"conv2d({', '.join(filter(None, (inner, kernels, bias)))}, stride={stride}, padding={padding})"

    def joined(self, inner: str, array: Array) -> str:
        axis = self.draw(st.integers(-array.ndim, array.ndim - 1)) if array.ndim else 0
        fits = [name for name, other in self.values.items() if other.shape == array.shape]
        other = self.one_of([*fits, inner, ""]) or self.parameter(array.shape)
        name = self.one_of(("concatenate", "stack")) if array.ndim else "stack"
        return f"{name}([{inner}, {other}], axis={axis})"


KINDS = (
    _Grower.function,
    _Grower.arithmetic,
    _Grower.power,
    _Grower.compared,
    _Grower.reduced,
    _Grower.softmax,
    _Grower.moved,
    _Grower.indexed,
    _Grower.product,
    _Grower.joined,
    _Grower.of_images,
)


def _spread(*shapes: Shape) -> bool:
    try:
        return len(np.broadcast_shapes(*shapes)) <= 4
    except ValueError:
        return False


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


@st.composite
def nets(draw: Draw, ties: bool | None = None) -> Net:
    """Nets of a few lines. ties: whether many numbers are equal; None: either."""
    numbers = random.Random(draw(st.integers(0, 2**32 - 1)))
    grower = _Grower(draw, numbers, draw(st.booleans()) if ties is None else ties)
    grower.parameter(grower.shape())
    for place in range(draw(st.integers(1, 3))):
        grower.line(f"h{place + 1}", grower.expression(draw(st.integers(2, 4))))
    everything = dict.fromkeys([*grower.unused, *grower.parameters])
    terms = " + ".join(f"{k + 2} * mean(square({name}) + {name})" for k, name in enumerate(everything))
    return Net(grower.parameters, tuple(grower.lines), f"E = {terms}")
