"""The language of formulas: `h = tanh(x @ W1 + b1)`, in NumPy's notation, from a text to a tree.

It is the grammar of conditions with matrix products, `.T`, calls that are methods or have settings (`v.sum(axis=0)`),
and NumPy's own spellings, so that a line of somebody's script can be pasted. Nothing is executed: a function is a name
of a table that the caller hands in, and what may follow a point is `T` or such a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from gradstep.engine.errors import closest, quoted
from gradstep.engine.language.syntax import (
    CONSTANTS,
    INFIX,
    INNER,
    MARKS,
    MAX_LENGTH,
    NUMBER,
    Binding,
    ExpressionError,
    Parser,
    Setting,
    SyntaxNode,
    Token,
    check_depth,
)
from gradstep.engine.words import formulas as words
from gradstep.engine.words import phrases

MODULES = ("np", "numpy", "math")  # what stands before a point and a function, as in np.exp, and says nothing
SUBMODULES = ("random",)  # what may stand between the two, as in np.random.randn
METHODS = {"flatten": "ravel"}  # what is another function behind a point: as one of layers, it keeps the rows
MEANT = {
    "σ": "sigmoid",
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "Σ": "sum",
    "ln": "log",
}  # what sheets of paper have
ROWS = "N"  # how the number of the rows is written
NAME = re.compile(rf"[^\W\d]\w*(?:{INNER.pattern})*")


@dataclass(frozen=True)
class Signature:
    """What a function takes. operands: how many arrays; None for a list of them. settings: by name, in their order.

    rest: the last setting takes all that follows, as in v.reshape(2, 3).
    named: operands that may be given by name, too, or left out, each with the number that it is then.
    lists: operands may be lists, as in array([[1, 2], [3, 4]]).
    reals: settings that are any number, not whole ones. counts: settings that may have the number of rows in them, N.
    """

    operands: tuple[int, ...] | None = (1,)
    settings: tuple[str, ...] = ()
    rest: bool = False
    named: tuple[tuple[str, float], ...] = ()
    lists: bool = False
    reals: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()


class FormulaParser(Parser):
    """The parser of conditions, with what formulas have more. known: the functions by name."""

    LEXEME = re.compile(rf"{NUMBER}|(?P<mark>@|\.|=(?!=)|{MARKS})")
    INFIX: ClassVar[Mapping[str, Binding]] = {
        **{sign: binding for sign, binding in INFIX.items() if binding.rule != "logic"},
        "@": INFIX["*"],
    }
    CONSTANTS: ClassVar[Mapping[str, float | bool]] = {**CONSTANTS, "True": True, "False": False}

    def __init__(self, text: str, known: Mapping[str, Signature], offset: int = 0) -> None:
        super().__init__(text, {}, offset)
        self.known = known

    def token_at(self, offset: int) -> Token:
        rest = self.text[offset:].lstrip()
        if rest[:1] in ("'", '"'):
            raise ExpressionError(self.text, len(self.text) - len(rest), words.NO_TEXTS)
        return super().token_at(offset)

    def named(self, token: Token) -> SyntaxNode:
        if token.text in MODULES and self.token.text == ".":
            self.advance()
            if self.token.kind != "name":
                raise self.expected(words.A_FUNCTION)
            name = self.advance()
            if name.text in SUBMODULES and self.accept("."):
                name = self.advance()
            if name.text == "pi":
                return SyntaxNode(self.text, token.offset, "constant", value=3.141592653589793)
            if self.token.text != "(" and name.text in self.known:
                raise self.expected('"("')
            if self.token.text != "(":
                raise self.error(name, words.NO_FUNCTION_OF_MODULE.format(name=quoted(f"{token.text}.{name.text}")))
            return self.called(name, [])
        if self.token.text == "(":
            return self.called(token, [])
        return super().named(token)

    def attribute(self, tree: SyntaxNode) -> SyntaxNode:
        """What follows a point: T, or a function of what stands before it."""
        self.advance()
        if self.token.kind != "name":
            raise self.expected(words.T_OR_FUNCTION)
        name = self.advance()
        if name.text == "T":
            return SyntaxNode(self.text, tree.offset, "transpose", (tree,), settings=(("axes", None),))
        if self.token.text != "(":
            raise self.error(name, words.NO_ATTRIBUTE.format(name=quoted(name.text)))
        function = name._replace(text=METHODS.get(name.text, name.text))
        return replace(self.called(function, [tree]), offset=tree.offset)

    def called(self, name: Token, given: list[SyntaxNode]) -> SyntaxNode:
        """A call of a function; `given` is what stands before the point."""
        if name.text not in self.known:
            if callable(getattr(np, name.text, None)) or callable(getattr(np.linalg, name.text, None)):
                raise self.error(name, words.FUNCTION_OF_NUMPY.format(name=quoted(name.text)))
            hint = closest(MEANT.get(name.text, name.text), self.known)
            raise self.error(name, words.NO_FUNCTION.format(name=quoted(name.text), hint=hint))
        signature = self.known[name.text]
        self.expect("(")
        settings: dict[str, Setting] = {}
        named: dict[str, SyntaxNode] = {}
        while self.token.text != ")":
            here = self.token
            argument = self.argument()
            if argument.rule == "name" and self.accept("="):
                setting, operands = str(argument.value), [each for each, _ in signature.named]
                known = (*operands, *signature.settings)
                if setting in settings or setting in named:
                    raise self.error(here, words.GIVEN_TWICE.format(setting=quoted(setting)))
                if setting not in known:
                    listed = phrases.OR.join(known) or words.NONE
                    reason = words.NO_SETTING.format(function=name.text, setting=quoted(setting), known=listed)
                    raise self.error(here, reason)
                if setting in operands:
                    named[setting] = self.argument()
                else:
                    settings[setting] = self.setting(signature, setting, self.argument())
            else:
                given.append(argument)
            self.comma_or(")")
        self.expect(")")
        return self.bound(name, signature, self.completed(name, signature, given, named), settings)

    def completed(
        self, name: Token, signature: Signature, given: list[SyntaxNode], named: dict[str, SyntaxNode]
    ) -> list[SyntaxNode]:
        """What was given, with the operands that have names in their places, and the numbers of those left out."""
        if not signature.named:
            return given
        before = given[: len(signature.named)]
        for setting, _ in signature.named[: len(before)]:
            if setting in named:
                raise named[setting].error(words.GIVEN_TWICE.format(setting=quoted(setting)))
        for setting, number in signature.named[len(before) :]:
            usual = SyntaxNode(self.text, name.offset, "constant", value=number)
            before.append(named.get(setting, usual))
        return [*before, *given[len(signature.named) :]]

    def bound(
        self, name: Token, signature: Signature, given: list[SyntaxNode], settings: dict[str, Setting]
    ) -> SyntaxNode:
        """The call's operands and settings; what stands behind the operands are settings in their order."""
        if signature.operands is None:
            listed = bool(given) and given[0].rule == "tuple"
            operands = [*given[0].operands] if listed else []
            most = 1
        else:
            most = max(signature.operands)
            operands = given[:most]
        fits = len(operands) in signature.operands if signature.operands is not None else bool(operands)
        if not fits:
            expected = words.A_LIST if signature.operands is None else phrases.OR.join(map(str, signature.operands))
            reason = words.TAKES_OPERANDS(len(operands), function=name.text, expected=expected)
            raise self.error(name, reason)
        wrong = next((each for each in operands if each.rule == "tuple"), None)
        if wrong is not None and not signature.lists:
            raise wrong.error(words.A_LIST_IS_NO_ARRAY)
        behind = given[most:]
        if signature.rest and len(behind) > 1:
            behind = [SyntaxNode(self.text, behind[0].offset, "tuple", tuple(behind))]
        for setting, argument in zip(signature.settings, behind, strict=False):
            if setting in settings:
                raise argument.error(words.GIVEN_TWICE.format(setting=quoted(setting)))
            settings[setting] = self.setting(signature, setting, argument)
        if len(behind) > len(signature.settings):
            reason = words.TOO_MANY_ARGUMENTS(most + len(signature.settings), function=name.text)
            raise behind[len(signature.settings)].error(reason)
        return SyntaxNode(self.text, name.offset, name.text, tuple(operands), settings=tuple(settings.items()))

    def argument(self) -> SyntaxNode:
        """An expression, or a list of some in brackets."""
        if self.token.text == "[":
            opened = self.advance()
            return self.listed(opened, "]", [])
        return self.expression()

    def bracketed(self, opened: Token) -> SyntaxNode:
        if self.token.text == ")":
            raise self.expected(words.A_VALUE)
        first = self.expression()
        if self.token.text == ",":
            self.advance()
            return self.listed(opened, ")", [first])
        self.expect(")")
        return first

    def comma_or(self, closing: str) -> None:
        """A comma is next, which is read, or a closing bracket."""
        if self.token.text != closing and not self.accept(","):
            raise self.expected(phrases.OR.join(('","', f'"{closing}"')))

    def listed(self, opened: Token, closing: str, items: list[SyntaxNode]) -> SyntaxNode:
        while self.token.text != closing:
            items.append(self.argument())
            self.comma_or(closing)
        self.expect(closing)
        return SyntaxNode(self.text, opened.offset, "tuple", tuple(items))

    def setting(self, signature: Signature, name: str, node: SyntaxNode) -> Setting:
        """What a setting is given."""
        return self.real(node) if name in signature.reals else self.literal(node, rows=name in signature.counts)

    def real(self, node: SyntaxNode) -> float:
        """A number, perhaps with a minus before it."""
        sign, inner = 1.0, node
        if node.rule == "sign":
            sign = -1.0 if node.operators[0] == "-" else 1.0
            (inner,) = node.operands
        if inner.rule != "constant" or isinstance(inner.value, bool | str) or inner.value is None:
            raise node.error(words.A_NUMBER)
        return sign * float(inner.value)

    def literal(self, node: SyntaxNode, *, rows: bool = False) -> Setting:
        """A setting: a whole number, True or False, None, or several whole numbers; rows: or N, as a text."""
        if node.rule == "tuple":
            return tuple(self.size(each) if rows else self.whole(each) for each in node.operands)
        if node.rule == "name" and node.value == "None":
            return None
        if node.rule == "constant" and isinstance(node.value, bool):
            return node.value
        return self.size(node) if rows else self.whole(node)

    def size(self, node: SyntaxNode) -> int | str:
        """A whole number, or the number of the rows."""
        return ROWS if node.rule == "name" and node.value == ROWS else self.whole(node)

    def whole(self, node: SyntaxNode) -> int:
        sign = 1
        at = node
        if node.rule == "sign":
            sign = -1 if node.operators[0] == "-" else 1
            (node,) = node.operands
        if node.rule != "constant" or not isinstance(node.value, float) or not node.value.is_integer():
            raise at.error(words.A_WHOLE_NUMBER)
        return sign * int(node.value)

    READ: ClassVar[Mapping[str, Callable[..., SyntaxNode]]] = {**Parser.READ, "name": named, "(": bracketed}
    AFTER: ClassVar[Mapping[str, Callable[..., SyntaxNode]]] = {**Parser.AFTER, ".": attribute}


@dataclass(frozen=True)
class Line:
    """name = formula."""

    name: str
    formula: SyntaxNode


def parse_formula(text: str, known: Mapping[str, Signature], offset: int = 0) -> SyntaxNode:
    """The tree of a formula, which begins at `offset`. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(text, MAX_LENGTH, words.TOO_LONG.format(most=MAX_LENGTH, found=len(text)))
    parser = FormulaParser(text, known, offset)
    tree = parser.expression()
    if tree.rule == "tuple":
        raise tree.error(words.A_LIST_IS_NO_ARRAY)
    if parser.token.kind != "end":
        raise parser.expected(words.AN_OPERATOR)
    check_depth(tree)
    return tree


def parse_line(text: str, known: Mapping[str, Signature]) -> Line:
    """A line `name = formula`. Raises ExpressionError."""
    name, mark, _ = text.partition("=")
    offset = len(name) - len(name.lstrip())
    if not mark or text[len(name) :].startswith("==") or not NAME.fullmatch(name.strip()):
        raise ExpressionError(text, offset, words.NO_LINE)
    return Line(name.strip(), parse_formula(text, known, len(name) + 1))
