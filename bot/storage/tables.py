"""The whole schema, readable in one sitting.

Who writes:   accounts ← memberships → people;  endpoints ← identity_links → people or accounts;
              account_merges; origins (the record in the CRM); what proves it: proofs, invitations, guesses
What is said: inbox (as it came) → conversations, messages, media → deliveries (the outbound queue)
What happened: events (console stream and audit trail are the same rows)
Who works:    agents, sessions, login_failures
What we know: answers, policies, articles, orders, invoices, error_codes, documents
What the CRM has: crm_syncs, crm_outbox, proposals
What we learn: reviews → examples, intents → trainings → model_versions → promotions
What is wrong: notices (for the operator)

Times are UTC. Free-form JSON columns say their shape in a comment. Deleting an endpoint deletes all
that was said over it; deleting a person or an account leaves the conversations without a name.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


def _words(table: str, column: str) -> Index:
    """The index under which the words of a text column are searched (handoff/queue/wanted.py)."""
    return Index(
        f"ix_{table}_words", text(f"to_tsvector('simple'::regconfig, {column})"), postgresql_using="gin"
    )


# A customer number without separators and with O, I, L read as 0, 1, 1; and its digits alone.
NUMBER_KEY = "translate(upper(regexp_replace(customer_number, '[^[:alnum:]]', '', 'g')), 'OIL', '011')"
NUMBER_DIGITS = "ltrim(regexp_replace(customer_number, '[^0-9]', '', 'g'), '0')"


class Base(DeclarativeBase):
    """Naming convention and column types shared by all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text,
        datetime: DateTime(timezone=True),
        Json: JSONB,
        list[Json]: JSONB,
        list[str]: ARRAY(Text),
    }


def _id() -> Mapped[int]:
    return mapped_column(BigInteger, Identity(), primary_key=True)


def _now() -> Mapped[datetime]:
    return mapped_column(server_default=func.now())


def _ref(target: str, *, cascade: bool = False) -> Any:
    return mapped_column(
        BigInteger, ForeignKey(target, ondelete="CASCADE" if cascade else "SET NULL"), index=True
    )


