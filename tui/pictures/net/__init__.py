"""The live net: units and the wires between them, or a graph of operations, at every step and in any room.

A layered net has a box for each of a few units and coloured cells for many, a graph its nodes in columns. Between two
columns every source has a vertical track of its own, from which a wire goes off to each unit that uses it; before a
unit its wires are joined, for it takes in their sum. Wires are told apart by their shape as well as by their colour:
idle ones are light, heavy ones carry values forward, double ones gradients back; what goes along them is written on
them. Where a wire only passes a track it goes under it.

A graph of single numbers whose operations all have room is drawn with its numbers on the wires. Any other is drawn by
the lines that it was written in, always whole: what a line reads of data and parameters stands as names in its box.

What there is of a net is found in `structure`, `graph` and `lines`, what goes along its wires in `flow`. Where
everything stands is said in `layout`, `nodes` and `lines_plan`, from shapes and names alone. It is drawn by `boxes`,
`wires`, `many` and `footer` on a `board`, and told in words by `text`.
"""
