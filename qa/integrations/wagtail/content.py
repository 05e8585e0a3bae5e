"""The texts of a page or another model: where they are, and how a repaired one gets back there.

Texts are the model's own plain fields (title, intro …), rich text, what StreamFields are made of, and the same of the
rows that belong to the page (inline panels).  A text is named as Wagtail's comments name it, its content path: `body`,
or `content.BLOCK_ID.heading`; that of a row is `rows.NUMBER.text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from modelcluster.models import ClusterableModel, get_all_child_relations
from treebeard.mp_tree import MP_Node
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME

TEXT, HTML = "text", "html"
_PLACE_IN_THE_TREE = frozenset(field.name for field in MP_Node._meta.get_fields())  # a page's `path` is no prose
# From (content path, syntax, text) to the text that shall stand there.
Change = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Passage:
    """One text: its content path, how it is to be read (`text` or `html`), and what it says."""

    path: str
    syntax: str
    text: str


def passages(instance: models.Model, exclude: Iterable[str] = ()) -> list[Passage]:
    """The texts of an instance that are not empty, in the order of its fields."""
    found: list[Passage] = []

    def note(path: str, syntax: str, text: str) -> str:
        if text.strip():
            found.append(Passage(path, syntax, text))
        return text

    _change(instance, note, frozenset(exclude))
    return found


def put(instance: models.Model, texts: Mapping[str, str]) -> None:
    """Give the texts with these content paths what they shall say.  The instance is not saved."""
    _change(instance, lambda path, syntax, text: texts.get(path, text), frozenset())


def _change(instance: models.Model, change: Change, exclude: frozenset[str], path: str = "") -> None:
    model = instance._meta.label_lower
    if model in exclude:
        return
    for field in instance._meta.get_fields():
        if not isinstance(field, models.Field) or not field.editable or f"{model}.{field.name}" in exclude:
            continue
        value, here = field.value_from_object(instance), path + field.name
        if isinstance(field, StreamField):
            raw = field.stream_block.get_prep_value(value)
            changed = _block(field.stream_block, raw, here, change)
            if changed != raw:
                setattr(instance, field.name, field.stream_block.to_python(changed))
        elif isinstance(value, str) and (syntax := _syntax(field)):
            setattr(instance, field.name, change(here, syntax, value))
    for name in _rows(instance):
        for number, row in enumerate(getattr(instance, name).all()):
            _change(row, change, exclude, f"{path}{name}.{number}.")


def _rows(instance: models.Model) -> list[str]:
    """The names of what belongs to an instance and is edited with it; what colleagues say of it is no part of it."""
    if not isinstance(instance, ClusterableModel):
        return []
    names = [relation.get_accessor_name() for relation in get_all_child_relations(type(instance))]
    return [name for name in names if name != COMMENTS_RELATION_NAME]


def _syntax(field: models.Field) -> str | None:
    """How to read a field; None for one that holds no prose (addresses, slugs, choices)."""
    if isinstance(field, RichTextField):
        return HTML
    prose = type(field) in (models.CharField, models.TextField) and not field.choices
    return TEXT if prose and field.name not in _PLACE_IN_THE_TREE else None


def _block(block: blocks.Block, raw: Any, path: str, change: Change) -> Any:
    """The stored value of a block with its texts changed."""
    if isinstance(block, blocks.StreamBlock):
        return [
            {**each, "value": _block(block.child_blocks[each["type"]], each["value"], f"{path}.{each['id']}", change)}
            for each in raw
            if each["type"] in block.child_blocks
        ]
    if isinstance(block, blocks.ListBlock):
        child = block.child_block
        return [{**each, "value": _block(child, each["value"], f"{path}.{each['id']}", change)} for each in raw]
    if isinstance(block, blocks.StructBlock):
        children = block.child_blocks.items()
        return raw | {
            name: _block(child, raw[name], f"{path}.{name}", change) for name, child in children if name in raw
        }
    if isinstance(raw, str) and raw:
        if isinstance(block, (blocks.RichTextBlock, blocks.RawHTMLBlock)):
            return change(path, HTML, raw)
        if isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
            return change(path, TEXT, raw)
    return raw
