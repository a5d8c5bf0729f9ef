"""Twilio's signature, against published vectors and the ways real servers get it wrong."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from webhooks.whatsapp.signature import MOST_FIELDS, called_url, is_signed

# twilio-python itself disagrees with this one vector, which comes from the Node library.
ODD = "special char ' in query"


@pytest.mark.shared
def test_the_published_vectors(shared: Path) -> None:
    vectors = json.loads((shared / "payloads" / "twilio_signature_vectors.json").read_text())
    agreed = 0
    for vector in vectors:
        params = vector["params"]
        if isinstance(params, list):
            params = [(name, value) for name, value in params]
        valid = is_signed(
            auth_token=vector["auth_token"],
            url=vector["url"],
            body=(params if isinstance(params, str) else urlencode(params)).encode(),
            signature=vector["signature"],
        )
        assert valid == vector["valid"] or vector["name"] == ODD, vector["name"]
        agreed += valid == vector["valid"]

    assert (agreed, len(vectors)) == (17, 18)


def request(raw_path: bytes, query: bytes = b"") -> Request:
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/decoded",
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(b"host", b"inner.example:8000")],
    }
    return Request(scope)


def test_the_address_is_the_public_one_with_path_and_query_as_they_came() -> None:
    call = request(b"/webhooks/whatsapp%2Fx", b"t=a%C3%BC%20b&x=")

    assert (
        called_url(call, "https://desk.example")
        == "https://desk.example/webhooks/whatsapp%2Fx?t=a%C3%BC%20b&x="
    )
    assert called_url(request(b"/w"), None) == "http://inner.example:8000/w"


def test_blank_and_repeated_parameters_count() -> None:
    fields = {"Body": "", "From": "whatsapp:+4917139200101"}
    url = "https://desk.example/webhooks/whatsapp"
    signature = RequestValidator("secret").compute_signature(url, fields)

    def signed(body: bytes, *, by: str = "secret") -> bool:
        return is_signed(auth_token=by, url=url, body=body, signature=signature)

    body = urlencode(fields).encode()
    assert signed(body)
    assert not signed(body + b"&Extra=")
    assert not signed(body + b"&Body=x")
    assert not signed(body.replace(b"Body=&", b""))
    assert not signed(body, by="another")


@pytest.mark.parametrize("signature", [None, "", "WRONG", "ü" * 28])
def test_a_missing_or_wrong_signature_is_no_error(signature: str | None) -> None:
    assert not is_signed(auth_token="t", url="https://desk.example/", body=b"a=b", signature=signature)


def test_too_many_parameters_and_odd_hosts_are_refused_quietly() -> None:
    many = b"&".join(b"a=b" for _ in range(MOST_FIELDS + 1))

    assert not is_signed(auth_token="t", url="https://desk.example/", body=many, signature="x")
    assert not is_signed(auth_token="t", url="http://desk:port/", body=b"a=b", signature="x")
