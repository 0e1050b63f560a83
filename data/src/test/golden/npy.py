"""Files as NumPy 2.4.6, with ml_dtypes 0.6.0, writes them: python3 npy.py ../resources/vectorgrad/data/npy

Every array of numbers named after its type holds [[0, 1, 2], [3, 100, 127]].
"""

import sys
import warnings
from pathlib import Path

import ml_dtypes
import numpy as np

folder = Path(sys.argv[1])
warnings.simplefilter("ignore")  # versions 2.0 and 3.0 are chosen on purpose
numbers = np.array([[0, 1, 2], [3, 100, 127]])

for kind in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8".split():
    for order, name in ("<", "little"), (">", "big"):
        if kind[1] != "1" or order == "<":
            np.save(folder / f"{kind}-{name}.npy", numbers.astype(order + kind))
np.save(folder / "b1.npy", numbers % 2 == 1)
np.save(folder / "V2.npy", numbers.astype(ml_dtypes.bfloat16))

np.save(folder / "fortran.npy", np.asfortranarray(np.arange(24, dtype="<i4").reshape(2, 3, 4)))
np.save(folder / "scalar.npy", np.float32(2.5))
np.save(folder / "empty.npy", np.zeros((2, 0, 3), "<f4"))
np.save(folder / "vector.npy", np.arange(5, dtype="<f8"))
for version in 2, 3:
    with open(folder / f"version-{version}.npy", "wb") as file:
        np.lib.format.write_array(file, numbers.astype("<f4"), version=(version, 0))
np.save(folder / "special.npy", np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, 1.7976931348623157e308]))
np.save(folder / "half.npy", np.array([0.1, 65504, np.inf, np.nan, -0.0, 6e-8], "<f2"))
np.save(folder / "limits-i1.npy", np.array([-128, 127], "i1"))
np.save(folder / "limits-i2.npy", np.array([-32768, 32767], ">i2"))
np.save(folder / "limits-i8.npy", np.array([-(2**63), 2**63 - 1], "<i8"))
np.save(folder / "limits-u1.npy", np.array([0, 255], "u1"))
np.save(folder / "limits-u2.npy", np.array([0, 65535], "<u2"))
np.save(folder / "limits-u4.npy", np.array([0, 2**32 - 1], ">u4"))
np.save(folder / "limits-u8.npy", np.array([0, 2**63 - 1], "<u8"))
np.save(folder / "too-large-u8.npy", np.array([0, 2**63], "<u8"))

np.save(folder / "refused-records.npy", np.array([(1, 2.0)], [("a", "<i4"), ("b'[", "<f8")]))
np.save(folder / "refused-objects.npy", np.array([{"a": 1}, None], object), allow_pickle=True)
np.save(folder / "refused-text.npy", np.array(["one"]))
np.save(folder / "refused-complex.npy", np.array([1j]))

arrays = dict(weight=numbers.astype("<f4"), steps=np.int64(7), mask=np.array([True, False]))
np.savez(folder / "stored.npz", **arrays)
np.savez_compressed(folder / "compressed.npz", **arrays)
