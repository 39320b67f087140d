"""The outcome of a gradient check: a verdict on each element that was checked, by matrix, and the whole of it.

These are values; gradcheck.py makes them. `as_json` gives them in a form that a program reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gradstep.engine.arrays import Index, Shape
from gradstep.engine.program.positions import Position, position_json

AGREES, KINK, EPSILON, WRONG, UNCHECKED = "agrees", "kink", "epsilon", "wrong", "unchecked"
NOT_FINITE, UNTOLD = "not finite", "cannot be told"
VERDICTS = (WRONG, NOT_FINITE, UNTOLD, EPSILON, KINK, AGREES)  # what is most worth knowing comes first
AGREEING = frozenset({EPSILON, KINK, AGREES})
COMPARED = AGREEING | {WRONG}


@dataclass(frozen=True)
class Kink:
    """What has its kink within reach of p ± h, such as a ReLU: element `index` of the array it is put on.

    value: of that element, which has the kink at 0; gap: or, of what is the larger of several, how far these are apart.
    """

    kind: str
    symbol: str
    layer: str
    index: Index
    value: float
    gap: bool = False


@dataclass(frozen=True)
class ElementCheck:
    """One element. relative: |backprop − numerical| over the larger of both, or over what is as good as 0.

    error: how far rounding and truncation may have the numerical derivative off. refined: what differences with other
    steps (or held kinks, or the exact loss) come to, where the first one did not decide; refined_relative: how far that
    is from backprop, relatively; widened: whether h was made larger and not smaller. kink: the nearest of `kinks`
    within reach, for the verdict "kink".
    """

    index: Index
    backprop: float
    numerical: float
    difference: float
    relative: float
    verdict: str
    error: float = 0.0
    refined: float | None = None
    refined_relative: float | None = None
    widened: bool = False
    kinks: int = 0
    kink: Kink | None = None

    @property
    def at_most(self) -> float:
        """How large the derivative may be, by both."""
        numerical = self.numerical if self.refined is None else self.refined
        return max(abs(self.backprop), abs(numerical) + self.error)


@dataclass(frozen=True)
class Cause:
    """A step or an edited value on the way back to a gradient that is known to be no derivative, and why."""

    symbol: str
    note: str


@dataclass(frozen=True, eq=False)
class MatrixCheck:
    """One symbol and its gradient. elements: those that were checked, worst first. causes: of what is wrong; of the
    others only the steps whose notes say that they are no derivatives, which here may come to the same.
    """

    symbol: str
    gradient: str
    shape: Shape
    elements: tuple[ElementCheck, ...]
    causes: tuple[Cause, ...] = ()

    @property
    def size(self) -> int:
        """How many elements there are."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def checked(self) -> int:
        """How many of them were checked."""
        return len(self.elements)

    @property
    def compared(self) -> int:
        """How many of those could be compared: of the others one side is not finite, or E too large to show it."""
        return sum(element.verdict in COMPARED for element in self.elements)

    @property
    def counts(self) -> Mapping[str, int]:
        """verdict → how many elements have it; only those that occur."""
        found = Counter(element.verdict for element in self.elements)
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    @property
    def verdict(self) -> str:
        """The first of `VERDICTS` that an element has."""
        return next(iter(self.counts), UNCHECKED)

    @property
    def passed(self) -> bool:
        """Whether all elements that were checked are finite and agree.

        Of some nothing may be told, but these must be smaller than what agrees, also if the difference is off.
        """
        if not (AGREEING | {UNTOLD}).issuperset(self.counts):
            return False
        told = max((abs(each.backprop) for each in self.elements if each.verdict in AGREEING), default=0.0)
        if self.counts and not self.compared:
            return False
        untold = [each for each in self.elements if each.verdict == UNTOLD]
        return all(each.at_most <= told for each in untold)


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The whole check. position: the cursor's; its iteration is what was checked, in the branch of that name.

    forward_passes: two an element and more for those that the first two did not decide; downstream of the element only.
    seconds: of the check; seconds_backprop: of one forward and one backward pass. finished: False where it was stopped.
    """

    scenario: str
    branch: str
    position: Position
    loss: str
    h: float
    tolerance: float
    matrices: tuple[MatrixCheck, ...]
    planned: int
    forward_passes: int
    seconds: float
    seconds_backprop: float
    finished: bool

    @property
    def size(self) -> int:
        """How many elements there are in all."""
        return sum(matrix.size for matrix in self.matrices)

    @property
    def checked(self) -> int:
        """How many of them were checked."""
        return sum(matrix.checked for matrix in self.matrices)

    @property
    def compared(self) -> int:
        """How many of those could be compared."""
        return sum(matrix.compared for matrix in self.matrices)

    @property
    def sampled(self) -> bool:
        """Whether no more than a sample was to be checked."""
        return self.planned < self.size

    @property
    def counts(self) -> Mapping[str, int]:
        """verdict → how many elements have it; only those that occur."""
        found = sum((Counter(matrix.counts) for matrix in self.matrices), Counter[str]())
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    @property
    def passed(self) -> bool:
        """Whether elements were checked and every matrix passed."""
        return self.checked > 0 and all(matrix.passed for matrix in self.matrices)


def as_json(check: GradientCheck, worst: int = 10) -> dict[str, Any]:
    """The check as one object of plain numbers, with the `worst` elements of each matrix."""
    return {
        "scenario": check.scenario,
        "branch": check.branch,
        "position": position_json(check.position),
        "of": check.loss,
        "h": check.h,
        "tolerance": check.tolerance,
        "passed": check.passed,
        "finished": check.finished,
        "elements": check.size,
        "checked": check.checked,
        "compared": check.compared,
        "verdicts": dict(check.counts),
        "forward_passes": check.forward_passes,
        "seconds": check.seconds,
        "seconds_backprop": check.seconds_backprop,
        "gradients": [_matrix_json(matrix, worst) for matrix in check.matrices],
    }


def _matrix_json(matrix: MatrixCheck, worst: int) -> dict[str, Any]:
    return {
        "symbol": matrix.symbol,
        "gradient": matrix.gradient,
        "shape": list(matrix.shape),
        "elements": matrix.size,
        "checked": matrix.checked,
        "compared": matrix.compared,
        "verdict": matrix.verdict,
        "verdicts": dict(matrix.counts),
        "causes": [asdict(cause) for cause in matrix.causes],
        "worst": [_element_json(element) for element in matrix.elements[:worst]],
    }


def _element_json(element: ElementCheck) -> dict[str, Any]:
    """Its fields, but those that say something of it alone: how it was refined, and where its kink is."""
    absent: set[str] = {"refined", "refined_relative", "widened"} if element.refined is None else set()
    absent |= {"kinks", "kink"} if element.kink is None else set()
    return {name: value for name, value in asdict(element).items() if name not in absent}
