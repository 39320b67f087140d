"""What the screen and the command line say: every text for people, by the part of the program that says it.

Those of the engine are in engine/words, which see; what is said of the steps of an iteration is in `steps`. The names
and descriptions of commands are in the registry of commands.
"""
