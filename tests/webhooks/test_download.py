"""Fetching files: capped, with credentials only where they belong, never from inside our network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.channel import MediaRefused, RetryLater
from tests.webhooks.provider import Call, Provider, Reply, closed_port, serving
from webhooks.download import Downloads

PICTURE = Reply(200, b"0123456789", {"Content-Type": "image/jpeg; charset=binary"})


@pytest.fixture
async def downloads(provider: Provider) -> AsyncIterator[Downloads]:
    downloads = Downloads(home=provider.url, most_bytes=10, domain="twilio.com", credentials=("AC1", "t"))
    yield downloads
    await downloads.close()


@pytest.fixture
def stranger() -> Iterator[Provider]:
    with serving() as stranger:
        stranger.answers(PICTURE)
        yield stranger


async def test_a_file_up_to_the_cap(downloads: Downloads, provider: Provider) -> None:
    provider.answers(PICTURE)

    fetched = await downloads.fetch(f"{provider.url}/media/1")

    assert (fetched.content, fetched.mime) == (b"0123456789", "image/jpeg")
    assert provider.calls[0].headers["authorization"].startswith("Basic ")


async def test_a_byte_more_is_refused(downloads: Downloads, provider: Provider) -> None:
    provider.answers(Reply(200, b"0123456789!"))

    with pytest.raises(MediaRefused, match="larger than"):
        await downloads.fetch(f"{provider.url}/media/1")


async def test_redirects_are_followed_at_home(downloads: Downloads, provider: Provider) -> None:
    provider.answers(Reply(307, headers={"Location": "/signed?x=1"}), PICTURE)

    await downloads.fetch(f"{provider.url}/media/1")

    assert [call.target for call in provider.calls] == ["/media/1", "/signed?x=1"]


async def test_endless_redirects_end(downloads: Downloads, provider: Provider) -> None:
    provider.answers(Reply(302, headers={"Location": "/again"}))

    with pytest.raises(MediaRefused, match="redirected"):
        await downloads.fetch(f"{provider.url}/media/1")


@pytest.mark.parametrize("form", ["{}", "{}/media/../x"])
async def test_another_port_of_this_machine_is_refused(
    downloads: Downloads, stranger: Provider, form: str
) -> None:
    with pytest.raises(MediaRefused, match="not public"):
        await downloads.fetch(form.format(stranger.url))
    assert stranger.calls == []


async def test_a_redirect_into_our_network_is_refused(
    downloads: Downloads, provider: Provider, stranger: Provider
) -> None:
    for target in (
        stranger.url,
        stranger.url.replace("127.0.0.1", "localhost"),
        "http://[::1]/",
        "//10.0.0.1/x",
    ):
        provider.answers(Reply(302, headers={"Location": target}))
        with pytest.raises(MediaRefused, match="not public"):
            await downloads.fetch(f"{provider.url}/media/1")
    assert stranger.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
        "http://100.64.0.1/",
    ],
)
async def test_private_addresses_are_refused(downloads: Downloads, url: str) -> None:
    with pytest.raises(MediaRefused, match="not public"):
        await downloads.fetch(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://twilio.com/x", "plain words", "", "http://"])
async def test_what_is_no_web_address_is_refused(downloads: Downloads, url: str) -> None:
    with pytest.raises(MediaRefused):
        await downloads.fetch(url)


@pytest.mark.parametrize(
    "url", ["http://twilio.com/x", "https://twilio.com.example/x", "https://eviltwilio.com/x"]
)
def test_credentials_stay_with_twilio(downloads: Downloads, url: str) -> None:
    assert not downloads.may_know_us(url)
    assert downloads.may_know_us("https://api.twilio.com/x")
    assert downloads.may_know_us("https://twilio.com/x")


@pytest.mark.parametrize(("status", "error"), [(404, MediaRefused), (410, MediaRefused), (403, MediaRefused)])
async def test_final_answers(
    downloads: Downloads, provider: Provider, status: int, error: type[Exception]
) -> None:
    provider.answers(Reply(status))

    with pytest.raises(error):
        await downloads.fetch(f"{provider.url}/media/1")


@pytest.mark.parametrize("reply", [Reply(500), Reply(429, headers={"Retry-After": "3"}), Reply(reset=True)])
async def test_passing_faults_are_tried_again(downloads: Downloads, provider: Provider, reply: Reply) -> None:
    provider.answers(reply)

    with pytest.raises(RetryLater):
        await downloads.fetch(f"{provider.url}/media/1")


async def test_nobody_there_is_tried_again() -> None:
    url = closed_port()
    downloads = Downloads(home=url, most_bytes=10)

    with pytest.raises(RetryLater):
        await downloads.fetch(f"{url}/media/1")
    await downloads.close()


async def test_without_credentials_none_are_sent(provider: Provider) -> None:
    def answer(call: Call) -> Reply:
        assert "authorization" not in call.headers
        return PICTURE

    provider.answer = answer
    downloads = Downloads(home=provider.url, most_bytes=10)

    assert (await downloads.fetch(f"{provider.url}/x")).content == b"0123456789"
    await downloads.close()
