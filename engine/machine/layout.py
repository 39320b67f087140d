"""Where the arrays of a state stand in one flat block, so that a state is copied and kept as one array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradstep.engine.arrays import Array, Shape

State = Mapping[str, Array]
ALIGNED = 8  # doubles: arrays in one block begin where a cache line does


@dataclass(frozen=True, eq=False)
class BlockLayout:
    """Where each of several arrays stands in one flat block of `size` doubles."""

    shapes: Mapping[str, Shape]

    @cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """Name → where its elements begin and end. Between two arrays there are unused doubles.

        NumPy 1.26 takes arrays that adjoin for ones that overlap, and computes their logarithm in another way.
        """
        places: dict[str, tuple[int, int]] = {}
        free = 0
        for name, shape in self.shapes.items():
            begin = -(-free // ALIGNED) * ALIGNED
            end = begin + int(np.prod(shape, dtype=np.int64))
            places[name] = begin, end
            free = end + 1
        return places

    @cached_property
    def size(self) -> int:
        """Doubles of a block, a multiple of what aligns the next one."""
        return -(-max((end for _, end in self.places.values()), default=0) // ALIGNED) * ALIGNED

    def views(self, block: Array) -> dict[str, Array]:
        """The arrays in a block, as views of it."""
        return {name: block[begin:end].reshape(self.shapes[name]) for name, (begin, end) in self.places.items()}

    def block(self, arrays: Mapping[str, Array] | None = None) -> Array:
        """A new block that begins at a cache line, with these arrays in it, or zeros."""
        raw = np.zeros(self.size + ALIGNED)
        first = (-raw.ctypes.data // raw.itemsize) % ALIGNED
        block = raw[first : first + self.size]
        if arrays is not None:
            for name, view in self.views(block).items():
                np.copyto(view, arrays[name])
        return block
