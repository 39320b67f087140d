"""Claims about what is written short: long sums are cut to their largest terms, what is met again has a name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.abbreviate import abbreviated, largest, named_parts, occurrences
from gradstep.engine.program.expression import Call, Named
from gradstep.engine.program.rendering import Style, render
from gradstep.tui.text.notation import Notation
from tests.engine.analysis.test_explain import elements, explained
from tests.strategies import scenario_of, scenarios

# ── long sums ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_long_sum_says_which_terms_it_shows_and_what_the_others_come_to(capsys: pytest.CaptureFixture[str]) -> None:
    symbols, numbers, *lines = explained(capsys, "two-layer-digits", "E", "--at", "1:E")
    assert symbols.count("t[") == 5
    assert symbols.endswith(" + (the other 995 terms)) / 100")
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:E")
    values = timeline.values()
    losses = values["t"] * (values["u2"] - np.log(np.exp(values["u2"]).sum(axis=1, keepdims=True)))
    others = losses.sum() - np.sort(losses, axis=None)[:5].sum()  # all are negative: the largest come first
    assert f" + (the other 995 terms: {others:.9f})) / 100 = " in numbers
    assert "the largest terms are written out" in lines[lines.index("") - 1]
    assert not any("largest terms" in line for line in explained(capsys, "mazur-2-2-2", "E"))


def test_of_terms_that_differ_in_their_last_bits_the_first_are_written() -> None:
    terms = [0.5, 0.1 + 0.2, 0.3, -0.3, 0.30000000000000016, 0.1, 0.2]
    assert largest(terms, 3) == {0, 1, 2} == largest([0.5, 0.3, 0.1 + 0.2, *terms[3:]], 3)


# ── parts with a name ────────────────────────────────────────────────────────────────────────────────────────


def test_what_softmax_subtracts_from_every_logit_is_named_and_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(capsys, "relu-softmax-2-3-2", "y[0,0]")
    numbers = "exp(1.86 − 4.21) / (exp(1.86 − 4.21) + exp(4.21 − 4.21))"
    assert lines[: lines.index("")] == [
        "y[0,0]     = exp(u2[0,0] − m) / (exp(u2[0,0] − m) + exp(u2[0,1] − m))",
        "出力1[0,0] = exp(総入力2[0,0] − m) / (exp(総入力2[0,0] − m) + exp(総入力2[0,1] − m))",
        f"           = {numbers} = 0.087065772",
        "m = max(u2[0,0], u2[0,1])",
        "  = max(総入力2[0,0], 総入力2[0,1])",
        "  = max(1.86, 4.21) = 4.21",
    ]


LOGITS = """
format = 1
title = "softmax over what is called m"
[data]
x = [[1.0, 2.0], [0.5, -1.0]]
t = [[1.0, 0.0], [0.25, 0.75]]
[[layer]]
kind = "affine"
W = [[0.5, -0.3], [0.2, 0.4]]
b = [0.0, 0.1]
[loss]
kind = "softmax_cross_entropy"
[optimizer]
kind = "sgd"
learning_rate = 0.5
[training]
iterations = 2
[names]
u1 = "m1"
"""


def test_a_name_that_the_scenario_has_is_not_given_to_a_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "logits.toml"
    file.write_text(LOGITS, encoding="utf-8")
    lines = explained(capsys, str(file), "E")
    symbols, own, _, *parts = lines[: lines.index("")]
    for each in (symbols, own):
        assert all(f" − {name} − s{row}) " in f"{each} " for name, row in (("m1_", 1), ("m2", 2)))
    leads = [line.partition(" = ")[0] for line in parts if line.partition(" = ")[0].strip()]
    assert leads == ["m1_", "s1", "m2", "s2"]
    for name, row in (("m1_", 0), ("s1", 0), ("m2", 1), ("s2", 1)):
        *_, last = (line for line in parts[parts.index(next(p for p in parts if p.startswith(name))) :][:3])
        u = softmax_logits(file)[row]
        wanted = u.max() if name.startswith("m") else np.log(np.exp(u - u.max()).sum())
        assert float(last.rpartition(" = ")[2]) == pytest.approx(wanted, abs=1e-9)


def softmax_logits(file: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    timeline = Timeline(load_scenario(str(file)))
    timeline.goto("1")
    return timeline.values()["u1"]


ONE_OF_TWO_SUMS = """
format = 1
title = "of the sums of two rows, one is met four times, the other once: both have names"
[data]
x = [[1.378], [1.032]]
t = [[0, 0, 0, 1], [1, 0, 0, 0]]
[[layer]]
kind = "affine"
units = 4
init = "normal"
scale = 0.7
bias_init = "uniform"
[[layer]]
kind = "sigmoid"
[loss]
kind = "softmax_cross_entropy"
"""


@given(scenarios(iterations=1))
@example(ONE_OF_TWO_SUMS)
@settings(max_examples=25, deadline=None)
def test_whatever_is_named_or_its_like_is_met_more_than_once_and_every_name_is_told(text: str) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    values = timeline.values()
    for element in elements(timeline):
        expression = timeline.program.element(element.symbol, element.index)
        if expression is None:
            continue
        short = abbreviated(expression, values)
        met = Counter(node for node in occurrences(short) if isinstance(node, Named))
        most: dict[str, int] = {}  # by the letter of a name: m1 and m2 are both maxima
        for part, count in met.items():
            most[part.name[0]] = max(count, most.get(part.name[0], 0))
        assert all(count > 1 for count in most.values())
        assert named_parts(short) == tuple(met)
        assert len({part.name for part in met}) == len(met) == len({part.part for part in met})
        maxima = {node for node in occurrences(short) if isinstance(node, Call) and node.operator == "max"}
        line = render(short, Style(Notation(timeline.names, own=False).element))
        for maximum in maxima:
            text = render(maximum, Style(Notation(timeline.names, own=False).element))
            assert line.count(text) <= (1 if len(maximum.arguments) > 1 else 2)
