"""The grammar of what is typed: from a text to a frozen tree. It is that of conditions; formulas.py has more.

A text is cut into tokens and parsed by precedence, which is Python's, chained comparisons included. Length and
nesting are bounded. What the tree means, and which functions there are, stands in conditions.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile
from typing import ClassVar, NamedTuple, TypeAlias

from gradstep.engine.arrays import MOST_DIMENSIONS
from gradstep.engine.errors import Problem, one_line, quoted
from gradstep.engine.words import conditions as words
from gradstep.engine.words import phrases

Setting: TypeAlias = (
    bool | int | float | str | tuple[int | str, ...] | None
)  # of a call, such as axis=0; ROWS is a text
Key: TypeAlias = int | tuple[int | None, int | None, int | None]  # one axis: an index, or start, stop, step

MAX_LENGTH = 1_000
MAX_DEPTH = 50
MAX_DIGITS = 9  # of an index
SHOWN, SHOWN_BEFORE = 100, 60  # characters of a text that an error repeats, and of those before the place that is meant


class ExpressionError(Problem):
    """An expression that cannot be read or has no value; `str` is one line, its column counted from 1."""

    def __init__(self, text: str, offset: int, reason: str) -> None:
        super().__init__()
        self.args = (text, offset, reason)  # the line is made where it is read: many are raised and forgotten
        self.text, self.offset, self.reason = text, offset, reason

    def __str__(self) -> str:
        line = self.reason
        if self.text:
            text = _around(self.text, self.offset)
            line = words.AT_COLUMN.format(text=text, reason=self.reason, column=self.offset + 1)
        return one_line(line)


class MissingValueError(ExpressionError):
    """Nothing is wrong with the expression: a name has no value here, or there is no earlier iteration."""


def _around(text: str, offset: int) -> str:
    """The part of a text that an error is about, in quotes; all of it where it is short."""
    begin = max(0, min(offset - SHOWN_BEFORE, len(text) - SHOWN)) if len(text) > SHOWN else 0
    part = f"{'…' if begin else ''}{text[begin : begin + SHOWN]}{'…' if begin + SHOWN < len(text) else ''}"
    return quoted(part, SHOWN + 2)


@dataclass(frozen=True)
class SyntaxNode:
    """A node of the tree; `text` is the whole expression, `offset` where this part of it starts.

    Operands joined by operators that bind alike are one node: five hundred terms are no deeper than two.
    """

    text: str = field(repr=False)
    offset: int
    rule: str  # a row of _RULES: what kind of node it is, or the function that is called
    operands: tuple[SyntaxNode, ...] = ()
    operators: tuple[str, ...] = ()  # those between the operands, or a sign
    keys: tuple[Key, ...] = ()  # of an index
    settings: tuple[tuple[str, Setting], ...] = ()  # of a call: by name
    value: float | bool | str = math.nan  # of a constant; a name's spelling

    def error(self, reason: str, kind: type[ExpressionError] = ExpressionError) -> ExpressionError:
        """The error to raise when something is wrong here."""
        return kind(self.text, self.offset, reason)


def nodes(tree: SyntaxNode, *, outside: str = "") -> Iterator[SyntaxNode]:
    """The nodes of a tree, in no order that counts; but not those inside a call of the function `outside`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.rule != outside:
            waiting.extend(node.operands)
        yield node


def check_depth(tree: SyntaxNode) -> None:
    """ExpressionError where it is nested too deeply; brackets are counted as they are read, the rest here."""
    level: tuple[SyntaxNode, ...] = (tree,)
    for _ in range(MAX_DEPTH + 1):
        level = tuple(operand for node in level for operand in node.operands)
        if not level:
            return
    raise level[0].error(words.TOO_DEEP.format(most=MAX_DEPTH))


class Binding(NamedTuple):
    rule: str
    left: int  # how tightly the operator holds what stands to its left
    right: int  # and how tightly operators must bind to belong to its right operand


