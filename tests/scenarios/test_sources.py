"""Claims about what the project rests on: every citation is in the table of sources, and no figure is called a source's
that it does not print.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.replay import replay
from gradstep.engine.scenario.expectations import agrees_to_its_digits
from gradstep.tui.words.steps import CATALOGUE
from tests.engine.scenario.test_mutations import README
from tests.walks import RUNNABLE

PAGE = README.read_text(encoding="utf-8")
SECTION = PAGE.partition("## Sources\n")[2].partition("\n## ")[0]
PRINTING = {  # whose sources show numbers
    *("mazur-2-2-2", "apples", "apples-and-oranges", "softmax-graph", "softmax-jacobian", "xor", "xor-stuck"),
    *(
        "micrograd-neuron",
        "micrograd-expression",
        "cs231n-circuit",
        "cs231n-neuron",
        "logistic-regression",
        "attention",
    ),
}
COUNTED = {2: "two", 3: "three", 4: "four"}

Cited = tuple[str, str]  # a work, and where in it; "" for the whole


def listed() -> dict[Cited, str]:
    """The rows of the table → what each is cited for."""
    found, work = {}, ""
    for line in SECTION.splitlines():
        if line.startswith("| ") and not line.startswith("| source"):
            given, where, what = (cell.strip() for cell in line.strip("|").split("|"))
            work = given or work
            found[work, where] = what
    return found


def cited(source: str) -> set[Cited]:
    """The works that a text on a step names, with their sections: apart by semicolons, with remarks."""
    found = set()
    for part in source.rstrip(".").split("; "):
        match = re.fullmatch(r"(?:[^:(]*: )?([^(]*\(\d{4}[^)]*\))(.*)", part)
        assert match, part
        work, rest = match[1], match[2]
        places = re.findall(r"chapter \d+|\d+(?:\.\d+)+", rest) or [
            "backpropagation" if rest.endswith("on backpropagation") else ""
        ]
        found |= {(work, place) for place in places}
    return found


def test_every_citation_is_in_the_table_and_the_table_has_no_other() -> None:
    used = {each for entry in CATALOGUE.values() if entry.source for each in cited(entry.source)}
    rows = listed()
    assert used - rows.keys() == set()
    assert all(rows.values())
    ours = {each for each, what in rows.items() if not re.search(r"`[\w-]+`", what)}
    assert ours - used == set(), "each is cited by some text on a step, or is a scenario's"


@pytest.mark.parametrize("name", RUNNABLE)
def test_what_a_source_does_not_print_is_not_called_its(name: str) -> None:
    expectations = load_scenario(name).expectations
    of_source = [each for each in expectations if each.from_source]
    assert bool(of_source) == (name in PRINTING)
    if name not in PRINTING:
        assert not any("source prints" in each.note or "source shows" in each.note for each in expectations)


def test_as_many_figures_of_the_tutorial_are_off_as_is_said() -> None:
    verdicts = [each for each in replay(load_scenario("mazur-2-2-2")).verdicts if each.expectation.from_source]
    off = [
        verdict
        for verdict in verdicts
        for _, text, value, _ in verdict.elements()
        if text != "" and not agrees_to_its_digits(text, value)
    ]
    last_digit = [each for each in off if not each.expectation.disagrees]
    (row,) = (line for line in PAGE.splitlines() if line.startswith("| `mazur-2-2-2` |"))
    assert f"{COUNTED[len(off)]} of them are off" in row
    assert len(last_digit) == 1
    assert "one only in its last digit" in row


# ── programs of the texts, written again ─────────────────────────────────────────────────────────────────────


def printed(array: Array) -> Any:
    """As numpy.ndarray's text has it, to eight places at most: the numbers of `print`."""
    if array.ndim:
        return [printed(each) for each in array]
    return np.format_float_positional(float(array), precision=8, trim="0")


def test_the_figures_of_the_small_softmax_net_are_what_its_program_prints() -> None:
    """The text's program in plain NumPy: each number is printed so, to eight places."""
    W1, W2 = np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]), np.array([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]])
    b1, b2, x, d = np.array([0.1, 0.2, 0.3]), np.array([0.1, 0.2]), np.array([[1.0, 5.0]]), np.array([[0, 1]])
    values: dict[str, Array] = {"u1": x @ W1 + b1}
    values["z1"] = np.maximum(values["u1"], 0.0)
    values["u2"] = values["z1"] @ W2 + b2
    powers = np.exp(values["u2"])
    values["y"] = powers / powers.sum()
    values["sum(y)"] = values["y"].sum()
    values["delta2"] = values["y"] - d
    values["delta1"] = values["delta2"] @ W2.T * (values["z1"] > 0)
    for layer, given, W, b in (("1", x, W1, b1), ("2", values["z1"], W2, b2)):
        values[f"dW{layer}"] = given.T @ values[f"delta{layer}"]
        values[f"db{layer}"] = values[f"delta{layer}"].sum(axis=0)
        values[f"W{layer}_next"] = W - 0.01 * values[f"dW{layer}"]
        values[f"b{layer}_next"] = b - 0.01 * values[f"db{layer}"]
    texts = {
        each.spelling: each.printed for each in load_scenario("relu-softmax-2-3-2").expectations if each.spelling != "E"
    }
    assert texts.keys() == values.keys()
    for spelling, text in texts.items():
        shown = printed(values[spelling])
        assert shown == (text if "'" in repr(text) else printed(np.array(text))), spelling


def numerical_gradient(f: Callable[[Array], float], x: Array, h: float = 1e-4) -> Array:
    """As the text on gradient descent has it: one index for every array, and x changed where it stands."""
    found = np.zeros_like(x)
    for place in range(x.size):
        before = x[place]
        x[place] = before + h
        above = f(x)
        x[place] = before - h
        below = f(x)
        found[place] = (above - below) / (2 * h)
        x[place] = before
    return found


def test_the_numerical_gradient_of_the_text_fails_as_the_scenario_says() -> None:
    def squares(x: Array) -> float:
        return float((x**2).sum())

    assert numerical_gradient(squares, np.array([1.0, 2.0])) == pytest.approx([2.0, 4.0])
    with pytest.raises(IndexError):
        numerical_gradient(squares, np.array([[1.0, 2.0, 3.0]]))
    assert numerical_gradient(squares, np.array([1, 2])).tolist() != [2, 4]
    story = load_scenario("sgd-regression").description
    assert "fails for a matrix" in story
    assert "array of integers" in story
