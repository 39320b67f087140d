"""Claims about the net in full: weights that have no room on its edges are maps below it, each beside its gradient."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gradstep.tui.pictures.albums import picture_text
from tests.screen import Still

PAIRS = ("W1", "∂E/∂W1", "W2", "∂E/∂W2")
SIZES = ((80, 24), (120, 40), (160, 48), (200, 60))


def pictured(size: tuple[int, int], *, ascii_only: bool = False, plain: bool = False) -> Still:
    return Still("two-layer-digits", size, ascii_only=ascii_only, plain=plain).press("y").goto("3:dW1")


def places_of(still: Still) -> list[tuple[str, int, int]]:
    """Where the maps begin, by their titles."""
    lines = still.panel("picture").split("\n")
    found = re.compile(r"(∂E/∂W\d|(?<![\w∂/])W\d) (?:64×50|50×10)")
    return [(each[1], each.start(1), y) for y, line in enumerate(lines) for each in found.finditer(line)]


@pytest.mark.parametrize("size", SIZES)
def test_the_weights_stand_beside_their_gradients_below_the_image(size: tuple[int, int]) -> None:
    still = pictured(size)
    assert tuple(name for name, _, _ in places_of(still)) == PAIRS
    image = next(y for y, line in enumerate(still.panel("picture").split("\n")) if "image 8×8" in line)
    assert all(y > image for _, _, y in places_of(still))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_in_it_moves_while_one_steps(size: tuple[int, int]) -> None:
    still = pictured(size)
    places = places_of(still)
    for _ in still.bench.moment.program.steps:
        assert places_of(still.press("s")) == places


def test_the_scale_of_each_is_its_largest_magnitude() -> None:
    still = pictured((120, 40))
    text = still.panel("picture")
    for symbol in ("W1", "dW1", "W2", "dW2"):
        assert f"{np.abs(still.bench.timeline[symbol]).max():.3g}" in text


def test_without_colours_and_in_ascii_characters_say_it() -> None:
    still = pictured((120, 40), ascii_only=True, plain=True)
    text = still.panel("picture")
    assert text.isascii()
    assert "dE/dW2 50x10" in text
    assert len(re.findall(r"[.+*#=%@-]{12}", text)) > 20


def test_in_words_it_says_the_weights_too() -> None:
    bench = pictured((120, 40)).bench
    told = picture_text(bench.moment, bench.view, "net", 0, lambda: None)
    assert [line for line in told if line in PAIRS] == [*PAIRS]


@pytest.mark.parametrize("run", ["mazur-2-2-2", "apples", "sgd-regression"])
def test_a_net_whose_edges_carry_their_weights_has_all_the_room(run: str) -> None:
    still = Still(run, (120, 40)).press("y", "i")
    assert "scale" not in still.panel("picture")


def test_they_are_there_too_where_the_panel_of_the_net_has_all_the_room() -> None:
    still = Still("two-layer-digits", (120, 40)).press("i", "2", "z")
    assert "∂E/∂W2 50×10" in still.panel("net")
    assert "∂E/∂W2 50×10" not in still.press("z").panel("net")
