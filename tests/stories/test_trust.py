"""Proving who is writing: codes by e-mail, a colleague's word, and what comes of them."""

from __future__ import annotations

from tests.post import Post, free_port
from tests.stories.stage import Installer, Stage

SANDRAS = "Wo bleibt 4500123456?"  # an order of Sandra Wolff's, Müller Elektrotechnik
FOUND = "Ihr Auftrag 4500123456"


async def trust_of(stage: Stage) -> tuple[int, list[str]]:
    """The trust level of the latest conversation, and its audit lines about trust."""
    anna = await stage.agent()
    card = max(await anna.queue(), key=lambda card: card["id"])
    lines = (await anna.reads(card["id"]))["events"]
    return card["who"]["trust"], [line["text"] for line in lines if line["kind"] == "trust.changed"]


async def ask_for_code(stage: Stage, name: str = "Thomas Müller", question: str = SANDRAS) -> Installer:
    installer = await stage.installer(name)
    offer = await installer.says(question)
    assert "Code an" in offer
    await installer.says("Code per E-Mail")
    return installer


async def test_a_colleagues_order_is_told_after_a_code_by_mail(mailing: Stage, post: Post) -> None:
    thomas = await mailing.installer("Thomas Müller")
    offer = await thomas.says(SANDRAS)
    assert "Code an t•••@mueller-elektrotechnik.example" in offer
    assert "t.mueller" not in offer
    assert await thomas.holder() == "bot"
    sent = await thomas.says("Ja, gern")
    assert "Ich schicke einen Code mit 6 Ziffern an t•••@mueller-elektrotechnik.example" in sent
    assert post.recipients == ["t.mueller@mueller-elektrotechnik.example"]
    assert post.code in post.letters[0]["Subject"]
    answer = await thomas.says(f"{post.code[:3]} {post.code[3:]}")
    assert answer.startswith(f"Danke, das passt. {FOUND}")
    level, lines = await trust_of(mailing)
    assert level == 4  # Thomas is the boss
    assert lines == ["2 phone", "4 code"]


async def test_what_was_proven_is_never_asked_again_and_ends_after_90_days(
    mailing: Stage, post: Post
) -> None:
    thomas = await ask_for_code(mailing)
    await thomas.says(post.code)
    mailing.clock.forward(days=30)
    assert FOUND in await thomas.says(SANDRAS)
    mailing.clock.forward(days=61)
    assert "Code an" in await thomas.says(SANDRAS)


