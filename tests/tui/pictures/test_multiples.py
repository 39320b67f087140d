"""Claims about small multiples: they fit, do not overlap, keep their order, and use the room."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.tui.pictures.multiples import Wanted, arranged, shared

ROOMS = st.builds(
    lambda width, more, height, higher: Wanted(width, width + more, height, height + higher),
    st.integers(4, 30), st.integers(0, 60), st.integers(2, 8), st.integers(0, 30),
)  # fmt: skip


@given(st.lists(ROOMS, min_size=1, max_size=8), st.integers(1, 290), st.integers(1, 90))
@settings(deadline=None)
def test_pictures_have_at_least_their_least_room_and_do_not_overlap(
    wanted: list[Wanted], width: int, height: int
) -> None:
    areas = arranged(wanted, width, height)
    taken: set[tuple[int, int]] = set()
    for want, area in zip(wanted, areas, strict=False):
        assert area.width >= want.least_width
        assert area.height >= want.least_height
        assert area.x + area.width <= width
        assert area.y + area.height <= height
        cells = {(x, y) for x in range(area.x, area.x + area.width) for y in range(area.y, area.y + area.height)}
        assert not cells & taken
        taken |= cells
    assert [(area.y, area.x) for area in areas] == sorted((area.y, area.x) for area in areas)
    if wanted[0].least_width <= width and wanted[0].least_height <= height:
        assert areas


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 50)), min_size=1, max_size=9), st.integers(0, 300))
def test_a_room_is_shared_out_whole(parts: list[tuple[int, int]], room: int) -> None:
    least, best = [part for part, _ in parts], [part + more for part, more in parts]
    found = shared(least, best, room)
    assert bool(found) == (room >= sum(least))
    assert all(has >= must for has, must in zip(found, least, strict=False))
    assert not found or sum(found) == room or sum(least) + sum(best) == 0
    if found and room <= sum(best):
        assert all(has <= want for has, want in zip(found, best, strict=True))


def test_a_single_picture_has_all_the_room() -> None:
    assert [tuple(area) for area in arranged([Wanted(10, 20, 3, 5)], 80, 18)] == [(0, 0, 80, 18)]


def test_of_pictures_made_of_blocks_each_has_a_cell_a_column_where_several_rows_allow_that() -> None:
    wanted = [
        Wanted(18, 68, 4, 53, blocks=True),
        Wanted(18, 54, 4, 53, blocks=True),
        Wanted(18, 54, 4, 35, blocks=True),
    ]
    areas = arranged(wanted, 152, 49)
    assert all(area.width >= want.width for want, area in zip(wanted, areas, strict=True))
    assert len({area.y for area in areas}) == 2
