"""From a checked document to data, network, loss and optimizer: whatever must fit together is checked here.

Shapes are checked where a person wrote them, so that an error names the key to change. What remains (two values of
one name, operands of a graph) is found when the program is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gradstep.engine.arrays import Index, Shape, written
from gradstep.engine.data.datasets import Draw
from gradstep.engine.errors import ScenarioError, closest
from gradstep.engine.program.compiler import CompileError, compile_program
from gradstep.engine.program.losses import LOSSES, Loss
from gradstep.engine.program.names import NameClash, Names
from gradstep.engine.program.network import Network
from gradstep.engine.program.optimizers import OPTIMIZERS, Optimizer
from gradstep.engine.program.positions import Course, PositionError
from gradstep.engine.program.program import Measure, Program
from gradstep.engine.scenario.expectations import Expectation, ExpectationError, expectation
from gradstep.engine.scenario.networks import build_graph, build_layers
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.scenario.schema import Document, check_name, training_of
from gradstep.engine.scenario.sources import Folders, Samples, build_dataset, build_samples
from gradstep.engine.scenario.types import found
from gradstep.engine.stops.stops import Stop, StopError
from gradstep.engine.stops.trigger import breakpoint_at, watch
from gradstep.engine.words import building as words

# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────


def build_draw(document: Document, samples: int | None) -> tuple[Draw | None, int]:
    """Which rows each iteration draws (None where there are no data), and how many iterations there are."""
    file, training = document.file, training_of(document)
    kind, batch = training["draw"], training["batch"]
    if samples is None:
        if kind != "all":
            raise ScenarioError(file, "training.draw", words.DRAWS_FROM_DATA.format(kind=kind))
        return None, training["iterations"]
    if kind == "all":
        if batch is not None:
            raise ScenarioError(file, "training.batch", words.BATCH_OF_ALL)
        return Draw(kind, samples, samples, training["seed"]), training["iterations"]
    batch = batch or 1
    if batch > samples and kind != "with_replacement":
        raise ScenarioError(file, "training.batch", words.TOO_LARGE_BATCH.format(batch=batch, samples=samples))
    return Draw(kind, batch, samples, training["seed"]), training["iterations"]


def build_measure(document: Document, samples: Samples | None, draw: Draw | None) -> Measure | None:
    """What is measured once an epoch, or at other intervals; None where nothing is."""
    section, file = document.one["measure"], document.file
    if section is None:
        return None
    if samples is None or draw is None:
        raise ScenarioError(file, "measure", words.MEASURED_WITHOUT_DATA)
    if document.one["optimizer"] is None:
        raise ScenarioError(file, "measure", words.MEASURED_WITHOUT_UPDATE)
    known = {"train": len(samples.x), "test": 0 if samples.x_test is None else len(samples.x_test)}
    sets: dict[str, int] = {}
    for place, name in enumerate(section["accuracy"]):
        if name not in known or name in sets:
            problem = words.NO_SET_OF_ROWS.format(name=name, hint=closest(name, known))
            raise ScenarioError(file, f"measure.accuracy[{place}]", problem)
        if not known[name]:
            raise ScenarioError(file, f"measure.accuracy[{place}]", words.NO_ROWS_TO_TEST_ON)
        sets[name] = known[name]
    return Measure(sets, section["every"] or draw.iterations_per_epoch)


# ── layers ───────────────────────────────────────────────────────────────────────────────────────────────────


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────


# ── loss and optimizer ───────────────────────────────────────────────────────────────────────────────────────


def build_loss(document: Document) -> Loss | None:
    """The loss; None where there is none."""
    section = document.one["loss"]
    if section is None:
        return None
    options = {name: value for name, value in section.items() if name != "kind"}
    return LOSSES[section["kind"]](**options)


def build_optimizer(document: Document, network: Network) -> Optimizer | None:
    """The optimizer; None where parameters are not updated."""
    section = document.one["optimizer"]
    if section is None:
        return None
    for place, name in enumerate(section["frozen"]):
        if name not in network.parameters:
            problem = words.NOT_A_PARAMETER.format(name=name, hint=closest(name, network.parameters))
            raise ScenarioError(document.file, f"optimizer.frozen[{place}]", problem)
    return OPTIMIZERS[section["kind"]].using(section, frozenset(section["frozen"]))


def _build(document: Document, name: str, folders: Folders) -> Scenario:
    file = document.file
    loss = build_loss(document)
    samples = build_samples(document, folders, training_of(document)["seed"])
    x, t = (None, None) if samples is None else (samples.x, samples.t)
    draw, iterations = build_draw(document, None if x is None else len(x))
    if document.many["layer"] and document.many["node"]:
        raise ScenarioError(file, "node", words.NODES_BESIDE_LAYERS)
    if document.many["layer"]:
        for table in ("inputs", "parameters"):
            if document.one[table] is not None:
                raise ScenarioError(file, table, words.OF_A_GRAPH)
        if x is None:
            raise ScenarioError(file, "data", words.NO_DATA_FOR_LAYERS)
        if loss is None:
            raise ScenarioError(file, "loss", words.NO_LOSS)
        assert draw is not None, "there are data"
        network = build_layers(document, x.shape[1], draw.batch, loss)
    elif document.many["node"]:
        network = build_graph(document, () if x is None else ("x", "t"))
        if loss is not None and x is None:
            raise ScenarioError(file, "data", words.NO_DATA_FOR_THE_LOSS)
    else:
        raise ScenarioError(file, "layer", words.NO_NETWORK)
    optimizer = build_optimizer(document, network)
    measure = build_measure(document, samples, draw)

    drawn: dict[str, Shape] = {}
    dataset = None
    if samples is not None and x is not None and draw is not None:
        drawn["x"] = (draw.batch, x.shape[1])
        dataset = build_dataset(document, samples, _output_shape(document, network, drawn, t), loss)
        drawn["t"] = (draw.batch, dataset.t.shape[1])
    try:
        program = compile_program(network, loss, optimizer, drawn, measure)
    except CompileError as error:
        raise ScenarioError(file, error.key, str(error)) from None
    names = _names(document, program)
    course = Course(names, iterations)
    return Scenario(
        name=name,
        file=file,
        title=" ".join(document.top["title"].split()),
        source=document.top["source"],
        description=" ".join(document.top["description"].split()),
        network=network,
        dataset=dataset,
        draw=draw,
        course=course,
        expectations=_expectations(document, course, names),
        stops=_stops(document, names),
        image=(document.one["data"] or {}).get("image"),
    )


def _output_shape(document: Document, network: Network, drawn: Mapping[str, Shape], t: Any) -> Shape:
    """The output's shape, found by compiling the forward pass alone; a graph may use t there, too."""
    columns = t.shape[1] if isinstance(t, np.ndarray) else 1
    try:
        program = compile_program(network, None, None, {**drawn, "t": (drawn["x"][0], columns)})
    except CompileError as error:
        raise ScenarioError(document.file, error.key, str(error)) from None
    return program.symbols[network.output].shape


