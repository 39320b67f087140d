"""What is wrong with a run at a moment: its symptoms, the state of every unit, and since when, as far as that is known.

How a symptom is found, and from where on it is called so, stands in `engine/health`. Here it is asked of a moment that
somebody looks at, and laid beside what searches have found of the run so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from gradstep.engine.arrays import Mask, frozen
from gradstep.engine.data.batches import Batches
from gradstep.engine.health import gradients
from gradstep.engine.health.anatomy import Anatomy
from gradstep.engine.health.plateau import Plateau
from gradstep.engine.health.record import Begin
from gradstep.engine.health.symmetry import hidden_of, identical
from gradstep.engine.health.symptoms import (
    DEAD,
    EXPLODING,
    IDENTICAL,
    NOT_FINITE,
    PLATEAU,
    SATURATED,
    SYMPTOMS,
    VANISHING,
    Naming,
    Symptom,
    Values,
    norm,
    said,
)
from gradstep.engine.health.units import Census, standing_still, table_of
from gradstep.engine.machine.run import Machine
from gradstep.engine.program.program import Program
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.moment import Moment
from gradstep.engine.timeline.timeline import Timeline


class Examiner:
    """Says which symptoms an iteration's values show, of one program and its data."""

    def __init__(self, program: Program, batches: Batches) -> None:
        self.program, self.anatomy = program, Anatomy(program)
        self.census, self.plateau = Census(program, batches), Plateau(program, batches)
        self.hidden = hidden_of(self.anatomy)

    @property
    def kinds(self) -> frozenset[str]:
        """The symptoms that a run of this program could show."""
        program, anatomy = self.program, self.anatomy
        found = {NOT_FINITE, *(units.kind for units in self.census.units)}
        found |= {EXPLODING} if anatomy.gradients else set()
        found |= {VANISHING} if len(anatomy.deep) > 1 else set()
        found |= {IDENTICAL} if self.hidden else set()
        return frozenset(found | ({PLATEAU} if program.has_loss and program.carried else set()))

    def norms(self, values: Values) -> dict[str, float]:
        """Gradient → its norm, of those that have a value."""
        there = (each.symbol for each in self.anatomy.gradients if each.symbol in values)
        return {symbol: norm(values[symbol]) for symbol in there}

    def symptoms(
        self, values: Values, iteration: int, before: Mapping[str, float], *, remarks: bool = False
    ) -> tuple[Symptom, ...]:
        """What shows in these values, in the order of `SYMPTOMS`; a plateau, which losses show, is not among it.

        before: gradient → its norm one iteration earlier, as far as known. remarks: also what is no alarm.
        """
        anatomy = self.anatomy
        with np.errstate(all="ignore"):
            found: list[Symptom | None] = list(gradients.not_finite(anatomy, values, iteration))
            found += [gradients.exploding(each, values, iteration, before) for each in anatomy.gradients]
            found += [gradients.vanishing(each, anatomy.deep[-1], values, iteration) for each in anatomy.deep]
            found += self._units(values, iteration)
            for hidden in self.hidden:
                if {*hidden.weights, hidden.outgoing} <= values.keys():
                    found.append(identical(hidden, values, iteration, after=values.keys() >= {*hidden.following}))
        there = [symptom for symptom in found if symptom is not None and (symptom.alarm or remarks)]
        return tuple(sorted(there, key=lambda symptom: SYMPTOMS.index(symptom.kind)))

    def _units(self, values: Values, iteration: int) -> list[Symptom | None]:
        found: list[Symptom | None] = []
        for units in self.census.units:
            standing = self.census.standing(units, values, iteration) if units.u in values else None
            if standing is None or (units.output and units.edge is not None and units.step.symbol not in values):
                continue
            found.append(standing_still(units, standing, iteration, (), units.at_fault(values)))
        return found


_EXAMINERS: WeakKeyDictionary[Machine, Examiner] = WeakKeyDictionary()


def examiner_of(machine: Machine) -> Examiner:
    """The examiner of a program and its data, kept with what it has found out about single rows.

    For the thread that shows a run; work beside it makes one of its own.
    """
    if machine not in _EXAMINERS:
        _EXAMINERS[machine] = Examiner(machine.program, machine.batches)
    return _EXAMINERS[machine]


