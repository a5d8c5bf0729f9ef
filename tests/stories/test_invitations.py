"""One-time `/start` links: handed out by a colleague or an agent, used once."""

from __future__ import annotations

import re

from tests.post import Post
from tests.stories.stage import Installer, Stage
from tests.stories.test_identity import card_of, who

OVER = "Dieser Einladungslink gilt nicht mehr."


def command(said: str) -> str:
    found = re.search(r"/start [\w-]+", said)
    assert found is not None, said
    return found[0]


async def member(stage: Stage, post: Post) -> Installer:
    """Thomas Müller, proven by a code."""
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Wo bleibt 4500123456?")
    await thomas.says("1")
    await thomas.says(post.code)
    return thomas


async def test_a_colleague_hands_out_a_link_that_works_once(mailing: Stage, post: Post) -> None:
    thomas = await member(mailing, post)
    assert "Für wen ist der Link?" in await thomas.says("Ich möchte einen Kollegen einladen")
    link = await thomas.says("Kevin Lange")
    assert "Telegram-Link für Kevin Lange" in link
    kevin = await mailing.installer(channel="telegram")
    assert "Hallo Kevin Lange von Müller Elektrotechnik GmbH" in await kevin.says(command(link))
    assert await who(mailing) == ("Kevin Lange", "Müller Elektrotechnik GmbH", 2)
    second = await mailing.installer(channel="telegram")
    assert OVER in await second.says(command(link))
    made_up = await mailing.installer(channel="telegram")
    assert await made_up.says("/start " + "x" * 32) == "\n".join(m["text"] for m in second.heard)
    assert (await who(mailing))[2] == 0
    # It is remembered: the next conversation begins recognised.
    mailing.clock.forward(days=8)
    assert "Hallo Kevin Lange" in await kevin.says("Hallo")


async def test_a_link_for_somebody_new_names_the_company_only(mailing: Stage, post: Post) -> None:
    thomas = await member(mailing, post)
    await thomas.says("Kollegen einladen")
    link = await thomas.says("Jemand anderes")
    newcomer = await mailing.installer(channel="telegram")
    assert "für Müller Elektrotechnik GmbH schreiben" in await newcomer.says(command(link))
    assert (await who(mailing))[1:] == ("Müller Elektrotechnik GmbH", 1)


async def test_a_link_expires(mailing: Stage, post: Post) -> None:
    thomas = await member(mailing, post)
    await thomas.says("Kollegen einladen")
    link = await thomas.says("Kevin Lange")
    mailing.clock.forward(days=8)
    kevin = await mailing.installer(channel="telegram")
    assert OVER in await kevin.says(command(link))


async def test_only_members_invite_and_the_wish_is_resumed(mailing: Stage, post: Post) -> None:
    thomas = await mailing.installer("Thomas Müller")
    assert "Code an t•••@" in await thomas.says("Kann ich einen Kollegen einladen?")
    await thomas.says("1")
    assert "Danke, das passt. Gern. Für wen ist der Link?" in await thomas.says(post.code)


async def test_an_agent_hands_out_a_link(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    await sandra.says("Hallo")
    anna = await stage.agent()
    view = await anna.reads((await card_of(stage))["id"])
    account = view["account"]
    kevin_id = next(person["id"] for person in account["people"] if person["name"] == "Kevin Lange")
    url = f"/api/accounts/{account['id']}/invitations"
    made = await anna.client.post(url, json={"person_id": kevin_id})
    assert made.status_code == 201
    kevin = await stage.installer(channel="telegram")
    assert "Hallo Kevin Lange" in await kevin.says(made.json()["link"])
    nobody = await anna.client.post(url, json={"person_id": 999_999})
    assert nobody.status_code == 404


async def test_agents_raise_and_lower_trust_with_a_reason(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    await sandra.says("Wo bleibt 4500123456?")
    anna = await stage.agent()
    card = await card_of(stage)
    url = f"/api/conversations/{card['id']}/trust"
    now = (await anna.client.get(url)).json()
    assert (now["level"], now["evidence"], now["highest"]) == (2, "phone", 4)
    assert "own_orders" in now["unlocks"]
    assert "company_orders" not in now["unlocks"]
    assert (await anna.client.put(url, json={"level": 3, "reason": " "})).status_code == 422
    raised = await anna.client.put(url, json={"level": 3, "reason": "Rückruf im Büro"})
    assert raised.json()["who"]["trust"] == 3
    assert "4500123457" in await sandra.says("Wo bleibt 4500123457?")  # a colleague's order
    lowered = await anna.client.put(url, json={"level": 1, "reason": "Stimme passt nicht"})
    assert lowered.json()["who"]["trust"] == 1
    assert "nur, wenn ich sicher weiß" in await sandra.says("Wo bleibt 4500123456?")
    stage.clock.forward(days=8)
    assert "Sandra" not in await sandra.says("Hallo")  # the phone proves nothing any more
    anna = await stage.agent()  # a week later: signed in again
    trail = (await anna.reads(card["id"]))["events"]
    changes = [(line["actor"], line["text"]) for line in trail if line["kind"] == "trust.changed"]
    assert ("Anna Keller", "3 agent Rückruf im Büro") in changes
    assert ("Anna Keller", "1 agent Stimme passt nicht") in changes


async def test_trust_needs_somebody_to_trust(stage: Stage) -> None:
    stranger = await stage.installer()
    await stranger.says("Ist NW-RV-250 auf Lager?")
    anna = await stage.agent()
    card = await card_of(stage)
    url = f"/api/conversations/{card['id']}/trust"
    refused = await anna.client.put(url, json={"level": 2, "reason": "klang nett"})
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "level_too_high"
    await stranger.says("Müller Elektrotechnik GmbH")
    view = await anna.reads(card["id"])
    kevin_id = next(p["id"] for p in view["account"]["people"] if p["name"] == "Kevin Lange")
    known = await anna.client.put(
        url, json={"level": 2, "reason": "am Telefon erkannt", "person_id": kevin_id}
    )
    assert known.json()["who"]["name"] == "Kevin Lange"
    fitter = await anna.client.put(url, json={"level": 4, "reason": "will Preise"})
    assert fitter.json()["error"]["code"] == "level_too_high"
