"""Windows that go over images: where they stand, and which of them see a pixel. What they compute is said elsewhere.

Images are an array of samples × channels × rows × columns; windows go over the last two axes. Padding is a frame of
zeros around each image, of which nothing is shown: what stands in it adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod

import numpy as np

from gradstep.engine import limits
from gradstep.engine.arrays import Array, Shape, written
from gradstep.engine.program.operation import Calls, ShapeError
from gradstep.engine.words import formulas as words


@dataclass(frozen=True)
class Windows:
    """Windows of `size` (rows, columns), each `stride` pixels from the one before."""

    size: tuple[int, int]
    stride: int
    padding: int = 0

    def over(self, images: Shape) -> tuple[int, int]:
        """How many windows stand below and beside one another. Raises ShapeError, also where they see too much."""
        sides = images[-2:]
        found = [
            (side + 2 * self.padding - size) // self.stride + 1 for side, size in zip(sides, self.size, strict=True)
        ]
        if min(found) < 1:
            padded = words.WITH_PADDING.format(padding=self.padding) if self.padding else ""
            problem = words.WINDOW_TOO_LARGE.format(window=written(self.size), image=written(sides), padded=padded)
            raise ShapeError(problem)
        if prod((*images[:-2], *found, *self.size)) > limits.ARRAY:
            raise ShapeError(words.TOO_MANY_WINDOWS.format(window=written(self.size), most=limits.ARRAY))
        return found[0], found[1]

    @property
    def offsets(self) -> Iterator[tuple[int, int]]:
        """The places within a window, row by row."""
        return product(range(self.size[0]), range(self.size[1]))

    def seen_at(self, padded: Array, offset: tuple[int, int]) -> Array:
        """What all windows see at one place within them: a view of images that have their frame already."""
        down, beside = ((side - size) // self.stride for side, size in zip(padded.shape[-2:], self.size, strict=True))
        row, column = offset
        last = row + down * self.stride + 1, column + beside * self.stride + 1
        return padded[..., row : last[0] : self.stride, column : last[1] : self.stride]

    def framed(self, images: Array) -> tuple[Array, Calls]:
        """The images with their frame of zeros, and the calls that put them there; without padding the images."""
        if not self.padding:
            return images, ()
        padded = self.empty_frame(images.shape)
        return padded, (partial(np.copyto, self.inside(padded), images),)

    def empty_frame(self, images: Shape) -> Array:
        """Zeros for images of this shape and their frame."""
        rows, columns = (side + 2 * self.padding for side in images[-2:])
        return np.zeros((*images[:-2], rows, columns))

    def inside(self, padded: Array) -> Array:
        """The images within their frame."""
        edge = self.padding
        return padded[..., edge : padded.shape[-2] - edge, edge : padded.shape[-1] - edge]

    def pixels(self, images: Shape, window: tuple[int, int]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """The pixels that one window sees, each with its place within the window; none of the frame."""
        for offset in self.offsets:
            row, column = (at * self.stride + k - self.padding for at, k in zip(window, offset, strict=True))
            if 0 <= row < images[-2] and 0 <= column < images[-1]:
                yield (row, column), offset

    def seeing(self, images: Shape, pixel: tuple[int, int]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """The windows that see one pixel, each with where in it the pixel stands."""
        counts = self.over(images)
        along = [
            [
                (window, place)
                for window in range(count)
                if 0 <= (place := at + self.padding - window * self.stride) < size
            ]
            for at, count, size in zip(pixel, counts, self.size, strict=True)
        ]
        return (((i, j), (a, b)) for (i, a), (j, b) in product(*along))
