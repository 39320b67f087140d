"""The texts of the engine, in modules named after the part of the engine that says them.

A text has named places, which `str.format` fills. A translation is a gettext catalogue of these texts (see `language`)
and of those in tui/words, in the registry of commands and in the description of the scenario file's format. What is
typed or read by programs (symbols, formulas, keys of files) is no text for people and is not here.
"""
