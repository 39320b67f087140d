"""One number explained in a drawer: its arithmetic, and its factors to be opened in turn, down to what is given.

It follows while one steps: the numbers are those of the cursor. Where one picks another number, it is that.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gradstep.engine.errors import Problem
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Role
from gradstep.engine.progress import Progress
from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.stepping import LINES_UNROLLED, has_short_chains, is_brief, pick, picked, reads
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.arrangement import MUCH
from gradstep.tui.text.cells import as_column, width_of
from gradstep.tui.text.columns import Pieces, Row, row
from gradstep.tui.text.folding import folded
from gradstep.tui.text.page import Line, Page, text_line
from gradstep.tui.words import explaining as words
from gradstep.tui.words import looking

if TYPE_CHECKING:
    from gradstep.tui.pages.explanation import Told  # loaded when a number is explained

MOST_FACTORS = 500  # that can be opened from one place
LONG, LONG_UNROLLED = 1_000, 400  # numbers in an arithmetic from which on it is written down in a worker
GIVEN = {  # what no step writes
    Role.PARAMETER: words.PARAMETER,
    Role.HYPERPARAMETER: words.HYPERPARAMETER,
    Role.CARRIED: words.CARRIED,
    Role.STATE: words.STATE,
}


@dataclass
class Explaining:
    """The way from the number that was asked for to the one that is explained. unroll: whether its arithmetic unrolled
    stands above what it is made of; in the third column it stands below that otherwise, where it is short.
    """

    bench: Workbench
    path: list[Element]
    unroll: bool = False
    known: dict[object, Told | None] = field(default_factory=dict)  # None where it was stopped
    width: int = 80  # in which it was explained last

    @property
    def element(self) -> Element:
        """The one that is explained: another one that was picked meanwhile begins a new way."""
        now = self.bench.view.picked
        if now is not None and Element(*now) not in self.path:
            self.path = [Element(*now)]
        return self.path[-1]

    @property
    def whole(self) -> bool:
        """Whether it is unrolled, above or below what it is made of."""
        bench = self.bench
        return self.unroll or (bench.window.wide and is_brief(bench, self.element) and has_short_chains(bench))

    def told(self, width: int) -> Told | None:
        """The explanation here; None where the number has no value here."""
        bench, element = self.bench, self.element
        if bench.window.busy or element.symbol not in bench.moment.values:
            return None
        digits, notation = bench.view.digits or 9, bench.view.notation
        self.width = width
        unroll = self.whole
        most = None if self.unroll else LINES_UNROLLED
        key = bench.timeline.branch, bench.timeline.position, element, width, digits, notation, unroll, most
        if key not in self.known:
            from gradstep.tui.pages.explanation import Stopped, tell  # noqa: PLC0415 - not before the first frame

            def job(progress: Progress) -> Told | None:
                ask = partial(progress, 0, 1)
                with suppress(Stopped):
                    return tell(
                        bench.timeline,
                        element,
                        notation,
                        width,
                        digits=digits,
                        unroll=unroll,
                        plain=False,
                        most=most,
                        goes_on=ask,
                    )
                return None

            def done(told: Told | None) -> None:
                self.known = {key: told}
                bench.show()
                bench.say("" if told is not None else words.STOPPED)

            if reads(bench, element) > (LONG_UNROLLED if unroll else LONG):
                bench.window.work(words.EXPLAINING.format(element=notation.element(element)), job, done)
                return None
            self.known = {key: job(lambda done, total: True)}
        return self.known[key]

    def page(self, width: int) -> Page:
        """Its arithmetic, and the heading of what it is made of."""
        told = self.told(width)
        if told is None:
            name = self.bench.view.notation.element(self.element)
            if self.bench.window.busy:
                said = self.bench.window.busy
            elif self.element.symbol in self.bench.moment.values:
                said = words.STOPPED
            else:
                said = words.NO_VALUE_HERE.format(element=name)
            return folded(said, width, "quiet")
        lines: list[Line] = [*told.arithmetic, *(told.unrolled if self.unroll else ())]
        count = len(told.factors)
        if count:
            lines += [Line(), text_line(words.MADE_OF, "title")]
        if count > MOST_FACTORS:
            lines += folded(words.SOME_FACTORS.format(most=MOST_FACTORS, count=count), width, "quiet")
        return lines

    def uses(self, width: int) -> Page:
        """Who uses it; before that, where it is unrolled and that does not stand above, the chain that it ends."""
        told = self.told(width)
        if told is None:
            return ()
        return told.uses if self.unroll else (*told.unrolled, *told.uses)

    @property
    def factors(self) -> Sequence[Element]:
        """What it is made of."""
        known = next(iter(self.known.values()), None)
        return (
            known.factors[:MOST_FACTORS]
            if known is not None and self.element.symbol in self.bench.moment.values
            else ()
        )

    def entries(self) -> Sequence[Row]:
        """The factors with their values, and what each is itself."""
        known = next(iter(self.known.values()), None)
        if known is None or self.bench.window.busy:
            return ()
        values, notation = self.bench.moment.values, self.bench.view.notation
        shown = [(each, known.explanation.read(each, values)) for each in self.factors if each.symbol in values]
        numbers = as_column([value for _, value in shown], width_of(self.bench.view.digits or 9))
        return [
            row(((notation.element(each), "label"),), f"= {number.rstrip()}", self._origin(each), key="text")
            for (each, _), number in zip(shown, numbers, strict=True)
        ]

    def _origin(self, element: Element) -> Pieces:
        """The formula of the step that wrote it; of what no step writes, what it is."""
        program, notation = self.bench.moment.program, self.bench.view.notation
        place = program.writers.get(element.symbol)
        if place is not None:
            return ((notation.formula(program.steps[place]), "quiet"),)
        return ((GIVEN.get(program.symbols[element.symbol].role, words.IS_GIVEN), "quiet"),)

    def title(self) -> str:
        """The way that leads here."""
        notation = self.bench.view.notation
        element = self.element
        return notation.sign(" › ").join(notation.element(each) for each in (*self.path[-3:-1], element))

    def open(self, place: int) -> str | None:
        """A factor's own explanation."""
        if not self.factors:
            raise Problem(words.NO_FACTORS)
        self.go_to(self.factors[place])
        return None

    def go_to(self, element: Element) -> None:
        """Explain another one."""
        self.path.append(element)
        pick(self.bench, element.symbol, element.index)
        if self.bench.drawer is not None:
            self.bench.drawer.chosen = self.bench.drawer.top = 0

    def back(self, place: int) -> str | None:
        """To what this is a factor of."""
        if len(self.path) > 1:
            self.path.pop()
            pick(self.bench, self.path[-1].symbol, self.path[-1].index)
        return None

    def unrolled(self, place: int) -> str | None:
        """The whole product on a line, and the chain rule; a second time, no longer."""
        self.unroll = not self.unroll
        told = self.told(self.width)
        if self.bench.drawer is not None:
            self.bench.drawer.top = 0
        return words.NOTHING_TO_UNROLL if self.unroll and told is not None and not told.unrolled else None


def nothing_to_explain(bench: Workbench) -> str | None:
    """The reason why no number can be explained."""
    element = picked(bench)
    return looking.NOTHING_PICKED if element is None or element.symbol not in bench.moment.values else None


def explain_picked(bench: Workbench) -> None:
    """Open the explanation of the picked element."""
    element = picked(bench)
    if element is None:
        return
    explaining = Explaining(bench, [element])
    acts = {"open": explaining.open, "back_up": explaining.back, "unroll": explaining.unrolled}
    bench.open(
        Drawer(
            "explain",
            explaining.title,
            explaining.page,
            explaining.entries,
            folding=(2,),
            after=explaining.uses,
            acts=acts,
            about=bench.view.notation.sign(words.KEYS),
            share=MUCH,
        )
    )