async def test_a_wrong_code_five_times_ends_it(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    for left in (4, 3, 2, 1):
        assert f"verbleibende Versuche: {left}" in await thomas.says(post.wrong_code)
    assert "fünfmal falsch" in await thomas.says(post.wrong_code)
    assert FOUND not in await thomas.says(post.code)
    # For an hour there is no new code either, only a person.
    mailing.clock.forward(minutes=50)
    assert "Code an" not in await thomas.says(SANDRAS)
    level, _ = await trust_of(mailing)
    assert level == 2
    assert len(post.letters) == 1


async def test_a_code_typed_while_a_person_holds_the_conversation_counts_silently(
    mailing: Stage, post: Post
) -> None:
    thomas = await ask_for_code(mailing)
    anna = await mailing.agent()
    (card,) = await anna.queue()
    (await anna.does(card["id"], "take")).raise_for_status()
    assert not await thomas.says(post.wrong_code)
    assert (await trust_of(mailing))[0] == 2
    assert not await thomas.says(f"Der Code ist {post.code}")
    assert await trust_of(mailing) == (4, ["2 phone", "4 code"])
    assert not await thomas.says(post.code)  # it counts once


async def test_a_code_counts_for_ten_minutes(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    mailing.clock.forward(minutes=11)
    assert "abgelaufen" in await thomas.says(post.code)
    assert "Ich schicke einen Code" in await thomas.taps_or_says("Neuer Code")
    assert len(post.letters) == 2
    assert FOUND in await thomas.says(f"Der Code ist {post.code}")


async def test_a_code_counts_only_where_it_was_asked_for(mailing: Stage, post: Post) -> None:
    await ask_for_code(mailing)
    marek = await ask_for_code(mailing, "Marek Nowak")
    thomass = post.letters[0].get_content().split()
    code = next(word for word in thomass if word.isdigit() and len(word) == 6)
    if code != post.code:
        assert "Der Code stimmt nicht" in await marek.says(code)


async def test_a_mailbox_many_read_proves_the_company_but_no_role(mailing: Stage, post: Post) -> None:
    # Andreas is the boss, but all there is on file is info@.
    andreas = await mailing.installer("Andreas Müller")
    assert "Code an i•••@elektro-mueller-potsdam.example" in await andreas.says("Wo bleibt 4500123465?")
    await andreas.says("per Mail bitte")
    assert "Ihr Auftrag 4500123465" in await andreas.says(post.code)
    level, lines = await trust_of(mailing)
    assert level == 3
    assert lines[-1] == "3 company_code"


async def test_codes_are_sent_a_few_times_an_hour_at_most(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    for _ in range(2):
        mailing.clock.forward(minutes=11)
        await thomas.says(post.code)
        await thomas.taps_or_says("Neuer Code")
    mailing.clock.forward(minutes=11)
    await thomas.says(post.code)
    assert "keinen weiteren Code" in await thomas.taps_or_says("Neuer Code")
    assert len(post.letters) == 3


async def test_a_mail_server_that_is_away_delays_the_code_and_says_so(mailing: Stage, post: Post) -> None:
    post.refusal = "451 come back later"
    thomas = await mailing.installer("Thomas Müller")
    await thomas.says(SANDRAS)
    said = await thomas.says("1")
    assert "Ich schicke einen Code" in said
    assert "ich versuche es weiter" in said
    anna = await mailing.agent()
    notices = (await anna.client.get("/api/queue")).json()["notices"]
    assert [n["text"] for n in notices] == ["Codes cannot be sent by e-mail: the mail server is busy (451)."]
    post.refusal = None
    mailing.clock.forward(minutes=2)
    await mailing.system.sweep.once()
    await mailing.work()
    assert len(post.letters) == 1
    assert FOUND in await thomas.says(post.code)
    assert (await anna.client.get("/api/queue")).json()["notices"] == []


async def test_a_mailbox_that_does_not_exist_is_said_at_once(mailing: Stage, post: Post) -> None:
    post.refusal = "550 no such mailbox"
    thomas = await mailing.installer("Thomas Müller")
    await thomas.says(SANDRAS)
    assert "lässt sich leider nicht zustellen" in await thomas.says("1")
    assert free_port() != post.port


async def test_danger_goes_before_a_code_and_a_person_is_one_word_away(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    assert "Strom abschalten" in await thomas.says(f"{post.code} Hilfe, der Schaltschrank brennt!")
    assert await thomas.holder() == "waiting"
    marek = await mailing.installer("Marek Nowak")
    await marek.says(SANDRAS)
    await marek.says("Mensch")
    assert await marek.holder() == "waiting"


async def test_without_mail_and_colleagues_there_is_a_person(stage: Stage) -> None:
    kevin = await stage.installer("Kevin Lange")
    refused = await kevin.says(SANDRAS)
    assert "nur, wenn ich sicher weiß" in refused
    await kevin.says("Mensch")
    assert await kevin.holder() == "waiting"


async def test_a_colleague_vouches_and_the_question_is_answered(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    await thomas.says(post.code)
    kevin = await mailing.installer("Kevin Lange")  # no address on file
    assert "einen Kollegen von Ihnen fragen" in await kevin.says(SANDRAS)
    before = len(await thomas.chat())
    assert "bei Ihren Kollegen nachgefragt" in await kevin.says("Kollegen fragen")
    question = (await thomas.chat())[before:]
    assert "Kevin Lange möchte Auskunft zu Aufträgen von Müller Elektrotechnik GmbH" in question[0]["text"]
    asked = len(await kevin.chat())
    assert "Kevin Lange bekommt jetzt Auskunft" in await thomas.says("Ja")
    answer = (await kevin.chat())[asked:]
    assert f"Danke, das passt. {FOUND}" in answer[0]["text"]
    level, lines = await trust_of(mailing)
    assert (level, lines[-1]) == (3, "3 approval")  # a fitter decides nothing


async def test_a_colleague_refuses(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    await thomas.says(post.code)
    kevin = await mailing.installer("Kevin Lange")
    await kevin.says(SANDRAS)
    await kevin.says("1")
    before = len(await kevin.chat())
    assert "bekommt keine Auskunft" in await thomas.says("Nein, bitte nicht")
    assert "nicht bestätigt" in (await kevin.chat())[before]["text"]
    assert "nicht mehr offen" in await thomas.says_tap("approve:1", "Ja, in Ordnung")
    assert FOUND not in await kevin.says(SANDRAS)


async def test_nobody_answers_in_time(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    await thomas.says(post.code)
    kevin = await mailing.installer("Kevin Lange")
    await kevin.says(SANDRAS)
    await kevin.says("1")
    before = len(await kevin.chat())
    mailing.clock.forward(minutes=31)
    await mailing.system.sweep.once()
    await mailing.work()
    assert "Bisher hat niemand bestätigt" in (await kevin.chat())[before]["text"]
    assert "nicht mehr offen" in await thomas.says("1")


async def test_only_who_was_asked_can_vouch(mailing: Stage, post: Post) -> None:
    thomas = await ask_for_code(mailing)
    await thomas.says(post.code)
    kevin = await mailing.installer("Kevin Lange")
    await kevin.says(SANDRAS)
    await kevin.says("1")
    assert "nicht mehr offen" in await kevin.says_tap("approve:2", "Ja, in Ordnung")
    stefan = await mailing.installer("Stefan Brandt")
    assert "nicht mehr offen" in await stefan.says_tap("approve:2", "Ja, in Ordnung")
    assert FOUND not in await kevin.says(SANDRAS)
