"""Prints the rows of EinsumContract's table, with NumPy 2.4.6. Element i of operand n is (7·i + n) mod 11 − 5."""
import numpy as np

CASES = [
    ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 2, 3)),
    ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)),
    ("ii->i", (3, 3)),
    ("ii", (3, 3)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (2, 3, 2)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij,ij->i", (2, 3), (2, 3)),
    ("i,j->ij", (2,), (3,)),
    ("bij,bjk->bik", (2, 1, 2), (2, 2, 2)),
    ("ijk,jil->kl", (2, 3, 2), (3, 2, 2)),
    ("ij,j", (2, 3), (3,)),
    ("a...,a...->...", (3, 2), (3, 2)),
    ("bi,ij,bj->b", (2, 3), (3, 2), (2, 2)),
    ("ab,cd", (1, 2), (2, 1)),
    ("ba", (2, 3)),
    ("iij,jkk->ik", (2, 2, 3), (3, 2, 2)),
    ("ij,kj->k...i", (2, 3), (1, 3)),
    ("i...,...", (2, 2), ()),
]
for equation, *shapes in CASES:
    operands = [((np.arange(np.prod(s, dtype=int)) * 7 + n) % 11 - 5).reshape(s) for n, s in enumerate(shapes)]
    try:
        result = np.einsum(equation, *operands)
    except Exception as e:
        print(equation, e); continue
    print('"%s | %s | %s | %s",' % (equation, "; ".join(map(str, shapes)), result.shape, result.ravel().tolist()))
