"""A Wagtail app that lets nothing be published which the gate blocks (docs/wagtail.md).

`content` finds the texts of a page, `checker` asks about them, here or over HTTP, `decision` says what that means for
the page, `guard` stands in the way of publishing, and `views` answer the script that shows findings in the editor.
"""