class Account(Base):
    """A company. `tier` is the service level the company has bought ("A" best), free text.

    A trunk ending in "-0" stands for its block of extensions. A trigger keeps a replaced name in
    `former_names` and writes the transaction into `changed` whenever a name or the city changes: what
    name indexes follow (bot/storage/names.py).
    `edited` names the columns that somebody changed in the console: no file and no CRM overwrites them.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        _words("accounts", "name"),
        Index("ix_accounts_trunk_phones", "trunk_phones", postgresql_using="gin"),
        Index("ix_accounts_domains", "domains", postgresql_using="gin"),
        Index("ix_accounts_number_key", text(f"({NUMBER_KEY})")),
        Index("ix_accounts_number_digits", text(f"({NUMBER_DIGITS})")),
    )

    id: Mapped[int] = _id()
    customer_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    city: Mapped[str | None]
    tier: Mapped[str | None]
    owner: Mapped[str | None]
    trunk_phones: Mapped[list[str]] = mapped_column(server_default="{}")
    domains: Mapped[list[str]] = mapped_column(server_default="{}")
    parent_id: Mapped[int | None] = _ref("accounts.id")
    source: Mapped[str]
    synced_at: Mapped[datetime] = _now()
    former_names: Mapped[list[str]] = mapped_column(server_default="{}")
    changed: Mapped[int] = mapped_column(
        BigInteger, server_default=text("pg_current_xact_id()::text::bigint"), index=True
    )
    edited: Mapped[list[str]] = mapped_column(server_default="{}")


class Origin(Base):
    """The record of a CRM that an account or a person here stands for; `kind` is account or person.

    `parent` is the parent company's id over there. `differs` holds what the CRM says in columns that
    were edited here: {"city": "Kassel"}. `open_items` are [{"reference", "title", "status", "url"}] as
    last read. `gone_at` is when it was deleted over there.
    """

    __tablename__ = "origins"
    __table_args__ = (
        UniqueConstraint("source", "kind", "external_id"),
        CheckConstraint("kind IN ('account', 'person')", name="kind"),
    )

    id: Mapped[int] = _id()
    source: Mapped[str]
    kind: Mapped[str]
    external_id: Mapped[str]
    account_id: Mapped[int | None] = _ref("accounts.id", cascade=True)
    person_id: Mapped[int | None] = _ref("people.id", cascade=True)
    url: Mapped[str]
    parent: Mapped[str | None]
    digest: Mapped[str | None]  # of the record as last taken over: the same again is no news
    differs: Mapped[Json] = mapped_column(server_default="{}")
    open_items: Mapped[list[Json] | None]
    open_items_at: Mapped[datetime | None]
    synced_at: Mapped[datetime] = _now()
    gone_at: Mapped[datetime | None]


class AccountMerge(Base):
    """Two accounts made one, so that it can be taken back (bot/storage/merging.py).

    `number` is the customer number that went: whoever still uses it means `kept_id`. `gone` is the row
    as it was. `moved` says what changed hands.
    """

    __tablename__ = "account_merges"
    __table_args__ = (
        Index("ix_account_merges_number", "number", postgresql_where=text("undone_at IS NULL")),
    )

    id: Mapped[int] = _id()
    kept_id: Mapped[int] = _ref("accounts.id", cascade=True)
    number: Mapped[str]
    name: Mapped[str]
    gone: Mapped[Json]
    moved: Mapped[Json]
    actor: Mapped[str]
    at: Mapped[datetime] = _now()
    undone_at: Mapped[datetime | None]


class AccountImport(Base):
    """Files that were imported together, and that can be undone until a later import has been."""

    __tablename__ = "account_imports"

    id: Mapped[int] = _id()
    files: Mapped[list[str]]
    accounts: Mapped[int] = mapped_column(server_default="0")
    people: Mapped[int] = mapped_column(server_default="0")
    at: Mapped[datetime] = _now()
    undone_at: Mapped[datetime | None]


class ImportChange(Base):
    """What one statement of an import did to one table, written by triggers for the way back.

    Either `inserted`, the ids of new rows, or one row that was there: `before`, and `after` unless it
    was taken away.
    """

    __tablename__ = "import_changes"

    id: Mapped[int] = _id()
    import_id: Mapped[int] = _ref("account_imports.id", cascade=True)
    relation: Mapped[str]
    inserted: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    before: Mapped[Json | None]
    after: Mapped[Json | None]


class Person(Base):
    """Somebody who writes, whichever company they write for. `edited` as for accounts."""

    __tablename__ = "people"
    __table_args__ = (_words("people", "name"),)

    id: Mapped[int] = _id()
    name: Mapped[str]
    language: Mapped[str | None]
    source: Mapped[str]
    edited: Mapped[list[str]] = mapped_column(server_default="{}")


class Membership(Base):
    """A person at a company, with roles, for a time. `edited` means: by hand, so no source overwrites it."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "account_id"),)

    id: Mapped[int] = _id()
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("people.id", ondelete="CASCADE"))
    account_id: Mapped[int] = _ref("accounts.id", cascade=True)
    roles: Mapped[list[str]] = mapped_column(server_default="{}")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    edited: Mapped[bool] = mapped_column(server_default="false")


class Endpoint(Base):
    """An address on a channel: where somebody writes from, or a phone or e-mail we have on file.

    `channel` is whatsapp, telegram, webchat, phone or email. `scoped_id` is WhatsApp's
    business-scoped user id; `thread` is the key its messages are ordered under. `shared` marks a
    phone that several people use. `blocked` is set when the provider says so.
    """

    __tablename__ = "endpoints"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        UniqueConstraint("channel", "scoped_id"),
        _words("endpoints", "name"),
        Index(
            "ix_endpoints_digits",
            func.reverse(text("address")).label("digits"),
            postgresql_ops={"digits": "text_pattern_ops"},
        ),
    )

    id: Mapped[int] = _id()
    channel: Mapped[str]
    address: Mapped[str]
    scoped_id: Mapped[str | None]
    thread: Mapped[str] = mapped_column(index=True)
    name: Mapped[str | None]
    shared: Mapped[bool] = mapped_column(server_default="false")
    blocked: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = _now()


