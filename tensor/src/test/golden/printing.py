"""Prints what NumPy 2.4.6 prints for the tensors of PrintingTest, to be looked at beside them."""
import numpy as np

np.set_printoptions(linewidth=80, precision=4)
f = np.float32
for x in [
    np.array([[1, -2.5], [3, 10]], f), np.arange(2001), np.array(7, f), np.array([True, False]),
    np.array([1, np.nan, -np.inf, np.inf], f), np.array([1e10, 1, -2.5e-3], f), np.array([0.1, 1 / 3], f),
    np.zeros((2, 0), f), np.arange(12).reshape(2, 3, 2), np.arange(40) * 1.5, np.arange(10**4).reshape(100, 100),
    np.arange(20000).reshape(20, 10, 100) % 7, np.array([1e-5, 2e-5]), np.array([-0.0, 0.0]), np.array([1., 2000000.]),
]:
    print(repr(x) if x.size else repr(x))
    print()
