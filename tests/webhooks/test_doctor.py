"""What the doctor finds, against real servers that are there, broken, or away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.storage.database import Database
from tests.post import free_port, open_post
from tests.webhooks.provider import Provider, Reply, as_json
from tests.webhooks.test_rasa_model import FIRST, SECOND, promote
from webhooks.doctor import findings
from webhooks.finding import Finding, Health


async def examined(database_url: str, folder: Path, **settings: Any) -> dict[str, Finding]:
    found = Settings(_env_file=None, data_dir=folder, database_url=database_url, **settings)
    return {finding.what: finding async for finding in findings(found)}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doctor")


async def test_what_is_not_set_is_no_fault(database_url: str, models: Path) -> None:
    found = await examined(database_url, models)
    assert [finding.what for finding in found.values() if finding.health is Health.BAD] == []
    for what in ("Telegram", "WhatsApp", "Rasa", "Mail", "Public address"):
        assert found[what].health is Health.OFF
        assert "BAURUF_" in found[what].words


async def test_what_is_set_and_away_is_named_with_its_setting(database_url: str, models: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    found = await examined(
        database_url,
        models,
        telegram_token=SecretStr("123456:" + "A" * 35),
        telegram_api_url=nowhere,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token=SecretStr("secret-of-twilio"),
        whatsapp_from="+4930231250",
        twilio_api_url=nowhere,
        smtp_url=SecretStr(nowhere.replace("http", "smtp")),
        smtp_from="service@nordwind.example",
    )
    for what in ("Telegram", "WhatsApp", "Mail"):
        assert found[what].health is Health.BAD, found[what]
    assert "secret-of-twilio" not in str(found)
    assert "AAAA" not in str(found)


async def test_a_mail_server_that_answers_is_good(database_url: str, models: Path) -> None:
    with open_post() as post:
        found = await examined(
            database_url,
            models,
            smtp_url=SecretStr(post.url),
            smtp_from="service@nordwind.example",
        )
    assert found["Mail"].health is Health.GOOD


@pytest.mark.parametrize(
    ("status", "health", "words"),
    [
        (as_json({"model_file": f"{FIRST}.tar.gz", "model_id": "9c"}), Health.GOOD, f"serves {FIRST}"),
        (as_json({"model_file": f"{SECOND}.tar.gz", "model_id": "9c"}), Health.BAD, f"{FIRST} was promoted"),
        (as_json({"status": "failure", "reason": "Conflict"}, 409), Health.BAD, "Rasa has no model."),
        (as_json({"status": "failure"}, 401), Health.BAD, "must be its --auth-token"),
        (Reply(reset=True), Health.BAD, "cannot be reached"),
    ],
)
async def test_what_rasa_serves_is_compared_with_what_is_promoted(
    database_url: str,
    database: Database,
    models: Path,
    provider: Provider,
    status: Reply,
    health: Health,
    words: str,
) -> None:
    await promote(database, FIRST, b"first model")
    provider.answers(status)
    found = await examined(
        database_url, models, nlu_engine="rasa", rasa_url=provider.url, rasa_token=SecretStr("geheim")
    )
    assert found["Rasa"].health is health and words in found["Rasa"].words
    assert provider.calls[0].target == "/status?token=geheim"
    assert "geheim" not in str(found)
