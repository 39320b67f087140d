"""From a checked document to data, network, loss and optimizer: whatever must fit together is checked here.

Shapes are checked where a person wrote them, so that an error names the key to change. What remains (two values of
one name, operands of a graph) is found when the program is compiled.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from engine import losses, optimizers
from engine.datasets import Dataset, Draw, GenerateError, generated, initialized, one_hot
from engine.layers import KINDS, LayerKind, with_derivative
from engine.losses import Loss
from engine.names import closest
from engine.network import ActivationLayer, AffineLayer, GraphError, Network, Node, in_order, layered
from engine.operation import Array, counted, written
from engine.optimizers import Optimizer
from engine.schema import Document, ScenarioError, Section

MOST_NUMBERS = 50_000_000  # in one array: 400 MB

# What has a meaning of its own wherever a name can be typed.
RESERVED = frozenset(
    {*keyword.kwlist, "true", "false", "nan", "inf", "start", "end", "iteration", "epoch", "step", "phase", "at"}
    | {"note", "disagrees", "tolerance", "off_by"}
)


def _limited(file: str, key: str, *sizes: int) -> None:
    if int(np.prod([float(size) for size in sizes])) > MOST_NUMBERS:
        made = " × ".join(map(str, sizes))
        raise ScenarioError(file, key, f"{made} numbers are too many, at most {MOST_NUMBERS} expected")


def check_name(file: str, key: str, name: str) -> None:
    """A name that a scenario gives must be typable and mean nothing else; raises ScenarioError."""
    if not name.isidentifier() or name in RESERVED:
        why = "has a meaning of its own" if name in RESERVED else "cannot be typed"
        raise ScenarioError(file, key, f'"{name[:40]}" {why}, expected a name of letters, digits and underscores')


# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────


def build_data(document: Document) -> tuple[Array | None, Array | Sequence[int] | None]:
    """The samples' inputs and targets; targets may still be class labels."""
    data = document.one["data"]
    if data is None:
        return None, None
    if data["generate"] is not None:
        return _generated(document, data)
    _only(document, data, required=("x", "t"), foreign=("inputs", "samples"), because="belongs to generate")
    if len(data["x"]) != len(data["t"]):
        problem = f"{len(data['t'])} rows, expected {len(data['x'])} as x has"
        raise ScenarioError(document.file, "data.t", problem)
    return data["x"], data["t"]


def _only(document: Document, data: Section, required: tuple[str, ...], foreign: tuple[str, ...], because: str) -> None:
    for name in foreign:
        if data[name] is not None:
            problem = f"{because}, expected either x and t, or generate with inputs and samples"
            raise ScenarioError(document.file, f"data.{name}", problem)
    for name in required:
        if data[name] is None:
            problem = "missing, expected either x and t, or generate with inputs and samples"
            raise ScenarioError(document.file, f"data.{name}", problem)


def _generated(document: Document, data: Section) -> tuple[Array, Array]:
    file, expressions = document.file, data["generate"]
    _only(document, data, required=("inputs", "samples"), foreign=("x", "t"), because="stands beside generate")
    if not data["low"] < data["high"]:
        raise ScenarioError(file, "data.high", f"found {data['high']:g}, expected more than low, {data['low']:g}")
    _limited(file, "data.samples", data["samples"], max(data["inputs"], len(expressions)))
    seed = _training(document)["seed"]
    try:
        made = generated(expressions, data["inputs"], data["samples"], data["low"], data["high"], seed)
    except GenerateError as error:
        place = f"[{error.place}]" if len(expressions) > 1 else ""
        raise ScenarioError(file, f"data.generate{place}", str(error)) from None
    if not np.isfinite(made.t).all():
        raise ScenarioError(file, "data.generate", "gives NaN or infinity for some inputs, expected finite targets")
    return made.x, made.t


