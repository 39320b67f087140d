"""From a TOML file to a Scenario: everything checked, parameters drawn, the program compiled.

Every error is a ScenarioError that names the file, the key, what was found and what is expected. Nothing in a file
is executed; expressions are those of `conditions`.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from engine.building import (
    build_draw,
    build_graph,
    build_layers,
    build_loss,
    build_measure,
    build_optimizer,
    check_name,
    training_of,
)
from engine.datasets import Dataset, Draw
from engine.expectations import Expectation, ExpectationError, expectation
from engine.expression import Index, Shape
from engine.kinds import found
from engine.names import NameClash, Names, closest
from engine.network import Network
from engine.operation import written
from engine.positions import Course, PositionError
from engine.program import CompileError, Program, compile_program
from engine.schema import Document, ScenarioError, check_document
from engine.sources import DATA_VARIABLE, Folders, MissingDataError, build_dataset, build_samples
from engine.stops import Stop, StopError, breakpoint_at, watch
from engine.words import scenario as words

MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario ready to run. name: the bundled name, or the file's without its ending.

    image: the rows and columns of an input that is an image. content: the file, as it was read.
    """

    name: str
    file: str
    title: str
    source: str
    description: str
    network: Network
    dataset: Dataset | None
    draw: Draw | None
    program: Program
    names: Names
    course: Course
    expectations: tuple[Expectation, ...]
    stops: tuple[Stop, ...] = ()
    image: tuple[int, ...] | None = None
    content: bytes = b""

    @property
    def bundled(self) -> bool:
        """Whether it came by its bundled name, not by a path."""
        return self.file in bundled() and self.content == bundled()[self.file].read_bytes()

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the file and of the data that it names, by which a session knows it again."""
        fingerprint = blake2b(self.content, digest_size=16)
        data = self.dataset
        for array in (data.x, data.t, data.x_test, data.t_test) if data else ():
            fingerprint.update(repr(None if array is None else array.shape).encode())
            if array is not None:
                fingerprint.update(np.ascontiguousarray(array).data)
        return fingerprint.hexdigest()

    @property
    def size(self) -> str:
        """The network's size in a few words: 2-2-2, 1 sample, 10001 iterations."""
        network, symbols = self.network, self.program.symbols
        if network.layered:
            units = [symbols["x"].shape[1]]
            units += [symbols[name].shape[0] for name in network.parameters if name.startswith("b")]
            parts = ["-".join(map(str, units))]
        else:
            parts = [words.NODES(len(network.nodes))]
        if self.dataset is not None:
            parts.append(words.SAMPLES(len(self.dataset)))
            if self.dataset.x_test is not None:
                parts.append(words.TO_TEST_ON.format(rows=len(self.dataset.x_test)))
        parts.append(words.ITERATIONS(self.course.iterations))
        return ", ".join(parts)


# ── finding and reading ──────────────────────────────────────────────────────────────────────────────────────


def bundled() -> dict[str, Path]:
    """The scenarios that come with the program, by name."""
    folder = Path(str(files("scenarios")))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_scenario(name_or_path: str | Path, data: Sequence[Path] = ()) -> Scenario:
    """The scenario of a bundled name or a path; raises ScenarioError if it cannot be used.

    data: folders in which data files in the IDX format are looked for first.
    """
    known = bundled()
    text = str(name_or_path)
    if text in known:
        return parse_scenario(_read(known[text], text), text, text, Folders(known[text].parent, tuple(data)))
    if not text:
        raise ScenarioError('""', "", words.NO_NAME)
    path = Path(name_or_path)
    if path.suffix != ".toml" and len(path.parts) == 1 and not path.exists():
        problem = words.NO_SUCH_SCENARIO.format(hint=closest(text, known), known=", ".join(known))
        raise ScenarioError(text, "", problem)
    return parse_scenario(_read(path, text), path.stem, text, Folders(path.parent, tuple(data)))


@dataclass(frozen=True)
class Summary:
    """A scenario in a list. name: what opens it. size: the network's, or what is wrong with a file of no use."""

    name: str
    title: str
    size: str
    usable: bool = True


def summary(name_or_path: str, data: Sequence[Path] = ()) -> Summary:
    """What a list says of a scenario, whether it can be used or not."""
    try:
        scenario = load_scenario(name_or_path, data)
    except MissingDataError:
        missing = words.NO_DATA_FILES.format(variable=DATA_VARIABLE)
        return Summary(name_or_path, _title(name_or_path), missing, usable=False)
    except ScenarioError as error:
        return Summary(name_or_path, _title(name_or_path), error.problem, usable=False)
    return Summary(name_or_path, scenario.title, scenario.size)


def _title(name_or_path: str) -> str:
    """The title of a file that may be of no use otherwise."""
    try:
        parsed = tomllib.loads(_read(bundled().get(name_or_path, Path(name_or_path)), "").decode("utf-8-sig"))
        return " ".join(str(parsed["title"]).split())
    except (ValueError, KeyError, RecursionError):
        return words.CANNOT_BE_USED


def _read(path: Path, text: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ScenarioError(text, "", words.DIRECTORY)
        if not stat.S_ISREG(mode):
            raise ScenarioError(text, "", words.NO_REGULAR_FILE)
        if path.stat().st_size > MOST_BYTES:
            raise ScenarioError(text, "", words.TOO_LARGE.format(most=MOST_BYTES // 2**20))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioError(text, "", words.CANNOT_BE_READ.format(reason=reason)) from None


def parse_scenario(content: bytes, name: str, file: str, folders: Folders | None = None) -> Scenario:
    """The scenario that a TOML file's content describes; `file` is what errors call it. Raises ScenarioError."""
    try:
        parsed = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScenarioError(file, "", words.NOT_UTF8.format(byte=error.start)) from None
    except RecursionError:
        raise ScenarioError(file, "", words.TOO_DEEP) from None
    except ValueError as error:
        raise ScenarioError(file, "", words.NOT_TOML.format(problem=error)) from None
    scenario = _build(check_document(file, parsed), name, folders or Folders(Path()))
    return replace(scenario, content=content)


# ── building ─────────────────────────────────────────────────────────────────────────────────────────────────


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
    course = Course(program, names, iterations)
    return Scenario(
        name=name,
        file=file,
        title=" ".join(document.top["title"].split()),
        source=document.top["source"],
        description=" ".join(document.top["description"].split()),
        network=network,
        dataset=dataset,
        draw=draw,
        program=program,
        names=names,
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
