"""Which language a text is in: right on our own languages, unknown on others."""

from __future__ import annotations

import pytest

from qa.identify import identify, identify_text
from qa.readers import read

CANDIDATES = ("de", "en", "es", "fr", "it", "nl", "pt")

PAGES = {
    "fr": "Le musée est ouvert tous les jours, sauf le lundi. Les enfants ne paient pas, et les familles "
    "qui viennent le dimanche matin reçoivent un petit guide de la ville. Le café ferme à dix-huit heures.",
    "it": "Il museo è aperto tutti i giorni tranne il lunedì. I bambini non pagano, e le famiglie che "
    "vengono la domenica mattina ricevono una piccola guida della città. Il bar chiude alle sei.",
    "es": "El museo está abierto todos los días menos el lunes. Los niños no pagan, y las familias que "
    "vienen el domingo por la mañana reciben una pequeña guía de la ciudad. El bar cierra a las seis.",
    "pt": "O museu está aberto todos os dias, menos à segunda-feira. As crianças não pagam, e as famílias "
    "que vêm ao domingo de manhã recebem um pequeno guia da cidade. O bar fecha às seis.",
    "de": "Das Museum ist jeden Tag außer montags geöffnet. Kinder zahlen nichts, und Familien, die am "
    "Sonntagmorgen kommen, erhalten einen kleinen Führer durch die Stadt. Das Café schließt um sechs.",
    "nl": "Het museum is elke dag open, behalve op maandag. Kinderen betalen niets, en gezinnen die op "
    "zondagochtend komen, krijgen een kleine gids van de stad. Het café sluit om zes uur.",
    "en": "The museum is open every day except Monday. Children do not pay, and families who come on "
    "Sunday morning are given a small guide to the city. The café closes at six.",
}

OTHERS = {
    "pl": "Muzeum jest otwarte codziennie oprócz poniedziałku. Dzieci nie płacą, a rodziny, które "
    "przychodzą w niedzielę rano, otrzymują mały przewodnik po mieście. Kawiarnia zamyka się o szóstej.",
    "ro": "Muzeul este deschis în fiecare zi, cu excepția zilei de luni. Copiii nu plătesc, iar familiile "
    "care vin duminica dimineața primesc un mic ghid al orașului. Cafeneaua se închide la ora șase.",
    "ca": "El museu obre cada dia tret de dilluns. Els nens no paguen, i les famílies que hi van el "
    "diumenge al matí reben una petita guia de la ciutat. El bar tanca a les sis de la tarda.",
    "sv": "Museet är öppet varje dag utom måndag. Barn betalar inte, och familjer som kommer på söndag "
    "morgon får en liten guide till staden. Kaféet stänger klockan sex på kvällen.",
    "la": "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani, tertiam "
    "qui ipsorum lingua Celtae, nostra Galli appellantur, hi omnes lingua inter se differunt.",
}


@pytest.mark.parametrize("code", PAGES)
def test_a_page_is_identified(code):
    assert identify(read(PAGES[code], "text"), CANDIDATES) == code


@pytest.mark.parametrize("code", PAGES)
def test_a_sentence_is_identified(code):
    assert identify_text(PAGES[code].split(". ")[0] + ".", CANDIDATES) == code


@pytest.mark.parametrize("code", OTHERS)
def test_another_language_is_unknown(code):
    assert identify_text(OTHERS[code], CANDIDATES) is None


@pytest.mark.parametrize("text", ["", "12 345 €", "Paris", "iPhone 15 Pro Max", "x = y + 1;\n" * 50, "ЖШЩ " * 80])
def test_no_language_is_unknown(text):
    assert identify_text(text, CANDIDATES) is None


def test_only_candidates_are_answers():
    assert identify_text(PAGES["fr"], ("de", "en")) is None


def test_the_answer_does_not_depend_on_chance():
    assert len({identify_text(PAGES["pt"], CANDIDATES) for _ in range(5)}) == 1


def test_a_foreign_licence_above_the_page_does_not_decide():
    licence = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. " * 8
    text = "\n\n".join([licence, PAGES["fr"], PAGES["fr"][:180], PAGES["fr"][90:]])
    assert identify(read(text, "markdown"), CANDIDATES) == "fr"
