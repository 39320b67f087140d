"""Claims about dead units of images: a unit is a channel, and its rows are the windows of every image."""

from __future__ import annotations

from gradstep.engine import Timeline
from gradstep.engine.analysis.health import health_of
from gradstep.engine.health.symptoms import DEAD
from tests.strategies import scenario_of

NET = """
format = 1
title = "a dead kernel"
[data]
x = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], [3.0, 2.0, 1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]]
t = [[1.0], [0.0]]
{training}
[parameters]
K = "ones(3, 1, 2, 2)"
b = {b}
W = "ones(3, 1)"
[model]
forward = '''
a = conv2d(x.reshape(N, 1, 3, 3), K, b)
h = relu(a)
y = h.sum(axis=(2, 3)) @ W
'''
loss = "E = mean((y - t) ** 2)"
[optimizer]
kind = "sgd"
learning_rate = 0.0
"""


def dead(b: str, training: str = "") -> list[tuple[int, int, tuple[int, ...]]]:
    timeline = Timeline(scenario_of(NET.format(b=b, training=training)))
    timeline.goto("1")
    found = [each.symptom for each in health_of(timeline)]
    return [(each.count, each.of, each.units) for each in found if each.kind == DEAD]


def test_a_kernel_that_is_closed_in_every_window_of_every_image_is_one_dead_unit() -> None:
    assert dead("[0.0, -100.0, 0.0]") == [(1, 3, (1,))]


def test_a_kernel_that_is_open_in_one_window_is_not_dead() -> None:
    assert dead("[0.0, -27.0, 0.0]") == []  # the largest sum of a window is 28


def test_the_images_of_a_batch_do_not_speak_for_the_others() -> None:
    assert dead("[0.0, -100.0, 0.0]", '[training]\nbatch = 1\ndraw = "in_order"\n') == []