def build_dataset(
    document: Document, x: Array, t: Array | Sequence[int], output: tuple[int, ...], loss: Loss | None
) -> Dataset:
    """The dataset, with class labels as one-hot rows; its targets must have the output's columns."""
    file, softmax = document.file, loss is not None and loss.makes_output
    units = output[1] if len(output) == 2 else None
    if not isinstance(t, np.ndarray):
        if not softmax or units is None:
            problem = "found class labels, expected rows of numbers (labels belong to softmax_cross_entropy)"
            raise ScenarioError(file, "data.t", problem)
        for place, label in enumerate(t):
            if label >= units:
                raise ScenarioError(file, f"data.t[{place}]", f"found label {label}, expected 0 to {units - 1}")
        _limited(file, "data.t", len(t), units)
        return Dataset(x, one_hot(t, units))
    if loss is not None and t.shape[1] != units:
        problem = f"rows of {t.shape[1]} targets do not fit an output of shape {written(output)}"
        raise ScenarioError(file, "data.t", problem)
    if softmax:
        wrong = np.flatnonzero((np.abs(t.sum(axis=1) - 1.0) > 1e-9) | (t < 0).any(axis=1))
        if wrong.size:
            row = int(wrong[0])
            problem = f"found a sum of {t[row].sum():g}, expected numbers from 0 on that sum to 1"
            raise ScenarioError(file, f"data.t[{row}]", problem)
    return Dataset(x, t)


def _training(document: Document) -> Section:
    section = document.one["training"]
    return section if section is not None else {"iterations": 1, "draw": "all", "batch": None, "seed": 0}


def build_draw(document: Document, samples: int | None) -> tuple[Draw | None, int]:
    """Which rows each iteration draws (None where there are no data), and how many iterations there are."""
    file, training = document.file, _training(document)
    kind, batch = training["draw"], training["batch"]
    if samples is None:
        if kind != "all":
            raise ScenarioError(file, "training.draw", f'"{kind}" draws from data, expected a table [data]')
        return None, training["iterations"]
    if kind == "all":
        if batch is not None:
            problem = 'belongs to draws other than "all", expected draw = "with_replacement" or another beside it'
            raise ScenarioError(file, "training.batch", problem)
        return Draw(kind, samples, samples, training["seed"]), training["iterations"]
    batch = batch or 1
    if batch > samples and kind != "with_replacement":
        raise ScenarioError(file, "training.batch", f"found {batch}, expected at most {samples}, the rows there are")
    return Draw(kind, batch, samples, training["seed"]), training["iterations"]


# ── layers ───────────────────────────────────────────────────────────────────────────────────────────────────


def _kind_of(section: Section) -> LayerKind:
    derivative = section.get("derivative")
    if derivative is None:
        return KINDS[section["kind"]]
    return with_derivative(section["kind"], derivative, section["derivative_at"])


def build_layers(document: Document, inputs: int, rows: int, loss: Loss) -> Network:
    """The network of the [[layer]] tables; `inputs` columns and `rows` rows of x go in."""
    file, seed = document.file, _training(document)["seed"]
    layers: list[AffineLayer | ActivationLayer] = []
    width, affine = inputs, 0
    for place, section in enumerate(document.many["layer"]):
        key = f"layer[{place}]"
        if section["kind"] == "affine":
            affine += 1
            layer = _affine(file, key, section, width, (seed, affine))
            width = len(layer.b)
            _limited(file, f"{key}.units", rows, width)
            layers.append(layer)
        elif not layers or isinstance(layers[-1], ActivationLayer):
            problem = f'found "{section["kind"]}", expected an affine layer before each activation'
            raise ScenarioError(file, f"{key}.kind", problem)
        else:
            if section["derivative"] is None and section["derivative_at"] != "input":
                raise ScenarioError(file, f"{key}.derivative_at", "belongs to derivative, expected it beside")
            layers.append(ActivationLayer(_kind_of(section), key))
    return layered(layers, loss_makes_output=loss.makes_output)


def _affine(file: str, key: str, section: Section, inputs: int, stream: tuple[int, int]) -> AffineLayer:
    W, b, units = section["W"], section["b"], section["units"]
    if units is not None:
        for name, given in (("W", W), ("b", b)):
            if given is not None:
                raise ScenarioError(file, f"{key}.{name}", "stands beside units, expected W and b, or units")
        _limited(file, f"{key}.units", inputs, units)
        seed, number = stream
        W = initialized(section["init"], (inputs, units), section["scale"], seed, number, 0)
        b = initialized(section["bias_init"], (units,), section["bias_scale"], seed, number, 1)
        return AffineLayer(W, b, key)
    for name, given in (("W", W), ("b", b)):
        if given is None:
            raise ScenarioError(file, f"{key}.{name}", "missing, expected W and b, or units")
    if len(W) != inputs:
        fit = f"do not fit {counted(inputs, 'input')}, expected {counted(inputs, 'row')}"
        problem = f"weights of shape {written(W.shape)} {fit}"
        raise ScenarioError(file, f"{key}.W", problem)
    if len(b) != W.shape[1]:
        problem = f"{len(b)} biases do not fit weights of shape {written(W.shape)}, expected {W.shape[1]}"
        raise ScenarioError(file, f"{key}.b", problem)
    return AffineLayer(W, b, key)


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────


