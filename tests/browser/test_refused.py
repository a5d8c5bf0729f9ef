"""A reply that the provider refuses: said in plain words, tried again with one click."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, expect
from pydantic import SecretStr

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.browser.cast import Cast
from tests.browser.watch import photograph
from tests.drill.serving import listen
from tests.house import House, open_house
from tests.replay.callers import PUBLIC, TWILIO_SID, TWILIO_TOKEN, bring
from tests.replay.collected import Collected
from tests.replay.providers import Providers
from tests.webhooks.provider import Call, Provider, Reply, as_json, serving

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(
    chromium: Browser, database_url: str, tmp_path: Path, engine: LinearUnderstander, twilio: Provider
) -> AsyncIterator[House]:
    """A demo's desk, with WhatsApp connected to a Twilio of the test's own."""
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        public_url=PUBLIC,
        twilio_account_sid=TWILIO_SID,
        twilio_auth_token=SecretStr(TWILIO_TOKEN),
        twilio_api_url=twilio.url,
        whatsapp_from="+493023125100",
    )
    async with open_house(settings, engine, listen(), demo=True) as house:
        yield house


@pytest.fixture
def twilio() -> Iterator[Provider]:
    with serving() as provider:
        Providers(provider)
        yield provider


async def test_a_refused_reply_says_why_and_is_sent_again(house: House, cast: Cast, twilio: Provider) -> None:
    fields = {"MessageSid": "SM" + "0" * 32, "From": "whatsapp:+491713920001", "Body": "Mensch"}
    assert await bring(house.client(), Collected("whatsapp", "Mensch", urlencode(fields).encode())) == 200
    anna = await cast.agent("Anna Keller")
    await anna.open("Wartet", "Thomas Müller")
    await anna.press("t")
    await expect(anna.reply).to_be_focused()
    await house.idle()

    takes, twilio.answer = twilio.answer, _refuses
    await anna.reply.fill("Guten Tag, was ist los?")
    await anna.reply.press("Control+Enter")
    reply = anna.said("Guten Tag, was ist los?")
    await expect(reply).to_contain_text("Nicht zugestellt")
    await expect(reply).to_contain_text("Diese Telefonnummer ist nicht bei WhatsApp.")
    await photograph(anna.page, "refused-by-the-provider")

    twilio.answer = takes
    await reply.get_by_role("button", name="Erneut senden").click()
    await expect(reply.get_by_text("gesendet", exact=True)).to_be_visible()
    await expect(reply).not_to_contain_text("Diese Telefonnummer ist nicht bei WhatsApp.")


def _refuses(_: Call) -> Reply:
    return as_json({"code": 63003, "message": "Channel could not find To address", "status": 400}, 400)
