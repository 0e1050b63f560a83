"""Prints the numbers of CreationTest, with NumPy 2.4.6."""
import numpy as np

for args in [(0, 1, 0.1), (1, 2, 0.3), (5, 0, -2), (0, -3, 1), (1, 1.3, 0.1), (-3, 4, 2)]:
    print("arange", args, np.arange(*args).tolist())
for args in [(0, 1, 7), (0, 1, 11), (2.5, -1, 4), (3, 9, 1), (3, 9, 0), (0, 5e-324, 4), (0.1, 0.7, 5)]:
    print("linspace", args, np.linspace(*args).tolist())
for args in [(0, 3, 4), (-1, 1, 3)]:
    print("logspace", args, np.logspace(*args).tolist())
print("eye", np.eye(2, 3).tolist())
print("tri", np.tri(3, 4, 1).tolist(), np.tri(3, 2, -1).tolist())
print("tril_indices", np.array(np.tril_indices(3, 1, 2)).tolist(), np.array(np.tril_indices(2, -1, 3)).tolist())
print("triu_indices", np.array(np.triu_indices(3, 1, 4)).tolist(), np.array(np.triu_indices(3, -1, 2)).tolist())
print("kron", np.kron(np.arange(4).reshape(2, 2), np.arange(3)).tolist())
