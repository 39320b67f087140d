"""Claims about `--other-rounding`: under it, and only then, the last bits of products and sums are others."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from gradstep.engine import arrays
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.operations.affine import affine, bias_gradient, input_gradient

NUMBERS = np.random.default_rng(1).normal(size=(40, 40))
WIDE = np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant  # not so on every machine


def made(operation: Operation, *operands: np.ndarray) -> np.ndarray:
    out = np.empty(operation.shape(*(operand.shape for operand in operands)))
    operation.fill(out, *operands)
    return out


@pytest.fixture
def other(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--other-rounding"))


def test_only_the_option_changes_the_last_bits_of_what_the_engine_adds(other: bool) -> None:
    product, total = NUMBERS @ NUMBERS, np.add.reduce(NUMBERS, 0)
    for found, plain in (
        (made(affine, NUMBERS, NUMBERS, np.zeros(40)), product),
        (made(input_gradient, NUMBERS, NUMBERS.T.copy()), product),
        (made(bias_gradient, NUMBERS), total),
    ):
        assert np.allclose(found, plain, rtol=1e-12, atol=1e-13)
    found = made(bias_gradient, NUMBERS)
    assert np.array_equal(made(bias_gradient, NUMBERS), found), "one run, one order"
    assert bool((found != total).any()) is other
    assert bool((arrays.dot(NUMBERS, NUMBERS) != np.dot(NUMBERS, NUMBERS)).any()) is other
    if WIDE or not other:
        pairs = NUMBERS[:, :2].copy()
        assert bool((arrays.dot(pairs, pairs.T) != np.dot(pairs, pairs.T)).any()) is other, "two products, fused or not"


def test_what_every_machine_rounds_alike_stays(other: bool) -> None:
    one, two = NUMBERS[:, :1].copy(), NUMBERS[:2]
    assert np.array_equal(arrays.dot(one, one.T), np.dot(one, one.T))
    assert np.array_equal(arrays.add_reduce(two, 0), two[0] + two[1])
    whole = np.rint(NUMBERS * 100)
    assert np.array_equal(arrays.dot(whole, whole), np.dot(whole, whole))
    assert arrays.add_reduce(whole, None) == whole.sum()
    with np.errstate(all="ignore"):
        assert np.isnan(arrays.dot(np.array([np.inf, 1.0]), np.array([1.0, np.nan])))


def test_a_process_that_a_test_starts_adds_in_the_same_order(other: bool) -> None:
    code = "from gradstep.engine import arrays; import numpy as np; print(arrays.dot is np.dot)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(not other)]
