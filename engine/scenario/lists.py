"""Numbers that stand without brackets around each row: what shape is meant, where only one fits.

A list of targets is a column (or class labels), that of a single sample a row; a list of weights belongs to one unit,
or to one input. What could be two things is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradstep.engine.arrays import Array, written
from gradstep.engine.scenario.document import Document
from gradstep.engine.words import networks as network_words
from gradstep.engine.words import sources as source_words
from gradstep.engine.words import starting as words

Targets = Array | Sequence[int]  # rows, or class labels


def sample_rows(document: Document, x: Array, t: Array, *, classes: bool) -> tuple[Array, Targets]:
    """Inputs and targets as rows, one a sample. classes: a list of as many targets as samples is class labels.

    Raises ScenarioError where lists of both could be one sample or several, or fit neither.
    """
    for name, array in (("x", x), ("t", t)):
        if array.ndim > 2:
            raise document.error(f"data.{name}", words.NO_ROWS.format(shape=written(array.shape)))
    x, t = (array.reshape(1) if array.ndim == 0 else array for array in (x, t))
    if x.ndim == 1:
        x = x.reshape(-1, 1) if _several(document, x, t) else x.reshape(1, -1)
    if t.ndim == 1:
        if len(t) == len(x):
            return x, _labels(document, t) if classes else t.reshape(-1, 1)
        if len(x) > 1:
            raise document.error("data.t", source_words.OTHER_NUMBER_OF_ROWS(len(t), expected=len(x)))
        t = t.reshape(1, -1)
    return x, t


def _several(document: Document, x: Array, t: Array) -> bool:
    """Whether a list of inputs is several samples of one number, not one of several. Raises ScenarioError."""
    if t.ndim == 1:
        if len(x) == len(t) > 1:
            row, column = f"{x[0]:g}, …", f"{x[0]:g}], […"
            raise document.error("data.x", words.ONE_SAMPLE_OR_SEVERAL.format(count=len(x), row=row, column=column))
        return False
    if len(t) not in (1, len(x)):
        raise document.error("data.x", words.ROWS_OF_T(len(x), rows=len(t)))
    return len(t) > 1


def _labels(document: Document, labels: Array) -> list[int]:
    for place, label in enumerate(labels):
        if label < 0 or label != np.floor(label):
            raise document.error(f"data.t[{place}]", words.NO_CLASS_LABEL.format(found=float(label)))
    return [int(label) for label in labels]


def weights(document: Document, key: str, given: Array, inputs: int, units: int | None) -> Array:
    """Weights as inputs × units; units: what the layer says, if it does. One number is that of all of them."""
    if given.ndim == 0:
        if units is None:
            raise document.error(key, words.ONE_WEIGHT)
        return np.full((inputs, units), float(given))
    if given.ndim == 1:
        if len(given) != inputs and inputs != 1:
            raise document.error(key, words.WEIGHTS_OF_WHICH_SHAPE(len(given), inputs=inputs))
        given = given.reshape(inputs, -1)
    if given.ndim != 2 or len(given) != inputs:
        shape = written(given.shape)
        if given.ndim == 2 and given.shape[1] == inputs:
            raise document.error(key, words.TRANSPOSED_WEIGHTS.format(shape=shape, inputs=inputs))
        raise document.error(key, network_words.WEIGHTS_DO_NOT_FIT(inputs, shape=shape))
    if units is not None and given.shape[1] != units:
        raise document.error(key, words.OTHER_UNITS.format(shape=written(given.shape), units=units))
    return given


def biases(document: Document, key: str, given: Array, W: Array) -> Array:
    """Biases as a list, one a unit. One number is that of all of them; a single row or column is a list."""
    if given.ndim == 0:
        return np.full(W.shape[1], float(given))
    if given.ndim > 1 and max(given.shape) != given.size:
        raise document.error(key, words.TABLE_OF_BIASES.format(shape=written(given.shape)))
    found = given.reshape(-1)
    if len(found) != W.shape[1]:
        problem = network_words.BIASES_DO_NOT_FIT(len(found), shape=written(W.shape), expected=W.shape[1])
        raise document.error(key, problem)
    return found
