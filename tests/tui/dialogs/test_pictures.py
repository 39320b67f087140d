"""Claims about the pictures over the debugger: their frame, their keys, their text, and what the norms say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.trends import trends
from gradstep.engine.health.symptoms import SYMPTOMS
from gradstep.engine.program.positions import Position
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.dialogs.pictures import PicturesScreen
from gradstep.tui.pictures.norms import KINDS, MEANINGS, norms_page, norms_text
from gradstep.tui.pictures.titles import picture_keys, picture_title
from gradstep.tui.text.notation import Notation
from gradstep.tui.widgets.sheet import Sheet
from tests.screen import Driven, driven
from tests.strategies import scenario_of

NAMES = ("net", "heat map", "norms", "images of x", "images of W1", "images of ∂E/∂W1", "images of W1⁺")
HERE = Position(12, 5, "backward", "delta1")

ALL_CLOSED = """
format = 1
title = "a dead unit"
[data]
x = {rows}
t = {targets}
[[layer]]
kind = "affine"
W = [[1.0, -1.0]]
b = [0.5, -3.0]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[1.0], [1.0]]
b = [0.0]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
iterations = 5
[names]
u1 = "a"
"""


def notation(scenario: Scenario, *, ascii: bool = False) -> Notation:
    return Notation(Timeline(scenario).names, ascii=ascii)


PLAIN = notation(load_scenario("apples"))


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        (["tab"], "[heat map]"),
        (["shift+tab"], "[norms]"),
        (["tab", "tab", "right"], "[learned] 2 of 2"),
        (["t"], "[net]"),
        (["left", "down", "pagedown", "shift+right"], "[net]"),
        (["s", "S", "i", "n", "f", "F", "N"], "[net]"),
    ],
)
async def test_no_key_comes_too_early(keys: list[str], title: str) -> None:
    async with driven(size=(80, 24)) as screen:
        await screen.type_ahead("y", *keys)
        assert isinstance(screen.app.screen, PicturesScreen)
        assert title in screen.text


async def test_until_a_picture_is_drawn_its_frame_says_that_it_is_being_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(PicturesScreen, "show", lambda self: None)
        async with driven(size=(80, 24)) as screen:
            await screen.press("y")
            assert "─ the picture is being drawn ─" in screen.text
    async with driven(size=(80, 24)) as screen:
        await screen.press("y")
        assert "being drawn" not in screen.text


async def test_the_text_fits_and_begins_at_its_beginning() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("i", "y", "pagedown", "shift+right", "t")
        sheet = screen.app.screen.query_one(Sheet)
        assert sheet.scroll_offset == (0, 0)
        assert sheet.max_scroll_x == 0
        assert "  x[0,1] = +0" in screen.text
        await screen.press("pagedown", "t")
        assert sheet.scroll_offset == (0, 0)


# ── what the step has written is in view ─────────────────────────────────────────────────────────────────────


def chain(length: int) -> Scenario:
    """A product of so many factors, one after the other: wider and taller than a small screen."""
    names = ["first", *(f"p{number}" for number in range(1, length + 1))]
    nodes = [
        f'[[node]]\nname = "p{number}"\nkind = "multiply"\ninputs = ["{names[number - 1]}", "f{number}"]'
        for number in range(1, length + 1)
    ]
    factors = [f"f{number} = 1.5" for number in range(1, length + 1)]
    head = ["format = 1", 'title = "a chain"', f'output = "p{length}"', "[inputs]", "first = 2.0"]
    return scenario_of("\n".join([*head, *factors, *nodes]))


def seen(screen: Driven) -> str:
    """What is seen inside the frame of the picture."""
    region = screen.app.screen.query_one(Sheet).scrollable_content_region
    return "\n".join(line[region.x : region.right] for line in screen.lines[region.y : region.bottom])


@pytest.mark.parametrize("key", ["s", "S"])
async def test_a_picture_larger_than_the_screen_follows_the_steps(key: str) -> None:
    scenario = chain(7)
    async with driven(scenario, (80, 24)) as screen:
        await screen.press(*(["end"] if key == "S" else ["s"]), "y")
        offsets = set()
        for _ in range(len(screen.bench.timeline.program.steps) - 1):
            assert re.search(r"▸\S", seen(screen)), screen.position  # that of the caption has a blank behind it
            offsets.add(screen.app.screen.query_one(Sheet).scroll_offset)
            await screen.press(key)
        assert len({x for x, _ in offsets}) > 2
        assert len({y for _, y in offsets}) > 1


async def test_a_picture_stays_where_it_was_scrolled_to_if_what_is_written_is_seen_there() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("s", "s", "s", "y")
        sheet = screen.app.screen.query_one(Sheet)
        sheet.scroll_to(0, 8, animate=False)
        await screen.press("s")
        assert screen.position == "1:z1"
        assert sheet.scroll_offset == (0, 8)
        assert "▸z" in seen(screen)


# ── the frame ────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, len(NAMES) - 1), st.integers(1, 999), st.integers(44, 130), st.booleans())
def test_a_title_keeps_the_present_picture_its_number_and_the_position(
    current: int, count: int, width: int, ascii: bool
) -> None:
    words = notation(load_scenario("apples"), ascii=ascii)
    title = picture_title(NAMES, current, count - 1, count, HERE, words, width)
    assert cell_len(title) <= width
    picture = f"[{words.sign(NAMES[current])}]" + (f" {count} of {count}" if count > 1 else "")
    assert picture in title
    assert title.endswith(" at 12:delta1")
    assert all(words.sign(name) in title for name in NAMES) or words.sign("…") in title or width < 60


def test_of_a_title_that_is_too_long_the_pictures_farthest_away_are_left_out() -> None:
    def title(current: int, width: int) -> str:
        return picture_title(NAMES, current, 0, 1, HERE, PLAIN, width)

    assert title(0, 120) == f"[net] | {' | '.join(NAMES[1:])} at 12:delta1"
    assert title(4, 70) == "… | images of x | [images of W1] | images of ∂E/∂W1 | … at 12:delta1"
    assert title(6, 40) == "… | [images of W1⁺] at 12:delta1"
    assert title(5, 36) == "[images of ∂E/∂W1] at 12:delta1"
    assert title(5, 28) == "[images…∂E/∂W1] at 12:delta1"


@pytest.mark.parametrize(("across", "down"), [(False, False), (False, True), (True, False), (True, True)])
@pytest.mark.parametrize("width", [48, 71, 95, 140])
def test_the_keys_fit_and_say_how_to_scroll_where_there_is_something_to(across: bool, down: bool, width: int) -> None:
    keys = picture_keys(across=across, down=down, notation=PLAIN, width=width)
    assert cell_len(keys) <= width
    assert all(key in keys for key in ("Tab", "←→", "t", "Esc closes"))
    assert ("Shift+←→" in keys) == across
    assert ("↑ ↓" in keys) == down
    assert ("scroll" in keys) == (across or down)
    assert "N f F step" in keys or width < 100


@pytest.mark.parametrize(
    ("scenario", "size", "told"),
    [
        ("mazur-2-2-2", (80, 24), "Tab another, ←→ next, t text, s S i I n N f F step, Esc closes"),
        ("two-layer-digits", (80, 24), "↑ ↓ scroll; Tab another, ←→ next, t text, Esc closes"),
        ("apples-and-oranges", (50, 40), "Shift+←→ scroll; Tab, ←→, t text, Esc"),
    ],
)
async def test_what_is_larger_than_its_frame_says_how_to_scroll(
    scenario: str, size: tuple[int, int], told: str
) -> None:
    async with driven(scenario, size) as screen:
        await screen.press("i", "y")
        assert told in screen.text


async def test_the_present_picture_of_many_is_in_the_title() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("i", "y", "shift+tab", "right")
        assert "[images of W1⁺] 2 of 50 at 1:b2_next" in screen.lines[1]
        await screen.press("tab")
        assert "[net] 1 of 100 | heat map" in screen.lines[1]


# ── norms ────────────────────────────────────────────────────────────────────────────────────────────────────


def norms(scenario: Scenario, where: str) -> tuple[str, str]:
    """The page, without its line breaks, and the text."""
    timeline = Timeline(scenario)
    timeline.goto(where)
    moment, found = timeline.moment(), trends(timeline, 1, 5)
    page = norms_page(moment, found, Notation(timeline.names), 76)
    lines = ["".join(text for text, _ in line.pieces) for line in page]
    return " ".join(" ".join(lines).split()), "\n".join(norms_text(moment, found, Notation(timeline.names)))


def test_every_kind_of_symptom_has_a_name_and_a_meaning() -> None:
    assert set(KINDS) == set(MEANINGS) == set(SYMPTOMS)


@pytest.mark.parametrize(
    ("rows", "targets", "where"),
    [
        ("[[1.0], [2.0]]", "[[1.0], [0.0]]", "for each of the 2 rows that can be drawn"),
        ("[[1.0]]", "[[1.0]]", "for the only row there is"),
    ],
)
def test_the_norms_tell_symptoms_by_one_name_and_say_what_they_mean(rows: str, targets: str, where: str) -> None:
    for text in norms(scenario_of(ALL_CLOSED.format(rows=rows, targets=targets)), "1"):
        assert f"at the cursor: 1 of 2 ReLU units of a (layer 1) is dead (1): a ≤ 0 {where}" in text
        assert "dead ReLU, a: from iteration 1 to 5" in text
        assert "dead ReLU: u ≤ 0 for every row of the data" in text
        assert not any(word in text for word in ("u1", "exploding", "saturated"))


def test_an_exploding_gradient_says_when_it_is_called_so() -> None:
    for text in norms(load_scenario("sgd-regression-wide"), "5"):
        assert "exploding gradient, ∂E/∂b2: from iteration 5" in text
        assert "exploding gradient: its RMS is above 10, and its norm above 1,000 times that of the weights" in text
        assert "vanishing" not in text


@pytest.mark.parametrize("where", ["5:E", "5:dW1", "5"])
def test_norms_are_said_to_be_those_at_the_end_of_each_iteration(where: str) -> None:
    page, text = norms(load_scenario("mazur-2-2-2"), where)
    for told in (page, text):
        assert "the norms are those at the end of each iteration" in told
        assert "size of the update relative to W1" in told
    assert "size of the update relative to W1 (about 1e-3 is usual)" in page
    assert "dead ReLU" not in page