def symptoms_of(moment: Moment) -> tuple[Symptom, ...]:
    """The symptoms that a moment's own values show, in the order of `SYMPTOMS`."""
    examiner = examiner_of(moment.provenance.machine)
    return examiner.symptoms(moment.values, moment.position.iteration, examiner.norms(moment.previous))


# ── for a picture of the net ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class UnitStates:
    """One truth a unit of an activation: dead (a ReLU), saturated (a sigmoid or tanh), for every row of the data."""

    dead: Mask
    saturated: Mask


def unit_states(moment: Moment) -> Mapping[str, UnitStates]:
    """Symbols u and z of an activation → the state of its units, of those whose u has a value at the moment.

    A unit that is still for the rows of its batch alone is neither; for how many rows it is said: `units` in
    engine/health.
    """
    census, states = examiner_of(moment.provenance.machine).census, dict[str, UnitStates]()
    for units in census.units:
        if units.u not in moment.values:
            continue
        with np.errstate(all="ignore"):
            standing = census.standing(units, moment.values, moment.position.iteration)
        u = moment.values[units.u]
        none = np.zeros(table_of(u).shape[1], dtype=bool)
        mask = frozen(none.copy() if standing is None else standing.mask)
        state = UnitStates(mask, frozen(none)) if units.kind == DEAD else UnitStates(frozen(none), mask)
        states |= {units.u: state, units.step.symbol: state}
    return states


# ── for a badge and a drawer ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Finding:
    """A symptom as it stands at the cursor. first: the earliest iteration that it is known to have begun in.

    exact: the one before was looked at, too, so that it did begin there. now: whether it shows at the cursor; what
    does not is over, or its iteration has not come so far. since: of units, each with the iteration it is known to be
    so from. by_the_run: what it began with are the run's own numbers, of its start or of the update before; none were
    set by hand in between. alarm: whether it is a symptom; a few dead units of many are a remark.
    """

    symptom: Symptom
    first: int
    exact: bool
    now: bool
    since: tuple[tuple[int, int], ...] = ()
    by_the_run: bool = False

    @property
    def kind(self) -> str:
        """That of the symptom."""
        return self.symptom.kind

    @property
    def symbol(self) -> str:
        """That of the symptom."""
        return self.symptom.symbol

    @property
    def layer(self) -> str:
        """That of the symptom."""
        return self.symptom.layer

    @property
    def units(self) -> tuple[int, ...]:
        """Those of the symptom."""
        return self.symptom.units

    @property
    def alarm(self) -> bool:
        """That of the symptom."""
        return self.symptom.alarm

    def text(self, naming: Naming = str) -> str:
        """What it says."""
        return said(self.symptom, naming)


@dataclass(eq=False)
class _Looked:
    """What has been seen of a branch where the cursor stood."""

    iterations: dict[int, tuple[Symptom, ...]]  # seen at their ends
    seen: dict[tuple[str, str, int], int]  # kind, symbol and unit (−1 for none) → the first iteration it was seen in
    known: tuple[object, tuple[Finding, ...]] | None = None


_LOOKED: WeakKeyDictionary[Branch, _Looked] = WeakKeyDictionary()
KEPT = 8  # iterations whose symptoms are kept for the next key


def health_of(timeline: Timeline) -> tuple[Finding, ...]:
    """The symptoms at the cursor, and those that are known to have begun before, the gravest first; also remarks.

    Asked at every key: nothing is replayed for it but what the cursor's iteration and the one before it show. In the
    middle of an iteration what its steps have not come to yet is as it was one iteration earlier. When something began
    is known from searches that passed there, and from where the cursor has been.
    """
    branch, here = timeline.branch, timeline.position
    looked = _LOOKED.setdefault(branch, _Looked({}, {}))
    key = here, sum(each.health.version for each in branch.line())
    if looked.known is not None and looked.known[0] == key:
        return looked.known[1]
    now = _present(timeline, looked)
    begins = [
        begin for begin in branch.begins(here.iteration) if (begin.iteration, begin.step) <= (here.iteration, here.step)
    ]
    latest = {_key(begin.symptom): begin for begin in begins}
    found = [_finding(timeline, looked, symptom, begins) for symptom in now]
    shown = {_key(symptom) for symptom in now}
    for name, begin in latest.items():
        if name not in shown:
            exact = begin.iteration == 1 or branch.owning(begin.iteration - 1).health.looked_at(begin.iteration - 1)
            found.append(Finding(begin.symptom, begin.iteration, exact, now=False))
    ordered = tuple(sorted(found, key=lambda each: (not each.now, SYMPTOMS.index(each.kind), each.first)))
    looked.known = key, ordered
    return ordered