def build_graph(document: Document, drawn: Iterable[str]) -> Network:
    """The network of the [[node]] tables."""
    file = document.file
    inputs, parameters = document.one["inputs"] or {}, document.one["parameters"] or {}
    for table, values in (("inputs", inputs), ("parameters", parameters)):
        for name in values:
            check_name(file, f"{table}.{name}", name)
    nodes: list[Node] = []
    for place, section in enumerate(document.many["node"]):
        key, kind = f"node[{place}]", _kind_of(section)
        check_name(file, f"{key}.name", section["name"])
        if len(section["inputs"]) != kind.operands:
            names = counted(len(section["inputs"]), "name")
            raise ScenarioError(file, f"{key}.inputs", f"found {names}, {kind.name} takes {kind.operands}")
        nodes.append(Node(section["name"], kind, section["inputs"], section["name"], key))
    known = {*inputs, *parameters, *drawn}
    for node in nodes:
        if node.name in known:
            problem = f'"{node.name}" is the name of two values, expected a name of its own'
            raise ScenarioError(file, f"{node.key}.name", problem)
        known.add(node.name)
    for node in nodes:
        for name in node.inputs:
            if name not in known:
                problem = f'"{name}" is not a node or an input{closest(name, known)}'
                raise ScenarioError(file, f"{node.key}.inputs", problem)
    try:
        ordered = in_order(nodes)
    except GraphError as error:
        problem = f"the nodes form a cycle ({error}), expected none to depend on itself"
        raise ScenarioError(file, "node", problem) from None
    output = _output(document, ordered)
    network = Network(ordered, parameters, inputs, output, layered=False)
    _check_reached(document, network)
    return network


def _output(document: Document, nodes: Sequence[Node]) -> str:
    """The declared output, or the only node that no other uses."""
    names = [node.name for node in nodes]
    declared = document.top["output"]
    if declared is not None:
        if declared not in names:
            raise ScenarioError(document.file, "output", f'"{declared}" is not a node{closest(declared, names)}')
        return str(declared)
    used = {name for node in nodes for name in node.inputs}
    last = [name for name in names if name not in used]
    if len(last) != 1:
        problem = f"nodes {', '.join(last)} are used by none, expected output = one of them"
        raise ScenarioError(document.file, "output", problem)
    return last[0]


def _check_reached(document: Document, network: Network) -> None:
    reached = {network.output}
    for node in reversed(network.nodes):
        if node.name in reached:
            reached.update(node.inputs)
    tables: Mapping[str, Mapping[str, Array]] = {"inputs": network.inputs, "parameters": network.parameters}
    for table, values in tables.items():
        for name in values:
            if name not in reached:
                problem = f"{network.output} does not depend on it, expected a node that uses it"
                raise ScenarioError(document.file, f"{table}.{name}", problem)


# ── loss and optimizer ───────────────────────────────────────────────────────────────────────────────────────


def build_loss(document: Document) -> Loss | None:
    """The loss; None where there is none."""
    section = document.one["loss"]
    if section is None:
        return None
    options = {name: value for name, value in section.items() if name != "kind"}
    return losses.KINDS[section["kind"]](**options)


def build_optimizer(document: Document, network: Network) -> Optimizer | None:
    """The optimizer; None where parameters are not updated."""
    section = document.one["optimizer"]
    if section is None:
        return None
    for place, name in enumerate(section["frozen"]):
        if name not in network.parameters:
            problem = f'"{name}" is not a parameter{closest(name, network.parameters)}'
            raise ScenarioError(document.file, f"optimizer.frozen[{place}]", problem)
    return optimizers.KINDS[section["kind"]](section["learning_rate"], frozenset(section["frozen"]))
