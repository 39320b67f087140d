"""Output for people: the list of scenarios, the report of a replay, pages as text, and a progress bar on long runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gradstep.engine.arrays import subscript, written
from gradstep.engine.health.symptoms import said
from gradstep.engine.progress import Progress as Told
from gradstep.engine.replay import Milestone, Replay
from gradstep.engine.scenario.loading import Summary
from gradstep.engine.words import phrases
from gradstep.tui.text.glyphs import plain, printable
from gradstep.tui.text.printed import as_computed, as_printed
from gradstep.tui.words import report as words

if TYPE_CHECKING:
    from gradstep.tui.text.page import Line

Say = Callable[..., Text]
MOST_SYMPTOMS = 12
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
class Listeners:
    """The listeners of a long run: `told` moves the bar, `say` prints a line while it is away."""

    told: Told
    say: Callable[[str], None]


@contextmanager
def progress_bar(name: str) -> Iterator[Listeners]:
    """A progress bar on stderr, shown while a run takes longer than a moment and a person is watching."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Listeners(lambda done, total: True, lambda line: print(printable(line), flush=True))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(name, total=None)

        def told(done: int, total: int) -> bool:
            bar.update(task, completed=done, total=total)
            return True

        def say(line: str) -> None:
            bar.stop()
            print(printable(line), flush=True)
            bar.start()

        yield Listeners(told, say)


def print_report(result: Replay, *, here: bool = False, ascii_only: bool = False) -> None:
    """Each expectation as printed, as computed, and the verdict. here: also what was just written at the position."""
    console = _Output(highlight=False)

    def say(text: str, style: str = "") -> Text:
        lines = (plain(text) if ascii_only else text).split("\n")
        return Text("\n".join(map(printable, lines)), style=style)

    def put(*pieces: Text) -> None:
        console.print(Text.assemble(*pieces), soft_wrap=True)

    scenario = result.scenario
    put(say(scenario.name, "bold"), say(f"  {scenario.title}"))
    put(say(_how_far(result), "dim"))
    if result.stopped is not None:
        stops = phrases.AND.join(map(str, result.stopped))
        put(say(words.STOPPED_BY.format(stops=stops) if stops else words.NO_STOP, "bold"))
    if here and result.position.symbol is not None:
        put(say(_written(result)))
    _put_health(result, lambda text, style: put(say(text, style)))
    remarks: list[str] = []
    if result.verdicts:
        console.print(_table(result, say, remarks, ascii_only=ascii_only))
    for number, remark in enumerate(remarks, start=1):
        note = Table.grid(padding=(0, 1))
        note.add_row(Text(f"[{number}]".rjust(4)), say(" ".join(remark.split()), "dim"))
        console.print(note, markup=False)
    if remarks:
        console.print()
    put(say(_summary(result), "bold" if result.passed else "bold red"))
    console.print()


def _put_health(result: Replay, put: Callable[[str, str], None]) -> None:
    """The symptoms that began on the way, each at its iteration and step."""
    names, course = result.scenario.names, result.scenario.course
    for begin in result.health[:MOST_SYMPTOMS]:
        text = said(begin.symptom, lambda symbol: names.own_name(symbol) or symbol)
        style = "bold red" if begin == result.lost else "yellow"
        put(words.BEGINS.format(position=course.at(begin.iteration, begin.step), symptom=text), style)
    if len(result.health) > MOST_SYMPTOMS:
        put(words.MORE_SYMPTOMS(len(result.health) - MOST_SYMPTOMS), "yellow")


def _how_far(result: Replay) -> str:
    """The scenario's size, and where the replay ended."""
    here, size = result.position, result.scenario.size
    if here.symbol is None:
        return words.REPLAYED_TO_START.format(size=size)
    iteration, total = here.iteration, result.scenario.course.iterations
    return words.REPLAYED_TO.format(size=size, position=here, iteration=iteration, iterations=total, step=here.step)


def print_lines(lines: Sequence[Line]) -> None:
    """Lines of a page, as text."""
    for line in lines:
        print(printable("".join(text for text, _ in line.pieces)).rstrip())


