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

from gradstep.engine.errors import closest, quoted
from gradstep.engine.language.syntax import (
    CONSTANTS,
    INFIX,
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
METHODS = {"flatten": "ravel"}  # what is another function behind a point: as one of layers, it keeps the rows
MOST_AXES = 4


@dataclass(frozen=True)
class Signature:
    """What a function takes. operands: how many arrays; None for a list of them. settings: by name, in their order.

    rest: the last setting takes all that follows, as in v.reshape(2, 3).
    """

    operands: tuple[int, ...] | None = (1,)
    settings: tuple[str, ...] = ()
    rest: bool = False


class FormulaParser(Parser):
    """The parser of conditions, with what formulas have more. known: the functions by name."""

    LEXEME = re.compile(rf"{NUMBER}|(?P<mark>@|\.|=(?!=)|{MARKS})")
    INFIX: ClassVar[Mapping[str, Binding]] = {
        **{sign: binding for sign, binding in INFIX.items() if binding.rule != "logic"},
        "@": INFIX["*"],
    }
    CONSTANTS: ClassVar[Mapping[str, float | bool]] = {**CONSTANTS, "True": True, "False": False}
    MOST_AXES = MOST_AXES

    def __init__(self, text: str, known: Mapping[str, Signature], offset: int = 0) -> None:
        super().__init__(text, {}, offset)
        self.known = known

    def named(self, token: Token) -> SyntaxNode:
        if token.text in MODULES and self.token.text == ".":
            self.advance()
            if self.token.kind != "name":
                raise self.expected(words.A_FUNCTION)
            name = self.advance()
            if name.text == "pi":
                return SyntaxNode(self.text, token.offset, "constant", value=3.141592653589793)
            if self.token.text != "(":
                raise self.error(name, words.NO_FUNCTION_OF_MODULE.format(module=token.text, name=quoted(name.text)))
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
            hint = closest(name.text, self.known)
            raise self.error(name, words.NO_FUNCTION.format(name=quoted(name.text), hint=hint))
        signature = self.known[name.text]
        self.expect("(")
        settings: dict[str, Setting] = {}
        while self.token.text != ")":
            here = self.token
            argument = self.argument()
            if argument.rule == "name" and self.accept("="):
                setting = str(argument.value)
                if setting not in signature.settings or setting in settings:
                    known = phrases.OR.join(signature.settings) or words.NONE
                    reason = words.NO_SETTING.format(function=name.text, setting=quoted(setting), known=known)
                    raise self.error(here, reason)
                settings[setting] = self.literal(self.argument())
            else:
                given.append(argument)
            if self.token.text != ")":
                self.expect(",")
        self.expect(")")
        return self.bound(name, signature, given, settings)

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
        if not operands or (signature.operands is not None and len(operands) not in signature.operands):
            expected = words.A_LIST if signature.operands is None else phrases.OR.join(map(str, signature.operands))
            reason = words.TAKES_OPERANDS(len(operands), function=name.text, expected=expected)
            raise self.error(name, reason)
        wrong = next((each for each in operands if each.rule == "tuple"), None)
        if wrong is not None:
            raise wrong.error(words.A_LIST_IS_NO_ARRAY)
        behind = given[most:]
        if signature.rest and len(behind) > 1:
            behind = [SyntaxNode(self.text, behind[0].offset, "tuple", tuple(behind))]
        for setting, argument in zip(signature.settings, behind, strict=False):
            if setting in settings:
                raise argument.error(words.GIVEN_TWICE.format(setting=quoted(setting)))
            settings[setting] = self.literal(argument)
        if len(behind) > len(signature.settings):
            raise behind[len(signature.settings)].error(words.TOO_MANY_ARGUMENTS.format(function=name.text))
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

    def listed(self, opened: Token, closing: str, items: list[SyntaxNode]) -> SyntaxNode:
        while self.token.text != closing:
            items.append(self.argument())
            if self.token.text != closing:
                self.expect(",")
        self.expect(closing)
        return SyntaxNode(self.text, opened.offset, "tuple", tuple(items))

    def literal(self, node: SyntaxNode) -> Setting:
        """A setting: a whole number, True or False, None, or several whole numbers."""
        if node.rule == "tuple":
            return tuple(self.whole(each) for each in node.operands)
        if node.rule == "name" and node.value == "None":
            return None
        if node.rule == "constant" and isinstance(node.value, bool):
            return node.value
        return self.whole(node)

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
    if not mark or text[len(name) :].startswith("==") or not name.strip().isidentifier():
        raise ExpressionError(text, offset, words.NO_LINE)
    return Line(name.strip(), parse_formula(text, known, len(name) + 1))
