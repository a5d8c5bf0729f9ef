"""Invoices and certificates: which paper is meant, and who gets it."""

from __future__ import annotations

import pytest

from bot.answers.wishes import with_wish
from tests.post import Post
from tests.stories.stage import Stage


async def test_an_invoice_is_sent_after_a_code_and_only_then(mailing: Stage, post: Post) -> None:
    sandra = await mailing.installer("Sandra Wolff")
    assert "Code an" in await sandra.says("schickt mir bitte die rechnung 90012117 nochmal")
    assert sandra.files == []
    await sandra.says("Code per E-Mail")
    sent = await sandra.says(post.code)
    assert "Kopie aus unserer Buchhaltung: Rechnung 90012117 vom" in sent
    assert sandra.files == ["invoice-90012117.pdf"]
    # From here on nothing is asked again; several are offered, the last one is a word.
    offered = await sandra.says("Rechnungskopie bitte")
    assert "• 90012101 vom" in offered
    assert "1. 90012117\n2. 90012101" in offered
    await sandra.says("2")
    assert sandra.files == ["invoice-90012101.pdf"]
    await sandra.says("schick mir mal die letzte Rechnung")
    assert sandra.files == ["invoice-90012117.pdf"]
    await sandra.says("uns fehlt die Rechnung zu 4500123460")
    assert sandra.files == ["invoice-90012101.pdf"]
    # Somebody else's sounds like none, and money matters are not for the bot.
    foreign = await sandra.says("Kopie der Rechnung 90012112 bitte")
    assert "finde ich bei Ihrer Firma keine Rechnung" in foreign
    assert sandra.files == []
    assert "klärt unsere Buchhaltung" in await sandra.says("welche IBAN steht auf der Rechnung")
    assert sandra.files == []
    await sandra.says("Die Rechnung 90012117 ist falsch, ihr habt 6 berechnet, gekommen sind 4")
    assert await sandra.holder() == "waiting"


async def test_the_order_just_talked_about_is_not_asked_for_again(mailing: Stage, post: Post) -> None:
    sandra = await mailing.installer("Sandra Wolff")
    assert "Ihr Auftrag 4500123456" in await sandra.says("Wo bleibt meine Bestellung?")
    await sandra.says("und die Rechnung dazu?")
    await sandra.says("Code per E-Mail")
    await sandra.says(post.code)
    assert sandra.files == ["invoice-90012117.pdf"]
    assert "Buchhaltung" in await sandra.says("und der Lieferschein?")
    assert sandra.files == []


async def test_what_is_not_on_file_goes_to_accounting(mailing: Stage, post: Post) -> None:
    nadine = await mailing.installer("Nadine Scholz")
    await nadine.says("Rechnung zu 4500123472 bitte schicken")
    await nadine.says("Code per E-Mail")
    assert "Buchhaltung" in await nadine.says(post.code)
    assert await nadine.holder() == "waiting"


async def test_a_stranger_gets_no_invoice_and_learns_of_none(stage: Stage) -> None:
    heard = []
    for number in ("90012117", "90099999"):
        stranger = await stage.installer()
        heard.append(await stranger.says(f"bitte Rechnung {number} nochmal schicken"))
        assert stranger.files == []
    assert heard[0] == heard[1]
    assert "Rechnungen schicke ich nur" in heard[0]


async def test_certificates_are_sent_for_article_family_and_after_a_question(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    told = await thomas.says("brauche die Konformitätserklärung vom NW-RV-250")
    assert "in unserer Dokumentation: EU-Konformitätserklärung NW-RV." in told
    assert thomas.files == ["nw-rv-conformity-de.pdf"]
    await thomas.says("und das Datenblatt?")
    assert thomas.files == ["nw-rv-datasheet-de.pdf"]
    assert "Hygienezertifikat VDI 6022 NW-WRG" in await thomas.says("VDI 6022 Zertifikat für WRG 300")
    assert thomas.files == ["nw-wrg-conformity-de.pdf", "nw-wrg-hygiene-de.pdf"]
    await thomas.says("Datenblatt und Konformitätserklärung vom NW-DV-400 bitte")
    assert thomas.files == ["nw-dv-datasheet-de.pdf", "nw-dv-conformity-de.pdf"]
    finn = await stage.installer("Finn Petersen")
    assert "brauchen Sie den Nachweis" in await finn.says("CE Zertifikat bitte")
    await finn.says("Dachlüfter")
    assert finn.files == ["nw-dv-conformity-de.pdf"]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("rechnungskopie bitte", "copy"),
        ("haven't received an invoice", "copy"),
        ("schickts ma de Rechnung nomoi", "copy"),
        ("send me the latest invoice", "latest"),
        ("letzte drei rechnungen bitte als pdf", "copy"),
        ("Mahnung bekommen obwohl bezahlt", None),
        ("Kostenstelle fehlt auf der Rechnung", None),
        ("where do I send the payment", None),
        ("Rechnung?", None),
    ],
)
def test_a_wish_for_a_copy_is_told_from_other_matters(text: str, wish: str | None) -> None:
    assert with_wish({"invoice"}, text, (), {}).get("invoice") == wish
    # What was wished before is not what another matter is about.
    kept = with_wish({"invoice"}, text, (), {"invoice": "copy"}).get("invoice")
    assert kept == (wish or ("copy" if text == "Rechnung?" else None))
