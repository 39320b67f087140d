"""Claims about the words on a step: everything has some, they are whole sentences, and say what they must."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings

from gradstep.engine import load_scenario
from gradstep.engine.program import formulas, updates
from gradstep.engine.program import operations as package
from gradstep.engine.program.flows import bound
from gradstep.engine.program.functions import FUNCTIONS, POWERS, SIGNS
from gradstep.engine.program.loss_kinds import KINDS
from gradstep.engine.program.network import CURVES
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.operations import arithmetic, counters, losses
from gradstep.engine.program.operations.shaping import indexed
from gradstep.engine.program.optimizer_kinds import OPTIMIZERS
from gradstep.engine.program.program import Phase, Step
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.scenario import models
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.why import about, keys, short_why
from gradstep.tui.text.notation import Notation
from gradstep.tui.words.steps import CATALOGUE, Entry
from tests.strategies import scenario_of, scenarios
from tests.walks import RUNNABLE

LONGEST = 160  # signs of a sentence

LAYERS = """
format = 1
title = "layers"
[data]
x = [[1.0, -2.0], [0.5, 3.0], [2.0, 0.0]]
t = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
test = 1
[measure]
accuracy = ["test"]
[[layer]]
kind = "affine"
units = 2
"""
SGD = '[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n'
MEAN = '[loss]\nkind = "squared_error"\nreduction = "mean"\n' + SGD
UPDATES = (
    'kind = "momentum"\nmomentum = 0.9\nlearning_rate = 0.1',
    'kind = "nesterov"\nmomentum = 0.9\nlearning_rate = 0.1',
    'kind = "adagrad"\nlearning_rate = 0.1',
    'kind = "adamw"\nlearning_rate = 0.1',
    'kind = "adam"\nlearning_rate = "0.1 / epoch"\nepsilon_at = "uncorrected"',
    'update = """\nv = mu * v - learning_rate * g\nw = 2 * v\np = p + w\n"""\nmu = 0.9\nlearning_rate = 0.1',
)
ONE_COLUMN = LAYERS.replace("[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]", "[[1.0], [0.0], [1.0]]").replace("= 2\n", "= 1\n")

# A value used twice, operands that are single numbers, an output of several elements.
GRAPH = """
format = 1
title = "a graph"
[inputs]
a = [1.0, 2.0]
s = 3.0
q = 2.0
[[node]]
name = "times"
kind = "multiply"
inputs = ["a", "s"]
[[node]]
name = "plus"
kind = "add"
inputs = ["times", "q"]
[[node]]
name = "square"
kind = "multiply"
inputs = ["plus", "plus"]
"""

# Nets of formulas: what every function and sign computes, and the way back through it, over what was spread, too.
CLASSIFIER = (
    """
