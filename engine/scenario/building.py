"""From a checked document to a Scenario: the parts are built, and the program is compiled.

Shapes are checked where a person wrote them, so that an error names the key to change. What remains (two values of
one name, operands of a graph) is found when the program is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from gradstep.engine.arrays import Shape
from gradstep.engine.program.compiler import CompileError, compile_program
from gradstep.engine.program.names import Names
from gradstep.engine.program.network import Network
from gradstep.engine.program.positions import Course, PositionError
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.expectations import Expectation, ExpectationError, expectation
from gradstep.engine.scenario.naming import build_names
from gradstep.engine.scenario.networks import build_network
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.scenario.sources import Folders, Samples, build_dataset, build_samples
from gradstep.engine.scenario.training import build_draw, build_loss, build_measure, build_optimizer
from gradstep.engine.stops.stops import Stop, StopError
from gradstep.engine.stops.trigger import breakpoint_at, watch
from gradstep.engine.words import expectations as words


def build(document: Document, content: bytes, name: str, folders: Folders) -> Scenario:
    """The scenario of a checked file; raises ScenarioError."""
    loss = build_loss(document)
    samples = build_samples(document, folders)
    draw = build_draw(document, samples)
    network = build_network(document, None if samples is None else samples.x.shape[1], draw, loss)
    optimizer = build_optimizer(document, network)
    measure = build_measure(document, samples, draw)
    drawn: dict[str, Shape] = {}
    dataset = None
    if samples is not None and draw is not None:
        drawn["x"] = (draw.batch, samples.x.shape[1])
        dataset = build_dataset(document, samples, _output_shape(document, network, drawn, samples), loss)
        drawn["t"] = (draw.batch, dataset.t.shape[1])
    with _compiling(document):
        program = compile_program(network, loss, optimizer, drawn, measure)
    names = build_names(document, program)
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
        expectations=_expectations(document, course, names),
        stops=_stops(document, names),
        image=(document.one["data"] or {}).get("image"),
        content=content,
    )


@contextmanager
def _compiling(document: Document) -> Iterator[None]:
    """A network that cannot be compiled, as a ScenarioError."""
    try:
        yield
    except CompileError as error:
        raise document.error(error.key, str(error)) from None


def _output_shape(document: Document, network: Network, drawn: Mapping[str, Shape], samples: Samples) -> Shape:
    """The output's shape, found by compiling the forward pass alone; a graph may use t there, too."""
    columns = samples.t.shape[1] if isinstance(samples.t, np.ndarray) else 1
    with _compiling(document):
        program = compile_program(network, None, None, {**drawn, "t": (drawn["x"][0], columns)})
    return program.symbols[network.output].shape


def _expectations(document: Document, course: Course, names: Names) -> tuple[Expectation, ...]:
    made: list[Expectation] = []
    for place, section in enumerate(document.many["expect"]):
        key = f"expect[{place}]"
        more = {name: section[name] for name in ("tolerance", "off_by", "note", "disagrees")}
        printed = {name: value for name, value in section.items() if name not in {"at", *more}}
        if not printed:
            raise document.error(key, words.EXPECTS_NOTHING)
        for spelling, value in printed.items():
            where = f"{key}.{spelling}"
            try:
                made.append(expectation(course, names, where, section["at"], spelling, value, **more))
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
