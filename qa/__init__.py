"""`qa` finds the defects that raw machine translation leaves in a text, and repairs them.

>>> import qa
>>> result = qa.check("Le train train arrive.", options=qa.Options(language="fr"))
>>> [(d.text, d.suggestions[0]) for d in result.diagnostics]
[('train train', 'train')]
"""

from __future__ import annotations

from qa.checker import Options, Result, check
from qa.finding import Diagnostic, Edit, Fix, Safety, Severity
from qa.text import Span

__version__ = "0.1.0"
__all__ = ["Diagnostic", "Edit", "Fix", "Options", "Result", "Safety", "Severity", "Span", "check"]