class IdentityLink(Base):
    """Why we believe that an endpoint belongs to a person or a company, and how firmly (0-4)."""

    __tablename__ = "identity_links"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR account_id IS NOT NULL", name="somebody"),
        UniqueConstraint("endpoint_id", "person_id", "account_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = _id()
    endpoint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("endpoints.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = _ref("people.id", cascade=True)
    account_id: Mapped[int | None] = _ref("accounts.id", cascade=True)
    trust: Mapped[int] = mapped_column(SmallInteger)
    evidence: Mapped[str]
    created_at: Mapped[datetime] = _now()
    expires_at: Mapped[datetime | None]


class Proof(Base):
    """A way to member under way, bound to one conversation: `kind` is code (by e-mail) or approval.

    `state`: waiting (the mail has still to go, at `next_try_at`) → open → passed; or failed, denied,
    expired, replaced. `mailbox_id` is the address on file the code goes to; only a salted hash of the
    code is kept. `asked` are the endpoints of the members who were asked to approve.
    """

    __tablename__ = "proofs"
    __table_args__ = (
        CheckConstraint("kind IN ('code', 'approval')", name="kind"),
        CheckConstraint(
            "state IN ('waiting', 'open', 'passed', 'failed', 'denied', 'expired', 'replaced')", name="state"
        ),
        Index("ix_proofs_under_way", "kind", "id", postgresql_where=text("state IN ('waiting', 'open')")),
    )

    id: Mapped[int] = _id()
    conversation_id: Mapped[int] = _ref("conversations.id", cascade=True)
    endpoint_id: Mapped[int] = _ref("endpoints.id", cascade=True)
    person_id: Mapped[int] = _ref("people.id", cascade=True)
    account_id: Mapped[int] = _ref("accounts.id", cascade=True)
    kind: Mapped[str]
    state: Mapped[str]
    mailbox_id: Mapped[int | None] = _ref("endpoints.id", cascade=True)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    asked: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    created_at: Mapped[datetime] = _now()
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_try_at: Mapped[datetime | None]


class Invitation(Base):
    """A one-time `/start` link that a colleague or an agent hands out. Only its SHA-256 is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = _id()
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = _ref("accounts.id", cascade=True)
    person_id: Mapped[int | None] = _ref("people.id", cascade=True)
    made_by: Mapped[str]  # agent:<id> or endpoint:<id>
    created_at: Mapped[datetime] = _now()
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("endpoints.id", ondelete="SET NULL"))


class Guess(Base):
    """A name or number somebody tried, counted so that nobody can try many. What it was is not kept."""

    __tablename__ = "guesses"
    __table_args__ = (Index("ix_guesses_endpoint_id_at", "endpoint_id", "at"),)

    id: Mapped[int] = _id()
    endpoint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("endpoints.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[datetime] = _now()


class InboxItem(Base):
    """What a provider sent, byte for byte, once. `inbound` is the parsed `Inbound` as JSON.

    `state`: waiting → done, or quarantined with its `reason`. A timer that must act within a
    conversation is an item of channel "timer".
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        CheckConstraint("state IN ('waiting', 'done', 'quarantined')", name="state"),
        Index("ix_inbox_waiting", "thread", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_inbox_quarantined", "id", postgresql_where=text("state = 'quarantined'")),
        Index("ix_inbox_received_at", "received_at"),
    )

    id: Mapped[int] = _id()
    channel: Mapped[str]
    provider_id: Mapped[str]
    thread: Mapped[str | None]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    inbound: Mapped[Json | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    received_at: Mapped[datetime] = _now()


class Conversation(Base):
    """One case with one endpoint, from the first word until a person or time closes it.

    `turn` says who may speak: BOT, WAITING (handed off, nobody yet), AGENT or CLOSED; `epoch` rises
    at every change of it; `version` at every write, and a write under an old version is refused.
    `reasons` holds [{"code", "text"}] of the handoff; `state` is the dialogue's memory, see
    bot/dialogue.py. `urgency` 0-2, `trust` 0-4 for its `evidence` (bot/accounts/trust.py) and not beyond
    `trusted_until`. `due_at` is what we promised.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("turn IN ('BOT', 'WAITING', 'AGENT', 'CLOSED')", name="turn"),
        CheckConstraint(
            "(turn = 'AGENT') = (agent_id IS NOT NULL) OR turn = 'CLOSED'", name="agent_holds_turn"
        ),
        Index("uq_conversations_open", "endpoint_id", unique=True, postgresql_where=text("turn <> 'CLOSED'")),
        Index("ix_conversations_queue", "turn", "last_message_at"),
        Index(
            "ix_conversations_at_desk", "account_id", postgresql_where=text("turn IN ('WAITING', 'AGENT')")
        ),
        Index("ix_conversations_due", "due_at", postgresql_where=text("turn = 'WAITING'")),
    )

    id: Mapped[int] = _id()
    endpoint_id: Mapped[int] = _ref("endpoints.id", cascade=True)
    turn: Mapped[str] = mapped_column(server_default="BOT")
    epoch: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="0")
    person_id: Mapped[int | None] = _ref("people.id")
    account_id: Mapped[int | None] = _ref("accounts.id")
    trust: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    evidence: Mapped[str] = mapped_column(server_default="none")
    trusted_until: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(server_default="de")
    state: Mapped[Json] = mapped_column(server_default="{}")
    intent: Mapped[str | None]
    urgency: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    reasons: Mapped[list[Json]] = mapped_column(server_default="[]")
    brief: Mapped[str | None]
    skill: Mapped[str | None]
    agent_id: Mapped[int | None] = _ref("agents.id")
    waiting_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    overdue: Mapped[bool] = mapped_column(server_default="false")
    preview: Mapped[Json | None]  # {"author", "kind", "text"} of the last message
    last_message_at: Mapped[datetime] = _now()
    last_inbound_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = _now()
    closed_at: Mapped[datetime | None]


class Message(Base):
    """One line of the conversation as people see it.

    `author` is installer, bot, agent, note (agents only) or system. `content` holds what is not
    text: {"choices": [{"value", "label"}], "location": {...}, "contact": {...}, "tap", "problem",
    "template": {...}}. `understanding` stands with the last message of a turn: what the engine made of it
    ({"intent", "confidence", "sure", "urgency", "entities", "model"}), what was done ("decision":
    {"intent", "action", "urgency", "reasons"}) and the dialogue's memory before it ("before", see
    bot/dialogue.py). `client_key` makes a repeated click harmless.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("author IN ('installer', 'bot', 'agent', 'note', 'system')", name="author"),
        Index("ix_messages_endpoint_id_id", "endpoint_id", "id"),
        _words("messages", "text"),
        Index(
            "ix_messages_provider",
            "endpoint_id",
            "provider_id",
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _id()
    endpoint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("endpoints.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = _ref("conversations.id", cascade=True)
    inbox_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    author: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    content: Mapped[Json] = mapped_column(server_default="{}")
    understanding: Mapped[Json | None]
    provider_id: Mapped[str | None]
    client_key: Mapped[str | None] = mapped_column(unique=True)
    at: Mapped[datetime] = _now()
    edited_at: Mapped[datetime | None]


class Media(Base):
    """A file of a message. `source` is what the channel needs to fetch it; `path` is relative to the
    media directory once it is stored. `state`: waiting → stored, or failed with its `problem`.
    """

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'stored', 'failed')", name="state"),
        Index("ix_media_waiting", "id", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = _id()
    message_id: Mapped[int] = _ref("messages.id", cascade=True)
    kind: Mapped[str]
    mime: Mapped[str | None]
    filename: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[Json]
    state: Mapped[str]
    problem: Mapped[str | None]
    path: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")


class DeliveryPart(Base):
    """One call to the provider: the outbound queue. Ordered by id within an endpoint.

    `state` as in `bot.messages.Delivery`. `epoch` is the turn-holder's epoch it was written under;
    NULL is sent whoever holds the turn. `resent` marks a part whose first try had an unknown outcome.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_open",
            "endpoint_id",
            "id",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index("ix_deliveries_provider_id", "provider_id", postgresql_where=text("provider_id IS NOT NULL")),
    )

    id: Mapped[int] = _id()
    endpoint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("endpoints.id", ondelete="CASCADE"))
    message_id: Mapped[int] = _ref("messages.id", cascade=True)
    media_id: Mapped[int | None] = _ref("media.id", cascade=True)
    body: Mapped[Json]
    epoch: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default="queued")
    provider_id: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime | None]
    resent: Mapped[bool] = mapped_column(server_default="false")
    error_code: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = _now()
    sent_at: Mapped[datetime | None]


class DeliveryReport(Base):
    """A status callback, kept once under (provider's id, status), because it may come before our own
    call has returned the id, twice, and in any order.
    """

    __tablename__ = "delivery_reports"
    __table_args__ = (
        Index("ix_delivery_reports_at", "at"),
        Index("ix_delivery_reports_provider_id", "provider_id"),
    )

    channel: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    error_code: Mapped[str | None]
    at: Mapped[datetime] = _now()


class Event(Base):
    """Something that happened. Never updated.

    Readers follow (xact, id) below `pg_snapshot_xmin`: ids alone can become visible out of order,
    because a transaction takes its id before it commits.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_xact_id", "xact", "id"),
        Index("ix_events_handoffs", "at", postgresql_where=text("kind = 'handoff.opened'")),
    )

    id: Mapped[int] = _id()
    xact: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    at: Mapped[datetime] = _now()
    conversation_id: Mapped[int | None] = _ref("conversations.id", cascade=True)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str]
    actor: Mapped[str]  # installer, bot, system, agent:<id>
    data: Mapped[Json] = mapped_column(server_default="{}")


class Agent(Base):
    """Somebody who works at the desk. `role` is agent or admin."""

    __tablename__ = "agents"
    __table_args__ = (
        CheckConstraint("role IN ('agent', 'admin')", name="role"),
        Index("uq_agents_email", func.lower(text("email")), unique=True),
    )

    id: Mapped[int] = _id()
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str] = mapped_column(server_default="de")
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = _now()


class AgentSession(Base):
    """A login. Only the SHA-256 of the cookie is stored."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    agent_id: Mapped[int] = _ref("agents.id", cascade=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime] = _now()
    expires_at: Mapped[datetime]


class LoginFailure(Base):
    """A failed login, counted per e-mail and per address it came from."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_key_at", "key", "at"),)

    id: Mapped[int] = _id()
    key: Mapped[str]
    at: Mapped[datetime] = _now()


