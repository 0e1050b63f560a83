"""What NumPy 2.4.6 (LAPACK) makes of a few matrices: python3 linalg.py > ../resources/vectorgrad/tensor/linalg.csv

One line each: matrix, quantity, shape (4x3), values in row-major order. Signs of vectors are left to each
library, so only what does not depend on them is here.
"""

import numpy as np

rng = np.random.default_rng(3)


def line(name, quantity, value):
    value = np.asarray(value, float)
    shape = "x".join(map(str, value.shape))
    print(",".join([name, quantity, shape] + [repr(float(v)) for v in value.ravel()]))


def of_any(name, a):
    line(name, "a", a)
    line(name, "s", np.linalg.svd(a, compute_uv=False))
    line(name, "pinv", np.linalg.pinv(a, rcond=1e-13))
    line(name, "rank", np.linalg.matrix_rank(a))
    for norm, order in dict(FROBENIUS="fro", NUCLEAR="nuc", SPECTRAL=2, ONE=1, INFINITY=np.inf).items():
        line(name, norm, np.linalg.norm(a, order))
    b = np.round(rng.standard_normal((a.shape[0], 2)), 3)
    x, _, _, _ = np.linalg.lstsq(a, b, rcond=1e-13)
    line(name, "b", b)
    line(name, "lstsq", x)
    line(name, "residuals", ((a @ x - b) ** 2).sum(0))
    r = np.linalg.qr(a).R
    line(name, "r", np.sign(np.diag(r))[:, None] * r if np.linalg.matrix_rank(a) == min(a.shape) else [])


def of_square(name, a):
    of_any(name, a)
    line(name, "inv", np.linalg.inv(a))
    line(name, "det", np.linalg.det(a))
    line(name, "slogdet", np.linalg.slogdet(a))
    line(name, "cond", np.linalg.cond(a))
    line(name, "cube", np.linalg.matrix_power(a, 3))


def of_symmetric(name, a):
    of_square(name, a)
    line(name, "eigh", np.linalg.eigvalsh(a))


def of_definite(name, a):
    of_symmetric(name, a)
    line(name, "cholesky", np.linalg.cholesky(a))


tall = np.round(rng.standard_normal((5, 3)), 3)
square = np.round(rng.standard_normal((4, 4)), 3)
of_any("tall", tall)
of_any("wide", tall.T * 2)
of_any("rank-deficient", np.outer([1.0, 2, 3, 4], [2.0, -1, 0]))
of_any("column", np.array([[3.0], [0], [4]]))
of_square("square", square)
of_symmetric("symmetric", square + square.T)
of_symmetric("repeated", np.ones((4, 4)) - 5 * np.eye(4))
of_definite("covariance", square @ square.T)
of_definite("hilbert", np.array([[1.0 / (i + j + 1) for j in range(4)] for i in range(4)]))
of_definite("one", np.array([[7.0]]))
