"""A scenario: data, a network, its program, and the values that are expected of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.data.datasets import Dataset, Draw
from gradstep.engine.limits import Held
from gradstep.engine.program.names import Names
from gradstep.engine.program.network import Network
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import Program
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.scenario.expectations import Expectation
from gradstep.engine.stops.stops import Stop
from gradstep.engine.words import scenario as words


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario ready to run. name: the bundled name, or the file's without its ending.

    image: the rows and columns of an input that is an image. content: the file, as it was read. replaced:
    steps in the place of its own that are not in the file.
    read: arrays that it starts from and that stand in files of their own. files: all that it was read from.
    """

    name: str
    file: str
    title: str
    source: str
    description: str
    network: Network
    dataset: Dataset | None
    draw: Draw | None
    course: Course
    expectations: tuple[Expectation, ...]
    stops: tuple[Stop, ...] = ()
    image: tuple[int, ...] | None = None
    content: bytes = b""
    replaced: tuple[str, ...] = ()
    read: tuple[Array, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def program(self) -> Program:
        """The program that is run."""
        return self.course.program

    @property
    def names(self) -> Names:
        """The names of its symbols."""
        return self.course.names

    @property
    def held(self) -> Held:
        """The numbers that a run of it holds."""
        return held(self.program, self.dataset, self.draw, self.course.iterations)

    @property
    def iterations_per_epoch(self) -> int:
        """How many iterations see as many samples as there are; 1 where there are no data."""
        return self.draw.iterations_per_epoch if self.draw else 1

    def with_program(self, program: Program) -> Scenario:
        """The same with another program of the same symbols; names, positions and expectations are of that one."""
        course = replace(self.course, names=replace(self.names, program=program))
        expectations = tuple(expectation.moved(course) for expectation in self.expectations)
        return replace(self, course=course, expectations=expectations)

    def with_steps(self, lines: Sequence[str]) -> Scenario:
        """The same with steps `SYMBOL = FORMULA` in the place of its own, in an order in which each comes after what it
        reads. Raises ExpressionError or ProgramError.
        """
        changed = self.with_program(with_replaced(self.names, lines))
        return replace(changed, replaced=(*self.replaced, *lines))

    @property
    def digest(self) -> str:
        """A fingerprint of the file and of the data that it names, by which a session knows it again.

        Data that are generated are known by their recipe, which stands in the file: their bits are NumPy's.
        """
        if self.dataset is not None and self.dataset.generated:
            return _fingerprint(self.content, self.read)
        return self.digest_of_numbers

    @cached_property
    def digest_of_numbers(self) -> str:
        """The same with the numbers of all data, generated ones, too."""
        data = self.dataset
        tables = (data.x, data.t, data.x_test, data.t_test) if data else ()
        return _fingerprint(self.content, (*tables, *self.read))

    @property
    def size(self) -> str:
        """The network's size in a few words: 2-2-2, 1 sample, 10001 iterations."""
        network, symbols = self.network, self.program.symbols
        if network.layered:
            units = [symbols["x"].shape[1]]
            units += [symbols[node.name].shape[1] for node in network.nodes if node.operation.weights is not None]
            parts = ["-".join(map(str, units))]
        else:
            parts = [words.NODES(len(network.nodes))]
        if self.dataset is not None:
            parts.append(words.SAMPLES(len(self.dataset)))
            if self.dataset.x_test is not None:
                parts.append(words.TO_TEST_ON.format(rows=len(self.dataset.x_test)))
        parts.append(words.ITERATIONS(self.course.iterations))
        return ", ".join(parts)


def _fingerprint(content: bytes, arrays: Iterable[Array | None]) -> str:
    """A hash of bytes and arrays."""
    fingerprint = blake2b(content, digest_size=16)
    for array in arrays:
        fingerprint.update(repr(None if array is None else array.shape).encode())
        if array is not None:
            fingerprint.update(np.ascontiguousarray(array).data)
    return fingerprint.hexdigest()


def held(program: Program, dataset: Dataset | None, draw: Draw | None, iterations: int) -> Held:
    """The numbers that a run holds. What is the data's own is not held again by the iterations that are looked at."""
    tables = (dataset.x, dataset.t, dataset.x_test, dataset.t_test) if dataset else ()
    views, looked, run = draw is None or draw.kind == "all", 0, 0
    for symbol in program.symbols.values():
        size = math.prod(symbol.shape)
        looked += 0 if symbol.data and (views or symbol.rows) else size
        run += 0 if symbol.rows else size
    return Held(
        data=sum(table.size for table in tables if table is not None),
        parameters=sum(array.size for array in program.start.values()),
        values=2 * looked + 2 * run,
        losses=iterations,
    )
