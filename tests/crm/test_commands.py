"""`bauruf accounts sync` and `bauruf accounts doctor`, as an operator runs them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.crm import hubspot, salesforce
from tests.crm.hubspot import Portal
from tests.crm.salesforce import Org
from tests.drill.processes import BAURUF


async def bauruf(settings: Mapping[str, str], folder: Path, *command: str) -> tuple[int, str]:
    """Run a command to its end: exit code, and what it said."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("BAURUF_")}
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *BAURUF,
        *command,
        env={**clean, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "200", **settings},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    return running.returncode or 0, said.decode()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, hub: Portal, sf: Org) -> dict[str, str]:
    (tmp_path / "drop").mkdir()
    return {
        "BAURUF_DATABASE_URL": database_url,
        "BAURUF_DATA_DIR": str(tmp_path),
        "BAURUF_HUBSPOT_TOKEN": hubspot.TOKEN,
        "BAURUF_HUBSPOT_API_URL": hub.url,
        "BAURUF_SALESFORCE_URL": sf.url,
        "BAURUF_SALESFORCE_CLIENT_ID": salesforce.CLIENT_ID,
        "BAURUF_SALESFORCE_CLIENT_SECRET": salesforce.CLIENT_SECRET,
        "BAURUF_ACCOUNTS_DROP_DIR": str(tmp_path / "drop"),
    }


async def test_a_sync_reports_what_it_did_and_the_doctor_how_it_stands(
    settings: dict[str, str], tmp_path: Path, hub: Portal
) -> None:
    hub.change("contacts", "902", phone="siehe Karte")
    code, said = await bauruf(settings, tmp_path, "accounts", "sync", "--full")
    assert code == 0, said
    assert "HubSpot: 2 companies and 2 people taken over" in said
    assert "contact 902: phone:" in said
    assert "Salesforce: 2 companies and 2 people taken over" in said
    code, said = await bauruf(settings, tmp_path, "accounts", "doctor")
    assert code == 0, said
    assert "portal 145000001" in said
    assert "calls left today" in said
    assert str(tmp_path / "drop") in said


async def test_a_token_that_is_refused_is_said_in_plain_words(
    settings: dict[str, str], tmp_path: Path
) -> None:
    settings["BAURUF_HUBSPOT_TOKEN"] = "pat-eu1-expired"
    code, said = await bauruf(settings, tmp_path, "accounts", "sync")
    assert code == 1
    assert "BAURUF_HUBSPOT_TOKEN" in said
    assert "pat-eu1-expired" not in said
    assert "Traceback" not in said
    code, said = await bauruf(settings, tmp_path, "accounts", "doctor")
    assert code == 1
    assert "refuses the token" in said


async def test_settings_are_checked_at_start(settings: dict[str, str], tmp_path: Path) -> None:
    settings["BAURUF_ACCOUNTS_DROP_DIR"] = str(tmp_path / "missing")
    settings["BAURUF_SALESFORCE_URL"] = ""
    code, said = await bauruf(settings, tmp_path, "accounts", "doctor")
    assert code == 2
    assert "BAURUF_ACCOUNTS_DROP_DIR" in said
    del settings["BAURUF_ACCOUNTS_DROP_DIR"]
    code, said = await bauruf(settings, tmp_path, "accounts", "doctor")
    assert code == 2
    assert "Salesforce needs all three" in said
