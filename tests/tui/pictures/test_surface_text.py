"""Claims about the text of a surface: a table of it, and every row that the picture marks."""

from __future__ import annotations

import re

import pytest

from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pictures.surface import surface_text
from gradstep.tui.pictures.surface.plane import ranges
from gradstep.tui.pictures.surface.points import points_of
from gradstep.tui.text.notation import Notation
from tests.tui.pictures.test_surface import THREE, at, notation, run_by_hand


def test_the_text_is_a_table_and_the_rows_of_the_batch() -> None:
    lines = surface_text(at("and-perceptron", "1000"), notation("and-perceptron"))
    assert lines[0] == "A over x0 and x1, after the update of iteration 1,000"
    assert lines[1].split() == ["x1", "\\", "x0", "-0.1", "0.2", "0.5", "0.8", "1.1"]
    by_hand = run_by_hand("and-perceptron", at("and-perceptron", "1000"), (0.5, 0.8))
    assert float(lines[3].split()[3]) == pytest.approx(by_hand[0], abs=1e-6)
    assert lines[-1].startswith("row 3 of the batch: x0 1, x1 1, target 1, output +0.9025")
    single = surface_text(at("relu-softmax-2-3-2", "1"), notation("relu-softmax-2-3-2", own=False))
    assert single[-1] == "row 0 of the batch: x0 1, x1 5, target 1, output 1 (0.917)"


def rows_told(name: str, where: str) -> list[str]:
    return [line for line in surface_text(at(name, where), notation(name)) if re.match("row |and ", line)]


def test_the_text_tells_of_every_row_that_the_picture_marks() -> None:
    assert rows_told("three", "1:x") == [
        "row 0 of the batch: x0 0, x1 0, target 0, output 0 (0.909)",
        "row 1 of the data, not in the batch: x0 1, x1 0, target 1, output 1 (0.976)",
        "row 2 of the data, not in the batch: x0 0, x1 1, target 2, output 2 (0.976)",
        "row 3 of the data, not in the batch: x0 1, x1 1, target 2, output 1 (0.500)",
    ]
    assert [line.partition(":")[0] for line in rows_told("three", "start")] == [
        f"row {number} of the data" for number in range(4)
    ]
    for name, where in (("and-perceptron", "7"), ("sgd-regression", "2"), ("sgd-regression", "start"), ("three", "2")):
        lines = [line for line in rows_told(name, where) if line.startswith("row")]
        points = points_of(at(name, where))
        assert [" of the batch: " in line for line in lines] == [point.batch for point in points]
        for line, point in zip(lines, points, strict=True):
            assert f": x0 {point.x0:.4g}, x1 {point.x1:.4g}, target " in line


def test_a_row_that_was_set_by_hand_is_where_it_was_set_to_in_the_batch_or_not() -> None:
    run = Timeline(parse_scenario(THREE.encode(), "three", "three.toml"))
    run.goto("1:x")
    run.edit("x[0,1]", 3.0)
    for where, told in (("1:x", "row 0 of the batch"), ("2:x", "row 0 of the data, not in the batch")):
        run.goto(where)
        lines = surface_text(run.moment(), Notation(run.names))
        assert [line for line in lines if line.startswith(f"{told}: x0 0, x1 3, target 0")]
        assert max(point.x1 for point in points_of(run.moment())) == 3.0 < ranges(run.moment())[1][1]
    run.switch("original")
    assert max(point.x1 for point in points_of(run.moment())) == 1.0


def test_of_many_rows_the_text_says_how_many_more_there_are() -> None:
    lines = rows_told("sgd-regression", "start")
    assert len(lines) == 101
    assert lines[-1] == "and 99,900 rows more of the data"
    lines = rows_told("sgd-regression", "2")
    assert lines[0].startswith("row 0 of the batch: ")
    assert lines[1].startswith("row 0 of the data, not in the batch: ")
    assert lines[-1] == "and 99,899 rows more that are not in the batch"
    rows = THREE.replace("[0, 0], ", "[0, 0], " * 101).replace("t = [0,", f"t = [{'0,' * 101}")
    many = rows.replace("batch = 1", "batch = 102")
    run = Timeline(parse_scenario(many.encode(), "many", "many.toml"))
    run.goto("1:x")
    *_, last, more, other, another = surface_text(run.moment(), Notation(run.names))
    assert last.startswith("row 99 of the batch: ")
    assert more == "and 2 rows more of the batch"
    assert (other[:8], another[:8]) == ("row 102 ", "row 103 ")
