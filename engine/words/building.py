"""Errors of losses, draws, measurements, optimizers and tables [[expect]] that cannot be used."""

from __future__ import annotations

from gradstep.engine.words.language import _

DRAWS_FROM_DATA = _('"{kind}" draws from data, expected a table [data]')
BATCH_OF_ALL = _('belongs to draws other than "all", expected draw = "with_replacement" or another beside it')
TOO_LARGE_BATCH = _("found {batch:,}, expected at most {samples:,}, the number of rows")

MEASURED_WITHOUT_DATA = _("found no rows to measure on, expected a table [data]")
MEASURED_WITHOUT_UPDATE = _("found no update to measure after, expected a table [optimizer]")
NO_SET_OF_ROWS = _('"{name}" is not a set of rows{hint}, expected "train", "test" or "batch", each once')
MEASURES_NOTHING = _('found nothing to measure, expected accuracy or loss, such as accuracy = ["train"]')
MEASURED_WITHOUT_LOSS = _("found no loss to measure, expected a table [loss]")
TOO_LARGE_OFFSET = _("found {offset:,}, expected less than every, {every:,}")
NO_ROWS_TO_TEST_ON = _("found no rows to test on, expected test = how many in [data], or a file of them")

EXPECTS_NOTHING = _('found "at" alone, expected a symbol and its value beside it, such as E = 0.5')
NAMES_ONE_VALUE = _('stands in a table of {count} values, expected one value beside "{key}"')
INSTEAD_OF_NOTHING = _('found "instead" alone, expected "disagrees" beside it, with the reason')

DRAWN_LATE = _("found below {table}, expected above it: with legacy_seed numbers are drawn in the order of the file")
