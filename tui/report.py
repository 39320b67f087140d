"""Output for people: the list of scenarios, the report of a replay, pages as text, and a progress bar on long runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gradstep.engine.arrays import written
from gradstep.engine.health.symptoms import said
from gradstep.engine.progress import Progress as Told
from gradstep.engine.replay import Milestone, Replay
from gradstep.engine.scenario.expectations import Verdict
from gradstep.engine.scenario.figures import figures_of
from gradstep.engine.scenario.loading import Summary
from gradstep.engine.words import phrases
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.plain_columns import Columns, Row
from gradstep.tui.text.printed import as_computed, as_printed, element_name, in_order
from gradstep.tui.text.slips import slips
from gradstep.tui.text.stops import stop_name
from gradstep.tui.words import report as words

if TYPE_CHECKING:
    from gradstep.tui.text.page import Line

Say = Callable[..., Text]
MOST_SYMPTOMS = 12
ANY_WIDTH = 10_000
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
    console, notation = _Output(highlight=False), Notation(result.scenario.names, ascii=ascii_only)

    def say(text: str, style: str = "") -> Text:
        lines = notation.sign(text).split("\n")
        return Text("\n".join(map(printable, lines)), style=style)

    def put(*pieces: Text) -> None:
        console.print(Text.assemble(*pieces), soft_wrap=True)

    scenario = result.scenario
    put(say(scenario.name, "bold"), say(f"  {scenario.title}"))
    put(say(_how_far(result, notation), "dim"))
    for text in _breaks(result, notation):
        put(say(text, "bold"))
    if here and result.position.symbol is not None:
        put(say(_written(result, notation)))
    for text in slips(scenario.program, result.values, notation):
        put(say(text, "yellow"))
    _put_health(result, notation, lambda text, style: put(say(text, style)))
    if result.verdicts:
        _put_figures(result, notation, console, say)
    put(say(_summary(result, notation), "bold" if result.passed else "bold red"))
    console.print()


def _breaks(result: Replay, notation: Notation) -> Iterator[str]:
    """What it was stopped by, and otherwise where each of the scenario's own breakpoints is first hit."""
    if result.stopped is not None:
        stops = phrases.AND.join(stop_name(stop, notation) for stop in result.stopped)
        yield words.STOPPED_BY.format(stops=stops) if stops else words.NO_STOP
    for stop, position in result.breaks:
        if result.stopped is None or stop not in result.stopped:
            name = stop_name(stop, notation)
            if position is None:
                yield words.BREAK_NOT_HIT.format(stop=name)
            else:
                yield words.BREAK_HIT.format(stop=name, position=notation.position(position))


def _put_figures(result: Replay, notation: Notation, console: Console, say: Say) -> None:
    """The table of expectations, and its remarks below it."""
    remarks: list[str] = []
    rows = list(_rows(result, notation, remarks))
    columns = Columns((words.AT, words.WHAT, words.PRINTED, words.COMPUTED, words.VERDICT), numbers=(2, 3))
    console.print()
    for line in columns.lines(rows, _width(console), notation.sign("─")):
        console.print(
            Text.assemble(*(Text(text, style) for text, style in line)), no_wrap=True, overflow="ignore", crop=False
        )
    console.print()
    for number, remark in enumerate(remarks, start=1):
        note = Table.grid(padding=(0, 1))
        note.add_row(Text(f"[{number}]".rjust(4)), say(" ".join(remark.split()), "dim"))
        console.print(note, markup=False)
    if remarks:
        console.print()


def _width(console: Console) -> int:
    """Cells of a line: those of the terminal, or as many as it takes where the output goes elsewhere."""
    return console.width if console.is_terminal or os.environ.get("COLUMNS", "").isdecimal() else ANY_WIDTH


def _put_health(result: Replay, notation: Notation, put: Callable[[str, str], None]) -> None:
    """The symptoms that began on the way, each at its iteration and step."""
    course = result.scenario.course
    for begin in result.health[:MOST_SYMPTOMS]:
        text = said(begin.symptom, notation.symbol)
        style = "bold red" if begin == result.lost else "yellow"
        position = notation.position(course.at(begin.iteration, begin.step))
        put(words.BEGINS.format(position=position, symptom=text), style)
    if len(result.health) > MOST_SYMPTOMS:
        put(words.MORE_SYMPTOMS(len(result.health) - MOST_SYMPTOMS), "yellow")


def _how_far(result: Replay, notation: Notation) -> str:
    """The scenario's size, and where the replay ended."""
    here, size = result.position, result.scenario.size
    if here.symbol is None:
        return words.REPLAYED_TO_START.format(size=size)
    iteration, total = here.iteration, result.scenario.course.iterations
    position = notation.position(here)
    return words.REPLAYED_TO.format(size=size, position=position, iteration=iteration, iterations=total, step=here.step)


