"""The network: a small Marian model of `transformers`, so that any of its users can load the weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

NEVER = -1e4  # a logit that half precision still holds


def build(
    vocabulary: int, *, width: int, encoder_layers: int, decoder_layers: int, heads: int, dropout: float = 0.1
) -> Any:
    """A new model.  `vocabulary` counts all pieces; the last one is the padding."""
    from transformers import MarianConfig, MarianMTModel

    pad = vocabulary - 1
    config = MarianConfig(
        vocab_size=vocabulary,
        decoder_vocab_size=vocabulary,
        d_model=width,
        encoder_layers=encoder_layers,
        decoder_layers=decoder_layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        activation_function="relu",
        dropout=dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=True,
        max_position_embeddings=160,
        static_position_embeddings=True,
        pad_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=None,
        decoder_start_token_id=pad,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        use_cache=True,
    )
    model = MarianMTModel(config)
    # The padding is never written.
    model.final_logits_bias[0, pad] = NEVER
    return model


def restrict(model: Any, pieces: list[int]) -> None:
    """Let the model write these pieces only; as a part of the weights, so that every engine keeps to it."""
    import torch

    with torch.no_grad():
        model.final_logits_bias.fill_(NEVER)
        model.final_logits_bias[0, pieces] = 0.0


def start(model: Any, vectors: Any, symbols: list[int]) -> None:
    """Give a new model its embeddings (size × width) and a first idea of what the symbols (marks, tags) are for.

    The decoder starts out by looking where the input has the piece that it has just written: at its own mark.  A
    network that starts at random spends its first quarter of an hour on finding that out.
    """
    import torch

    pad, width = model.config.pad_token_id, model.config.d_model
    with torch.no_grad():
        weight = model.get_input_embeddings().weight
        weight.copy_(torch.from_numpy(vectors) * 0.04)
        weight[symbols] = torch.randn(len(symbols), width) * 0.12
        weight[pad] = 0.0
        for layer in model.model.decoder.layers:
            for projection in ("q_proj", "k_proj", "v_proj", "out_proj"):
                torch.nn.init.eye_(getattr(layer.encoder_attn, projection).weight)


def save(model: Any, folder: Path) -> None:
    """Write the weights as half-precision safetensors beside the tokenizer's files."""
    import torch

    half = {
        name: value.to(torch.float16) if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    model.save_pretrained(folder, state_dict=half, max_shard_size="15MB")