format = 1
title = "a classifier"
output = "y"
[data]
x = [[0.1, 0.2], [0.4, -0.3]]
t = [[1.0, 0.0], [0.0, 1.0]]
[model]
forward = '''
h = relu(x @ W + b) * sigmoid(x @ W + c) + tanh(x @ W)
y = softmax(h)
v = log_softmax(h, axis=0)
'''
loss = "E = -mean(sum(t * log(y), axis=1)) - sum(v)"
backward = "dW = x.T @ dh"
[parameters]
W = [[0.1, 0.2], [0.3, 0.4]]
b = [0.5, 0.1]
c = [[0.2, 0.1]]
"""
    + SGD
)
FUNCTIONS_OF_NUMBERS = """
format = 1
title = "functions of numbers"
[inputs]
p = [[0.5, 1.5], [2.5, 0.25]]
q = [0.75, 1.25]
s = 2.0
[model]
forward = '''
f1 = exp(p) + log(q) - sqrt(p) * abs(q) / square(p)
f2 = sin(p) - cos(q) + p ** q + p ** -1 - s * s
f3 = maximum(p, q) + minimum(q, p) + where(p > q, p, q)
f4 = (p < q) + (p <= q) + (p >= q) + (p == q) + (p != q) + (-p)
f5 = erf(p)
y = sum(f1) + f5 + mean(f2, axis=0) + max(f3, axis=1, keepdims=True) + min(f4) + f1
'''
"""
FUNCTIONS_OF_ARRAYS = """
format = 1
title = "functions of arrays"
[inputs]
p = [[0.5, 1.5], [2.5, 0.25]]
q = [[0.75, 1.25], [3.0, 4.0]]
[model]
forward = '''
f1 = (p @ q).T
f2 = reshape(p, (4,))[1:3]
f3 = stack([f2, f2])
y = concatenate([f1, flatten(f3), q])
'''
"""
IMAGES = """
format = 1
title = "images"
[parameters]
x = "randn(2, 2, 4, 4)"
K = "randn(2, 2, 3, 3)"
b = [0.5, 1.0]
[model]
forward = '''
a = conv2d(x, K, b, padding=1)
m = max_pool(a, 2)
y = dropout(flatten(average_pool(a) + m), 0.25)
'''
"""
NO_BIASES = """
format = 1
title = "no biases"
[data]
x = [[1.0, -2.0], [0.5, 3.0]]
t = [[1.0, 0.0], [0.0, 1.0]]
[[layer]]
kind = "affine"
units = 3
bias = false
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
units = 2
bias = false
"""
OWN = 40  # scenarios of the corpus that are not bundled


def _net(activation: str, loss: str = MEAN, data: str = LAYERS) -> Scenario:
    return scenario_of(f"{data}[[layer]]\n{activation}\n{loss}")


@cache
def corpus() -> tuple[Scenario, ...]:
    """The bundled scenarios, and some for what those do not use."""
    own = [_net(f'kind = "{kind}"') for kind in ("sigmoid", "relu", "tanh", "identity", "step")]
    for kind, derivative, place in [
        *(("relu", "relu", "output"), ("sigmoid", "relu", "output"), ("step", "identity", "input")),
        *(("sigmoid", "sigmoid", "input"), ("tanh", "tanh", "input"), ("relu", "step", "input")),
    ]:
        own.append(_net(f'kind = "{kind}"\nderivative = "{derivative}"\nderivative_at = "{place}"'))
    in_order = LAYERS.replace("[measure]", '[training]\ndraw = "in_order"\nbatch = 2\n[measure]')
    net = _net('kind = "sigmoid"')
    own.append(net.with_program(with_replaced(net.names, ["dy = y - t"])))
    own += [_net('kind = "sigmoid"', data=ONE_COLUMN), _net('kind = "tanh"', data=in_order), scenario_of(GRAPH)]
    own += [scenario_of(text) for text in (CLASSIFIER, FUNCTIONS_OF_NUMBERS, FUNCTIONS_OF_ARRAYS, IMAGES)]
    own += [_net('kind = "sigmoid"', MEAN.replace(SGD, f"[optimizer]\n{lines}")) for lines in UPDATES]
    own += [_net(f'kind = "{kind}"') for kind in CURVES]
    own += [
        _net('kind = "softmax"', f'[loss]\nkind = "{kind}"\nl1 = 0.1\nl2 = 0.2\n{SGD}')
        for kind in KINDS
        if kind != "hinge"
    ]
    own += [
        _net(
            'kind = "tanh"',
            f'[loss]\nkind = "hinge"\n{SGD}',
            LAYERS.replace("0.0, 1.0]", "-1.0, 1.0]").replace("[1.0, 0.0]", "[1.0, -1.0]"),
        )
    ]
    own.append(_net('kind = "sigmoid"', data=NO_BIASES))
    return (*map(load_scenario, RUNNABLE), *own)


def told(scenario: Scenario, step: Step, *, ascii: bool = False) -> tuple[str, ...]:
    """What is said of a step, in plain symbols."""
    return about(scenario, step, Notation(scenario.names, own=False, ascii=ascii))


def everything() -> Iterator[tuple[Scenario, Step]]:
    """Every step of every scenario of the corpus."""
    return ((scenario, step) for scenario in corpus() for step in scenario.program.steps)


def text_of(key: str) -> str:
    """What is said at the first step that this entry is used for."""
    scenario, step = next((each, step) for each, step in everything() if key in keys(each, step))
    return " ".join(told(scenario, step))


def of_formulas() -> Iterator[Operation]:
    """Every operation that a formula can have, and its gradients."""
    settings = {"shape": (-1,), "operands": 3, "rate": 0.5}
    for function in FUNCTIONS.values():
        needed = (*function.needed, *(["operands"] if function.signature.operands in (None, (2, 3)) else []))
        yield from _with_gradients(function.make(**{name: settings[name] for name in needed}))
    for operation in (*SIGNS.values(), *POWERS.values(), indexed([0])):
        yield from _with_gradients(operation)


def _with_gradients(operation: Operation) -> Iterator[Operation]:
    made = bound(operation, [])
    yield made
    yield from (gradient.operation for gradient in made.gradients)


def operations() -> set[str]:
    """The names of all operations that are steps."""
    names = [found.name for found in pkgutil.iter_modules(package.__path__)]
    modules = [vars(importlib.import_module(f"{package.__name__}.{name}")).values() for name in names]
    found = {value.name for values in modules for value in values if isinstance(value, Operation)}
    found |= {
        formulas.NAME,
        models.OWN,
        models.CARRIED,
        models.MEASURED,
        losses.cross_entropy(1e-7).name,
        arithmetic.accumulate(2).name,
    }
    found |= {meaning for kind in OPTIMIZERS.values() for meaning in kind.meanings.values()}
    found |= {operation.name for operation in of_formulas()}
    return found | {updates.NEXT, updates.STATE, updates.INTERMEDIATE, updates.SCHEDULE, *counters.COUNTERS}


def templates() -> list[tuple[str, str, Entry]]:
    """Key, text and entry of every text that is not a name."""
    return [
        (key, text, entry)
        for key, entry in CATALOGUE.items()
        for text in (*entry.sentences, *filter(None, (entry.formula, entry.source)))
    ]


def check(scenario: Scenario, step: Step) -> None:
    """The shape that everything said of a step must have."""
    name, *sentences, formula, source = texts = told(scenario, step)
    assert name
    assert not name.endswith(".")
    assert len(sentences) >= 2
    assert all(text.endswith(".") for text in (*sentences, formula, source))
    assert not any(sign in text for text in texts for sign in "{}\n")
    assert not any(piece in text for text in texts for piece in ("  ", " ,", " .", "None"))
    assert "=" in formula or step.operation.name == "draw"
    assert any(character.isdigit() for character in source)
    assert all(text.isascii() for text in told(scenario, step, ascii=True))
    assert not any(sign in short_why(scenario, step, Notation(scenario.names)) for sign in "{}\n")


# ── complete ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_operation_has_an_entry() -> None:
    assert operations() == {key.partition(":")[0] for key in CATALOGUE} - {"remark"}


def test_every_entry_is_used_by_some_step_and_every_phase_has_some() -> None:
    used = {key for scenario, step in everything() for key in keys(scenario, step)}
    assert used == set(CATALOGUE)
    assert {step.phase for _, step in everything()} == set(Phase)


@pytest.mark.parametrize("place", range(len(RUNNABLE) + OWN))
def test_every_step_is_told_in_whole_sentences(place: int) -> None:
    scenario = corpus()[place]
    for step in scenario.program.steps:
        check(scenario, step)


def test_all_of_the_corpus_was_told() -> None:
    assert len(corpus()) == len(RUNNABLE) + OWN


@given(scenarios())
@settings(max_examples=40, deadline=None)
def test_every_step_of_random_scenarios_is_told_in_whole_sentences(text: str) -> None:
    scenario = scenario_of(text)
    for step in scenario.program.steps:
        check(scenario, step)


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────


def test_texts_are_whole_short_and_not_too_many() -> None:
    for key, text, entry in templates():
        assert len(text) <= LONGEST or text == entry.source, f"{key}: {text}"
        assert text.endswith("."), f"{key}: {text}"
        assert text[0].isupper() or text.startswith(("{", "tanh ")), f"{key}: {text}"
    for key, entry in CATALOGUE.items():
        assert entry.name
        if key.startswith("remark:"):
            assert (entry.formula, entry.source, entry.operands) == ("", "", ())
        else:
            assert 2 <= len(entry.sentences) <= 3
            assert entry.formula.startswith(("{formula}", "{symbol} = "))
            assert entry.source


def test_placeholders_are_those_of_every_step_and_those_of_the_entry_s_operands() -> None:
    known = {"symbol", "formula", "operands", "count", "of", "layer", "goal", "N", "forward", "culprit", "d", "out"}
    for key, entry in CATALOGUE.items():
        texts = (entry.name, *entry.sentences, entry.formula, entry.source)
        placeholders = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        assert placeholders <= known | {*entry.operands}, key
        assert not known & {*entry.operands}, key


@pytest.mark.parametrize("name", RUNNABLE)
def test_filled_sentences_stay_short(name: str) -> None:
    scenario = load_scenario(name)
    for step in scenario.program.steps:
        for own in (True, False):
            texts = about(scenario, step, Notation(scenario.names, own=own))
            assert max(map(len, texts[:-1])) <= LONGEST


def test_another_table_can_take_its_place() -> None:
    scenario = load_scenario("mazur-2-2-2")
    step = next(each for each in scenario.program.steps if each.symbol == "dW1")
    there = dict(CATALOGUE) | {"weight_gradient": replace(CATALOGUE["weight_gradient"], name="Gradient der Gewichte")}
    assert about(scenario, step, Notation(scenario.names), there)[0] == "Gradient der Gewichte"


def test_the_scenario_s_own_names_are_used_where_they_are_wanted() -> None:
    scenario = load_scenario("mazur-2-2-2")
    step = next(each for each in scenario.program.steps if each.symbol == "delta1")
    assert "delta_h is the upstream gradient ∂E/∂out_h" in " ".join(about(scenario, step, Notation(scenario.names)))
    assert "δ1 is the upstream gradient ∂E/∂z1" in " ".join(told(scenario, step))


# ── what must be said, at the step that it belongs to ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "mean_difference:softmax",
            ["sums to 1", "logarithm is natural", "mean over the batch", "only if", "(y − t) / N"],
        ),
        ("bias_gradient", ["a sum over the rows", "of the batch"]),
        ("weight_gradient", ["x transposed times δ1", "summed over the rows", "xᵀ·δ1"]),
        ("input_gradient", ["W2", "before any update", "hidden deltas"]),
        ("relu_gradient", ["z > 0 exactly where u > 0", "At 0", "0 is taken"]),
        ("relu_gradient:output", ["z > 0 exactly where u > 0", "At 0", "0 is taken", "at the output"]),
        ("sigmoid_gradient", ["z(1 − z)", "the output"]),
        ("step", ["derivative is 0 except at the jump", "no gradient goes back"]),
        ("step_gradient", ["derivative is 0 almost everywhere", "0 is taken", "nothing is learnt through it"]),
        ("half_squared_error", ["½", "cancels", "a sum over the rows, not a mean"]),
        ("mean_half_squared_error", ["½", "cancels", "a mean over the rows, not a sum", "N = "]),
        ("difference", ["cancels the 2", "a mean would have"]),
        ("mean_difference", ["cancels the 2", "a sum would have"]),
        ("cross_entropy", ["−log(p + ε)", "gradient of the exact loss", "below 0", "1e-07"]),
        ("remark:epsilon", ["gradient of the exact loss", "not quite that of the E shown", "p / (p + ε)"]),
        ("softmax", ["maximum is subtracted", "changes no value", "cannot overflow"]),
        ("cross_entropy_from_logits", ["maximum is subtracted", "changes no value", "natural logarithm"]),
        ("softmax_gradient", ["[k] ([i = k] − ", "gathers all of ∂E/∂", "what ∂E/∂"]),
        ("log_gradient", ["The derivative of log(u) is 1 / u", "is near 0, and infinite at 0"]),
        ("times_gradient", ["The chain rule", "the upstream gradient", "the other factor"]),
        ("remark:spread", ["was spread over the places of", "(broadcasting)", "is summed"]),
        ("maximum_gradient", ["larger one that derivative is 1", "each gets half"]),
        ("max_gradient", ["to the largest alone", "share it evenly"]),
        ("matmul_left", ["times the second factor transposed", "that of C times Bᵀ"]),
        ("indexed_back", ["the places picked", "0 elsewhere"]),
        ("less", ["constant but for jumps", "no gradient goes back"]),
        ("seed_gradient:loss", ["with respect to itself is 1"]),
        ("accumulate", ["used 2 times", "the gradient is the sum"]),
        ("remark:contribution", ["more than once", "the sum of all"]),
        ("velocity", ["remembers", "⁺ = μ · v_", "= 0 at the start"]),
        ("nesterov_step", ["looks ahead", "Nesterov"]),
        ("square_sum", ["nothing is forgotten", "(∂E/∂x)²"]),
        ("bias_correction", ["began at 0", "too small", "1 − β1^iteration"]),
        ("corrected_rate", ["began at 0", "√(1 − β2^iteration)"]),
        ("weight_decay", ["towards 0", "whatever its gradient"]),
        ("adaptive_step", ["learning rate", "division"]),
        ("schedule", ["no fixed number", "epoch"]),
        ("own_state", ["0 at the start", "mu"]),
        ("keep", ["frozen", "leaves it as it is"]),
        ("remark:foreign", ["not the derivative of the forward pass", "max(0, u1)", "σ′(z1)"]),
        ("seed_gradient", ["gradient 1", "with respect to itself is 1", "their sum"]),
        ("descend", ["learning rate η", "too small", "too large", "against ∂E/∂W1"]),
        ("draw:all", ["all the rows there are", "N = "]),
        ("draw:with_replacement", ["rows may repeat", "fixed parameters", "on average"]),
        ("draw:without_replacement", ["within an epoch none repeats", "fixed parameters", "on average"]),
        ("draw:in_order", ["the next rows", "wraps", "Nothing is random", "sorted"]),
        ("draw:target", ["what the network should answer"]),
        ("accuracy", ["share of rows", "gradient is 0 almost everywhere", "only measured"]),
        ("accuracy:column", ["share of rows", "above ½", "gradient is 0 almost everywhere", "only measured"]),
        ("remark:measure", ["updated parameters", "nothing is learnt"]),
    ],
)
def test_it_says(key: str, words: list[str]) -> None:
    text = text_of(key)
    assert [word for word in words if word not in text] == []


def test_what_holds_of_softmax_and_cross_entropy_is_said_only_there() -> None:
    for scenario, step in everything():
        softmax = scenario.program.writers.get(step.operands[0]) if step.operands else None
        of = scenario.program.symbols[step.symbol].of
        here = step.operation.name == "mean_difference" and of in scenario.program.steps[softmax or 0].operands
        assert ("sums to 1" in " ".join(told(scenario, step))) == here


def test_a_foreign_derivative_is_said_to_be_one_there_and_behind_it_and_nowhere_else() -> None:
    assert any(step.note for _, step in everything())
    for scenario, step in everything():
        text = " ".join(told(scenario, step))
        behind = {each.symbol for each in scenario.program.steps if each.note}
        if any(each.operation.name == formulas.NAME for each in scenario.program.steps):
            said = "formula that stands in the place" in text or "another formula stands in the place" in text
            assert said == (step.symbol in {"dy", "delta1", "dW1", "db1", "W1_next", "b1_next"}), step.symbol
            continue
        for each in scenario.program.steps:  # in order: what reads one is one
            if each.phase in ("backward", "update") and behind.intersection(each.operands):
                behind.add(each.symbol)
        assert ("not the derivative of the forward pass" in text) == (step.symbol in behind), step.symbol
        if step.note:
            assert "exactly where u > 0" not in text


def test_a_measured_set_has_its_own_number_of_rows() -> None:
    scenario = load_scenario("two-layer-digits")
    step = next(each for each in scenario.program.steps if each.symbol == "accuracy_test")
    rows = scenario.program.symbols["x_test"].shape[0]
    text = " ".join(told(scenario, step))
    assert f"N = {rows}" in text
    assert "N = 100" not in text


@pytest.mark.parametrize("name", RUNNABLE)
def test_no_letter_is_both_an_index_and_a_symbol_of_the_scenario(name: str) -> None:
    scenario = load_scenario(name)
    notation = Notation(scenario.names)
    names = {notation.symbol(symbol) for symbol in scenario.program.symbols}
    for step in scenario.program.steps:
        for inside in re.findall(r"\[([a-z](?:,[a-z])*)\]", " ".join(about(scenario, step, notation))):
            assert not names & {*inside.split(",")}, step.symbol
