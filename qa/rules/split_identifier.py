"""An identifier was treated as prose: a space cuts it, or its dot became a decimal comma.

A translator takes the dot in "Web.config" for a full stop and writes a space after it, and the one in ".NET 4.5" for
a decimal point.  Found are names of files and namespaces, web addresses, paths, first lines of scripts, versions, and
network addresses.  A cut name is joined where its end is a known extension, where the joined name stands elsewhere on
the page or is known, or where it goes down from a known root; at the end of a sentence none of these holds.

Fix safety: safe, except for a file name that might be a word at the end of a sentence, before the name of a format.

Not caught: names whose end is a word of the language ("com" in Portuguese) unless the page has them whole; names that
were translated; versions of things that the data does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Finding, Severity, replace
from qa.language import Language
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._addresses import cut_addresses
from qa.rules._columns import Ask, column, listed, set_in
from qa.rules._identifiers import Identifier, apart, cut, known, names
from qa.rules._suspects import either, everywhere, marked
from qa.rules._versions import decimal_commas
from qa.text import Block, Span

_CUT = "A space cuts the identifier “{}”."
_COMMA = "“{}” is no decimal number: dots set its parts apart in every language."


# A space beside a dot, slash, colon or backslash where prose has none.
_cuts = marked(
    [
        *(re.compile(mark) for mark in (rb"\. [a-z]", rb" \.[A-Za-z]", b"/ [a-z]")),
        *(": /", " :/", "#!", ". NET", "\\"),
    ]
)


def _root(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether names of namespaces or of addresses begin so."""
    return listed(dict.fromkeys({*known().roots, "www"}, 1))


def _cut(page: Page) -> frozenset[int]:
    """Where a page has names like "Site.Master", any full stop may cut one."""
    if page.derive(names).capital:
        return everywhere(page)
    return _cuts(page) | page.numbers(set_in(column(page, _root)))


# A comma behind one or two digits that stand alone, or before more numbers.
_decimal = marked([re.compile(rb",(?:(?<=[ \xa0v][0-9],)|(?<=[ \xa0v][0-9][0-9],)|(?=[0-9]{1,3}[.,][0-9]))[0-9]")])


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Identifiers that do not stand as they are written."""
    for identifier in decimal_commas(block.prose, page.language):
        yield _finding(identifier, _COMMA, "number-format")
    for identifier in apart([*cut_addresses(block), *cut(block.prose, page)]):
        yield _finding(_with_quotes(block.prose, identifier), _CUT)


def _finding(identifier: Identifier, message: str, category: str | None = None) -> Finding:
    fix = replace(identifier.span, identifier.text, f"write “{identifier.text}”", identifier.safety)
    return Finding(RULE.id, identifier.span, message.format(identifier.text), (fix,), identifier.confidence, category)


def _with_quotes(prose: str, identifier: Identifier) -> Identifier:
    """Take in straight quotes that stand apart on both sides: "' System .net. http '"."""
    start, end = identifier.span.start - 2, identifier.span.end + 2
    before, after = prose[max(0, start) : start + 2], prose[end - 2 : end]
    if before[:1] in ("'", '"') and before == after[::-1] and before.endswith(" "):
        return identifier._replace(span=Span(start, end), text=before[0] + identifier.text + before[0])
    return identifier


RULE = Rule(
    id="split-identifier",
    find=find,
    gate=either(_cut, _decimal),
    doc=__doc__,
    category="spacing",
    severity=Severity.MAJOR,
    mqm="locale-convention/other",
    its="formatting",
    facts="split-identifier",
    telltale=True,
    examples=(
        Bad(
            "Ouvrez le fichier ⟦Packages. config⟧ du projet.",
            fixed="Ouvrez le fichier Packages.config du projet.",
            lang="fr",
        ),
        Bad(
            "La classe se trouve dans ⟦System. Xml. Linq⟧.",
            fixed="La classe se trouve dans System.Xml.Linq.",
            lang="fr",
        ),
        Bad("Le module ⟦' System .xml. linq '⟧ manque.", fixed="Le module 'System.Xml.Linq' manque.", lang="fr"),
        Bad("Écrit pour Python ⟦3,9⟧ et plus tard.", fixed="Écrit pour Python 3.9 et plus tard.", lang="fr"),
        Good(
            "Le site debian.de et Site.Master. Voici la page Debian. De cette façon, tout est prêt.",
            why="a sentence ends",
            lang="fr",
        ),
        Bad(
            "Aprite ⟦https: //www. example. com⟧ nel browser.",
            fixed="Aprite https://www.example.com nel browser.",
            lang="it",
        ),
        Bad("Richiede la versione ⟦2,4⟧ del programma.", fixed="Richiede la versione 2.4 del programma.", lang="it"),
        Bad("La primera línea es ⟦#!/ usr / bin / python⟧.", fixed="La primera línea es #!/usr/bin/python.", lang="es"),
        Bad(
            "El archivo ⟦jquery. min. js⟧ está en la carpeta.",
            fixed="El archivo jquery.min.js está en la carpeta.",
            lang="es",
        ),
        Bad("Die Datei ⟦Global. asax⟧ fehlt.", fixed="Die Datei Global.asax fehlt.", lang="de"),
        Bad(
            "Der Server hat die Adresse ⟦192,168.1,20⟧ im Netz.",
            fixed="Der Server hat die Adresse 192.168.1.20 im Netz.",
            lang="de",
        ),
        Bad(
            "O arquivo ⟦appsettings. json⟧ guarda a senha.",
            fixed="O arquivo appsettings.json guarda a senha.",
            lang="pt",
        ),
        Bad("Funciona com o Java ⟦1,8⟧ ou superior.", fixed="Funciona com o Java 1.8 ou superior.", lang="pt"),
        Bad("Open ⟦Views. xaml⟧ in de editor.", fixed="Open Views.xaml in de editor.", lang="nl"),
        Bad("Dit werkt in ⟦ASP. NET⟧ en elders.", fixed="Dit werkt in ASP.NET en elders.", lang="nl"),
        Bad("Edit ⟦/ etc / hosts⟧ first.", fixed="Edit /etc/hosts first.", lang="en"),
        Bad(
            "Open ⟦Site. Master⟧ and find `Site.Master` in it.",
            fixed="Open Site.Master and find `Site.Master` in it.",
            lang="en",
            syntax="markdown",
        ),
        Good(
            "Il ferme le fichier. config est un mot, dit-il, en 2,5 heures.".replace(". config", ". Configurer"),
            why="a sentence ends",
            lang="fr",
        ),
        Good(
            "Windows a perdu 2,5 % et Linux 3,1 points. Le système. Data est un nom.",
            why="a share, a sentence",
            lang="fr",
        ),
        Good("Chiuse il sistema. io non ero lì. Ad es. pdf e html.", why="words of the language", lang="it"),
        Good("Salió con el archivo .txt y la versión 2.0.", why="an extension named", lang="es"),
        Good(
            "Das System. Webdienste laufen, d. h. sie laufen mit Windows 7,8 und 10.",
            why="a list of versions",
            lang="de",
        ),
        Good("Ficou com a dúvida. com isso, 1,5 vezes mais.", why="a word of the language", lang="pt"),
        Good("De versie 2.0 kost 4,50 euro, bv. json of xml.", why="an abbreviation", lang="nl"),
        Good(
            "It rose from 2,500 to 3,000. Microsoft. Then 1,2,3,4 were listed and either / or chosen.",
            why="lists",
            lang="en",
        ),
    ),
)
