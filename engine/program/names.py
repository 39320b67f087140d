"""What symbols and their elements are called: plain ASCII to type, mathematical dress to read, a scenario's own.

A scenario may give a symbol the name that its source uses (`net_h` for u1) and each element a label (`w5` for
W2[0,0]). Names of gradients and updated values follow: dnet_h, dw5, w5_next. All of them share one namespace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gradstep.engine.arrays import Index, index_text, written
from gradstep.engine.errors import clipped, closest
from gradstep.engine.program.program import Program, Symbol
from gradstep.engine.words import names as words

MOST_DIGITS = 18  # of an index; no array has more elements

GREEK = {"delta": "δ", "learning_rate": "η"}


@dataclass(frozen=True)
class Reference:
    """What a typed name stands for: a whole symbol (index None) or one of its elements."""

    symbol: str
    index: Index | None = None

    def __str__(self) -> str:
        return self.symbol + index_text(self.index or ())


class NameClash(ValueError):
    """A name or label that something else already has; `table` and `symbol` say where it was given."""

    def __init__(self, table: str, symbol: str, message: str) -> None:
        super().__init__(message)
        self.table = table
        self.symbol = symbol


@dataclass(frozen=True, eq=False)
class Names:
    """The names of one program's symbols. own: symbol → its source's name. labels: symbol → index → label."""

    program: Program
    own: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[Index, str]] = field(default_factory=dict)

    @cached_property
    def references(self) -> Mapping[str, Reference]:
        """Everything that can be typed, and what it stands for. Raises NameClash."""
        known = {name: Reference(name) for name in self.program.symbols}
        for symbol, name in self.own.items():
            _enter(known, "names", symbol, name, Reference(symbol))
        for symbol, grid in self.labels.items():
            for index, label in grid.items():
                _enter(known, "labels", symbol, label, Reference(symbol, index))
        for derived in self.program.symbols.values():
            if derived.role not in ("gradient", "next"):
                continue
            if derived.of in self.own and derived.name not in self.own:
                known.setdefault(_derived(derived, self.own[derived.of]), Reference(derived.name))
            if derived.name not in self.labels:
                for index, label in self.labels.get(derived.of, {}).items():
                    known.setdefault(_derived(derived, label), Reference(derived.name, index))
        return known

    def resolve(self, text: str) -> Reference:
        """What a typed symbol, name or label stands for; KeyError with a suggestion where it is none."""
        try:
            return self.references[text]
        except KeyError:
            hint = closest(text, self.references)
            raise KeyError(words.NOT_A_NAME.format(text=text, hint=hint)) from None

    def element(self, text: str) -> Reference:
        """As `resolve`, also of a symbol with an index: W2[0,1]. KeyError where it is nothing or out of range."""
        name, bracket, inside = text.strip().partition("[")
        if not bracket:
            return self.resolve(text.strip())
        reference = self.resolve(name.strip())
        numbers = inside.removesuffix("]").split(",")
        shape = self.program.symbols[reference.symbol].shape
        counted = all(number.strip().isdecimal() for number in numbers)
        if reference.index is not None or not inside.endswith("]") or not counted:
            raise KeyError(words.NOT_AN_ELEMENT.format(text=text[:60]))
        index = tuple(int(number) if len(number) < MOST_DIGITS else 10**MOST_DIGITS for number in numbers)
        if len(index) != len(shape) or any(i >= size for i, size in zip(index, shape, strict=True)):
            indices = clipped(inside.removesuffix("]"))
            if not shape:
                raise KeyError(words.IS_ONE_NUMBER.format(name=name.strip(), indices=indices))
            raise KeyError(words.NO_SUCH_ELEMENT.format(name=name.strip(), shape=written(shape), indices=indices))
        return Reference(reference.symbol, index)

    def own_name(self, symbol: str) -> str | None:
        """The scenario's name for a symbol, given or derived."""
        return self._own_names.get(symbol)

    @cached_property
    def _own_names(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for text, reference in self.references.items():
            if reference.index is None and text != reference.symbol:
                found.setdefault(reference.symbol, text)
        return found

    def dressed(self, symbol: str) -> str:
        """A symbol as it is read: δ2, ∂E/∂W1, W1⁺, η."""
        known = self.program.symbols.get(symbol)
        if known is None:
            return symbol
        if known.role == "gradient" and not symbol.startswith("delta"):
            return self._gradient(known.of)
        if known.role == "contribution":
            return words.BY_WAY_OF.format(gradient=self._gradient(known.of), node=_user(symbol))
        if known.role == "next":
            return f"{known.of}⁺"
        return re.sub(r"^(delta|learning_rate)(?=\d*$)", lambda match: GREEK[match[1]], symbol)

    def dressed_own(self, symbol: str) -> str:
        """As `dressed`, in the scenario's own names: ∂E/∂out_h, W⁺; as `dressed` where it has none."""
        if symbol in self.own:
            return self.own[symbol]
        known = self.program.symbols.get(symbol)
        if known is not None and known.role == "contribution":
            of, node = (self.own.get(name, name) for name in (known.of, _user(symbol)))
            return words.BY_WAY_OF.format(gradient=self._gradient(of), node=node)
        if known is None or known.of not in self.own:
            return self.dressed(symbol)
        if known.role == "next":
            return f"{self.own[known.of]}⁺"
        if known.role == "gradient":
            return self._gradient(self.own[known.of])
        return self.dressed(symbol)

    def label(self, symbol: str, index: Index) -> str:
        """The label of an element, given or that of the value it belongs to (∂E/∂w5); "" where there is none."""
        given = self.labels.get(symbol)
        if given is not None:
            return given.get(index, "")
        known = self.program.symbols[symbol]
        base = self.labels.get(known.of, {}).get(index, "") if known.of else ""
        if not base:
            return ""
        if known.role == "next":
            return f"{base}⁺"
        return self._gradient(base) if known.role == "gradient" else ""

    def _gradient(self, name: str) -> str:
        """∂E/∂W1; in a graph without a loss, whose output's name may be long, just dW1."""
        return f"∂E/∂{name}" if self.program.loss == "E" else f"d{name}"


def _user(contribution: str) -> str:
    """The node that sends a contribution back."""
    return contribution.partition("_from_")[2]


def _derived(symbol: Symbol, name: str) -> str:
    return f"{name}_next" if symbol.role == "next" else f"d{name}"


def _enter(known: dict[str, Reference], table: str, symbol: str, name: str, reference: Reference) -> None:
    if known.get(name, reference) != reference:
        raise NameClash(table, symbol, words.ALREADY_STANDS_FOR.format(name=name, other=known[name]))
    known[name] = reference
