"""Everything that can be set, as `BAURUF_*` environment variables or a `.env` file beside the process.

Nothing has to be set for a first try. A value that cannot be used is refused at start with the
setting's name and what was expected (`SettingsError`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    DirectoryPath,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.mail import read_smtp_url


class SettingsError(Exception):
    """The settings cannot be used; the message has one line per problem."""


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('expected an address such as "https://desk.example" without query or fragment')
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if not re.match(r"postgres(ql)?(\+psycopg)?://", value):
        raise ValueError('expected "postgresql://user:password@host:5432/name"')
    return re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql://", value)


def _phone(value: str) -> str:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", value):
        raise ValueError('expected a phone in international form such as "+493023125100"')
    return value


def _whatsapp_phone(value: str) -> str:
    return _phone(value.removeprefix("whatsapp:"))


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError('expected a name such as "Europe/Berlin"') from None
    return value


def _smtp_url(value: SecretStr) -> SecretStr:
    try:
        read_smtp_url(value.get_secret_value())
    except ValueError as error:
        raise ValueError(str(error)) from None
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", value):
        raise ValueError('expected an address such as "service@nordwind.example"')
    return value


def _all_or_none(what: str, values: Mapping[str, object]) -> None:
    missing = [name for name, value in values.items() if value is None]
    if missing and len(missing) < len(values):
        raise ValueError(f"{what} needs all three of {', '.join(values)}; missing: {', '.join(missing)}")


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Phone = Annotated[str, AfterValidator(_phone)]


class WhatsAppTemplate(BaseModel):
    """A template approved for our number: Twilio's ContentSid, a name for agents, language and wording."""

    sid: str = Field(pattern=r"^HX[0-9a-fA-F]{32}$")
    name: str
    language: Literal["de", "en"]
    text: str


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix="BAURUF_", env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    data_dir: Path = Field(default=Path("data"), description="Database, media and models are kept here")
    database_url: Annotated[str, AfterValidator(_database_url)] | None = Field(
        default=None, description="Another PostgreSQL (15+) instead of the embedded one"
    )
    port: int = Field(default=8000, ge=1, le=65535)
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    public_url: HttpUrl | None = Field(default=None, description="How providers reach this server, https")

    telegram_token: SecretStr | None = None
    telegram_api_url: HttpUrl = "https://api.telegram.org"
    telegram_secret: SecretStr | None = Field(
        default=None, description="Secret of the webhook, 1-256 of A-Za-z0-9_-"
    )

    telegram_bot: str | None = Field(
        default=None, pattern=r"^[A-Za-z]\w{3,31}$", description="User name of the bot, for links to it"
    )

    twilio_account_sid: str | None = Field(default=None, pattern=r"^AC[0-9a-fA-F]{32}$")
    twilio_auth_token: SecretStr | None = None
    twilio_api_url: HttpUrl = "https://api.twilio.com"
    whatsapp_from: Annotated[str, AfterValidator(_whatsapp_phone)] | None = None
    whatsapp_templates: tuple[WhatsAppTemplate, ...] = ()

    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(
        default=None, description='Where mail goes out: "smtps://user:password@host:465" or "smtp://…:587"'
    )
    smtp_from: Annotated[str, AfterValidator(_email)] | None = None
    hubspot_token: SecretStr | None = Field(default=None, description="Token of a private app")
    hubspot_api_url: HttpUrl = "https://api.hubapi.com"
    hubspot_webhook_secret: SecretStr | None = Field(default=None, description="The app's client secret")
    salesforce_url: HttpUrl | None = Field(default=None, description="My Domain, https://….my.salesforce.com")
    salesforce_client_id: str | None = None
    salesforce_client_secret: SecretStr | None = None
    accounts_drop_dir: DirectoryPath | None = Field(
        default=None, description="CSV files of accounts and people put here are imported"
    )

    nlu_engine: Literal["linear", "rasa", "encoder"] = "linear"
    nlu_encoder: str | None = Field(
        default=None, description="Folder or name of a sentence encoder in ONNX form, for the engine encoder"
    )
    nlu_project: Path | None = Field(
        default=None, description="Another Rasa project to learn from than the one that is shipped"
    )
    rasa_url: HttpUrl = "http://127.0.0.1:5005"
    rasa_token: SecretStr | None = None

    company: str = "Nordwind Ventilatoren GmbH"
    address: Literal["sie", "du"] = Field(default="sie", description="How German answers address people")
    service_phone: Phone = "+493023125100"
    emergency_phone: Phone = "+493023125112"
    opening_hours: str = Field(
        default="Mo-Fr 07:00-17:00", pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2})? \d\d:\d\d-\d\d:\d\d$"
    )
    top_tiers: str = Field(
        default="A", description="Service levels of the best contracts, with commas between"
    )
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Berlin"
    media_bytes: int = Field(default=25_000_000, gt=0, description="The largest file taken or sent, bytes")
    review_sample: float = Field(
        default=2.0, ge=0, le=100, description="Per cent of understood messages shown to admins for review"
    )
    keep_raw_days: int = Field(default=30, ge=1, description="How long raw provider calls are kept")

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        _all_or_none(
            "WhatsApp",
            {
                "BAURUF_TWILIO_ACCOUNT_SID": self.twilio_account_sid,
                "BAURUF_TWILIO_AUTH_TOKEN": self.twilio_auth_token,
                "BAURUF_WHATSAPP_FROM": self.whatsapp_from,
            },
        )
        _all_or_none(
            "Salesforce",
            {
                "BAURUF_SALESFORCE_URL": self.salesforce_url,
                "BAURUF_SALESFORCE_CLIENT_ID": self.salesforce_client_id,
                "BAURUF_SALESFORCE_CLIENT_SECRET": self.salesforce_client_secret,
            },
        )
        if (self.smtp_url is None) != (self.smtp_from is None):
            raise ValueError("Mail needs both BAURUF_SMTP_URL and BAURUF_SMTP_FROM.")
        if self.nlu_engine == "encoder" and not self.nlu_encoder:
            raise ValueError("BAURUF_NLU_ENGINE=encoder needs BAURUF_NLU_ENCODER: its folder or name")
        if self.telegram_secret and not re.fullmatch(
            r"[A-Za-z0-9_-]{1,256}", self.telegram_secret.get_secret_value()
        ):
            raise ValueError("BAURUF_TELEGRAM_SECRET: expected 1-256 of A-Z a-z 0-9 _ -")
        return self

    @property
    def whatsapp_configured(self) -> bool:
        """Whether the Twilio account is set."""
        return self.twilio_account_sid is not None

    @property
    def telegram_configured(self) -> bool:
        """Whether a bot token is set."""
        return self.telegram_token is not None

    @property
    def trained_engine(self) -> Literal["linear", "rasa"]:
        """What a training is for; behind Rasa, and beside an encoder, the linear engine learns too."""
        return "rasa" if self.nlu_engine == "rasa" else "linear"

    @property
    def media_dir(self) -> Path:
        """Where files of messages and the library of documents are kept."""
        return self.data_dir / "media"

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept."""
        return self.data_dir / "models"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The service desk's time zone."""
        return ZoneInfo(self.timezone)


def read_settings() -> Settings:
    """Read the environment. Raises SettingsError naming every bad setting and what was expected."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "_".join(str(step) for step in problem["loc"])
            prefix = f"BAURUF_{name.upper()}: " if name else ""
            lines.append(prefix + problem["msg"].removeprefix("Value error, "))
        raise SettingsError("\n".join(lines)) from None
