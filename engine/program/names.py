"""The names of symbols and their elements: plain ASCII to type, mathematical signs to read, a scenario's own.

A scenario may give a symbol the name that its source uses (`net_h` for u1) and each element a label (`w5` for
W2[0,0]). Names of gradients and updated values follow: dnet_h, dw5, w5_next. All of them share one namespace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gradstep.engine.arrays import Array, Index, first_index, subscript, written
from gradstep.engine.errors import Problem, clipped, closest, one_line
from gradstep.engine.program.program import Program, Role, Symbol
from gradstep.engine.words import names as words

MOST_DIGITS = 18  # of an index; no array has more elements


@dataclass(frozen=True)
class Reference:
    """A whole symbol (index None) or one of its elements, as a typed name stands for it."""

    symbol: str
    index: Index | None = None

    def __str__(self) -> str:
        return self.symbol + subscript(self.index or ())

    def of(self, values: Mapping[str, Array]) -> Array | float:
        """What it stands for among the values of symbols."""
        array = values[self.symbol]
        return array if self.index is None else float(array[self.index])


class NameClash(Problem):
    """A name or label that something else already has; `key` is where in the scenario it was given."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


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
            _enter(known, f"names.{symbol}", name, Reference(symbol))
        for symbol, grid in self.labels.items():
            for index, label in grid.items():
                _enter(known, f"labels.{symbol}", label, Reference(symbol, index))
        own, labels = dict(self.own), dict(self.labels)
        for each in self.program.symbols.values():
            if not each.derived(""):
                continue
            if each.of in own and each.name not in own:
                own[each.name] = each.derived(own[each.of])
                known.setdefault(own[each.name], Reference(each.name))
            if each.of in labels and each.name not in labels and self._alike(each):
                labels[each.name] = {index: each.derived(label) for index, label in labels[each.of].items()}
                for index, label in labels[each.name].items():
                    known.setdefault(label, Reference(each.name, index))
        return known

    def resolve(self, text: str) -> Reference:
        """The reference that a typed symbol, name or label stands for; KeyError with a suggestion where it is none."""
        if text not in self.references:
            raise KeyError(one_line(words.NOT_A_NAME.format(text=clipped(text), hint=closest(text, self.references))))
        return self.references[text]

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
            example = (
                name.strip() + subscript(first_index(shape)) if shape and reference.index is None else name.strip()
            )
            raise KeyError(words.NOT_AN_ELEMENT.format(text=clipped(text), example=example))
        index = tuple(int(number) if len(number) < MOST_DIGITS else 10**MOST_DIGITS for number in numbers)
        if len(index) != len(shape) or any(i >= size for i, size in zip(index, shape, strict=True)):
            indices = clipped(inside.removesuffix("]"))
            if not shape:
                raise KeyError(words.IS_ONE_NUMBER.format(name=name.strip(), indices=indices))
            raise KeyError(words.NO_SUCH_ELEMENT.format(name=name.strip(), shape=written(shape), indices=indices))
        return Reference(reference.symbol, index)

    def typed(self, symbol: str) -> str:
        """A symbol as it is typed: by the scenario's name where it has one."""
        return self.own_name(symbol) or symbol

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
        return self._dressed(symbol, {})

    def dressed_own(self, symbol: str) -> str:
        """As `dressed`, in the scenario's own names: ∂E/∂out_h, W⁺; as `dressed` where it has none."""
        return self._dressed(symbol, self.own)

    def _dressed(self, symbol: str, own: Mapping[str, str]) -> str:
        if symbol in own:
            return own[symbol]
        known = self.program.symbols.get(symbol)
        if known is None:
            return symbol
        if known.sign and known.of not in own:
            return known.sign
        match known.role:
            case Role.GRADIENT | Role.TRUTH:
                return self.gradient(own.get(known.of, known.of))
            case Role.CONTRIBUTION:
                node = own.get(known.by, known.by) + ("" if known.use is None else f"_{known.use}")
                return words.BY_WAY_OF.format(gradient=self.gradient(own.get(known.of, known.of)), node=node)
        return self._following(known, self._dressed(known.of, own)) if known.of else symbol

    def label(self, symbol: str, index: Index) -> str:
        """The label of an element, given or that of the value it belongs to (∂E/∂w5); "" where there is none.

        Where the scenario names the symbol itself, its elements are called likewise: dz_1 of dZ, and no ∂E/∂z_1.
        """
        given = self.labels.get(symbol)
        if given is not None:
            return given.get(index, "")
        known = self.program.symbols[symbol]
        base = self.label(known.of, index) if known.derived("") and self._alike(known) else ""
        if not base:
            return ""
        if symbol in self.own:
            return known.derived(base) if self.own[symbol] == known.derived(self.own.get(known.of, known.of)) else ""
        return self.gradient(base) if known.role is Role.GRADIENT else self._following(known, base)

    def _alike(self, symbol: Symbol) -> bool:
        """Whether it has an element for each of what it belongs to."""
        return symbol.shape == self.program.symbols[symbol.of].shape

    def _following(self, symbol: Symbol, base: str) -> str:
        """A next value or a state as it is read, by the name of what it belongs to: W⁺, v_W; otherwise its own name."""
        match symbol.role:
            case Role.NEXT:
                return f"{base}⁺"
            case Role.STATE | Role.INTERMEDIATE:
                return symbol.derived(base)
        return symbol.name

    def gradient(self, name: str) -> str:
        """∂E/∂W1; in a graph without a loss, whose output's name may be long, just dW1."""
        return f"∂E/∂{name}" if self.program.has_loss else f"d{name}"


def _enter(known: dict[str, Reference], key: str, name: str, reference: Reference) -> None:
    if known.get(name, reference) != reference:
        raise NameClash(key, words.ALREADY_STANDS_FOR.format(name=name, other=known[name]))
    known[name] = reference
