"""What stands in a CRM's ticket and timeline, for the people of the service desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.accounts.crm import Conversed, Ticket
from bot.accounts.phones import spell
from bot.storage.crm_cases import CrmCase, Line

_URGENCY = ("normal", "bald", "dringend")
_TRUST = ("unbekannt", "nach eigener Angabe", "erkannt", "bestätigt", "berechtigt")
_LONGEST_SUBJECT = 200
_LONGEST = 30_000  # characters; both CRMs take a little more


def ticket(
    case: CrmCase, account: str | None, person: str | None, zone: ZoneInfo, console: str | None
) -> Ticket:
    """The ticket of a handoff. `account` and `person` are ids over there; `console` is our address."""
    who = " · ".join(filter(None, (case.name, spell(case.address))))
    company = " · ".join(filter(None, (case.company, case.customer_number)))
    facts = (
        ("Anliegen", case.brief),
        ("Grund", "; ".join(case.reasons)),
        ("Dringlichkeit", _URGENCY[case.urgency]),
        ("Absender", who),
        ("Firma", f"{company} ({_TRUST[case.trust]})" if company else None),
        ("Zugesagt bis", f"{case.due_at.astimezone(zone):%d.%m.%Y %H:%M} Uhr" if case.due_at else None),
        ("Neuer Kontakt?", "; ".join(case.proposed)),
        ("Gespräch", f"{console}/console/#/conversations/{case.conversation_id}" if console else None),
    )
    subject = case.brief or "; ".join(case.reasons) or "Gespräch"
    if case.company or case.name:
        subject = f"{case.company or case.name}: {subject}"
    return Ticket(
        str(case.conversation_id),
        _cut(subject, _LONGEST_SUBJECT),
        _cut("\n".join(f"{name}: {value}" for name, value in facts if value), _LONGEST),
        case.urgency,
        account,
        person,
    )


def as_note(ticket: Ticket, case: CrmCase, key: str, at: datetime) -> Conversed:
    """The same for the timeline, for a CRM that does not take the ticket."""
    text = _cut(f"{key}\n\n{ticket.subject}\n{ticket.text}", _LONGEST)
    return Conversed(key, case.channel, at, text, None, ticket.account, ticket.person)


def transcript(
    case: CrmCase, said: Sequence[Line], key: str, *, ticket: str | None, account: str | None,
    person: str | None, zone: ZoneInfo,
) -> Conversed:  # fmt: skip
    """What was said, one line after the other."""
    written = [key, ""]
    for line in said:
        who = {"installer": case.name or "Kunde", "bot": "Bot"}.get(line.author, line.who or "Service")
        words = " ".join(filter(None, (line.text, *(f"[{file}]" for file in line.files))))
        written.append(f"{line.at.astimezone(zone):%d.%m.%Y %H:%M} {who}: {words}")
    return Conversed(
        key, case.channel, said[-1].at, _cut("\n".join(written), _LONGEST), ticket, account, person
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
