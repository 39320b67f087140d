"""A 784-50-10 network as a scenario file, with data of the size of MNIST made up beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gradstep.engine import Scenario, load_scenario

ITERATIONS = 10_000
BATCH = 100
RATE = 0.1
SAMPLES = 60_000

TEXT = """\
format = 1
title = "As large as MNIST"

[data]
npz = "{npz}"
divide_by = 255

[[layer]]
kind = "affine"
units = 50
init = "normal"
scale = 0.01
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
units = 10
init = "normal"
scale = 0.01

[loss]
kind = "softmax_cross_entropy"

[optimizer]
kind = "sgd"
learning_rate = {rate}

[training]
iterations = {iterations}
draw = "with_replacement"
batch = {batch}
seed = 1
"""


def classifier(folder: Path, *, samples: int = SAMPLES, batch: int = BATCH) -> Scenario:
    """The scenario, loaded from files that are written to a folder."""
    random = np.random.default_rng(1)
    name = f"rows-{samples}.npz"
    if not (folder / name).exists():
        pixels = random.integers(0, 256, (samples, 784), dtype=np.uint8)
        np.savez(folder / name, x=pixels, t=random.integers(0, 10, (samples, 1)))
    path = folder / f"classifier-{samples}-{batch}.toml"
    path.write_text(TEXT.format(npz=name, rate=RATE, iterations=ITERATIONS, batch=batch))
    return load_scenario(path)