class Answer(Base):
    """An answer as an admin has worded it; every save is a new version, the highest one is live.

    An empty `text` means: back to the wording that came with the product.
    """

    __tablename__ = "answers"

    key: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime] = _now()


class PolicyVersion(Base):
    """What mistakes cost, as admins have set it; the newest row is in force. See bot/policy.py."""

    __tablename__ = "policies"

    id: Mapped[int] = _id()
    values: Mapped[Json]
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = _now()


class Article(Base):
    """Something that can be ordered. `family` joins it to its error codes; `lead_days` when out of stock."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_spare_for", "spare_for", postgresql_using="gin"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[Json]  # {"de", "en"}
    family: Mapped[str]
    stock: Mapped[int]
    lead_days: Mapped[int]
    spare_for: Mapped[list[str]] = mapped_column(server_default="{}")  # article numbers it fits


class Order(Base):
    """An order as the ERP knows it. `status` is confirmed, production, shipped, delivered or delayed."""

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _ref("accounts.id", cascade=True)
    person_id: Mapped[int | None] = _ref("people.id")
    status: Mapped[str]
    ordered_on: Mapped[date]
    promised_on: Mapped[date | None]
    carrier: Mapped[str | None]
    tracking: Mapped[str | None]
    lines: Mapped[list[Json]]  # [{"article", "quantity"}]


class Invoice(Base):
    """A copy of an invoice, as the ERP issued it: a PDF, its `path` relative to the media directory."""

    __tablename__ = "invoices"

    number: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _ref("accounts.id", cascade=True)
    order_number: Mapped[str | None]
    issued_on: Mapped[date]
    path: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class ErrorCode(Base):
    """What a device says when it stops, and what to do about it. `steps` is {"de": [...], "en": [...]}."""

    __tablename__ = "error_codes"
    __table_args__ = (Index("ix_error_codes_code", "code"),)

    family: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[Json]
    steps: Mapped[Json]


class Document(Base):
    """A picture or PDF the bot may send: `kind` is wiring, datasheet or certificate.

    `path` is relative to the media directory. `language` NULL fits every language.
    """

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_family_kind", "family", "kind"),)

    id: Mapped[int] = _id()
    family: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str | None]
    title: Mapped[Json]
    path: Mapped[str] = mapped_column(unique=True)
    mime: Mapped[str]
    size: Mapped[int]


class CrmSync(Base):
    """How far the copy of a CRM has come. `cursor` is the CRM's own; `report` is
    {"accounts", "people", "gone", "merged", "problems": [...]} of the last run, `problem` why it ended early.
    """

    __tablename__ = "crm_syncs"

    source: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    full_since: Mapped[datetime | None]  # since when everything is being read, not only what changed
    complete_at: Mapped[datetime | None]  # when that last came to its end
    not_before: Mapped[datetime | None]
    report: Mapped[Json] = mapped_column(server_default="{}")
    problem: Mapped[str | None]


class CrmPush(Base):
    """What a CRM is to be told: one row each for a conversation's ticket and its transcript, and one for
    somebody proposed who was accepted, as a contact.

    `wanted` rises whenever there is something new to tell, `pushed` is how far the CRM has been told.
    `state`: waiting → sending → done, or failed with its `error`. A row that is done and has an `error`
    was refused as a ticket and stands as a note instead. `upto` is the last message in the transcript,
    `created_at` since when the latest news is wanted over there.
    """

    __tablename__ = "crm_outbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "source", "kind"),
        UniqueConstraint("proposal_id", "source"),
        CheckConstraint("kind IN ('ticket', 'transcript', 'contact')", name="kind"),
        CheckConstraint("num_nonnulls(conversation_id, proposal_id) = 1", name="about"),
        CheckConstraint("state IN ('waiting', 'sending', 'done', 'failed')", name="state"),
        Index("ix_crm_outbox_open", "id", postgresql_where=text("state IN ('waiting', 'sending')")),
    )

    id: Mapped[int] = _id()
    conversation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    proposal_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("proposals.id", ondelete="CASCADE")
    )
    source: Mapped[str]
    kind: Mapped[str]
    wanted: Mapped[int] = mapped_column(server_default="1")
    pushed: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime | None]
    upto: Mapped[int | None] = mapped_column(BigInteger)
    reference: Mapped[str | None]
    url: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = _now()
    changed_at: Mapped[datetime] = _now()


class Proposal(Base):
    """Somebody found out in a conversation who is not on file: for a person to accept or decline.

    `state`: open → accepted or declined. `evidence` (named_company, contact_card) says how they came up.
    `person_id` is who they are since they were accepted.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("account_id", "channel", "address"),
        CheckConstraint("state IN ('open', 'accepted', 'declined')", name="state"),
    )

    id: Mapped[int] = _id()
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("accounts.id", ondelete="CASCADE"))
    conversation_id: Mapped[int | None] = _ref("conversations.id")
    channel: Mapped[str]
    address: Mapped[str]
    name: Mapped[str | None]
    evidence: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    person_id: Mapped[int | None] = _ref("people.id")
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = _now()
    decided_at: Mapped[datetime | None]


