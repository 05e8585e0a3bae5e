"""A head start for the embeddings: counts of neighbours over the whole corpora, factorised.

Two minutes of counting read fifty times the text that the network sees in an hour.  The factors of the shifted positive
pointwise mutual information of (piece, neighbour) are word vectors (Levy and Goldberg, 2014); left and right neighbours
are kept apart, since what stands before and after a word tells its grammar.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

from models.corrector.text import Corpus


def neighbour_vectors(
    encode: Any, corpora: Sequence[Corpus], size: int, width: int, *, lines: int, seed: int = 1
) -> Any:
    """Vectors (size × width, rows of root mean square 1) from the pieces of `lines` lines of each corpus."""
    import numpy as np

    left = np.zeros((size, size), np.float32)
    near = np.zeros((size, size), np.float32)
    rng = random.Random(seed)
    for corpus in corpora:
        batch = list(itertools.islice(corpus.sample(rng), lines))
        for start in range(0, len(batch), 20_000):
            ids = [np.array([0, *piece, 0], np.int64) for piece in encode(batch[start : start + 20_000])]
            flat = np.concatenate(ids)
            for table, shift in ((left, 1), (near, 2)):
                pairs, counts = np.unique(flat[:-shift] * size + flat[shift:], return_counts=True)
                table.reshape(-1)[pairs] += counts.astype(np.float32)
    tables = [_ppmi(left), _ppmi(left.T), _ppmi(near + near.T) * 0.5]
    # Randomised range finder (Halko et al., 2011), with two power iterations.
    random_ = np.random.default_rng(seed)
    gram = sum(table @ (table.T @ random_.standard_normal((size, width + 20)).astype(np.float32)) for table in tables)
    for _ in range(2):
        basis, _ = np.linalg.qr(gram)
        gram = sum(table @ (table.T @ basis) for table in tables)
    basis, _ = np.linalg.qr(gram)
    inner = sum((basis.T @ table) @ (basis.T @ table).T for table in tables)
    values, vectors = np.linalg.eigh(inner)
    order = np.argsort(-values)[:width]
    found = (basis @ vectors[:, order]) * np.maximum(values[order], 1e-9) ** 0.25
    # The first factors are only frequency: all are brought to one scale.
    found = found / (found.std(0, keepdims=True) + 1e-6)
    norm = np.sqrt((found**2).mean(1, keepdims=True))
    return (found / np.maximum(norm, 0.3)).astype(np.float32)


def _ppmi(counts: Any) -> Any:
    import numpy as np

    total = counts.sum() + 1.0
    rows = counts.sum(1, keepdims=True) + 1.0
    columns = (counts.sum(0, keepdims=True) + 1.0) ** 0.75
    columns *= total / columns.sum()
    with np.errstate(divide="ignore"):
        table = np.log(counts * total / rows / columns)
    return np.maximum(table, 0.0, out=table)
