"""Numbers laid into the wrong slots come back: the forward model damages, the rule restores."""

from __future__ import annotations

import random

import pytest

import qa
from models.corrupt.number_slot import habit, lay
from qa.finding import Safety
from qa.language import language
from qa.page import Page
from qa.rewrite import apply
from qa.rules.number_slot import find
from tests.slots_table import block, measure, plain, repairs

# Sentences of our own: thousands, decimals, times, dates, lists, names with digits, several numbers in a row.
SENTENCES = {
    "fr": [
        "La ville compte 35 000 habitants et 12 écoles.",
        "Le train part à 15h14 le lundi 11 novembre.",
        "Le musée a ouvert le 28 septembre 2018 avec 250 tableaux.",
        "Les salles 1, 4, 7, 12 sont fermées au public.",
        "Le moteur tourne à 4 158,67 tours et consomme 1 084,89 litres.",
        "Entre 1990 et 2005, la production est passée de 820 000 à 1 269 000 tonnes.",
        "Le modèle R12 pèse 3 kilos, coûte 45 euros et dure 8 heures.",
        "Il a couru 40 kilomètres, puis 25, puis 10.",
    ],
    "it": [
        "La città conta 35.000 abitanti e 12 scuole.",
        "Il treno parte alle 15:14 di lunedì 11 novembre.",
        "Il museo ha aperto il 28 settembre 2018 con 250 quadri.",
        "Le sale 1, 4, 7, 12 sono chiuse al pubblico.",
        "Il motore gira a 4.158,67 giri e consuma 1.084,89 litri.",
        "Tra il 1990 e il 2005 la produzione è passata da 820.000 a 1.269.000 tonnellate.",
        "Il modello R12 pesa 3 chili, costa 45 euro e dura 8 ore.",
    ],
    "es": [
        "La ciudad tiene 35 000 habitantes y 12 escuelas.",
        "El tren sale a las 15:14 del lunes 11 de noviembre.",
        "El museo abrió el 28 de septiembre de 2018 con 250 cuadros.",
        "Las salas 1, 4, 7, 12 están cerradas al público.",
        "El motor gira a 4.158,67 vueltas y gasta 1.084,89 litros.",
        "Entre 1990 y 2005 la producción pasó de 820 000 a 1 269 000 toneladas.",
        "El modelo R12 pesa 3 kilos, cuesta 45 euros y dura 8 horas.",
    ],
    "de": [
        "Die Stadt hat 35.000 Einwohner und 12 Schulen.",
        "Der Zug fährt um 15:14 Uhr am Montag, dem 11. November.",
        "Das Museum öffnete am 28. September 2018 mit 250 Bildern.",
        "Die Säle 1, 4, 7, 12 sind geschlossen.",
        "Der Motor macht 4.158,67 Umdrehungen und braucht 1.084,89 Liter.",
        "Zwischen 1990 und 2005 stieg die Förderung von 820.000 auf 1.269.000 Tonnen.",
        "Das Modell R12 wiegt 3 Kilo, kostet 45 Euro und hält 8 Stunden.",
    ],
    "pt": [
        "A cidade tem 35.000 habitantes e 12 escolas.",
        "O comboio parte às 15h14 de segunda-feira, 11 de novembro.",
        "O museu abriu a 28 de setembro de 2018 com 250 quadros.",
        "As salas 1, 4, 7, 12 estão fechadas ao público.",
        "O motor faz 4.158,67 rotações e gasta 1.084,89 litros.",
        "Entre 1990 e 2005 a produção passou de 820.000 para 1.269.000 toneladas.",
        "O modelo R12 pesa 3 quilos, custa 45 euros e dura 8 horas.",
    ],
    "nl": [
        "De stad telt 35.000 inwoners en 12 scholen.",
        "De trein vertrekt om 15:14 uur op maandag 11 november.",
        "Het museum opende op 28 september 2018 met 250 schilderijen.",
        "De zalen 1, 4, 7, 12 zijn gesloten.",
        "De motor draait 4.158,67 toeren en verbruikt 1.084,89 liter.",
        "Tussen 1990 en 2005 steeg de productie van 820.000 naar 1.269.000 ton.",
        "Het model R12 weegt 3 kilo, kost 45 euro en werkt 8 uur.",
    ],
    "en": [
        "The city has 35,000 inhabitants and 12 schools.",
        "The train leaves at 15:14 on Monday 11 November.",
        "The museum opened on 28 September 2018 with 250 paintings.",
        "Rooms 1, 4, 7, 12 are closed to the public.",
        "The engine makes 4,158.67 turns and burns 1,084.89 litres.",
        "Between 1990 and 2005 output rose from 820,000 to 1,269,000 tonnes.",
        "The R12 model weighs 3 kilos, costs 45 euros and lasts 8 hours.",
    ],
}