class Notice(Base):
    """Something only the operator can mend, shown until it is cleared: one row a problem."""

    __tablename__ = "notices"

    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    since: Mapped[datetime] = _now()


class Intent(Base):
    """A change of the shipped list of intents: one that admins added, or one they took away."""

    __tablename__ = "intents"

    name: Mapped[str] = mapped_column(primary_key=True)
    removed: Mapped[bool] = mapped_column(server_default="false")
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime] = _now()


class Example(Base):
    """A change of the shipped corpus: a text added, labelled anew, or taken away.

    `key` is `nlu.overlay.key_of(text)`, so that a text stands in the corpus once. `entities` is
    [{"entity", "value", "start", "end"}]. `urgency` and `complex` NULL are not labelled. `source` is
    console, review or import.
    """

    __tablename__ = "examples"
    __table_args__ = (Index("ix_examples_intent", "intent"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    intent: Mapped[str]
    language: Mapped[str]
    entities: Mapped[list[Json]] = mapped_column(server_default="[]")
    urgency: Mapped[int | None] = mapped_column(SmallInteger)
    complex: Mapped[bool | None]
    removed: Mapped[bool] = mapped_column(server_default="false")
    source: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = _now()


class FamilyName(Base):
    """What people call a family of devices: a name added to the shipped ones, or one of them taken away.

    `key` is the name in lower case.
    """

    __tablename__ = "family_names"

    family: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    removed: Mapped[bool] = mapped_column(server_default="false")
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime] = _now()


class ModelVersion(Base):
    """A trained model. `name` follows from what made it (nlu/versions.py), so the same training twice is
    one version. `program` and `project` are digests of the code that can read it and of the corpus as
    shipped; `artefact` is the model file, zlib-compressed, gone from versions that were tidied away.
    `metrics` is nlu/report.py's summary, `report` the whole of it; empty until somebody measured.
    Of a version for Rasa `artefact` is the linear model behind it, `rasa` Rasa's own file (tar.gz) and
    `rasa_sha256` its hash; the file goes when `artefact` does.
    """

    __tablename__ = "model_versions"

    id: Mapped[int] = _id()
    name: Mapped[str] = mapped_column(unique=True)
    engine: Mapped[str]
    program: Mapped[str]
    project: Mapped[str]
    corpus: Mapped[str]
    examples: Mapped[int]
    metrics: Mapped[Json] = mapped_column(server_default="{}")
    report: Mapped[Json] = mapped_column(server_default="{}", deferred=True)
    sha256: Mapped[str]
    artefact: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    rasa: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    rasa_sha256: Mapped[str | None]
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = _now()


class Promotion(Base):
    """A model version went live; the newest row is the one that answers, in every process.

    `kind` is start (by itself), promote or rollback. `lost` counts the past emergencies it misses, when an
    admin in a hurry has put up with that.
    """

    __tablename__ = "promotions"
    __table_args__ = (CheckConstraint("kind IN ('start', 'promote', 'rollback')", name="kind"),)

    id: Mapped[int] = _id()
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("model_versions.id"), index=True)
    kind: Mapped[str]
    lost: Mapped[int] = mapped_column(Integer, server_default="0")
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime] = _now()


