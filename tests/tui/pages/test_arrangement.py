"""Claims about where panels stand: they fill the screen without a gap, and what matters is always seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.tui.pages import arrangement as places
from gradstep.tui.pages.arrangement import LOWER, SMALL, Wants, arrange, inner_width, is_small
from gradstep.tui.text.drawing import Area

sizes = st.tuples(st.integers(40, 300), st.integers(10, 100))
heights = st.tuples(st.integers(4, 30), st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + pair[1]))
wants = st.builds(
    Wants,
    heights=st.fixed_dictionaries({places.NET: heights, places.STEP: heights, places.TABLES: heights}),
    program=st.integers(5, 200),
    curve=st.booleans(),
    notes=st.integers(0, 20),
    most=st.integers(0, 60),
    figures=st.integers(0, 90),
    why=st.integers(0, 25),
    share=st.sampled_from(["", places.LITTLE, places.MUCH]),
    lower=st.sampled_from(LOWER),
    drawer=st.booleans(),
    picture=st.booleans(),
    full=st.sampled_from(["", "", "", places.STEP, places.TABLES, places.DRAWER]),
)
USUAL = Wants({places.NET: (6, 12), places.STEP: (8, 12), places.TABLES: (12, 17)}, program=24)


def overlap(one: Area, other: Area) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@settings(max_examples=60)
@given(sizes, wants)
def test_the_panels_fill_the_screen_without_overlapping(size: tuple[int, int], wanted: Wants) -> None:
    width, height = size
    areas = arrange(width, height, wanted).areas.values()
    assert all(area.x >= 0 and area.y >= 0 for area in areas)
    assert all(area.x + area.width <= width and area.y + area.height <= height for area in areas)
    assert not [pair for pair in combinations(areas, 2) if overlap(*pair)]
    assert sum(area.width * area.height for area in areas) == width * height


@settings(max_examples=60)
@given(sizes, wants)
def test_what_matters_is_seen(size: tuple[int, int], wanted: Wants) -> None:
    areas = arrange(*size, wanted).areas
    assert areas[places.HEADER].height == areas[places.FOOTER].height == 2
    if wanted.full:
        assert areas.keys() == {places.HEADER, wanted.full, places.FOOTER}
        return
    assert (places.DRAWER in areas) == wanted.drawer
    assert (places.PICTURE in areas) == (wanted.picture and not (wanted.drawer and size[1] < 15))
    tiny = size[1] < 4 + places.LEAST_STEP + places.LEAST_LOWER
    assert (places.STEP in areas) == (not wanted.picture and not (wanted.drawer and tiny))


@settings(max_examples=60)
@given(sizes, wants)
def test_every_panel_has_room_for_a_line_in_its_frame(size: tuple[int, int], wanted: Wants) -> None:
    areas = arrange(*size, wanted).areas
    panels = {name: area for name, area in areas.items() if name not in (places.HEADER, places.FOOTER)}
    assert all(area.width >= 30 and area.height >= 3 for area in panels.values()), panels
    if size[1] >= 15 and not wanted.full and places.STEP in areas:
        assert areas[places.STEP].height >= places.LEAST_STEP
    if places.DRAWER in areas:
        assert areas[places.DRAWER].height >= min(places.LEAST_LOWER, size[1] - 4)


@given(sizes)
def test_the_middle_column_is_as_wide_as_it_is_said_to_be(size: tuple[int, int]) -> None:
    areas = arrange(*size, USUAL).areas
    assert areas[places.STEP].width - places.FRAME == inner_width(*size)


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (39, 4), (300, 5), (2, 100), (10, 9)])
def test_a_terminal_that_is_too_small_for_anything_is_no_error(size: tuple[int, int]) -> None:
    areas = arrange(*size, USUAL).areas.values()
    assert sum(area.width * area.height for area in areas if area.height > 0) <= size[0] * size[1]
    assert all(area.y + area.height <= size[1] for area in areas)


# ── at the sizes that people have ────────────────────────────────────────────────────────────────────────────


def names(width: int, height: int, **changes: object) -> list[str]:
    return [*arrange(width, height, replace(USUAL, **changes)).areas]  # type: ignore[arg-type]


def test_in_a_small_terminal_the_step_stands_above_one_other_panel() -> None:
    assert names(80, 24) == ["header", "step", "tables", "footer"]
    assert names(80, 24, lower="net") == ["header", "step", "net", "footer"]
    assert names(80, 24, drawer=True) == ["header", "step", "drawer", "footer"]
    assert names(80, 12) == ["header", "step", "footer"]
    assert names(80, 12, drawer=True) == ["header", "drawer", "footer"]
    assert is_small(80, 24)
    assert not is_small(*SMALL)


def test_in_a_usual_terminal_there_are_two_columns_and_a_drawer_stands_for_the_tables() -> None:
    assert names(120, 40) == ["header", "program", "curve", "net", "step", "tables", "footer"]
    assert names(120, 40, notes=2) == ["header", "program", "notes", "curve", "net", "step", "tables", "footer"]
    before, after = (arrange(120, 40, replace(USUAL, drawer=drawer)).areas for drawer in (False, True))
    assert after[places.DRAWER] == before[places.TABLES]
    assert {name: area for name, area in after.items() if name in before} == {
        name: area for name, area in before.items() if name != places.TABLES
    }


def test_in_a_wide_terminal_a_drawer_takes_the_third_column_and_nothing_else_moves() -> None:
    assert names(200, 60) == ["header", "program", "curve", "net", "step", "tables", "chain", "footer"]
    before, after = (arrange(200, 60, replace(USUAL, drawer=drawer)).areas for drawer in (False, True))
    for name in (places.PROGRAM, places.NET, places.STEP, places.TABLES):
        assert after[name] == before[name]
    assert after[places.DRAWER] == before[places.CHAIN]


FULL = replace(USUAL, figures=20, why=14, most=20)


def test_in_a_wide_terminal_figures_and_curve_stand_below_the_program_and_why_below_the_chain() -> None:
    areas = arrange(200, 60, FULL).areas
    column = [areas[name] for name in (places.PROGRAM, places.FIGURES, places.CURVE)]
    assert [area.x for area in column] == [0, 0, 0]
    assert column[0].height == FULL.program + places.FRAME
    assert column[2].height >= places.CURVE_HEIGHT
    assert areas[places.WHY].height == FULL.why + places.FRAME
    assert places.FIGURES not in arrange(120, 40, FULL).areas
    assert places.WHY not in arrange(170, 32, FULL).areas, "there the chain needs the room"


@pytest.mark.parametrize(("share", "gone"), [("", "chain"), (places.LITTLE, "why"), (places.MUCH, "chain why")])
def test_a_drawer_takes_as_much_of_the_third_column_as_it_has_to_say(share: str, gone: str) -> None:
    before, after = (arrange(200, 60, replace(FULL, drawer=drawer, share=share)) for drawer in (False, True))
    covered = [before.areas[name] for name in gone.split()]
    area = after.areas[places.DRAWER]
    assert (area.x, area.y, area.height) == (covered[0].x, covered[0].y, sum(each.height for each in covered))
    rest = {name: area for name, area in after.areas.items() if name != places.DRAWER}
    assert rest == {name: area for name, area in before.areas.items() if name not in gone.split()}
    assert before.tells_why
    assert after.tells_why, "so that the step stays as it is"


@pytest.mark.parametrize(("curve", "there"), [(False, True), (True, False)])
def test_the_story_stands_below_the_program_where_neither_figures_nor_curve_need_the_room(
    curve: bool, there: bool
) -> None:
    areas = arrange(200, 60, replace(FULL, figures=8, story=18, curve=curve)).areas
    assert (places.STORY in areas) == there
    assert places.STORY not in arrange(120, 40, replace(FULL, story=18, curve=curve)).areas
    assert areas[places.PROGRAM].height >= FULL.program + places.FRAME


@pytest.mark.parametrize("size", [(120, 40), (100, 32)])
def test_where_lines_are_few_net_step_and_tables_share_their_edges(size: tuple[int, int]) -> None:
    arrangement = arrange(*size, USUAL)
    assert {*arrangement.open} == {places.NET, places.STEP}
    assert [name for name in arrangement.areas if arrangement.joins(name)] == [places.STEP, places.TABLES]
    for name in (places.NET, places.STEP):
        assert arrangement.height(name) == arrangement.areas[name].height - 1
    assert arrangement.height(places.PROGRAM) == arrangement.areas[places.PROGRAM].height - places.FRAME
    with_drawer = arrange(*size, replace(USUAL, drawer=True))
    assert with_drawer.joins(places.DRAWER)


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (200, 60)])
def test_elsewhere_each_panel_has_edges_of_its_own(size: tuple[int, int]) -> None:
    arrangement = arrange(*size, USUAL)
    assert not [name for name in arrangement.areas if arrangement.joins(name)]
    assert arrange(120, 40, replace(USUAL, picture=True)).open == ()


def test_the_step_has_room_for_its_notes_before_the_tables_grow() -> None:
    tall = replace(USUAL, heights={places.NET: (8, 12), places.STEP: (7, 14), places.TABLES: (9, 30)})
    arrangement = arrange(120, 40, tall)
    assert arrangement.height(places.STEP) >= 8
    assert arrangement.areas[places.TABLES].height > 9


def test_the_step_has_the_lines_that_it_can_use_before_the_net_has_more_than_is_useful() -> None:
    areas = arrange(200, 60, FULL).areas
    assert areas[places.STEP].height == FULL.most
    tall = arrange(200, 60, replace(FULL, most=50)).areas
    assert tall[places.NET].height == FULL.heights[places.NET][1]


def test_the_whole_program_is_in_view_before_the_curve_grows() -> None:
    areas = arrange(120, 50, USUAL).areas
    assert areas[places.PROGRAM].height >= USUAL.program + places.FRAME
    assert areas[places.CURVE].height == places.CURVE_HEIGHT


def test_a_curve_that_has_not_begun_hides_no_line_of_the_program() -> None:
    long = replace(USUAL, program=31)
    before, after = (arrange(120, 40, replace(long, begun=begun)).areas for begun in (False, True))
    assert before[places.PROGRAM].height == long.program + places.FRAME
    assert after[places.CURVE].height == places.LEAST_CURVE
    short = (arrange(120, 40, replace(USUAL, begun=begun)).areas for begun in (False, True))
    assert len({areas[places.CURVE] for areas in short}) == 1
