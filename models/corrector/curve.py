"""Draw the learning curves: `python -m models.corrector.curve`; writes `models/curve.png` (needs matplotlib)."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Command line."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("models/work"))
    parser.add_argument("--seq2seq", type=Path, help="the work folder of the seq2seq model (default: WORK/s2s)")
    parser.add_argument("--out", type=Path, default=Path("models/curve.png"))
    options = parser.parse_args()
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    for path in sorted(options.work.glob("tagger-*.tsv")):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        left.plot([int(row[1]) for row in rows], [float(row[2]) for row in rows], marker="o", label=rows[0][0])
    left.set(title="Taggers: running loss on fresh damage", xlabel="sentences seen", ylabel="loss (both heads)")
    left.legend()
    path = (options.seq2seq or options.work / "s2s") / "curve.tsv"
    if path.is_file():
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        right.plot([int(row[2]) for row in rows], [float(row[5]) for row in rows], marker="o")
    right.set(title="Seq2seq model: loss on held-out examples", xlabel="pieces seen", ylabel="nats per piece")
    figure.tight_layout()
    figure.savefig(options.out, dpi=90)


if __name__ == "__main__":
    main()