class Training(Base):
    """One training, from the wish to its end: waiting → running → done, failed (`problem` says why) or
    cancelled. `step` is the code of what it does now, `progress` 0-100; `seen_at` is its last sign of life.
    """

    __tablename__ = "trainings"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index(
            "uq_trainings_open",
            "engine",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = _id()
    engine: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    step: Mapped[str] = mapped_column(server_default="")
    progress: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    problem: Mapped[str | None]
    version_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("model_versions.id", ondelete="SET NULL")
    )
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = _now()
    started_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Review(Base):
    """A message whose meaning somebody should look at. `why` holds unsure, corrected, handed_back,
    not_helpful or sampled. `state`: open → labelled or dismissed. `intent`, `urgency` and `complex` are
    the person's word; `example_key` is what came of it, `undo` what stood in its place before.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'labelled', 'dismissed')", name="state"),
        Index("ix_reviews_open", "id", postgresql_where=text("state = 'open'")),
        Index("ix_reviews_done", "at", postgresql_where=text("state <> 'open'")),
    )

    id: Mapped[int] = _id()
    message_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("messages.id", ondelete="CASCADE"), unique=True
    )
    why: Mapped[list[str]]
    state: Mapped[str] = mapped_column(server_default="open")
    intent: Mapped[str | None]
    urgency: Mapped[int | None] = mapped_column(SmallInteger)
    complex: Mapped[bool | None]
    example_key: Mapped[str | None]
    undo: Mapped[Json | None]
    agent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("agents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = _now()
    at: Mapped[datetime | None]
