"""An article: a title, an intro, rich text, a stream of blocks, and quotations as rows of their own."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Page, RevisionMixin
from wagtail.snippets.models import register_snippet


class Box(blocks.StructBlock):
    heading = blocks.CharBlock()
    points = blocks.ListBlock(blocks.TextBlock())
    style = blocks.ChoiceBlock(choices=[("la la", "La la")], required=False)


class Section(blocks.StreamBlock):
    text = blocks.RichTextBlock()
    box = Box()


class ArticlePage(Page):
    intro = models.TextField(blank=True)
    body = RichTextField(blank=True)
    content = StreamField(
        [("text", blocks.RichTextBlock()), ("box", Box()), ("section", Section()), ("html", blocks.RawHTMLBlock())],
        blank=True,
    )
    kind = models.CharField(max_length=10, choices=[("la la", "La la")], blank=True)

    content_panels = (
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("content"),
        InlinePanel("quotations"),
    )
    template = "article.html"


class Quotation(models.Model):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="quotations")
    text = RichTextField()
    link = models.URLField(blank=True)


@register_snippet
class Notice(DraftStateMixin, RevisionMixin, models.Model):
    text = models.TextField()

    panels = (FieldPanel("text"),)

    def __str__(self):
        return self.text[:20]
