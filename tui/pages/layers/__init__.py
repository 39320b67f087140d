"""The tables of the layers: a box a layer, every number of an iteration in its place, or a line a matrix."""