INFIX: Mapping[str, Binding] = {
    "or": Binding("logic", 1, 2),
    "and": Binding("logic", 2, 3),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), Binding("comparison", 4, 5)),
    **dict.fromkeys("+-", Binding("arithmetic", 5, 6)),
    **dict.fromkeys("*/", Binding("arithmetic", 6, 7)),
    "**": Binding("arithmetic", 8, 8),
}
_PREFIX: Mapping[str, Binding] = {"not": Binding("not", 3, 3), **dict.fromkeys("+-", Binding("sign", 8, 8))}
_KEYWORDS = ("and", "or", "not")
CONSTANTS: Mapping[str, float | bool] = {"true": True, "false": False, "nan": math.nan, "inf": math.inf}
INNER = re.compile(r"\.[0-9]\w*")  # of the name of a step within a line: h.1
NUMBER = r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
TEXT = r"(?P<text>'[^']*'|\"[^\"]*\")"
MARKS = r"\*\*|[=!<>]=|[-+*/<>()\[\],:]"
# What people write in other languages, or copy from a formula on the screen.
_MEANT = {"=": "==", "^": "**", "!": "not", "&": "and", "|": "or", "−": "-", "×": "*", "÷": "/"}
ACROSS_ITERATIONS = ("prev", "changed")  # neither stands within another


class Token(NamedTuple):
    kind: str  # number, text, name, mark (operators, brackets, keywords) or end
    text: str
    offset: int


