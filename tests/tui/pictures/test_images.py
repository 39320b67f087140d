"""Claims about images: which there are, that all of a picture have one scale, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.images import (
    Images,
    image_caption,
    image_symbols,
    image_text,
    images_drawing,
    images_of,
)
from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.notation import Notation


@pytest.fixture(scope="module")
def digits() -> Timeline:
    run = Timeline(load_scenario("two-layer-digits"))
    run.goto("1:dW1")
    return run


def drawn(run: Timeline, symbol: str, which: int, width: int, height: int, *, ascii: bool = False) -> Drawing:
    view = View(Notation(run.names, ascii=ascii))
    images = images_of(run.moment(), view.notation, symbol)
    assert images is not None
    return images_drawing(run.moment(), view, images, which, width, height)


def test_the_rows_of_x_and_what_is_as_large_as_the_first_weights_are_images(digits: Timeline) -> None:
    assert image_symbols(digits.program, (8, 8)) == ("x", "W1", "dW1", "W1_next")
    assert image_symbols(digits.program, None) == ()
    assert images_of(digits.moment(), Notation(digits.names), "W1_next") is None


@pytest.mark.parametrize("symbol", ["x", "W1", "dW1"])
@pytest.mark.parametrize("size", [(82, 18), (36, 4), (78, 16), (150, 40), (20, 9), (50, 8), (10, 3), (3, 2), (5, 1)])
@pytest.mark.parametrize("ascii", [False, True])
def test_they_fill_any_room_exactly(digits: Timeline, symbol: str, size: tuple[int, int], ascii: bool) -> None:
    drawing = drawn(digits, symbol, 3, *size, ascii=ascii)
    assert drawing.height == size[1]
    assert all(sum(cell_len(text) for text, _ in line) == size[0] for line in drawing.lines)
    assert not ascii or drawing.text.isascii()


def test_pixels_that_are_not_negative_are_grey_by_one_scale_of_all_rows(digits: Timeline) -> None:
    drawing = drawn(digits, "x", 0, 40, 12)
    pixels = digits["x"][0].reshape(8, 8)
    largest = float(digits["x"].max())
    expected = [[int(np.ceil(pixel / largest * 16 - 1e-9)) for pixel in row] for row in pixels.tolist()]
    # Twice as large as they need be: a pixel is two cells wide and one line high.
    for line, row in zip(drawing.lines[1:9], expected, strict=True):
        found = [key for text, key in line for _ in text][:16:2]
        assert found == [f"text on grey {level}" for level in row]
    assert "one scale for all  0 " in drawing.text


def test_weights_diverge_from_zero(digits: Timeline) -> None:
    keys = {key for line in drawn(digits, "W1", 0, 40, 12).lines for _, key in line}
    assert any(" on heat -" in key for key in keys)
    assert not any("grey" in key for key in keys)


def test_others_stand_beside_the_chosen_one_which_is_marked(digits: Timeline) -> None:
    drawing = drawn(digits, "W1", 18, 82, 18)
    chosen = [text for line in drawing.lines for text, key in line if key == "bold text on chosen"]
    assert chosen == [" 18 "]
    assert "10 to 19 of 50" in drawing.text
    assert drawing.text.startswith("W1[:,18]: the weights into unit 18 of 50")


def test_of_a_row_its_target_and_output_are_said(digits: Timeline) -> None:
    moment = digits.moment()
    images = images_of(moment, Notation(digits.names), "x")
    assert images is not None
    title, below = image_caption(moment, images, 2, Notation(digits.names))
    assert title == "x[2], row 2 of 100 drawn"
    target, output = int(digits["t"][2].argmax()), int(digits["y"][2].argmax())
    assert below.startswith(f"target {target}, output {output} (")


def test_an_image_has_its_numbers_as_text(digits: Timeline) -> None:
    images = Images("W1", "W1", np.array([[0.0], [16.0], [0.125], [np.nan]]), (2, 2), by_row=False)
    told = image_text(digits.moment(), images, 0, Notation(digits.names))
    assert told == ("W1[:,0]: the weights into unit 0 of 1", "0 16", "0.125 nan", "")
