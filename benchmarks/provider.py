"""The fake Bot API as a process of its own. Prints its address, then answers commands line by line.

"take" → a JSON list of [monotonic seconds, chat, text] received since the last time.
"""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop

from benchmarks.pipes import lines_of_stdin
from tests.drill.bot_api import BotApi
from tests.drill.serving import serving


async def main() -> None:
    api = BotApi()
    async with serving(api) as address:
        print(json.dumps(address), flush=True)
        async for _ in lines_of_stdin():
            taken, api.received = api.received, []
            print(json.dumps([(call.at, call.chat, call.text) for call in taken]), flush=True)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    sys.exit(asyncio.run(main()))
