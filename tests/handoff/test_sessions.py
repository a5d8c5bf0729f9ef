"""Signing in and staying signed in."""

from __future__ import annotations

import asyncio

import httpx
from argon2 import PasswordHasher
from sqlalchemy import select, update

from bot.storage.tables import Agent, AgentSession
from tests.office import PASSWORD, Office


async def try_login(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await client.post("/api/session", json={"email": email, "password": password})


async def test_login_gives_a_session_that_says_who_it_is(office: Office) -> None:
    seat = await office.seat("Anna Keller", "admin")
    again = (await seat.get("/api/session")).json()
    assert again["agent"]["name"] == "Anna Keller" and again["agent"]["role"] == "admin"
    assert again["csrf"] == seat.csrf and again["demo"] is True
    assert again["limits"]["whatsapp"]["image_bytes"] == 5_000_000


async def test_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    answer = await try_login(office.browser(), email.upper(), PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "Secure" not in cookie  # plain http on one's own machine


async def test_cookie_is_secure_behind_https(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=office.app), base_url="https://desk.example")
    async with client:
        answer = await try_login(client, email, PASSWORD)
    assert "Secure" in answer.headers["set-cookie"]


async def test_only_the_hash_of_the_token_is_stored(office: Office) -> None:
    seat = await office.seat()
    token = seat.client.cookies["bauruf_session"]
    async with office.system.database.read() as conn:
        stored = (await conn.execute(select(AgentSession.token_hash))).scalar_one()
    assert len(stored) == 32 and token.encode() not in stored


async def test_unknown_email_and_wrong_password_get_the_same_answer(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    wrong = await try_login(office.browser(), email, "wrong-password")
    unknown = await try_login(office.browser(), "nobody@nordwind.example", "wrong-password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"]["code"] == "wrong_login"


async def test_login_from_another_site_is_refused(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    answer = await office.browser().post(
        "/api/session",
        json={"email": email, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


async def test_session_lives_while_it_is_used_and_a_week_at_most(office: Office) -> None:
    seat = await office.seat()
    for _ in range(15):
        office.clock.forward(hours=11)
        assert (await seat.get("/api/session")).status_code == 200
    office.clock.forward(hours=11)
    assert (await seat.get("/api/session")).status_code == 401


async def test_session_ends_twelve_hours_after_its_last_use(office: Office) -> None:
    seat = await office.seat()
    office.clock.forward(hours=12, seconds=1)
    assert (await seat.get("/api/session")).status_code == 401


async def test_looking_at_a_session_does_not_prolong_it(office: Office) -> None:
    seat = await office.seat()
    token = seat.client.cookies["bauruf_session"]
    office.clock.forward(hours=11)
    assert await office.system.sessions.peek(token) is not None
    office.clock.forward(hours=2)
    assert await office.system.sessions.peek(token) is None


async def test_logging_out_ends_the_session_on_the_server(office: Office) -> None:
    seat = await office.seat()
    token = seat.client.cookies["bauruf_session"]
    assert (await seat.send("DELETE", "/api/session")).status_code == 204
    thief = office.browser()
    thief.cookies.set("bauruf_session", token)
    assert (await thief.get("/api/session")).status_code == 401


async def test_five_failures_throttle_an_email_longer_and_longer(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    for attempt in range(5):
        answer = await try_login(office.browser(f"192.0.2.{attempt}"), email, "wrong-password")
        assert answer.status_code == 401
    throttled = await try_login(office.browser("192.0.2.50"), email, PASSWORD)
    assert throttled.status_code == 429 and throttled.headers["retry-after"] == "60"
    office.clock.forward(seconds=61)
    assert (await try_login(office.browser("192.0.2.51"), email, "wrong-password")).status_code == 401
    assert (await try_login(office.browser("192.0.2.52"), email, PASSWORD)).headers["retry-after"] == "120"
    office.clock.forward(seconds=121)
    assert (await try_login(office.browser("192.0.2.53"), email, PASSWORD)).status_code == 200


async def test_a_right_password_forgives(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    for _ in range(4):
        await try_login(office.browser(), email, "wrong-password")
    assert (await try_login(office.browser(), email, PASSWORD)).status_code == 200
    for _ in range(4):
        assert (await try_login(office.browser(), email, "wrong-password")).status_code == 401
    assert (await try_login(office.browser(), email, PASSWORD)).status_code == 200


async def test_one_address_cannot_try_many_emails(office: Office) -> None:
    statuses = [
        (await try_login(office.browser("198.51.100.7"), f"a{number}@nordwind.example", "wrong")).status_code
        for number in range(21)
    ]
    assert statuses == [401] * 20 + [429]
    elsewhere = await try_login(office.browser("198.51.100.8"), "a1@nordwind.example", "wrong")
    assert elsewhere.status_code == 401


async def test_many_tries_at_once_gain_nothing(office: Office) -> None:
    email = (await office.seat()).agent["email"]
    answers = await asyncio.gather(
        *(try_login(office.browser(f"192.0.2.{number}"), email, "wrong-password") for number in range(12))
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 7


async def test_hash_is_renewed_at_login_when_parameters_have_risen(office: Office) -> None:
    seat = await office.seat()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with office.system.database.begin() as conn:
        await conn.execute(update(Agent).where(Agent.id == seat.id).values(password_hash=weak))
    await office.sign_in(seat.agent["email"])
    async with office.system.database.read() as conn:
        stored = (await conn.execute(select(Agent.password_hash).where(Agent.id == seat.id))).scalar_one()
    assert stored != weak and not PasswordHasher().check_needs_rehash(stored)
    await office.sign_in(seat.agent["email"])


async def test_language_is_kept(office: Office) -> None:
    seat = await office.seat()
    answer = await seat.send("PATCH", "/api/session", {"language": "en"})
    assert answer.json()["agent"]["language"] == "en"
    assert (await seat.get("/api/session")).json()["agent"]["language"] == "en"
