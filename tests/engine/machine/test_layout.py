"""Claims about arrays in one block: each has its own room, begins at a cache line, and adjoins no other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine.machine.layout import ALIGNED, BlockLayout

SHAPES = st.lists(st.lists(st.integers(1, 9), max_size=3).map(tuple), min_size=1, max_size=6)


@given(SHAPES)
def test_arrays_begin_at_a_cache_line_and_do_not_adjoin(shapes: list[tuple[int, ...]]) -> None:
    layout = BlockLayout({str(place): shape for place, shape in enumerate(shapes)})
    block = layout.block()
    places = [*layout.places.values()]
    assert block.size == layout.size
    assert all(begin % ALIGNED == 0 and end <= layout.size for begin, end in places)
    assert all(end < begin for (_, end), (begin, _) in pairwise(places))
    for view in layout.views(block).values():
        assert view.ctypes.data % (8 * ALIGNED) == 0


def test_what_is_put_in_comes_out() -> None:
    arrays = {"a": np.arange(8.0), "b": np.array(3.0), "c": np.ones((4, 4))}
    layout = BlockLayout({name: array.shape for name, array in arrays.items()})
    for name, view in layout.views(layout.block(arrays)).items():
        assert np.array_equal(view, arrays[name])