@pytest.mark.parametrize("code", SENTENCES)
def test_damage_is_undone(code):
    counts, _ = measure(SENTENCES[code] * 40, code, seed=1)
    assert counts["damaged"] > 100
    assert counts["one"] > 0.7 * counts["damaged"]
    assert counts["right"] == counts["one"]  # exactly one reading: restored digit for digit
    assert counts["three"] >= 0.9 * counts["many"]
    assert counts["changed"] == 0


@pytest.mark.parametrize("code", SENTENCES)
def test_forward_model_keeps_the_sources_numbers(code):
    """The printed numbers and the empty slots fill exactly the digit runs of the clean text."""
    rng = random.Random(2)
    laid = [lay(sentence, code, rng, habit(code, rng)) for sentence in SENTENCES[code] * 10]
    damaged = [each for each in laid if each]
    assert damaged
    for each in damaged:
        _, _, tail = each.damaged.partition("XNUMX")
        assert not any(char.isdigit() for char in tail)
        assert plain(each.clean) != plain(each.damaged)


def found(code, *texts):
    """The findings of each block of a page."""
    page = Page(tuple(block(text) for text in texts), language(code))
    return [list(find(one, page)) for one in page.blocks]


def first(text, findings):
    return apply(text, [edit for finding in findings for edit in finding.fixes[0].edits])


def test_a_cell_that_lost_its_line_break_is_two_blocks():
    cell = "> 600 XNUMX pages > 9.5 minutes 420 XNUMX pages"
    (findings,) = found("fr", cell)
    assert [cell[f.span.start : f.span.end] for f in findings] == ["600 XNUMX", "420 XNUMX"]
    assert first(cell, findings) == "> 600\u202f000 pages > 9.5 minutes 420\u202f000 pages"


@pytest.mark.parametrize(
    ("other", "fixed"),
    [
        ("La QX7 est rapide.", "Il copie 12\u202f000 cartes avec la QX7 et 30 40 images."),
        ("La QX30 est rapide.", "Il copie 12 7 cartes avec la QX30 et 40\u202f000 images."),
    ],
)
def test_names_of_the_page_choose_between_readings(other, fixed):
    text = "Il copie 12 7 cartes avec la QX30 et 40 XNUMX images."
    findings, _ = found("fr", text, other)
    assert first(text, findings) == fixed
    assert findings[0].fixes[0].safety is Safety.REVIEW
    assert len(findings[0].fixes) == 2


def test_an_empty_slot_in_a_name_takes_the_pages_number():
    (finding,), _ = found("de", "Das Programm XNUMX-Pack ist frei.", "Laden Sie 7-Pack herunter.")
    assert finding.fixes[0].edits[0].text == "7"
    assert finding.fixes[0].safety is Safety.REVIEW


def test_the_decimal_mark_follows_the_page():
    text = "Il mesure 1083.25 XNUMX mètres."
    (own,), (kept, _) = found("fr", text), found("fr", text, "Il pèse 12.5 kilos.")
    assert first(text, own) == "Il mesure 1\u202f083,25 mètres."
    assert first(text, kept) == "Il mesure 1\u202f083.25 mètres."


def test_each_slot_is_written_into_its_own_text_node():
    text = "<p>Es kamen 50 <b>XNUMX</b> Leute.</p>"
    (diagnostic,) = qa.check(text, syntax="html", options=qa.Options(language="de")).diagnostics
    assert apply(text, diagnostic.fixes[0].edits) == "<p>Es kamen 50.<b>000</b> Leute.</p>"


def test_half_of_a_number_alone():
    text = "Sie pflegt 76 Hektar Wald mit 000 geschulten Helfern."
    (findings,) = found("de", text)
    assert [text[f.span.start : f.span.end] for f in findings] == ["76", "000"]
    assert findings[0].fixes[0].edits[0].text == "76.000"
    assert findings[1].fixes == ()


def test_two_numbers_side_by_side_are_reported_where_the_page_has_empty_slots():
    text = "Le disque écrit 8,310 2700 pages."
    assert found("fr", text) == [[]]
    (pair,), _ = found("fr", text, "Il en lit 40 XNUMX.")
    assert text[pair.span.start : pair.span.end] == "8,310 2700"


def test_readings_of_a_long_chain_are_bounded():
    text = "12 34 56 78 90 " * 10 + "XNUMX " * 20
    (findings,) = found("de", text)
    assert len(findings) == 1
    assert repairs("XNUMX " * 400, "de") == ([], False)
