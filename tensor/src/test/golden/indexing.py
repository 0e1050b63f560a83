"""What NumPy 2.4.6 makes of the odd cases of slicing, moving, scanning, sorting and indexing.

    python3 tensor/src/test/golden/indexing.py > tensor/src/test/resources/vectorgrad/tensor/indexing.txt

One case a line: its name, the shape, the elements in row-major order. NumPyIndexingTest computes the same.
"""

import numpy as np

nan, inf = float("nan"), float("inf")
x = np.arange(12.0).reshape(3, 4)
odd = np.array([nan, 1.0, 0.0, -0.0, inf, nan, -1.0, 1.0, -inf])
cube = np.arange(24.0).reshape(2, 3, 4)
nothing = np.zeros((0, 3))

cases = {
    "slice beyond the end": x[1:100, -100:2],
    "slice backwards beyond the end": x[100:-100:-2, ::-3],
    "slice of nothing": x[2:1, 5:],
    "slice with every part": cube[..., 1, None, ::-1],
    "slice backwards to the last": x[:, :-1:-1],
    "flip of nothing": np.flip(nothing, 0),
    "rot90 back": np.rot90(cube, -1, (2, 0)),
    "diagonal below": np.diagonal(cube, -1, 1, 2),
    "diagonal outside": np.diagonal(x, 7),
    "movedim": np.moveaxis(cube, [0, 2], [-1, 0]),
    "pad reflect": np.pad(x, [(2, 1), (3, 3)], "reflect"),
    "pad edge": np.pad(x, [(0, 2), (5, 0)], "edge"),
    "pad wrap": np.pad(x, [(7, 0), (0, 9)], "wrap"),
    "roll two axes": np.roll(x, (-5, 2), (1, 0)),
    "roll of nothing": np.roll(nothing, 3, 0),
    "tile with a new axis": np.tile(x, (2, 1, 2)),
    "repeat each": np.repeat(x, [2, 0, 1], 0),
    "cumsum of nothing": np.cumsum(nothing, 1),
    "cumsum with nan": np.cumsum(odd[1:]),
    "cumprod of nothing": np.cumprod(nothing, 0),
    "cumprod of truth": np.cumprod([True, False, True]),
    "cumsum of bytes": np.cumsum(np.array([200, 100, 255], np.uint8)),
    "cummax with nan": np.maximum.accumulate(odd[1:]),
    "logcumsumexp": np.logaddexp.accumulate([-inf, 1000.0, 1000.0, -inf, inf, 0.0]),
    "diff of too few": np.diff(x, 5, 0),
    "diff twice": np.diff(x * x, 2, 1),
    "diff of truth": np.diff([True, True, False]),
    "sort with nan": np.sort(odd, stable=True),
    "argsort with nan": np.argsort(odd, stable=True),
    "sort of nothing": np.sort(nothing, 0),
    "median": np.quantile(x, 0.5, axis=1),
    "quantile": np.quantile(x, 0.3, axis=0),
    "quantile with nan": np.quantile(odd, 0.5),
    "unique with nan": np.unique(odd) + 0.0,  # which of the zeros is not said
    "unique counts": np.unique(odd, return_counts=True)[1],
    "unique inverse": np.unique(odd, return_inverse=True)[1],
    "unique of nothing": np.unique(nothing),
    "searchsorted left": np.searchsorted(np.sort(odd), odd),
    "searchsorted right": np.searchsorted(np.sort(odd), odd, "right"),
    "histogram": np.histogram(x, 5, (2, 9))[0],
    "histogram edges": np.histogram(x, 4)[1],
    "histogram of one value": np.histogram([3.0, 3.0], 3)[0],
    "bincount": np.bincount([1, 1, 4], minlength=3),
    "bincount weighted": np.bincount([1, 1, 4], weights=[0.5, 1.0, 2.0]),
    "take along axis": np.take_along_axis(cube, np.array([[[2], [0]]]), 1),
    "take": np.take(x, [[11, 0], [5, 5]]),
    "index two axes": cube[np.array([[0], [1]]), np.array([2, 0, 1])],
    "index by mask": cube[np.array([[True, False, True], [False, False, True]])],
    "mask of nothing true": x[x > 50],
    "mask broadcast": np.broadcast_to(x, (2, 3, 4))[np.broadcast_to(x > 8, (2, 3, 4))],
    "mask of a scalar": np.array(5.0)[np.array(True)],
    "nonzero": np.argwhere(cube > 17),
    "nonzero of a scalar": np.argwhere(np.array(3.0)),
    "nonzero of nan": np.argwhere(np.array([0.0, nan, -0.0])),
    "count nonzero": np.count_nonzero(cube > 4, axis=1),
}

for name, value in cases.items():
    array = np.asarray(value, dtype=np.float64)
    shape = " ".join(str(size) for size in array.shape)
    print(f"{name}|{shape}|{' '.join(repr(float(v)) for v in array.flatten())}")