class Parser:
    """Precedence climbing. token: the first not read, so the leftmost error is found; arities: of known functions."""

    LEXEME: ClassVar[re.Pattern[str]] = re.compile(f"{NUMBER}|{TEXT}|(?P<mark>{MARKS})")
    INFIX: ClassVar[Mapping[str, Binding]] = INFIX
    CONSTANTS: ClassVar[Mapping[str, float | bool]] = CONSTANTS
    MOST_AXES: ClassVar[int] = MOST_DIMENSIONS

    def __init__(self, text: str, arities: Mapping[str, tuple[int, ...]], offset: int = 0) -> None:
        self.text = text
        self.arities = arities
        self.token = self.token_at(offset)
        self.depth = 0

    def token_at(self, offset: int) -> Token:
        """The first token at or after the offset."""
        rest = self.text[offset:].lstrip()
        offset = len(self.text) - len(rest)
        if not rest:
            return Token("end", "", offset)
        if found := self.LEXEME.match(rest):
            return Token(str(found.lastgroup), found.group(), offset)
        if rest[0].isidentifier():
            name = "".join(takewhile(lambda c: f"_{c}".isidentifier(), rest))
            while inner := INNER.match(rest, len(name)):
                name += inner.group()
            return Token("mark" if name in _KEYWORDS else "name", name, offset)
        if rest[0] in "'\"":
            raise ExpressionError(self.text, offset, words.NOT_CLOSED.format(sign=rest[0]))
        hint = phrases.DID_YOU_MEAN.format(name=_MEANT[rest[0]]) if rest[0] in _MEANT else ""
        raise ExpressionError(self.text, offset, words.CANNOT_READ.format(sign=rest[0], hint=hint))

    def error(self, token: Token, reason: str) -> ExpressionError:
        return ExpressionError(self.text, token.offset, reason)

    def expected(self, what: str) -> ExpressionError:
        found = quoted(self.token.text) if self.token.text else words.THE_END
        return self.error(self.token, words.EXPECTED.format(what=what, found=found))

    def advance(self) -> Token:
        token = self.token
        self.token = self.token_at(token.offset + len(token.text))
        return token

    def accept(self, mark: str) -> bool:
        return self.token.text == mark and bool(self.advance())

    def expect(self, mark: str) -> None:
        if not self.accept(mark):
            raise self.expected(f'"{mark}"')

    def expression(self, least: int = 0) -> SyntaxNode:
        """An operand, and all operators after it that bind at least that tightly."""
        if self.depth > MAX_DEPTH:
            raise self.error(self.token, words.TOO_DEEP.format(most=MAX_DEPTH))
        self.depth += 1
        left = self.operand(least)
        while (infix := self.INFIX.get(self.token.text)) and infix.left >= least:
            left = self.chain(left, infix)
        self.depth -= 1
        return left

    def chain(self, first: SyntaxNode, infix: Binding) -> SyntaxNode:
        operators, operands = [], [first]
        while self.INFIX.get(self.token.text) == infix:
            operators.append(self.advance().text)
            operands.append(self.expression(infix.right))
        return SyntaxNode(self.text, first.offset, infix.rule, tuple(operands), tuple(operators))

    def operand(self, least: int) -> SyntaxNode:
        """A value with its indices, or a prefix operator with what it applies to."""
        token = self.token
        read = self.READ.get(token.text if token.kind == "mark" else token.kind)
        if read is None or (token.text == "not" and _PREFIX["not"].left < least):
            raise self.expected(words.A_VALUE)
        tree = read(self, self.advance())
        while follow := self.AFTER.get(self.token.text):
            tree = follow(self, tree)
        return tree

    def constant(self, token: Token) -> SyntaxNode:
        value = token.text[1:-1] if token.kind == "text" else float(token.text)
        return SyntaxNode(self.text, token.offset, "constant", value=value)

    def named(self, token: Token) -> SyntaxNode:
        if token.text in self.CONSTANTS:
            return SyntaxNode(self.text, token.offset, "constant", value=self.CONSTANTS[token.text])
        if self.token.text == "(":
            return self.call(token)
        return SyntaxNode(self.text, token.offset, "name", value=token.text)

    def call(self, name: Token) -> SyntaxNode:
        if name.text not in self.arities:
            close = get_close_matches(name.text, self.arities, n=1)
            hint = phrases.DID_YOU_MEAN.format(name=close[0]) if close else ""
            raise self.error(name, words.NO_FUNCTION.format(name=quoted(name.text), hint=hint))
        self.expect("(")
        arguments = [] if self.token.text == ")" else [self.expression()]
        while self.accept(","):
            arguments.append(self.expression())
        self.expect(")")
        tree = SyntaxNode(self.text, name.offset, name.text, tuple(arguments))
        if len(arguments) not in (arity := self.arities[name.text]):
            numbers = phrases.OR.join(map(str, arity))
            raise tree.error(words.TAKES_ARGUMENTS(len(arguments), function=name.text, numbers=numbers))
        across = [node.rule for node in nodes(tree) if node.rule in ACROSS_ITERATIONS]
        if name.text in across and len(across) > 1:
            raise tree.error(words.NESTED_LOOKING_BACK)
        return tree

    def bracketed(self, _: Token) -> SyntaxNode:
        tree = self.expression()
        self.expect(")")
        return tree

    def prefixed(self, token: Token) -> SyntaxNode:
        prefix = _PREFIX[token.text]
        operand = self.expression(prefix.right)
        return SyntaxNode(self.text, token.offset, prefix.rule, (operand,), (token.text,))

    def index(self, operand: SyntaxNode) -> SyntaxNode:
        opened = self.advance()
        keys = [self.key()]
        while self.accept(","):
            keys.append(self.key())
        self.expect("]")
        if len(keys) > self.MOST_AXES:
            raise self.error(opened, words.TOO_MANY_AXES.format(most=self.MOST_AXES, found=len(keys)))
        return SyntaxNode(self.text, operand.offset, "index", (operand,), keys=tuple(keys))

    def key(self) -> Key:
        """One axis: an integer, or `start:stop:step` with any of them left out."""
        first = self.token
        start = self.integer()
        if not self.accept(":"):
            if start is None:
                raise self.expected(words.INTEGER_OR_SLICE)
            return start
        stop = self.integer()
        step = self.integer() if self.accept(":") else None
        if step == 0:
            raise self.error(first, words.STEP_OF_ZERO)
        return start, stop, step

    def integer(self) -> int | None:
        sign = self.advance().text if self.token.text in ("+", "-") else ""
        digits = self.token
        if digits.kind != "number" and not sign:
            return None
        if not digits.text.isdecimal() or len(digits.text) > MAX_DIGITS:
            raise self.expected(words.SHORT_INTEGER.format(most=MAX_DIGITS))
        return int(sign + self.advance().text)

    READ: ClassVar[Mapping[str, Callable[[Parser, Token], SyntaxNode]]] = {
        "number": constant,
        "text": constant,
        "name": named,
        "(": bracketed,
        **dict.fromkeys(_PREFIX, prefixed),
    }
    AFTER: ClassVar[Mapping[str, Callable[[Parser, SyntaxNode], SyntaxNode]]] = {"[": index}