def _names(document: Document, program: Program) -> Names:
    file = document.file
    own = document.one["names"] or {}
    grids = document.one["labels"] or {}
    for table, given in (("names", own), ("labels", grids)):
        for symbol in given:
            if symbol not in program.symbols:
                problem = words.NOT_A_SYMBOL.format(hint=closest(symbol, program.symbols))
                raise ScenarioError(file, f"{table}.{symbol}", problem)
    for symbol, name in own.items():
        check_name(file, f"names.{symbol}", name)
    labels = {symbol: _labels(file, symbol, grid, program.symbols[symbol].shape) for symbol, grid in grids.items()}
    names = Names(program, own, labels)
    try:
        names.references  # noqa: B018 - building the namespace is what finds clashes
    except NameClash as clash:
        raise ScenarioError(file, f"{clash.table}.{clash.symbol}", str(clash)) from None
    return names


def _labels(file: str, symbol: str, grid: Any, shape: Shape) -> dict[Index, str]:
    key = f"labels.{symbol}"
    cells: dict[Index, str] = {}

    def visit(nested: Any, index: Index) -> None:
        where = key + "".join(f"[{place}]" for place in index)
        depth = len(index)
        if depth == len(shape):
            if isinstance(nested, list):
                problem = words.NOT_ONE_LABEL.format(found=found(nested), symbol=symbol, shape=written(shape))
                raise ScenarioError(file, where, problem)
            if nested:
                check_name(file, where, nested)
                cells[index] = nested
            return
        if not isinstance(nested, list) or len(nested) != shape[depth]:
            problem = words.OTHER_NUMBER_OF_LABELS.format(
                found=found(nested), count=shape[depth], symbol=symbol, shape=written(shape)
            )
            raise ScenarioError(file, where, problem)
        for place, item in enumerate(nested):
            visit(item, (*index, place))

    visit(grid, ())
    return cells


def _expectations(document: Document, course: Course, names: Names) -> tuple[Expectation, ...]:
    made: list[Expectation] = []
    for place, section in enumerate(document.many["expect"]):
        key = f"expect[{place}]"
        more = {name: section[name] for name in ("tolerance", "off_by", "note", "disagrees")}
        printed = {name: value for name, value in section.items() if name not in {"at", *more}}
        if not printed:
            raise ScenarioError(document.file, key, words.EXPECTS_NOTHING)
        for spelling, value in printed.items():
            where = f"{key}.{spelling}"
            try:
                made.append(expectation(course, names, where, section["at"], spelling, value, **more))
            except PositionError as error:
                raise ScenarioError(document.file, f"{key}.at", str(error)) from None
            except ExpectationError as error:
                raise ScenarioError(document.file, where, str(error)) from None
    return tuple(made)


def _stops(document: Document, names: Names) -> tuple[Stop, ...]:
    """The breakpoints and watches that the scenario comes with."""
    made: list[Stop] = []
    for place, section in enumerate(document.many["break"]):
        try:
            stop = breakpoint_at(section["at"].strip(), section["when"].strip(), section["every"], names)
        except StopError as error:
            raise ScenarioError(document.file, f"break[{place}]", str(error)) from None
        made.append(replace(stop, enabled=section["enabled"]))
    for place, section in enumerate(document.many["watch"]):
        try:
            made.append(watch(section["show"], names, stops=section["stop"]))
        except StopError as error:
            raise ScenarioError(document.file, f"watch[{place}].show", str(error)) from None
    return tuple(made)
