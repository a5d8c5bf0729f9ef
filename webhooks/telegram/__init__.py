"""Telegram: python-telegram-bot as client and parser, not its Application.

Its own polling loses fetched updates when the process dies and loops on one it cannot parse.
"""

import os

# The library's opt-in to time spans as timedelta; without it every RetryAfter warns of the change.
os.environ["PTB_TIMEDELTA"] = "1"