def _key(symptom: Symptom) -> tuple[str, str]:
    """What is one symptom over the iterations: gradients explode and vanish, and numbers are lost, all together."""
    alone = symptom.kind in (EXPLODING, VANISHING, NOT_FINITE)
    return symptom.kind, "" if alone else symptom.symbol


def _present(timeline: Timeline, looked: _Looked) -> list[Symptom]:
    """What shows at the cursor, one symptom a key."""
    branch, here, course = timeline.branch, timeline.position, timeline.course
    examiner, program = examiner_of(branch.machine), timeline.program
    earlier = course.at(here.iteration - 1, course.length(here.iteration - 1)) if here.iteration > 1 else None
    before = timeline.values(earlier) if earlier else {}
    symptoms = list(examiner.symptoms(timeline.values(), here.iteration, examiner.norms(before), remarks=True))
    if here.step == course.length(here.iteration):
        _remember(looked, here.iteration, tuple(symptoms))
    elif earlier is not None:
        if earlier.iteration not in looked.iterations:
            _remember(looked, earlier.iteration, examiner.symptoms(before, earlier.iteration, {}, remarks=True))
        waiting = looked.iterations[earlier.iteration]
        symptoms += [
            each for each in waiting if each.kind not in (IDENTICAL, NOT_FINITE) and _step(program, each) > here.step
        ]
    losses = here.iteration - (program.writers[program.loss] >= here.step)
    with np.errstate(all="ignore"):
        plateau = examiner.plateau.at(branch.losses_of, losses) if losses else None
    if plateau is not None:
        symptoms.append(plateau)
    if branch.machine.batches.vary and not any(
        begin.symptom.kind == VANISHING for begin in branch.begins(here.iteration)
    ):
        symptoms = [replace(each, alarm=each.alarm and each.kind != VANISHING) for each in symptoms]
    return list({_key(symptom): symptom for symptom in reversed(symptoms)}.values())


def _step(program: Program, symptom: Symptom) -> int:
    """The step of an iteration, from 1, by which it is known whether it shows."""
    place = program.writers.get(symptom.symbol, -1)
    if symptom.kind in SATURATED.values():
        place = max(program.writers[step.symbol] for step in program.steps if symptom.symbol in step.operands[:1])
    return place + 1


def _remember(looked: _Looked, iteration: int, symptoms: tuple[Symptom, ...]) -> None:
    looked.iterations[iteration] = symptoms
    if len(looked.iterations) > KEPT:
        del looked.iterations[next(iter(looked.iterations))]
    for symptom in symptoms:
        for unit in symptom.units or (-1,):
            name = *_key(symptom), unit
            looked.seen[name] = min(iteration, looked.seen.get(name, iteration))


def _finding(timeline: Timeline, looked: _Looked, symptom: Symptom, begins: Sequence[Begin]) -> Finding:
    """A symptom that shows at the cursor, with when it began."""
    branch, here = timeline.branch, timeline.position
    own = [begin for begin in begins if _key(begin.symptom) == _key(symptom)]

    def first(unit: int) -> int:
        """The iteration from which it is known, of a unit or (−1) of all."""
        for begin in own if symptom.kind == NOT_FINITE else reversed(own):
            if unit in begin.symptom.new or unit < 0:
                return begin.iteration
        lasting = symptom.kind in (DEAD, IDENTICAL)
        seen = looked.seen.get((*_key(symptom), unit), here.iteration)
        return min(seen, here.iteration) if lasting else here.iteration

    if symptom.kind == NOT_FINITE and own:
        symptom = own[0].symptom
    if symptom.kind == PLATEAU:
        began = int(symptom.detail["since"])
        return Finding(symptom, own[-1].iteration if own else began, exact=bool(own), now=True)
    since = tuple((unit, first(unit)) for unit in symptom.units)
    began = min((iteration for _, iteration in since), default=first(-1))
    exact = began == 1 or branch.owning(began - 1).health.looked_at(began - 1)
    by_hand = any(edit.iteration in (began - 1, began) for edit in branch.edits)
    return Finding(symptom, began, exact, now=True, since=since, by_the_run=exact and not by_hand)
