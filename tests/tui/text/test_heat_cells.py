"""Claims about matrices as coloured cells: what each cell says, and that they stay in their area."""

from __future__ import annotations

import numpy as np
import pytest
from rich.cells import cell_len

from gradstep.tui.text.heat_cells import heat_cells, heat_scale, largest_magnitude
from gradstep.tui.text.palette import GRADSTEP_DARK


def test_a_cell_has_the_level_of_its_number() -> None:
    ((*pieces,),) = heat_cells(np.array([[-2.0, 0.0, 1.0, 1e-9]]), 8, 1)
    assert [key for _, key in pieces] == [f"text on heat {level}" for level in (-16, 0, 8, 1)]


def test_two_rows_share_a_line_where_there_is_no_room_for_both() -> None:
    lines = heat_cells(np.array([[1.0], [-1.0], [0.5]]), 1, 2)
    assert lines == ((("▀", "heat 16 on heat -16"),), (("▀", "heat 8 on panel"),))


def test_a_block_shows_its_largest_number_by_magnitude() -> None:
    matrix = np.zeros((200, 300))
    matrix[150, 250], matrix[0, 0] = -4.0, 2.0
    lines = heat_cells(matrix, 30, 5)
    keys = {key for line in lines for _, key in line}
    assert any("heat -16" in key for key in keys)
    assert any("heat 8" in key for key in keys)


@pytest.mark.parametrize("shape", [(1, 1), (7,), (50, 3), (3, 500), (2000, 64)])
@pytest.mark.parametrize("plain", [False, True])
def test_the_cells_stay_in_their_area(shape: tuple[int, ...], plain: bool) -> None:
    values = np.random.default_rng(0).standard_normal(shape)
    values.flat[0] = np.nan
    lines = heat_cells(values, 40, 8, plain)
    assert 1 <= len(lines) <= 8
    widths = {sum(cell_len(text) for text, _ in line) for line in lines}
    assert len(widths) == 1
    assert max(widths) <= 40
    assert any("?" in text for text, _ in lines[0])
    for line in lines:
        for _, key in line:
            GRADSTEP_DARK.style(key)


def test_without_colours_characters_say_sign_and_size() -> None:
    (line,) = heat_cells(np.array([[1.0, -1.0, 0.0]]), 3, 1, ascii=True)
    assert "".join(text for text, _ in line) == "#@ "


def test_a_scale_names_its_ends() -> None:
    text = "".join(text for text, _ in heat_scale(0.0349, 40))
    assert text.split() == ["-0.0349", "0.0349"]
    assert heat_scale(0.0, 40) == heat_scale(1.0, 4) == ()
    assert largest_magnitude(np.array([np.inf, -3.0, np.nan])) == 3.0
