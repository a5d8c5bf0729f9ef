"""What stands for a variable where an answer is shown and nobody is being answered."""

from __future__ import annotations

from collections.abc import Mapping

SAMPLES: Mapping[str, Mapping[str, str]] = {
    "name": {"de": "Thomas Müller", "en": "Thomas Müller"},
    "company": {"de": "Müller Elektrotechnik GmbH", "en": "Müller Elektrotechnik GmbH"},
    "agent": {"de": "Anna Keller", "en": "Anna Keller"},
    "promise": {"de": "heute bis 14:30 Uhr", "en": "today by 14:30"},
    "number": {"de": "4500123456", "en": "4500123456"},
    "article": {"de": "NW-RV-250", "en": "NW-RV-250"},
    "phone": {"de": "+49 30 23125 100", "en": "+49 30 23125 100"},
    "date": {"de": "24.11.2026", "en": "24 November 2026"},
    "code": {"de": "E07", "en": "E07"},
    "stock": {"de": "12", "en": "12"},
    "days": {"de": "5", "en": "5"},
}
"""By name and language; any other variable shows its name."""
