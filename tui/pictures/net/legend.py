"""Of which moment the numbers of a net are: what is updated already, and what was set by hand after it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradstep.engine.program.program import Phase
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.text.glyphs import printable
from gradstep.tui.words import net as words

MOST_NAMED = 2  # numbers that were set by hand


def moment_legend(scene: Scene, parameters: Iterable[str]) -> Iterator[str]:
    """Which parameters are updated already, and which numbers were set by hand after steps had read them, if any."""
    carried, step = scene.program.carried, scene.moment.step
    changing = [name for name in parameters if carried[name] != name]
    updated = [scene.latest(name) for name in changing if scene.latest(name) != name]
    if step is not None and step.phase is Phase.MEASURE:
        yield words.MEASURED_AFTER_UPDATE if updated else words.MEASURED
    elif updated and len(updated) == len(changing):
        yield words.AFTER_UPDATE
    elif updated:
        names = ", ".join(printable(scene.notation.symbol(name)) for name in updated)
        yield words.WITHIN_UPDATE.format(updated=names)
    since = scene.set_since()
    if since:
        names = ", ".join(printable(scene.notation.element(each)) for each in since)
        if len(since) > MOST_NAMED:
            names = words.NUMBERS.format(count=len(since))
        yield words.SET_SINCE(len(since), elements=names)
