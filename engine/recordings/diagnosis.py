"""Given numbers against a scenario's: which agree, where they part, which step is wrong, and which mistake gives them.

An origin is a step that is wrong although what it was given is right: it is recomputed from the given operands. A
mistake is blamed only where it explains every number that is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Batches
from gradstep.engine.machine.run import Machine, Run, compute
from gradstep.engine.program.program import Program, Step
from gradstep.engine.progress import Progress
from gradstep.engine.recordings.given import Given
from gradstep.engine.recordings.mistakes import Mistake, mistakes
from gradstep.engine.scenario.scenario import Scenario

AGREES, DIFFERS, MULTIPLE, TRANSPOSED = "agrees", "differs", "multiple", "transposed"
Place = tuple[int, str]  # an iteration and a symbol


@dataclass(frozen=True, eq=False)
class Compared:
    """One given number or array beside ours. worst: the largest difference. ratio: where it is a constant multiple."""

    given: Given
    ours: Array
    verdict: str
    worst: float
    ratio: float | None = None


@dataclass(frozen=True, eq=False)
class Origin:
    """A step that is wrong although what it was given is right, and the mistakes that make of that what is given."""

    given: Given
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What a comparison has found. mistakes: those that explain every given number. finished: were all tried?"""

    scenario: Scenario
    compared: tuple[Compared, ...]
    origins: tuple[Origin, ...]
    mistakes: tuple[Mistake, ...]
    finished: bool = True

    @property
    def agree(self) -> int:
        """How many agree."""
        return sum(each.verdict == AGREES for each in self.compared)

    @property
    def first(self) -> Compared | None:
        """The first in the order of the run that does not."""
        return next((each for each in self.compared if each.verdict != AGREES), None)


def diagnose(scenario: Scenario, given: Sequence[Given], progress: Progress | None = None) -> Diagnosis:
    """Compare, and where something differs look for what gives these numbers."""
    places = scenario.program.writers
    ordered = sorted(given, key=lambda each: (each.iteration, places.get(each.reference.symbol, -1)))
    ours = _values(scenario, scenario.program, ordered)
    compared = tuple(_compared(each, ours[each.iteration, each.reference.symbol]) for each in ordered)
    if all(each.verdict == AGREES for each in compared):
        return Diagnosis(scenario, compared, (), ())
    catalogue = list(mistakes(scenario.names))
    found: list[Mistake] = []
    for place, mistake in enumerate(catalogue):
        if progress is not None and not progress(place, len(catalogue)):
            return Diagnosis(scenario, compared, (), tuple(found), finished=False)
        if _explains(scenario, mistake, ordered):
            found.append(mistake)
    return Diagnosis(scenario, compared, tuple(_origins(scenario, ordered, catalogue)), tuple(_simplest(found)))


def _simplest(found: Sequence[Mistake]) -> Iterator[Mistake]:
    """Those made in the fewest steps first; one that is another with more steps is left out."""
    for mistake in sorted(found, key=lambda each: len(each.at)):
        others = (each for each in found if each.id == mistake.id and len(each.at) < len(mistake.at))
        if not any({*each.at} < {*mistake.at} for each in others):
            yield mistake


def _explains(scenario: Scenario, mistake: Mistake, given: Sequence[Given]) -> bool:
    values = _values(scenario, mistake.program, given)
    return all(each.agrees(each.part(values[each.iteration, each.reference.symbol])) for each in given)


def _values(scenario: Scenario, program: Program, given: Sequence[Given]) -> Mapping[Place, Array]:
    """The values of a program at the places of what is given."""
    machine = Machine(program, Batches(scenario.dataset, scenario.draw))
    wanted = {each.reference.symbol for each in given}
    iterations = {each.iteration for each in given}
    found: dict[Place, Array] = {}
    run: Run = machine.run(wanted)
    run.start(machine.pack(program.start), 1)
    state = {name: array for name, array in program.start.items() if name in wanted}
    with np.errstate(all="ignore"):
        for iteration in range(1, max(iterations) + 1):
            if iteration in iterations and state:
                here = machine.unpack(run.packed())
                found |= {(iteration, name): here[name].copy() for name in state}
            run.advance(1)
            if iteration in iterations:
                found |= {(iteration, name): run.values[name].copy() for name in wanted if name not in state}
    return found


