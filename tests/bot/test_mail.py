"""E-mail to real servers: encrypted, refused, away."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
import trustme

from bot.mail import Mail, MailAway, MailDenied, MailRefused, read_smtp_url
from tests.post import Post, free_port, open_post

FROM = "service@nordwind.example"
TO = "sandra@mueller.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


def mail(url: str, tls: ssl.SSLContext | None = None) -> Mail:
    return Mail(read_smtp_url(url), FROM, tls)


async def test_a_letter_arrives_with_its_umlauts(post: Post) -> None:
    await mail(post.url).send(TO, "Ihr Code für Nordwind", "Grüße, 123456\n")
    (letter,) = post.letters
    assert (letter["From"], letter["To"]) == (FROM, TO)
    assert letter["Subject"] == "Ihr Code für Nordwind"
    assert "Grüße, 123456" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("refusal", "error"),
    [("550 no such mailbox", MailRefused), ("451 come back later", MailAway)],
)
async def test_for_now_and_for_good_are_told_apart(post: Post, refusal: str, error: type[Exception]) -> None:
    post.refusal = refusal
    with pytest.raises(error) as raised:
        await mail(post.url).send(TO, "Hallo", "Hallo")
    assert TO not in str(raised.value)


async def test_nobody_there_is_for_now() -> None:
    with pytest.raises(MailAway):
        await mail(f"smtp://127.0.0.1:{free_port()}").send(TO, "Hallo", "Hallo")


async def test_a_password_is_never_sent_where_none_is_wanted(post: Post) -> None:
    url = post.url.replace("smtp://", "smtp://user:p%40ss@")
    with pytest.raises(MailDenied) as raised:
        await mail(url).send(TO, "Hallo", "Hallo")
    assert "p@ss" not in str(raised.value)
    assert post.letters == []


async def test_an_encrypted_letter_arrives_where_the_certificate_is_trusted() -> None:
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with open_post(authority.issue_cert("127.0.0.1")) as post:
        await mail(post.url, trusting).send(TO, "Hallo", "Hallo")
        assert len(post.letters) == 1


async def test_a_certificate_nobody_vouches_for_is_refused_in_plain_words() -> None:
    with open_post(trustme.CA().issue_cert("127.0.0.1")) as post:
        with pytest.raises(MailDenied, match="certificate is not valid: ") as raised:
            await mail(post.url.replace("smtp://", "smtp://user:p%40ss@")).send(TO, "Hallo", "Hallo")
        assert post.letters == []
    assert "p@ss" not in str(raised.value)
    assert TO not in str(raised.value)


async def test_a_certificate_of_another_server_is_refused() -> None:
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with open_post(authority.issue_cert("mail.elsewhere.example")) as post:
        with pytest.raises(MailDenied, match="certificate is not valid: "):
            await mail(post.url, trusting).send(TO, "Hallo", "Hallo")
        assert post.letters == []


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://:25", "smtp://host:none", "smtp://host/path"]
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="expected") as raised:
        read_smtp_url(url)
    assert url not in str(raised.value)


def test_an_address_is_read() -> None:
    server = read_smtp_url("smtps://user:p%40ss@mail.example")
    assert (server.host, server.port, server.tls) == ("mail.example", 465, True)
    assert (server.user, server.password) == ("user", "p@ss")
    assert read_smtp_url("smtp://mail.example").port == 587
    assert not server.local
