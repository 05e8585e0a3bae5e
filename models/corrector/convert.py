"""Convert a trained model for CTranslate2: `python -m models.corrector.convert`; writes `qa/weights/writer`."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

WEIGHTS = Path("qa/weights/writer")


class _Vocabulary:
    """What the converter asks of a tokenizer, from `vocab.json`: nothing of it depends on the tokenizer's code."""

    pad_token, eos_token, unk_token, bos_token = "<pad>", "</s>", "<unk>", "<s>"

    def __init__(self, folder: Path) -> None:
        self._numbers: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        self._pieces = {number: piece for piece, number in self._numbers.items()}
        self.special_tokens_map: dict[str, str] = {}

    def get_vocab(self) -> dict[str, int]:
        """Pieces and their numbers."""
        return dict(self._numbers)

    def convert_ids_to_tokens(self, numbers: Any) -> Any:
        """Pieces by number."""
        if isinstance(numbers, int):
            return self._pieces[numbers]
        return [self._pieces[number] for number in numbers]


def convert(folder: Path, out: Path, quantization: str = "int8") -> None:
    """Quantised weights of the model in `folder`, with its vocabulary."""
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):
        def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            return _Vocabulary(Path(model_name_or_path))

        def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            return super().load_model(model_class, model_name_or_path, **kwargs).float()

    Converter(str(folder)).convert(str(out), quantization=quantization, force=True)
    shutil.copy(folder / "source.spm", out / "source.spm")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", default=Path("models/work/s2s/model"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    convert(options.model, options.out)
    print(*(f"{path.name} {path.stat().st_size}" for path in sorted(options.out.iterdir())), sep="\n")


if __name__ == "__main__":
    main()
