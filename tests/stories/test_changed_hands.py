"""Numbers and ids that change hands, as Twilio tells it: signed calls to the real webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.conftest import Clock
from tests.replay.callers import PUBLIC, TWILIO_SID, TWILIO_TOKEN
from tests.replay.providers import Providers
from tests.stories.stage import Stage, open_stage
from tests.stories.test_identity import who
from tests.webhooks.provider import serving
from webhooks.app import create_app

SANDRA = "+491713920002"
PATH = "/webhooks/whatsapp"


@pytest.fixture
def providers() -> Iterator[Providers]:
    with serving() as provider:
        yield Providers(provider)


@pytest.fixture
async def twilio(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, clock: Clock, providers: Providers
) -> AsyncIterator[Stage]:
    """A stage with the real WhatsApp channel, among the demo's customers."""
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        public_url=PUBLIC,
        twilio_account_sid=TWILIO_SID,
        twilio_auth_token=SecretStr(TWILIO_TOKEN),
        twilio_api_url=providers.url,
        whatsapp_from="+493023125100",
    )
    app = create_app(settings, work=False, demo=True, clock=clock, understander=engine)
    async with open_stage(app, clock) as stage:
        yield stage


async def write(stage: Stage, providers: Providers, phone: str, scoped_id: str, text: str) -> str:
    """Write over WhatsApp; returns what is said back, to whatever number."""
    fields = {
        "MessageSid": f"SM{uuid4().hex}",
        "AccountSid": TWILIO_SID,
        "From": f"whatsapp:{phone}",
        "To": "whatsapp:+493023125100",
        "WaId": phone.removeprefix("+"),
        "ExternalUserId": f"whatsapp:{scoped_id}",
        "MessageType": "text",
        "NumMedia": "0",
        "Body": text,
    }
    signature = RequestValidator(TWILIO_TOKEN).compute_signature(PUBLIC + PATH, ImmutableMultiDict(fields))
    before = len(providers.sent)
    answer = await stage.browser().post(PATH, data=fields, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200, answer.text
    await stage.work()
    said = providers.sent[before:]
    assert {address for address, _ in said} <= {phone}
    return "\n".join(text for _, text in said)


async def test_another_scoped_id_on_the_same_number_is_asked_again(
    twilio: Stage, providers: Providers
) -> None:
    assert "Hallo Sandra Wolff" in await write(twilio, providers, SANDRA, "DE.111", "Wo bleibt 4500123456?")
    assert (await who(twilio))[2] == 2
    said = await write(twilio, providers, SANDRA, "DE.222", "Ist NW-RV-250 auf Lager?")
    assert "am Lager" in said
    assert "Für welche Firma schreiben Sie?" in said
    assert "Sandra" not in said
    assert (await who(twilio))[2] == 1
    refused = await write(twilio, providers, SANDRA, "DE.222", "Wo bleibt 4500123456?")
    assert "nur, wenn ich sicher weiß" in refused
    # The number on file does not bring the old trust back in the next conversation.
    twilio.clock.forward(days=8)
    assert "Sandra" not in await write(twilio, providers, SANDRA, "DE.222", "Hallo")


async def test_another_number_of_the_same_person_is_asked_again_and_answered_there(
    twilio: Stage, providers: Providers
) -> None:
    await write(twilio, providers, SANDRA, "DE.111", "Wo bleibt 4500123456?")
    elsewhere = "+491713920099"
    said = await write(twilio, providers, elsewhere, "DE.111", "Ist NW-RV-250 auf Lager?")
    assert "Für welche Firma schreiben Sie?" in said
    assert (await who(twilio))[2] == 1


async def test_an_endpoint_with_the_same_id_and_number_stays_recognised(
    twilio: Stage, providers: Providers
) -> None:
    await write(twilio, providers, SANDRA, "DE.111", "Hallo")
    assert "4500123456" in await write(twilio, providers, SANDRA, "DE.111", "Wo bleibt 4500123456?")
    assert (await who(twilio))[2] == 2
