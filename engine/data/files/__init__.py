"""The arrays of data files: tables as CSV, NumPy's NPZ archives, and the IDX files of MNIST, each read with checks.

There is a module for each kind. A file may come from anywhere: whatever it holds, a function returns whole arrays of
finite numbers or raises a FileError, and it reserves no more memory than a file may use that announces at most
limits.ARRAY numbers; nothing in a file is unpickled or executed. The message of an error is one line that says where
inside the file something was found and what was expected. It does not name the file.

Left to others: which file is read and what it is called in a message, what the arrays mean, whether their sizes fit
together, labels as classes, scaling, and any choice of samples.
"""
