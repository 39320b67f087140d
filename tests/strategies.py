"""What properties are tried on: random scenarios, as the TOML that a person would write.

Structure (how deep, how wide, what is connected with what) is drawn by hypothesis and shrinks; the numbers in it
come from one drawn seed, which is faster and whose value says nothing anyway.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from gradstep.engine.data.datasets import DRAWS_BY_KIND
from gradstep.engine.program.network import ACTIVATIONS
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.scenario.scenario import Scenario

Draw = Callable[[st.SearchStrategy[Any]], Any]
Shape = tuple[int, ...]

SMOOTH = tuple(kind for kind in ACTIVATIONS if kind not in ("relu", "step"))


def scenario_of(text: str) -> Scenario:
    """The scenario that a TOML text describes."""
    return parse_scenario(text.encode(), "random", "random.toml")


# ── writing TOML ─────────────────────────────────────────────────────────────────────────────────────────────


def quoted(words: Sequence[str]) -> str:
    """A TOML list of texts."""
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def array(numbers: random.Random, shape: Shape, size: float = 1.0) -> Any:
    """Numbers between −size and size, to three places, nested as the shape says."""
    if not shape:
        return round(numbers.uniform(-size, size), 3)
    return [array(numbers, shape[1:], size) for _ in range(shape[0])]


def _numbers(draw: Draw) -> random.Random:
    return random.Random(draw(st.integers(0, 2**32 - 1)))


def _targets(draw: Draw, numbers: random.Random, rows: int, columns: int, *, probabilities: bool) -> Any:
    """Target rows; as probabilities one-hot rows, class labels, or soft (eighths, so that they sum to 1 exactly)."""
    if not probabilities:
        return array(numbers, (rows, columns), 2.0)
    form = draw(st.sampled_from(["one-hot", "labels", "soft"]))
    labels = [numbers.randrange(columns) for _ in range(rows)]
    if form == "labels":
        return labels
    if form == "one-hot":
        return [[int(column == label) for column in range(columns)] for label in labels]
    soft = []
    for _ in range(rows):
        row = [0.0] * columns
        for _ in range(8):
            row[numbers.randrange(columns)] += 0.125
        soft.append(row)
    return soft


def _training(draw: Draw, rows: int, iterations: int) -> list[str]:
    kind = draw(st.sampled_from(sorted(DRAWS_BY_KIND)))
    lines = ["[training]", f"iterations = {iterations}", f'draw = "{kind}"', f"seed = {draw(st.integers(0, 99))}"]
    return lines if kind == "all" else [*lines, f"batch = {draw(st.integers(1, rows))}"]


def _loss(draw: Draw, kind: str, *, epsilon: bool) -> list[str]:
    lines = ["[loss]", f'kind = "{kind}"']
    if kind == "squared_error":
        return [*lines, f'reduction = "{draw(st.sampled_from(["sum", "mean"]))}"']
    return [*lines, f"epsilon = {draw(st.sampled_from([0.0, 1e-7, 0.125]))}"] if epsilon else lines


def _optimizer(draw: Draw, parameters: Sequence[str]) -> list[str]:
    frozen = draw(st.lists(st.sampled_from(parameters), unique=True, max_size=len(parameters)))
    rate = draw(st.sampled_from([0.01, 0.07, 0.5]))
    return ["[optimizer]", 'kind = "sgd"', f"learning_rate = {rate}", f"frozen = {quoted(frozen)}"]


# ── layered nets ─────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def layered(
    draw: Draw,
    *,
    activations: Sequence[str] = ACTIVATIONS,
    iterations: int = 1,
    epsilon: bool = True,
    measured: bool = False,
) -> str:
    """1 to 4 affine layers, 1 to 5 wide, on 1 to 6 rows, for up to `iterations`; any loss, draw, frozen parameters.

    measured: trained, with the accuracy measured now and then.
    """
    numbers = _numbers(draw)
    depth, rows = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    widths = draw(st.lists(st.integers(1, 5), min_size=depth + 1, max_size=depth + 1))
    loss = draw(st.sampled_from(["squared_error", "softmax_cross_entropy"]))
    softmax = loss == "softmax_cross_entropy"
    layers: list[str] = []
    for number in range(depth):
        inputs, units = widths[number], widths[number + 1]
        layers += ["[[layer]]", 'kind = "affine"']
        if draw(st.booleans()):
            layers += [f"W = {array(numbers, (inputs, units))}", f"b = {array(numbers, (units,))}"]
        else:
            init = draw(st.sampled_from(["normal", "uniform"]))
            layers += [f"units = {units}", f'init = "{init}"', "scale = 0.7", 'bias_init = "uniform"']
        activation = draw(st.sampled_from([*activations, None]))
        if activation:
            layers += ["[[layer]]", f'kind = "{activation}"']
    data = [
        "[data]",
        f"x = {array(numbers, (rows, widths[0]), 2.0)}",
        f"t = {_targets(draw, numbers, rows, widths[-1], probabilities=softmax)}",
    ]
    parameters = [f"{letter}{number}" for number in range(1, depth + 1) for letter in "Wb"]
    optimizer = _optimizer(draw, parameters) if measured or draw(st.booleans()) else []
    measure = ["[measure]", 'accuracy = ["train"]', f"every = {draw(st.integers(1, 3))}"] if measured else []
    head = ["format = 1", 'title = "random layers"']
    return "\n".join(
        [
            *head,
            *data,
            *layers,
            *_loss(draw, loss, epsilon=epsilon),
            *optimizer,
            *measure,
            *_training(draw, rows, draw(st.integers(1, iterations))),
        ]
    )


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Graph:
    """A graph that grows: the shape of every value, what it is made of, and which are not used yet."""

    numbers: random.Random
    shapes: dict[str, Shape] = field(default_factory=dict)
    unused: dict[str, None] = field(default_factory=dict)
    values: dict[str, tuple[str, str]] = field(default_factory=dict)  # name → its table, and its line there
    nodes: dict[str, tuple[str, Sequence[str]]] = field(default_factory=dict)  # name → kind and inputs

    def value(self, table: str, shape: Shape) -> str:
        """A new fixed input or parameter."""
        name = f"{table[0]}{len(self.shapes)}"
        self.values[name] = table, f"{name} = {array(self.numbers, shape, 1.2)}"
        self.shapes[name] = shape
        return name

    def node(self, kind: str, inputs: Sequence[str], shape: Shape) -> str:
        """A new node."""
        name = f"n{len(self.shapes)}"
        self.nodes[name] = kind, inputs
        self.shapes[name] = shape
        self.unused[name] = None
        for used in inputs:
            self.unused.pop(used, None)
        return name

    def reaching(self, output: str) -> set[str]:
        """Everything that the output is made of."""
        reached: set[str] = set()
        waiting = [output]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self.nodes[name][1] if name in self.nodes else ()
        return reached

    def written(self, output: str) -> tuple[list[str], list[str]]:
        """The tables of values, and a table for each node; only what the output needs, and nodes that need no more."""
        kept = self.reaching(output)
        tables: list[str] = []
        for table in ("inputs", "parameters"):
            tables.append(f"[{table}]")
            tables += [line for name, (place, line) in self.values.items() if place == table and name in kept]
        nodes: list[str] = []
        for name, (kind, inputs) in self.nodes.items():
            if kept.issuperset(inputs):
                kept.add(name)
                nodes.append(f'[[node]]\nname = "{name}"\nkind = "{kind}"\ninputs = {quoted(inputs)}')
        return tables, nodes


def _operand(draw: Draw, graph: _Graph, shape: Shape) -> str:
    """A second operand for a value of this shape: one there is, or a new one; of the same shape, or one a scalar."""
    fitting = [name for name, other in graph.shapes.items() if other == shape or not other or not shape]
    if fitting and draw(st.integers(0, 3)):
        return str(draw(st.sampled_from(fitting)))
    return graph.value(draw(st.sampled_from(["inputs", "parameters"])), draw(st.sampled_from([shape, ()])))


def _grow(draw: Draw, graph: _Graph, activations: Sequence[str]) -> None:
    name = draw(st.sampled_from(list(graph.shapes)))
    shape = graph.shapes[name]
    kind = draw(st.sampled_from(["add", "multiply", "activation", *(["affine"] if len(shape) == 2 else [])]))
    if kind == "activation":
        graph.node(draw(st.sampled_from(list(activations))), [name], shape)
    elif kind == "affine":
        units = draw(st.integers(1, 4))
        W, b = graph.value("parameters", (shape[1], units)), graph.value("parameters", (units,))
        graph.node("affine", [name, W, b], (shape[0], units))
    else:
        other = _operand(draw, graph, shape)
        operands = draw(st.permutations([name, other]))
        graph.node(kind, operands, shape or graph.shapes[other])


def _gathered(draw: Draw, graph: _Graph) -> str:
    """The output: everything that is not used yet, brought to one shape and combined."""
    while len(graph.unused) > 1:
        a, b = list(graph.unused)[:2]
        shapes = graph.shapes[a], graph.shapes[b]
        if shapes[0] == shapes[1] or not all(shapes):
            graph.node(draw(st.sampled_from(["add", "multiply"])), [a, b], shapes[0] or shapes[1])
        else:  # of two shapes that do not fit, the first goes no further: a scalar takes its place
            del graph.unused[a]
    return next(iter(graph.unused))


@st.composite
def graphs(draw: Draw, *, activations: Sequence[str] = ACTIVATIONS, iterations: int = 1) -> str:
    """1 to 6 nodes on scalars, lists and rows, values used several times; with or without data, loss, optimizer."""
    graph = _Graph(_numbers(draw))
    rows = draw(st.integers(1, 4))
    trained = draw(st.booleans())
    loss = draw(st.sampled_from(["squared_error", "softmax_cross_entropy"])) if trained else ""
    head = ["format = 1", 'title = "random graph"']
    data: list[str] = []
    if trained:
        graph.shapes["x"] = (rows, draw(st.integers(1, 4)))
    for _ in range(draw(st.integers(1, 3))):
        shape = draw(st.sampled_from([(), (), (3,), (rows, 2), (rows, 3)]))
        graph.value(draw(st.sampled_from(["inputs", "parameters"])), shape)
    for _ in range(draw(st.integers(1, 6))):
        _grow(draw, graph, activations)
    output = _gathered(draw, graph)
    tail: list[str] = []
    if trained:
        output = _made_rows(graph, output, rows, graph.shapes["x"][1])
        columns = graph.shapes[output][1]
        targets = _targets(draw, graph.numbers, rows, columns, probabilities=loss == "softmax_cross_entropy")
        data = ["[data]", f"x = {array(graph.numbers, graph.shapes['x'], 1.2)}", f"t = {targets}"]
        tail = _loss(draw, loss, epsilon=False)
    kept = graph.reaching(output)
    parameters = [name for name, (table, _) in graph.values.items() if table == "parameters" and name in kept]
    if parameters and draw(st.booleans()):
        tail += _optimizer(draw, parameters)
    tail += ["[training]", f"iterations = {draw(st.integers(1, iterations))}"]
    tables, nodes = graph.written(output)
    return "\n".join([*head, f'output = "{output}"', *data, *tables, *draw(st.permutations(nodes)), *tail])


def _made_rows(graph: _Graph, output: str, rows: int, columns: int) -> str:
    """The output, made to depend on x and to have a row for each sample."""
    shape = graph.shapes[output]
    if len(shape) == 2 and shape[0] == rows:
        return output
    if shape:  # a list: fixed numbers cannot become rows; it stays beside the output
        output = graph.value("parameters", ())
    return graph.node("add", ["x", output], (rows, columns))


def scenarios(**options: Any) -> st.SearchStrategy[str]:
    """Random layered nets and graphs."""
    return st.one_of(layered(**options), graphs(**options))


# ── texts that do harm where they are shown as they are ──────────────────────────────────────────────────────

_SIGNS = st.sampled_from(
    ["\x00", "\x1b[2J", "\x07", "\r", "\n", "\t", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"]
)
_PARTS = st.one_of(
    _SIGNS, st.text(max_size=4), st.sampled_from(["E", "W1", "[", "(", '"', "'", "{", "}", "%s", "{0}", "総入力", ":"])
)
NASTY = st.one_of(
    st.lists(_PARTS, min_size=1, max_size=12).map("".join),
    st.tuples(_PARTS, st.integers(1, 3000)).map(lambda drawn: drawn[0] * drawn[1]),
)
