"""One number explained: its arithmetic, and its factors to be opened in turn, down to what is given, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from gradstep.engine.analysis.explain import ExplainError, element_at
from gradstep.engine.arrays import first_index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Reference
from gradstep.engine.program.program import Role
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages.explanation import Told, tell
from gradstep.tui.text.notation import Notation, as_typed
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.page import Line
from gradstep.tui.widgets.entries import Entries
from gradstep.tui.widgets.sheet import Sheet
from gradstep.tui.words import dialogs as words

MOST_FACTORS = 500  # that can be opened from one place


def _such_as(timeline: Timeline) -> str:
    """An example of what can be typed: an element of a gradient (a parameter's, if there is), a label or the loss."""
    names, symbols = timeline.names, timeline.program.symbols
    gradients = [symbol for symbol in symbols.values() if symbol.role is Role.GRADIENT]
    gradient = next((g for g in gradients if symbols[g.of].role is Role.PARAMETER), gradients[0])
    element = Reference(gradient.name, first_index(gradient.shape))
    labels = names.labels.get(gradient.of) or next(iter(names.labels.values()), {})
    name = next(iter(labels.values()), timeline.program.loss)
    return words.ELEMENT_SUCH_AS.format(element=element, name=name)


class ExplainScreen(ModalScreen[Element | None]):
    """Gives the element that was looked at last."""

    AUTO_FOCUS = ""  # a line that is not shown must not get the keys
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x,q", "leave", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("enter", "open", show=False),
        Binding("backspace,left", "back", show=False),
        Binding("right", "open", show=False),
        Binding("u", "unroll", show=False),
        Binding("slash", "ask", show=False),
        Binding("pageup", "scroll(-8)", show=False, priority=True),
        Binding("pagedown", "scroll(8)", show=False, priority=True),
    ]

    def __init__(self, timeline: Timeline, element: Element, notation: Notation, digits: int) -> None:
        super().__init__()
        self._timeline = timeline
        self._notation = notation
        self._digits = digits or 9
        self._path = [element]
        self._unroll = False
        self._told: Told | None = None

    def compose(self) -> ComposeResult:
        """The explanation, the factors, a line to type in, what the keys do."""
        with Vertical(classes="panel dialog", id="explain"):
            yield Sheet(id="explanation")
            yield Static(words.FACTORS, id="factors-heading", markup=False)
            yield Entries("factors")
            yield Input(placeholder=_such_as(self._timeline), id="filter", compact=True)
            yield Static("", id="answer", markup=False)
            yield Static(words.EXPLAIN_KEYS, id="open-keys", markup=False)

    def on_mount(self) -> None:
        """The first element."""
        self.query_one(Sheet).can_focus = False
        self.query_one(Input).display = False
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self._show)

    def _show(self, place: int | None = None) -> None:
        """The element at the path's end, and the factor that is chosen then, by default that of the same place."""
        element, sheet = self._path[-1], self.query_one(Sheet)
        width = max(20, sheet.scrollable_content_region.width)
        self._told = tell(self._timeline, element, self._notation, width, digits=self._digits, unroll=self._unroll)
        sheet.show(self._told.lines)
        sheet.scroll_to(0, 0, animate=False)
        path = self._notation.sign(" › ").join(self._notation.element(each) for each in self._path[-4:])
        self.query_one("#explain").border_title = words.EXPLAINED.format(path=path, position=self._timeline.position)
        read, values = self._told.explanation.read, self._timeline.values()
        factors, choices = self._told.factors, self.query_one(Entries)
        numbers = ((factor, plain_number(read(factor, values), self._digits)) for factor in factors[:MOST_FACTORS])
        choices.fill([Text(f"{self._notation.element(factor)} = {number}") for factor, number in numbers], place)
        choices.display = self.query_one("#factors-heading").display = bool(factors)
        if len(factors) > MOST_FACTORS:
            self._say(words.SOME_FACTORS.format(most=MOST_FACTORS, count=len(factors)))

    def _say(self, text: str) -> None:
        self.query_one("#answer", Static).update(Text(text))

    def action_move(self, by: int) -> None:
        """Up and down the factors."""
        self.query_one(Entries).move(by)

    def action_scroll(self, by: int) -> None:
        """Up and down a long explanation."""
        self.query_one(Sheet).scroll_relative(y=by, animate=False)

    def action_open(self) -> None:
        """The chosen factor's own explanation."""
        place = self.query_one(Entries).highlighted
        if self._told is None or place is None or not self._told.factors:
            self._say(words.NO_FACTORS)
            return
        self._go_to(self._told.factors[place])

    def _go_to(self, element: Element) -> None:
        self._say("")
        self._path.append(element)
        self._show(0)

    def action_back(self) -> None:
        """To what this is a factor of."""
        if len(self._path) > 1:
            came_from = self._path.pop()
            self._say("")
            self._show(0)
            factors = self._told.factors[:MOST_FACTORS] if self._told else ()
            self.query_one(Entries).move(factors.index(came_from) if came_from in factors else 0)

    def action_unroll(self) -> None:
        """The whole product on a line, and the chain rule, brought into view; a second time, no longer."""
        before = self._told.lines if self._told else ()
        self._unroll = not self._unroll
        self._say("")
        self._show()
        if self._unroll and self._told is not None:
            if [line.pieces for line in self._told.lines] == [line.pieces for line in before]:
                self._say(words.NOTHING_TO_UNROLL)
            self._reveal_new(before, self._told.lines)

    def _reveal_new(self, before: Sequence[Line], lines: Sequence[Line]) -> None:
        """Scroll so that the lines that are new begin at the top, unless all of them are in view already.

        The heading is the first that differs: the blank line before it stood before something else.
        """
        same = takewhile(lambda pair: pair[0].pieces == pair[1].pieces, zip(before, lines, strict=False))
        first, count = sum(1 for _ in same), len(lines) - len(before)
        sheet = self.query_one(Sheet)
        if count and first - 1 + count > sheet.scrollable_content_region.height:
            sheet.scroll_to(0, first, animate=False, force=True)  # its scroll bar may be still to come

    def action_ask(self) -> None:
        """Type an element."""
        line = self.query_one(Input)
        line.display = True
        line.value = ""
        line.focus()

    def action_leave(self) -> None:
        """Close the line to type in, or the explanation."""
        line = self.query_one(Input)
        if line.display:
            line.display = False
            self.set_focus(None)
            return
        self.dismiss(self._path[-1])

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        try:
            element = element_at(self._timeline, as_typed(event.value.strip(), self._timeline.names))
        except (KeyError, ExplainError) as error:
            self._say(str(error.args[0]))
            return
        event.input.display = False
        self.set_focus(None)
        self._go_to(element)