def _compared(given: Given, ours: Array) -> Compared:
    mine = given.part(ours)
    with np.errstate(all="ignore"):
        apart = np.abs(mine - given.values)
    worst = float(np.nan_to_num(apart, nan=np.inf).max(initial=0.0))
    if given.agrees(mine):
        return Compared(given, mine, AGREES, worst)
    ratio = _ratio(given, mine)
    if ratio is not None:
        return Compared(given, mine, MULTIPLE, worst, ratio)
    if mine.ndim == 2 and mine.shape[0] == mine.shape[1] and given.agrees(mine.T):
        return Compared(given, mine, TRANSPOSED, worst)
    return Compared(given, mine, DIFFERS, worst)


def _ratio(given: Given, mine: Array) -> float | None:
    """The constant that they are of ours, if it is one; of a single number none is told from another."""
    if mine.size < 2 or not (np.isfinite(mine).all() and np.isfinite(given.values).all()) or not mine.any():
        return None
    place = int(np.argmax(np.abs(mine)))
    ratio = float(given.values.flat[place] / mine.flat[place])
    return ratio if ratio and given.agrees(ratio * mine) else None


def _origins(scenario: Scenario, given: Sequence[Given], catalogue: Sequence[Mistake]) -> Iterator[Origin]:
    """The steps whose operands are given, too, and that make something else of them."""
    whole: dict[Place, Given] = {
        (each.iteration, each.reference.symbol): each for each in given if each.reference.index is None
    }
    program = scenario.program
    for (iteration, symbol), each in whole.items():
        place = program.writers.get(symbol)
        if place is None or not program.steps[place].operands:
            continue
        operands = _theirs(scenario, program.steps[place], iteration, whole)
        if operands is None or _makes(program.steps[place], operands, each):
            continue
        fitting = []
        for mistake in catalogue:
            if mistake.at != (symbol,):
                continue
            step = mistake.program.steps[mistake.program.writers[symbol]]
            theirs = _theirs(scenario, step, iteration, whole)
            if theirs is not None and _makes(step, theirs, each):
                fitting.append(mistake)
        yield Origin(each, tuple(fitting))


def _makes(step: Step, operands: Mapping[str, Array], given: Given) -> bool:
    """Whether a step makes of these operands what is given, as closely as rounded operands let it."""
    with np.errstate(all="ignore"):
        made = compute(step, operands)
        scale = float(np.abs(given.values[np.isfinite(given.values)]).max(initial=0.0))
        near = np.abs(made - given.values) <= 4.0 * given.within + 1e-9 * scale
    return bool((near | (made == given.values) | (np.isnan(made) & np.isnan(given.values))).all())


def _theirs(scenario: Scenario, step: Step, iteration: int, whole: Mapping[Place, Given]) -> Mapping[str, Array] | None:
    """The operands of a step as they are given; what an iteration starts from and draws is the scenario's own where it
    is not given; None where another one is missing.
    """
    found: dict[str, Array] = {}
    program = scenario.program
    for name in step.operands:
        known = whole.get((iteration, name))
        if known is not None:
            found[name] = known.values
        elif name in program.start and (iteration == 1 or program.carried[name] == name):
            found[name] = program.start[name]
        elif name in program.start and (iteration - 1, program.carried[name]) in whole:
            found[name] = whole[iteration - 1, program.carried[name]].values
        elif not program.symbols[name].data or program.symbols[name].rows:
            return None
        else:
            batches = Batches(scenario.dataset, scenario.draw)
            found[name] = batches.drawn(program.symbols[name], iteration)
    return found


def as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as one object of plain values."""
    first, tied = diagnosis.first, len({each.id for each in diagnosis.mistakes}) > 1

    def symbol(given: Given) -> dict[str, Any]:
        return {"iteration": given.iteration, "symbol": str(given.reference)}

    def told(mistake: Mistake) -> dict[str, Any]:
        return {"id": mistake.id, "says": mistake.says, "at": list(mistake.at)}

    count = len(diagnosis.compared)
    return {
        "scenario": diagnosis.scenario.name,
        "compared": count,
        "agree": diagnosis.agree,
        "symbols": [
            symbol(each.given)
            | {"verdict": each.verdict, "worst": each.worst}
            | ({} if each.ratio is None else {"ratio": each.ratio})
            for each in diagnosis.compared
        ],
        "first": None if first is None else symbol(first.given),
        "origins": [
            symbol(each.given) | {"mistakes": [told(mistake) for mistake in each.mistakes]}
            for each in diagnosis.origins
        ],
        "mistakes": [
            told(each) | {"explains": count} | ({"tied": True} if tied else {}) for each in diagnosis.mistakes
        ],
    }
