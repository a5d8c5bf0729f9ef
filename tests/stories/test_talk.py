"""What the bot answers by itself."""

from __future__ import annotations

from tests.stories.stage import Stage


async def test_a_known_installer_is_greeted_by_name_and_company(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Hallo Thomas Müller von Müller Elektrotechnik GmbH" in await thomas.says("Hallo")


async def test_the_greeting_comes_before_the_first_answer_and_only_once(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    first = await thomas.says("Anschlussplan für NW-RV-250")
    assert first.startswith("Hallo Thomas Müller von Müller Elektrotechnik GmbH. Hier ist der Anschlussplan")
    assert thomas.files == ["nw-rv-wiring.png"]
    assert "Hallo" not in await thomas.says("und das Datenblatt?")
    assert [name for name in thomas.files if name.endswith(".pdf")]


async def test_an_order_is_told_to_whoever_placed_it(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    assert "4500123456" in await sandra.says("Wo bleibt 4500123456?")
    assert await sandra.holder() == "bot"


async def test_several_open_orders_are_offered_and_picked_by_number(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller", channel="telegram")
    contact = await thomas.shares_contact("Thomas Müller", "+491713920001", own=True)
    assert "Hallo Thomas Müller" in contact
    assert "Um welchen Auftrag geht es?" in await thomas.says("Wo bleibt meine Ware?")
    assert len(thomas.buttons) == 2
    second = thomas.buttons[1].split()[0]
    assert f"Ihr Auftrag {second}" in await thomas.says("2")


async def test_a_corrected_number_is_no_new_question(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "finde ich bei Ihrer Firma keinen Auftrag" in await thomas.says("Wo ist Auftrag 4500999999?")
    assert "Ihr Auftrag 4500123457" in await thomas.says("nein, 4500123457")


async def test_somebody_elses_order_sounds_like_none(stage: Stage) -> None:
    andreas = await stage.installer("Andreas Müller")
    foreign = await andreas.says("Wann kommt 4500123459?")
    missing = (await andreas.says("und 4500999998?")).replace("4500999998", "4500123459")
    assert "finde ich bei Ihrer Firma keinen Auftrag" in foreign
    assert missing == foreign.removeprefix("Hallo Andreas Müller von Elektro Müller e.K. ") or (
        "Da komme ich allein nicht weiter" in missing
    )


async def test_a_stranger_is_asked_once_while_being_answered(stage: Stage) -> None:
    stranger = await stage.installer()
    first = await stranger.says("Ist NW-RV-250 auf Lager?")
    assert "NW-RV-250" in first
    assert "Für welche Firma schreiben Sie?" in first
    assert "Danke, ist notiert" in await stranger.says("Schulz Haustechnik aus Kassel")
    assert "Für welche Firma" not in await stranger.says("Datenblatt für NW-RV-250 bitte")


async def test_naming_a_customer_sounds_like_naming_nobody(stage: Stage) -> None:
    replies = []
    for company in ("Müller Elektrotechnik GmbH", "Meyer-Fantasie Lüftung GmbH", "K10215", "K99999"):
        stranger = await stage.installer()
        await stranger.says("Ist NW-RV-250 auf Lager?")
        replies.append(await stranger.says(company))
    assert len(set(replies)) == 1


async def test_a_stranger_learns_nothing_about_orders(stage: Stage) -> None:
    heard = []
    for number in ("4500123456", "4500999999"):
        stranger = await stage.installer()
        heard.append(await stranger.says(f"Wo bleibt {number}?"))
        assert await stranger.holder() == "bot"
    assert heard[0] == heard[1]
    assert await stranger.says("Mensch")
    assert await stranger.holder() == "waiting"


async def test_english_is_answered_in_english(stage: Stage) -> None:
    james = await stage.installer("James Harper")
    answer = await james.says("Where is order 4500123474?")
    assert "Hello James Harper" in answer
    assert "4500123474" in answer


async def test_a_burst_gets_one_answer(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Moin", "der NW-RV-250", "ist der auf Lager?")
    assert len(thomas.heard) == 1
    assert "am Lager" in thomas.heard[0]["text"]


async def test_an_error_code_leads_to_steps_and_two_failures_to_a_person(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    steps = await thomas.says("WRG 300 zeigt E07")
    assert "E07" in steps
    assert "Hat das geholfen?" in steps
    assert "Schade" in await thomas.says("nein, hilft nicht")
    assert "Technik" in await thomas.says("immer noch E07")
    assert await thomas.holder() == "waiting"


async def test_naming_another_device_after_an_unknown_code_is_no_failed_remedy(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "nicht bei NW-DV" in await thomas.says("E07 am Dachlüfter")
    assert "Hat das geholfen?" in await thomas.says("wrg")


async def test_slots_are_forgotten_after_a_long_pause(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Anschlussplan für NW-RV-250")
    stage.clock.forward(hours=13)
    assert "Für welches Gerät" in await thomas.says("schick mir bitte den Anschlussplan")


async def test_what_the_bot_does_not_have_is_passed_on_after_a_yes(stage: Stage) -> None:
    frank = await stage.installer("Frank Neumann")
    assert "Soll es jemand für Sie heraussuchen?" in await frank.says("Datenblatt NW-AX-450-EX bitte")
    assert await frank.holder() == "bot"
    await frank.says("ja bitte")
    assert await frank.holder() == "waiting"
    card = await (await stage.agent()).card()
    assert card["reasons"][0]["code"] == "needs_person"


async def test_a_fault_without_a_code_gets_two_tries(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Welchen Code" in await thomas.says("der Dachlüfter läuft nicht an")
    assert "Liegt Spannung an?" in await thomas.says("kein Display, keine LED")
    assert "Schade" in await thomas.says("alles geprüft, tut sich nichts")
    await thomas.says("nein")
    assert await thomas.holder() == "waiting"


async def test_nothing_to_act_on_is_asked_back_once(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("geht nix")
    assert await thomas.holder() == "bot"
    await thomas.says("geht halt nicht")
    assert await thomas.holder() == "waiting"


async def test_a_visit_is_asked_for_one_thing_at_a_time(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "An welchem Tag" in await thomas.says("Kann ein Techniker zur Inbetriebnahme kommen?")
    assert "An welcher Adresse" in await thomas.says("am Donnerstag ab 9")
    assert "Einsatzplanung" in await thomas.says("Bahnhofstraße 12, 14467 Potsdam")
    card = await (await stage.agent()).card()
    assert "am Donnerstag ab 9" in card["brief"]


async def test_one_word_in_any_language_brings_a_person(stage: Stage) -> None:
    for word in ("Mensch", "człowiek", "insan", "agent"):
        installer = await stage.installer()
        await installer.says(word)
        assert await installer.holder() == "waiting"


async def test_several_questions_in_one_message_are_all_answered(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    both = await sandra.says("Wo bleibt 4500123456 und was heißt E07 am WRG 300?")
    assert "Ihr Auftrag 4500123456" in both
    assert "Filter voll" in both
    assert len(sandra.heard) == 1


async def test_who_may_know_hears_that_a_colleague_has_brought_it_up(stage: Stage) -> None:
    marek = await stage.installer("Marek Nowak")
    await marek.says("Bitte Auftrag 4500123457 stornieren")
    assert await marek.holder() == "waiting"
    thomas = await stage.installer("Thomas Müller")
    told = await thomas.says("Wann kommt 4500123457?")
    assert "Ihr Auftrag 4500123457" in told
    assert "schon jemand aus Ihrer Firma gemeldet, unser Team" in told
    anna = await stage.agent()
    (waiting,) = [card for card in await anna.queue() if card["turn"] == "WAITING"]
    await anna.does(waiting["id"], "take")
    assert "Anna Keller kümmert sich darum" in await thomas.says("und 4500123457?")
    stranger = await stage.installer()
    assert "gemeldet" not in await stranger.says("Wann kommt 4500123457?")


async def test_answers_name_their_source(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "laut Auftragsverwaltung" in await thomas.says("Wo bleibt 4500123457?")
    assert "laut Lagerverwaltung" in await thomas.says("Ist NW-RV-250 auf Lager?")
    assert "laut Ersatzteilliste" in await thomas.says("welche Ersatzteile passen in den NW-RV-250")
    assert "laut Fehlercodeliste" in await thomas.says("WRG 300 zeigt E07")


async def test_more_than_there_is_takes_longer(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "am Lager, 12 Stück" in await thomas.says("Ist NW-RV-250 am Lager?")
    assert "am Lager, 12 Stück" in await thomas.says("brauch 3 stk")
    assert "Von 20 Stück sind laut Lagerverwaltung 12 am Lager" in await thomas.says("und 20 Stück?")


async def test_a_code_that_another_device_has_is_not_explained_for_it(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "nicht bei NW-RV" in await thomas.says("E07 blinkt am RV")
    assert [button for button in thomas.buttons if "WRG" in button] == thomas.buttons
    assert "E07 bei NW-WRG" in await thomas.says("1")


async def test_what_waited_for_us_is_answered_one_by_one(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    for article in ("NW-RV-125", "NW-RD-280", "NW-FU-022"):
        await jonas.writes(f"Ist der {article} am Lager?")
        stage.clock.forward(minutes=1)
    told = await jonas.says("Danke")
    assert [article in told for article in ("(NW-RV-125)", "(NW-RD-280)", "(NW-FU-022)")] == [True] * 3
    assert await jonas.holder() == "bot"


async def test_what_waited_is_heard_before_anything_is_sent(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    await jonas.writes("Ist der NW-RV-125 am Lager?")
    stage.clock.forward(minutes=1)
    told = await jonas.says("Aus dem Klemmkasten schlagen Flammen!")
    assert "Strom abschalten" in told
    assert await jonas.holder() == "waiting"


async def test_the_other_order_needs_no_number(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "4500123457" in await thomas.says("Wo bleibt 4500123457?")
    assert "Ihr Auftrag 4500123458" in await thomas.says("und die andere?")
    assert "Ihr Auftrag 4500123457" in await thomas.says("und die andere?")


async def test_who_tells_what_is_wrong_is_not_asked_for_the_code_again(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Welchen Code zeigt das Gerät?" in await thomas.says("der Lüfter macht Geräusche")
    assert "Ohne Code prüfen Sie bitte" in await thomas.says("es rattert beim Anlaufen")
    assert "Zeigt das Gerät jetzt einen anderen Code?" in await thomas.says("rattert weiter")
    assert "Technik" in await thomas.says("nein, immer noch")
    assert await thomas.holder() == "waiting"


async def test_a_visit_is_arranged_without_asking_twice(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "An welchem Tag" in await thomas.says("Kann ein Techniker vorbeikommen?")
    assert "An welcher Adresse" in await thomas.says("morgen ab 8 Uhr")
    said = await thomas.says("Hauptstraße 3 in Kassel")
    assert "Tag und Adresse sind notiert" in said
    assert "Schreiben Sie gern" not in said


async def test_a_name_that_ends_in_a_full_stop_ends_the_sentence(stage: Stage) -> None:
    andreas = await stage.installer("Andreas Müller")
    assert "Elektro Müller e.K. Rohrventilator" in await andreas.says("Ist NW-RV-250 am Lager?")


async def test_where_the_unit_stands_is_no_emergency(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Kann ein Techniker vorbeikommen?")
    await thomas.says("Donnerstag")
    assert "Tag und Adresse sind notiert" in await thomas.says("Kuhstall vom Hof Ahrens")


async def test_danger_is_heard_where_a_place_was_asked_for(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Kann ein Techniker vorbeikommen?")
    await thomas.says("Donnerstag")
    assert "Strom abschalten" in await thomas.says("vergiss es, da kommt jetzt Rauch aus dem Gerät")


async def test_a_device_without_a_code_is_not_asked_for_one(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Ohne Code prüfen Sie bitte" in await thomas.says(
        "Dachlüfter läuft nicht an, kein Code im Display"
    )
    kevin = await stage.installer("Kevin Lange")
    assert "Welchen Code" in await kevin.says("der Umrichter macht Mucken")
    assert "Ohne Code prüfen Sie bitte" in await kevin.says("keine Ahnung, irgendwas mit F")


async def test_a_remark_about_the_device_is_no_companys_name(stage: Stage) -> None:
    stranger = await stage.installer()
    assert "Which company" in await stranger.says("how do I connect the thermal contact of a roof fan")
    assert "Thanks, noted" not in await stranger.says("it's a 230V one")


async def test_two_orders_in_one_breath_are_both_told(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    told = await thomas.says("Wo sind 4500123457 und 4500123458?")
    assert "Ihr Auftrag 4500123457" in told
    assert "Ihr Auftrag 4500123458" in told
    both = await thomas.says("habt ihr NW-RV-125 und NW-RD-280 da")
    assert "(NW-RV-125)" in both
    assert "(NW-RD-280)" in both


async def test_thanks_for_steps_that_helped_and_the_next_question(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("WRG 300 zeigt E07")
    assert "Freut mich" in await thomas.says("hab ich gemacht, geht wieder")
    kevin = await stage.installer("Kevin Lange")
    await kevin.says("WRG 300 zeigt E07")
    assert "Auftrag" in await kevin.says("super danke, und wo is mein auftrag")


async def test_who_wants_their_data_deleted_gets_a_person(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Um Ihre Daten kümmert sich" in await thomas.says("Ich will meine Daten gelöscht haben")
    assert await thomas.holder() == "waiting"


async def test_a_tried_step_told_at_length_counts_once(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    await jonas.says("WRG 300 zeigt E07")
    said = await jonas.says("so des hob i jetzt probiert aber na geht ned kommt glei wieder der selbe fehler")
    assert "Schade" in said
    assert await jonas.holder() == "bot"
    await jonas.says("na hilft a nix")
    assert await jonas.holder() == "waiting"


async def test_a_fault_that_goes_on_is_no_danger_until_it_is(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    await jonas.says("NW-DV-400 brummt seit gestern und läuft langsamer als sonst")
    await jonas.says("Laufrad ist sauber und dreht frei, nix verändert, brummt weiter")
    assert await jonas.holder() == "bot"
    assert "112" in await jonas.says("jetzt hat es geknallt und Funken kamen raus")
    assert await jonas.holder() == "waiting"


async def test_the_invoice_for_what_was_just_talked_about(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    await sandra.says("Wo bleibt 4500123456?")
    said = await sandra.says("gut. und die Rechnung dazu bräucht ich auch nochmal")
    assert "Rechnungen schicke ich nur" in said
    assert await sandra.holder() == "bot"


async def test_the_part_that_is_asked_for_is_meant_and_not_the_device(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    listed = await thomas.says("Welche Ersatzteile gibt es für die WRG 300?")
    assert "NW-FI-300" in listed
    assert "NW-WT-300" in listed
    stock = await thomas.says("ist der Ersatzfilter davon am Lager, oder wie lange dauert das?")
    assert "(NW-FI-300) ist laut Lagerverwaltung am Lager" in stock
    assert "(NW-WRG-300)" in await thomas.says("und das Gerät selbst, ist das auf Lager?")
    only = await thomas.says("welche Platine brauch ich für die WRG 300")
    assert "NW-SP-301" in only
    assert "NW-FI-300" not in only


async def test_nobody_is_told_the_same_twice_in_a_row(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    assert "Anschlussplan" in await jonas.says("Wie klemm ich den NW-DV-400 an?")
    assert await jonas.says("schick nochmal den Anschlussplan, ist weg") != ""
    assert await jonas.holder() == "bot"
    assert "Mehr steht dazu nicht" in await jonas.says("und welche Sicherung brauch ich da?")
    assert await jonas.holder() == "bot"
    await jonas.says("c16 als Sicherung ok?")
    assert await jonas.holder() == "waiting"
    anna = await stage.agent()
    assert [reason["code"] for reason in (await anna.card())["reasons"]] == ["two_failed_answers"]


async def test_who_is_about_to_try_is_waited_for(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    await jonas.says("WRG 300 zeigt E07")
    assert "ob es geholfen hat" in await jonas.says("mach ich gleich")
    assert "ob es geholfen hat" not in await jonas.says("was mach ich wenn der Filter klemmt")
    await jonas.says("WRG 300 zeigt E07")
    assert "Freut mich" in await jonas.says("ok läuft wieder, danke dir")


async def test_who_has_no_number_at_hand_gets_a_person(stage: Stage) -> None:
    marek = await stage.installer("Marek Nowak")
    assert "Auftragsnummer" in await marek.says("gdzie jest moje zamówienie?")
    await marek.says("nie wiem, nie mam numeru")
    assert await marek.holder() == "waiting"


async def test_the_order_is_told_by_what_is_in_it(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Um welchen Auftrag geht es?" in await thomas.says("wo bleibt unsere lieferung")
    assert "Ihr Auftrag 45" in await thomas.says("die mit den Dachlüftern")


async def test_a_delivery_to_be_sent_elsewhere_is_for_a_person(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    await sandra.says("Wo bleibt 4500123456?")
    await sandra.says("ok. und kann man die noch umleiten zu ner andren baustelle?")
    assert await sandra.holder() == "waiting"


async def test_a_remark_by_the_way_leaves_open_what_was_asked(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Für welchen Artikel?" in await thomas.says("habt ihr das auf lager")
    for remark in ("hier ist schlechter empfang", "hab grad keine hand frei", "bin auf dem dach, moment"):
        assert "Kein Problem" in await thomas.says(remark)
    assert "am Lager, 12 Stück" in await thomas.says("NW-RV-250")
    stranger = await stage.installer()
    await stranger.says("Ist NW-RV-250 auf Lager?")
    assert "Kein Problem" in await stranger.says("steh grad auf der leiter")
    assert "notiert" in await stranger.says("Schulz Haustechnik aus Kassel")


async def test_what_answers_our_question_is_no_remark_by_the_way(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Ich bräuchte einen Techniker vor Ort")
    asked = await thomas.says("morgen")
    assert "Kein Problem" not in asked
    assert "Kein Problem" not in await thomas.says("auf dem Dach")