def print_lines(lines: Sequence[Line]) -> None:
    """Lines of a page, as text."""
    for line in lines:
        print(printable("".join(text for text, _ in line.pieces)).rstrip())


def milestone(reached: Milestone, *, per_iteration: bool) -> str:
    """How far training has come, in a line. per_iteration: an epoch is an iteration, and not worth a word."""
    forms = {name: ".4f" if name.startswith("accuracy") else ".6g" for name in reached.measured}
    measured = "  ".join(f"{name} {value:{forms[name]}}" for name, value in reached.measured.items())
    iteration, loss = reached.iteration, reached.loss
    told = words.MILESTONE.format(iteration=iteration, loss=loss, measured=measured)
    if not per_iteration:
        told = words.MILESTONE_OF_EPOCH.format(epoch=reached.epoch, iteration=iteration, loss=loss, measured=measured)
    return told.rstrip()


def _written(result: Replay, notation: Notation) -> str:
    """The array that the last step wrote, in full precision where it is small."""
    symbol = result.position.symbol or ""
    value = result.values[symbol]
    name = notation.symbol(symbol)
    if value.size > MOST_SHOWN:
        shape = written(value.shape)
        return words.LARGE_ARRAY.format(name=name, shape=shape, smallest=value.min(), largest=value.max())
    if value.ndim < 2:
        return f"{name} = {value.tolist()}"
    return f"{name} = [" + f",\n{' ' * (cell_len(name) + 4)}".join(str(row) for row in value.tolist()) + "]"


# Whether a value is the printed one, and whether that was said to be wrong → what is said of it, and its style.
VERDICTS = {
    (True, False): (words.AGREES, "green"),
    (False, False): (words.DIFFERS, "bold red"),
    (True, True): (words.AGREES_UNEXPECTEDLY, "bold red"),
    (False, True): (words.DIFFERS_AS_KNOWN, "yellow"),
}


EXPLAINED = (words.AS_PRINTED_SO, "green")


def _rows(result: Replay, notation: Notation, remarks: list[str]) -> Iterator[Row]:
    """A row for each number of an expectation. remarks: filled with what is said below, which the verdicts number."""
    figures = {figure.expectation.key: figure for figure in figures_of(result.scenario)}
    for verdict in result.verdicts:
        expectation = verdict.expectation
        reference = ""
        for remark in _remarks(verdict):
            if remark not in remarks:
                remarks.append(remark)
            reference += f" [{remarks.index(remark) + 1}]"
        at = notation.position(expectation.position) if ":" in expectation.at else expectation.at
        found = list(verdict.elements())
        for place in in_order(figures[expectation.key], [index for index, *_ in found], notation):
            index, printed, value, matches = found[place]
            mark, style = EXPLAINED if result.explains(verdict) else _mark(verdict, matches)
            name = element_name(figures[expectation.key], index, notation)
            computed = as_computed(value, printed, agrees=matches)
            texts = (at, name, as_printed(printed), computed, notation.sign(mark + reference))
            yield Row(tuple(map(printable, texts)), style)
            at = reference = ""


def _remarks(verdict: Verdict) -> Iterator[str]:
    """What is said of an expectation below the table."""
    expectation = verdict.expectation
    if expectation.disagrees or expectation.note:
        yield expectation.disagrees or expectation.note
    if verdict.would_hold_as_text:
        yield words.AS_TEXT


def _mark(verdict: Verdict, matches: bool) -> tuple[str, str]:
    """What is said of one number, and in which style."""
    if verdict.expectation.disagrees:
        if verdict.passed and matches:  # another number of the array differs as it was said to
            return VERDICTS[True, False]
        if not verdict.passed and not matches:
            return words.DIFFERS_OTHERWISE, "bold red"
    return VERDICTS[matches, bool(verdict.expectation.disagrees)]


def _summary(result: Replay, notation: Notation) -> str:
    if result.lost is not None:
        position = notation.position(result.scenario.course.at(result.lost.iteration, result.lost.step))
        return words.LOST.format(verdicts=_verdicts(result), position=position)
    return _verdicts(result)


def _verdicts(result: Replay) -> str:
    verdicts = result.verdicts
    if not verdicts:
        return words.NONE_BUT_BEYOND(result.beyond) if result.beyond else words.NO_EXPECTATIONS
    failed = sum(not result.holds(verdict) for verdict in verdicts)
    explained = sum(map(result.explains, verdicts))
    known = sum(verdict.passed and bool(verdict.expectation.disagrees) for verdict in verdicts)
    parts = [words.AGREE(len(verdicts) - failed - known - explained)]
    if known:
        parts.append(words.KNOWN_TO_DIFFER.format(count=known))
    if explained:
        parts.append(words.EXPLAINED.format(count=explained))
    if failed:
        parts.append(words.FAILED.format(count=failed))
    if result.beyond:
        parts.append(words.BEYOND(result.beyond))
    return words.EXPECTATIONS(len(verdicts), verdicts=", ".join(parts))
