"""Claims about the picture of a path: where the iterations go, over a loss of two numbers."""

from __future__ import annotations

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.albums import picture_names
from gradstep.tui.pictures.paths import path_drawing, path_text, why_not
from gradstep.tui.text.notation import Notation
from tests.scenarios.test_bowl import BOWLS, path
from tests.screen import Still
from tests.strategies import scenario_of

SIZE = 82, 30
OTHER = """
format = 1
title = "two numbers"
[parameters]
{parameters}
[model]
forward = "f = {f}"
loss = "E = f"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = {iterations}
"""


def picture(timeline: Timeline, *, ascii: bool = True) -> list[str]:
    notation = Notation(timeline.names, ascii=ascii)
    return path_drawing(timeline.moment(), View(notation), *SIZE).text.split("\n")


def at(name: str, position: str) -> Timeline:
    timeline = Timeline(load_scenario(name))
    timeline.goto(position)
    return timeline


def marked(lines: list[str], sign: str) -> list[tuple[int, int]]:
    """Row and column of each mark within the axes."""
    inside = [line.partition("|")[2] or line.partition("+")[2] for line in lines[1:-4]]
    return [(row, column) for row, line in enumerate(inside) for column, each in enumerate(line) if each == sign]


@pytest.mark.parametrize("name", BOWLS)
def test_the_text_gives_both_numbers_after_every_update(name: str) -> None:
    timeline = at(name, "7")
    title, *lines = path_text(timeline.moment(), Notation(timeline.names))
    assert title == "f over x and y, and where the iterations go"
    assert len(lines) == 8
    for count, (line, (x, y)) in enumerate(zip(lines, path(name), strict=False)):
        assert line.startswith(f"after {count} update")
        said = line.partition(": x ")[2].replace("−", "-").split(", y ")
        assert [float(each) for each in said] == pytest.approx([x, y], rel=1e-4, abs=1e-6)


def test_before_its_update_an_iteration_has_gone_nowhere() -> None:
    lines = path_text(at("bowl-sgd", "3:dx").moment(), Notation(load_scenario("bowl-sgd").names))
    assert len(lines) == 1 + 3  # the start, and two updates


def test_the_marks_lie_where_the_run_was() -> None:
    lines = picture(at("bowl-sgd", "3"))
    (begin,), (here,) = marked(lines, "s"), marked(lines, "@")
    others = marked(lines, "o")
    assert begin[1] < min(column for _, column in others) < max(column for _, column in others) < here[1]
    assert begin[0] < here[0], "y was 2 and is below 0 after three updates"
    rows = [row for row, _ in sorted([begin, *others, here], key=lambda place: place[1])]
    assert rows[0] < rows[1] > rows[2] < rows[3], "it zigzags"


@pytest.mark.parametrize("name", BOWLS)
def test_nothing_but_the_path_changes_while_one_steps(name: str) -> None:
    def axes(position: str) -> list[str]:
        lines = picture(at(name, position))
        return [lines[0], *(line[:8] for line in lines[1:-4]), *lines[-4:-1]]

    assert axes("1:dx") == axes("9") == axes("end")


def test_an_edit_moves_the_rest_of_the_path() -> None:
    timeline = at("bowl-sgd", "2:dx")
    timeline.edit("x", -1.0)
    timeline.goto("4")
    lines = path_text(timeline.moment(), Notation(timeline.names))[1:]
    x = [float(line.partition(": x ")[2].partition(",")[0].replace("−", "-")) for line in lines]
    edited = -1.0 - 0.95 * -0.6335  # the gradient is that of before the edit
    assert x == pytest.approx([-7.0, -6.335, edited, 0.905 * edited, 0.905**2 * edited], rel=1e-5)


def test_in_colours_and_in_ascii_it_has_its_size() -> None:
    for ascii in (True, False):
        lines = picture(at("bowl-adam", "30"), ascii=ascii)
        assert len(lines) == SIZE[1]
        assert all(line.isascii() for line in lines) or not ascii
    assert "◆" in "".join(lines)


@pytest.mark.parametrize(
    ("parameters", "f", "there"),
    [
        ("a = 1.0\nb = 2.0", "a**2 + exp(b)", True),
        ("a = 1.0", "a**2", False),
        ("a = 1.0\nb = 2.0\nc = 1.0", "a * b * c", False),
        ("a = [1.0, 2.0]\nb = 2.0", "sum(a) * b", False),
    ],
)
def test_there_is_one_of_two_numbers(parameters: str, f: str, there: bool) -> None:
    timeline = Timeline(scenario_of(OTHER.format(parameters=parameters, f=f, iterations=3)))
    timeline.goto("1")
    names = [each.name for each in picture_names(timeline.moment(), View(Notation(timeline.names)))]
    assert ("path" in names) == there


def test_where_rows_are_drawn_there_is_none() -> None:
    timeline = at("mazur-2-2-2", "1")
    names = [each.name for each in picture_names(timeline.moment(), View(Notation(timeline.names)))]
    assert "path" not in names


def test_a_path_that_leaves_what_is_finite_is_drawn_as_far_as_it_is() -> None:
    timeline = Timeline(scenario_of(OTHER.format(parameters="a = 2.0\nb = 1.0", f="exp(a * a * a) + b", iterations=4)))
    timeline.goto("end")
    assert why_not(timeline.moment(), Notation(timeline.names)) == ""
    assert picture(timeline)


def test_a_key_shows_it() -> None:
    still = Still("bowl-momentum").goto("12")
    for _ in range(6):
        if "where the iterations go" in still.press("y").text:
            return
    pytest.fail("no picture of the path")
