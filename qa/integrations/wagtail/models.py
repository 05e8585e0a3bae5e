"""What editors decided once and for all: findings that are none."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models


class IgnoredFinding(models.Model):
    """A finding of one object that somebody dismissed.

    The fingerprint is made of the rule, the text and the words beside it: the finding stays dismissed when text around
    it moves, and comes back when its own sentence is written anew.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=200)
    text = models.TextField(blank=True, help_text="What was marked, for people who read the list.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("content_type", "object_id", "fingerprint"), name="qa_wagtail_ignored_once"
            ),
        )
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.fingerprint}: {self.text}"


def ignored(instance: models.Model) -> frozenset[str]:
    """The fingerprints of the findings of an object that were dismissed."""
    return frozenset(_of(instance).values_list("fingerprint", flat=True)) if instance.pk else frozenset()


def ignore(instance: models.Model, fingerprint: str, text: str, user: models.Model | None) -> None:
    """Dismiss a finding."""
    IgnoredFinding.objects.get_or_create(
        content_type=_type(instance),
        object_id=str(instance.pk),
        fingerprint=fingerprint,
        defaults={"text": text, "user": user},
    )


def report_again(instance: models.Model, fingerprints: Iterable[str]) -> None:
    """Take a dismissal back."""
    _of(instance).filter(fingerprint__in=list(fingerprints)).delete()


def _of(instance: models.Model) -> models.QuerySet[IgnoredFinding]:
    return IgnoredFinding.objects.filter(content_type=_type(instance), object_id=str(instance.pk))


def _type(instance: models.Model) -> ContentType:
    return ContentType.objects.get_for_model(instance)