def milestone(reached: Milestone, *, per_iteration: bool) -> str:
    """How far training has come, in a line. per_iteration: an epoch is an iteration, and not worth a word."""
    measured = "  ".join(f"{name} {value:.4f}" for name, value in reached.measured.items())
    iteration, loss = reached.iteration, reached.loss
    told = words.MILESTONE.format(iteration=iteration, loss=loss, measured=measured)
    if not per_iteration:
        told = words.MILESTONE_OF_EPOCH.format(epoch=reached.epoch, iteration=iteration, loss=loss, measured=measured)
    return told.rstrip()


def _written(result: Replay) -> str:
    """The array that the last step wrote, in full precision where it is small."""
    symbol = result.position.symbol or ""
    value = result.values[symbol]
    name = result.scenario.names.own_name(symbol) or symbol
    if value.size > MOST_SHOWN:
        shape = written(value.shape)
        return words.LARGE_ARRAY.format(name=name, shape=shape, smallest=value.min(), largest=value.max())
    if value.ndim < 2:
        return f"{name} = {value.tolist()}"
    return f"{name} = [" + f",\n{' ' * (len(name) + 4)}".join(str(row) for row in value.tolist()) + "]"


# Whether a value is the printed one, and whether that was said to be wrong → what is said of it, and its style.
VERDICTS = {
    (True, False): (words.AGREES, "green"),
    (False, False): (words.DIFFERS, "bold red"),
    (True, True): (words.AGREES_UNEXPECTEDLY, "bold red"),
    (False, True): (words.DIFFERS_AS_KNOWN, "yellow"),
}


def _table(result: Replay, say: Say, remarks: list[str], *, ascii_only: bool) -> Table:
    """A row an expectation; remarks are numbered, and left to be printed below."""
    table = Table(box=box.ASCII2 if ascii_only else box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column(words.AT, no_wrap=True)
    table.add_column(words.WHAT, overflow="fold", min_width=12)
    table.add_column(words.PRINTED, justify="right", overflow="fold")
    table.add_column(words.COMPUTED, justify="right", overflow="fold")
    table.add_column(words.VERDICT, no_wrap=True)
    for verdict in result.verdicts:
        expectation = verdict.expectation
        reference = ""
        remark = expectation.disagrees or expectation.note
        if remark:
            if remark not in remarks:
                remarks.append(remark)
            reference = f" [{remarks.index(remark) + 1}]"
        at, what = expectation.at, expectation.name or expectation.spelling
        for index, printed, value, matches in verdict.elements():
            mark, style = VERDICTS[matches, bool(expectation.disagrees)]
            if expectation.disagrees and matches and verdict.passed:
                mark, style = VERDICTS[True, False]  # another value of the array differs as it was said to
            said = say(mark + reference, style)
            computed = as_computed(value, printed, agrees=matches)
            table.add_row(Text(at), say(what + subscript(index)), Text(as_printed(printed)), Text(computed), said)
            at = reference = ""
    return table


def _summary(result: Replay) -> str:
    if result.lost is not None:
        position = result.scenario.course.at(result.lost.iteration, result.lost.step)
        return words.LOST.format(verdicts=_verdicts(result), position=position)
    return _verdicts(result)


def _verdicts(result: Replay) -> str:
    verdicts = result.verdicts
    if not verdicts:
        return words.NONE_BUT_BEYOND(result.beyond) if result.beyond else words.NO_EXPECTATIONS
    failed = sum(not verdict.passed for verdict in verdicts)
    known = sum(verdict.passed and bool(verdict.expectation.disagrees) for verdict in verdicts)
    parts = [words.AGREE(len(verdicts) - failed - known)]
    if known:
        parts.append(words.KNOWN_TO_DIFFER.format(count=known))
    if failed:
        parts.append(words.FAILED.format(count=failed))
    if result.beyond:
        parts.append(words.BEYOND(result.beyond))
    return words.EXPECTATIONS(len(verdicts), verdicts=", ".join(parts))
