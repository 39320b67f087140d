"""From a checked document to a Scenario: the parts are built, and the program is compiled.

Shapes are checked where a person wrote them, so that an error names the key to change. What remains (two values of
one name, operands of a graph) is found when the program is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gradstep.engine import limits
from gradstep.engine.arrays import Shape
from gradstep.engine.data.datasets import Dataset, Draw
from gradstep.engine.data.starting import Seeds
from gradstep.engine.errors import closest
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.compiler import compile_program, shapes_of
from gradstep.engine.program.loss_kinds import FormulaLoss, with_loss
from gradstep.engine.program.names import Names
from gradstep.engine.program.network import Network
from gradstep.engine.program.positions import Course, PositionError
from gradstep.engine.program.program import BATCH, Measure, Program, ProgramError
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.expectations import Expectation, ExpectationError, expectation
from gradstep.engine.scenario.files import Folders
from gradstep.engine.scenario.losses import build_loss
from gradstep.engine.scenario.naming import asks_for_gradient, build_names
from gradstep.engine.scenario.networks import build_network
from gradstep.engine.scenario.optimizers import build_optimizer
from gradstep.engine.scenario.room import check_held
from gradstep.engine.scenario.scenario import Scenario, held
from gradstep.engine.scenario.sources import Samples, build_dataset, build_samples
from gradstep.engine.scenario.starting import Starter
from gradstep.engine.stops.stops import Stop, StopError
from gradstep.engine.stops.trigger import breakpoint_at, watch
from gradstep.engine.words import building as words
from gradstep.engine.words import limits as limit_words
from gradstep.engine.words import networks as network_words

OF_EXPECTATION = ("tolerance", "off_by", "note", "from_source", "disagrees", "instead", "name")


def build(document: Document, content: bytes, name: str, folders: Folders) -> Scenario:
    """The scenario of a checked file. Raises ScenarioError, and CompileError for a network that cannot be compiled."""
    loss = build_loss(document)
    starter = Starter(document, folders, _seeds(document))
    samples = build_samples(document, starter)
    draw = _draw(document, samples)
    network = build_network(document, samples, draw, loss, starter)
    if asks_for_gradient(document, network):
        network = replace(network, differentiated=frozenset({"x"}))
    optimizer = build_optimizer(document, network, draw)
    measure = _measure(document, samples, draw)
    drawn: dict[str, Shape] = {}
    dataset = None
    if samples is not None and draw is not None:
        drawn["x"] = (draw.batch, samples.x.shape[1])
        # The targets must have the output's columns; a graph may use t there, too.
        columns = samples.t.shape[1] if isinstance(samples.t, np.ndarray) else 1
        shape = shapes_of(network, {**drawn, "t": (draw.batch, columns)})[network.output]
        dataset = build_dataset(document, samples, shape, loss)
        drawn["t"] = (draw.batch, dataset.t.shape[1])
        if isinstance(loss, FormulaLoss):
            network = _with_loss(document, network, loss, drawn)
    of_steps = None if isinstance(loss, FormulaLoss) else loss
    program = compile_program(network, of_steps, optimizer, drawn, measure)
    _check_limits(document, program, dataset, draw)
    names = _replaced(document, build_names(document, program))
    course = Course(names, document.training["iterations"])
    return Scenario(
        name=name,
        file=document.file,
        title=" ".join(document.top["title"].split()),
        source=document.top["source"],
        description=" ".join(document.top["description"].split()),
        network=network,
        dataset=dataset,
        draw=draw,
        course=course,
        expectations=_expectations(document, course),
        stops=_stops(document, names),
        image=(document.one["data"] or {}).get("image"),
        content=content,
        read=tuple(starter.read),
        files=tuple(path.absolute() for path in starter.files),
    )


def _seeds(document: Document) -> Seeds:
    """Where random numbers come from: streams of the seed, or one legacy generator in the order of the file."""
    seed, legacy = document.training["seed"], document.training["legacy_seed"]
    if legacy is None:
        return Seeds(seed)
    data, tables = document.one["data"] or {}, document.in_order("data", "inputs", "parameters", "layer")
    if "data" in tables[1:] and any(isinstance(data[name], str) for name in ("x", "t")):
        raise document.error("data", words.DRAWN_LATE.format(table=tables[0]))
    return Seeds(seed, np.random.RandomState(legacy))


def _check_limits(document: Document, program: Program, dataset: Dataset | None, draw: Draw | None) -> None:
    """Raises ScenarioError where a run would hold too many numbers, or have too many steps."""
    iterations, length = document.training["iterations"], len(program.steps)
    if iterations * length > limits.STEPS:
        problem = limit_words.TOO_MANY_STEPS(length, iterations=iterations, most=limits.STEPS)
        raise document.error("training.iterations", problem)
    batch = "data" if draw is None or draw.kind == "all" else "training.batch"
    parameters = "layer" if document.many["layer"] else "parameters"
    keys = {"data": "data", "parameters": parameters, "values": batch, "losses": "training.iterations"}
    total = held(program, dataset, draw, iterations)
    check_held(document, keys[total.most], total)


def _replaced(document: Document, names: Names) -> Names:
    """The names of the program with the steps replaced that the scenario replaces."""
    for place, section in enumerate(document.many["replace"]):
        try:
            names = replace(names, program=with_replaced(names, [section["step"]]))
        except (ExpressionError, ProgramError) as error:
            raise document.error(f"replace[{place}].step", str(error)) from None
    return names


def _expectations(document: Document, course: Course) -> tuple[Expectation, ...]:
    made: list[Expectation] = []
    for place, section in enumerate(document.many["expect"]):
        key = f"expect[{place}]"
        more = {name: section[name] for name in OF_EXPECTATION}
        more["name"] = " ".join(more["name"].split())
        printed = {name: value for name, value in section.items() if name not in {"at", *more}}
        if not printed:
            raise document.error(key, words.EXPECTS_NOTHING)
        if more["name"] and len(printed) > 1:
            raise document.error(f"{key}.name", words.NAMES_ONE_VALUE.format(count=len(printed), key="name"))
        if more["instead"] is not None and len(printed) > 1:
            raise document.error(f"{key}.instead", words.NAMES_ONE_VALUE.format(count=len(printed), key="instead"))
        if more["instead"] is not None and not more["disagrees"]:
            raise document.error(f"{key}.instead", words.INSTEAD_OF_NOTHING)
        for spelling, value in printed.items():
            where = f"{key}.{spelling}"
            try:
                made.append(expectation(course, where, section["at"], spelling, value, **more))
            except PositionError as error:
                raise document.error(f"{key}.at", str(error)) from None
            except ExpectationError as error:
                raise document.error(where, str(error)) from None
    return tuple(made)


def _stops(document: Document, names: Names) -> tuple[Stop, ...]:
    """The breakpoints and watches that the scenario comes with."""
    made: list[Stop] = []
    for place, section in enumerate(document.many["break"]):
        try:
            stop = breakpoint_at(section["at"].strip(), section["when"].strip(), section["every"], names)
        except StopError as error:
            raise document.error(f"break[{place}]", str(error)) from None
        made.append(replace(stop, enabled=section["enabled"]))
    for place, section in enumerate(document.many["watch"]):
        try:
            made.append(watch(section["show"], names, stops=section["stop"]))
        except StopError as error:
            raise document.error(f"watch[{place}].show", str(error)) from None
    return tuple(made)


def _draw(document: Document, samples: Samples | None) -> Draw | None:
    """The rows that each iteration draws; None where there are no data."""
    training = document.training
    kind, batch = training["draw"], training["batch"]
    if samples is None:
        if kind != "all":
            raise document.error("training.draw", words.DRAWS_FROM_DATA.format(kind=kind))
        return None
    there = len(samples.x)
    if kind == "all":
        if batch is not None:
            raise document.error("training.batch", words.BATCH_OF_ALL)
        return Draw(kind, there, there, training["seed"])
    batch = batch or 1
    if batch > there and kind != "with_replacement":
        raise document.error("training.batch", words.TOO_LARGE_BATCH.format(batch=batch, samples=there))
    return Draw(kind, batch, there, training["seed"])


def _measure(document: Document, samples: Samples | None, draw: Draw | None) -> Measure | None:
    """The accuracies and losses that are measured once an epoch, or at other intervals; None where none are."""
    section = document.one["measure"]
    if section is None:
        return None
    if samples is None or draw is None:
        raise document.error("measure", words.MEASURED_WITHOUT_DATA)
    if document.one["optimizer"] is None:
        raise document.error("measure", words.MEASURED_WITHOUT_UPDATE)
    known = {"train": len(samples.x), "test": 0 if samples.x_test is None else len(samples.x_test), BATCH: draw.batch}
    for what in ("accuracy", "loss"):
        for place, name in enumerate(section[what]):
            if name not in known or name in section[what][:place]:
                problem = words.NO_SET_OF_ROWS.format(name=name, hint=closest(name, known))
                raise document.error(f"measure.{what}[{place}]", problem)
            if not known[name]:
                raise document.error(f"measure.{what}[{place}]", words.NO_ROWS_TO_TEST_ON)
    if not section["accuracy"] and not section["loss"]:
        raise document.error("measure", words.MEASURES_NOTHING)
    if section["loss"] and document.one["loss"] is None and (document.one["model"] or {}).get("loss") is None:
        raise document.error("measure.loss", words.MEASURED_WITHOUT_LOSS)
    every = section["every"] or draw.iterations_per_epoch
    if section["offset"] >= every:
        raise document.error("measure.offset", words.TOO_LARGE_OFFSET.format(offset=section["offset"], every=every))
    return Measure(known, section["accuracy"], section["loss"], every, section["offset"])


def _with_loss(document: Document, network: Network, loss: FormulaLoss, drawn: Mapping[str, Shape]) -> Network:
    """The network with the nodes of a loss by formulas."""
    shapes = shapes_of(network, drawn)
    for name in loss.constants:
        if name in shapes:
            raise document.error(f"loss.{name}", network_words.SETTING_OF_LOSS.format(name=name))
    try:
        return with_loss(network, loss, shapes, drawn["x"][0])
    except ExpressionError as error:
        raise document.error("loss", str(error)) from None
