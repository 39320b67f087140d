"""What `gradstep list` and `gradstep replay` print: tables for people, and a progress bar on long runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from engine.expectations import Verdict
from engine.progress import Progress as Told
from engine.replay import Milestone, Replay
from engine.scenario import Summary
from tui.glyphs import plain, printable

if TYPE_CHECKING:
    from tui.widgets.sheet import Line

Say = Callable[..., Text]
MOST_SHOWN = 64  # numbers of an array that a report writes out


class _Output(Console):
    """Rich ends the program with status 1 where nobody reads any more; that is for the command line to say."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def print_list(scenarios: Sequence[Summary]) -> None:
    """The bundled scenarios: name, title, size."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for scenario in scenarios:
        table.add_row(Text(scenario.name), Text(f"{printable(scenario.title)}\n{scenario.size}"))
    _Output(highlight=False).print(table)


@dataclass(frozen=True)
class Watched:
    """What a long run reports to: `told` moves the bar, `say` prints a line while it is away."""

    told: Told
    say: Callable[[str], None]


@contextmanager
def watched(name: str) -> Iterator[Watched]:
    """A progress bar on stderr, shown while a run takes longer than a moment and a person is watching."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)

        def told(done: int, total: int) -> bool:
            bar.update(task, completed=done, total=total)
            return True

        def say(line: str) -> None:
            bar.stop()
            print(printable(line), flush=True)
            bar.start()

        yield Watched(told, say)


def print_report(result: Replay, *, here: bool = False, ascii_only: bool = False) -> None:
    """Each expectation as printed, as computed, and the verdict. here: also what was just written at the position."""
    console = _Output(highlight=False)

    def say(text: str, style: str = "") -> Text:
        lines = (plain(text) if ascii_only else text).split("\n")
        return Text("\n".join(map(printable, lines)), style=style)

    scenario = result.scenario
    console.print(Text.assemble(say(scenario.name, "bold"), say(f"  {scenario.title}")), soft_wrap=True)
    console.print(say(f"{scenario.size}; replayed to {_where(result)}", "dim"), soft_wrap=True)
    if result.stopped is not None:
        words = f"stopped by {' and '.join(map(str, result.stopped))}" if result.stopped else "no breakpoint was hit"
        console.print(say(words, "bold"), soft_wrap=True)
    if here and result.position.symbol is not None:
        console.print(say(_written(result)), soft_wrap=True)
    remarks: list[str] = []
    if result.verdicts:
        console.print(_table(result, say, remarks, ascii_only=ascii_only))
    for number, remark in enumerate(remarks, start=1):
        note = Table.grid(padding=(0, 1))
        note.add_row(Text(f"[{number}]".rjust(4)), say(" ".join(remark.split()), "dim"))
        console.print(note, markup=False)
    if remarks:
        console.print()
    console.print(say(_summary(result), "bold" if result.passed else "bold red"), soft_wrap=True)
    console.print()


def _where(result: Replay) -> str:
    here = result.position
    if here.symbol is None:
        return "the start"
    return f"{here} (iteration {here.iteration:,} of {result.scenario.course.iterations:,}, step {here.step})"


def print_lines(lines: Sequence[Line]) -> None:
    """Lines of a page, as text."""
    for line in lines:
        print(printable("".join(text for text, _ in line.pieces)).rstrip())


def milestone(reached: Milestone, *, per_iteration: bool) -> str:
    """How far training has come, in a line. per_iteration: an epoch is an iteration, and not worth a word."""
    epoch = "" if per_iteration else f"epoch {reached.epoch:>4,}  "
    measured = "  ".join(f"{name} {value:.4f}" for name, value in reached.measured.items())
    return f"{epoch}iteration {reached.iteration:>7,}  loss {reached.loss:<12.6g}  {measured}".rstrip()


def _written(result: Replay) -> str:
    """What the last step wrote, in full precision where it is small."""
    symbol = result.position.symbol or ""
    value = result.values[symbol]
    name = result.scenario.names.own_name(symbol) or symbol
    if value.size > MOST_SHOWN:
        shape = "×".join(map(str, value.shape))
        return f"{name} is {shape}, from {value.min():.9g} to {value.max():.9g}; --json writes all of it"
    if value.ndim < 2:
        return f"{name} = {value.tolist()}"
    return f"{name} = [" + f",\n{' ' * (len(name) + 4)}".join(str(row) for row in value.tolist()) + "]"


def _table(result: Replay, say: Say, remarks: list[str], *, ascii_only: bool) -> Table:
    """A row an expectation; remarks are numbered, and left to be printed below."""
    table = Table(box=box.ASCII2 if ascii_only else box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("at", no_wrap=True)
    table.add_column("what", overflow="fold", min_width=12)
    table.add_column("printed", justify="right", overflow="fold")
    table.add_column("computed", justify="right", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for verdict in result.verdicts:
        expectation = verdict.expectation
        words, style = _verdict(verdict)
        remark = expectation.disagrees or expectation.note
        if remark:
            if remark not in remarks:
                remarks.append(remark)
            words += f" [{remarks.index(remark) + 1}]"
        at, what = expectation.at, expectation.spelling
        for index, printed, value, matches in _elements(expectation.printed, verdict.value, verdict.matches):
            shown = f"{what}[{index}]" if index else what
            mark = words if matches or expectation.disagrees else "✗ differs"
            table.add_row(Text(at), say(shown), Text(_number(printed)), Text(_number(value, printed)), say(mark, style))
            at, words = "", _verdict(verdict)[0]
    return table


def _elements(printed: Any, value: Any, matches: Any, index: str = "") -> Iterator[tuple[str, Any, Any, bool]]:
    """Every element of nested lists with its index, as printed and as computed, and whether they match."""
    if not isinstance(printed, list):
        yield index, printed, value, matches
        return
    for place, each in enumerate(zip(printed, value, matches, strict=True)):
        yield from _elements(*each, f"{index},{place}" if index else str(place))


def _verdict(verdict: Verdict) -> tuple[str, str]:
    if verdict.expectation.disagrees:
        return ("≠ known", "yellow") if verdict.passed else ("✗ agrees", "bold red")
    return ("✓ agrees", "green") if verdict.passed else ("✗ differs", "bold red")


def _number(value: Any, printed: Any = None) -> str:
    """A printed number as it is, a computed one to two digits more than are printed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value or "-"
    if isinstance(printed, str) and printed:
        digits = sum(character.isdigit() for character in printed.lower().partition("e")[0].lstrip("+-−0."))
        return f"{value:.{min(17, digits + 2)}g}"
    return repr(value)


def _summary(result: Replay) -> str:
    verdicts = result.verdicts
    if not verdicts:
        return "no expectations" if not result.beyond else f"no expectations here, {result.beyond} lie beyond"
    failed = sum(not verdict.passed for verdict in verdicts)
    known = sum(verdict.passed and bool(verdict.expectation.disagrees) for verdict in verdicts)
    parts = [f"{len(verdicts) - failed - known} agree"]
    if known:
        parts.append(f"{known} known to differ")
    if failed:
        parts.append(f"{failed} failed")
    if result.beyond:
        parts.append(f"{result.beyond} lie beyond")
    return f"{len(verdicts)} expectation{'s' if len(verdicts) > 1 else ''}: " + ", ".join(parts)
