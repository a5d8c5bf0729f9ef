"""What the process says: structured lines, for a terminal or for a machine, without user text."""

from __future__ import annotations

import logging
import sys

import structlog

# These name URLs with tokens, phone numbers or texts in what they log.
_QUIET = ("httpx", "httpcore", "telegram", "twilio", "twilio.http_client", "urllib3", "procrastinate")


def set_up_logs(*, level: int = logging.INFO) -> None:
    """Send our own lines and everybody's warnings to standard error; JSON when that is no terminal."""
    terminal = sys.stderr.isatty()
    # Plain tracebacks: the others show local variables, and those hold what people wrote.
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer = console if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
