"""The command line: `bauruf …`. Each command is a few lines here and a module of its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from bot.errors import Unavailable
from bot.settings import Settings, read_settings
from webhooks import doctor as examination
from webhooks import parsing
from webhooks.app import create_app
from webhooks.commands import accounts, agents, crm, forgetting, merging, nlu, quarantine, replay
from webhooks.demo import logins, prepare_demo
from webhooks.logs import set_up_logs
from webhooks.runtime import err, out, plain_errors, run
from webhooks.worker import work_until_stopped

cli = typer.Typer(
    name="bauruf",
    help="The messenger desk for companies whose customers are installers.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
accounts.cli.command("sync")(crm.sync)
accounts.cli.command("doctor")(crm.doctor)
accounts.cli.command("merge")(merging.merge)
accounts.cli.command("unmerge")(merging.unmerge)
cli.add_typer(accounts.cli, name="accounts")
cli.add_typer(agents.cli, name="agents")
cli.add_typer(nlu.cli, name="nlu")
cli.add_typer(quarantine.cli, name="quarantine")
cli.command("forget")(forgetting.forget)
cli.command("replay")(replay.replay)

_SHUTDOWN = 5  # seconds that requests under way are given at the end


class _Server(uvicorn.Server):
    """Ends the live streams first when it is told to stop: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, *, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Answer to SIGINT and SIGTERM."""
        self._ending()
        super().handle_exit(sig, frame)


@cli.command()
def serve(
    *,
    demo: Annotated[bool, typer.Option(help="Bring in the demo world and its phone.")] = False,
    worker: Annotated[bool, typer.Option(help="Also take turns and send, in this process.")] = True,
) -> None:
    """Serve webhooks, console and chat; by default work as well."""
    set_up_logs()
    with plain_errors():
        settings = read_settings()
        listening = _take_port(settings)
        app = create_app(settings, work=worker, demo=demo, progress=lambda line: err.print(line, style="dim"))
        if demo:
            run(prepare_demo(app.state.system))
        address = f"http://{settings.host}:{settings.port}"
        _welcome(address, demo=demo)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_SHUTDOWN,
        )
        _Server(config, ending=app.state.system.live.stop).run(sockets=[listening])


def _take_port(settings: Settings) -> socket.socket:
    """The port, taken before anything is set up; connections are accepted once the server is ready.

    Raises Unavailable when it cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Unavailable(
            "port_taken",
            f"Cannot listen on {where} ({error.strerror}). Stop what listens there, or set BAURUF_PORT "
            "(and BAURUF_HOST) to something else.",
        ) from error
    return listening


def _welcome(address: str, *, demo: bool) -> None:
    out.print()
    if demo:
        out.print(f"  Demo phone   [bold]{address}/phone/[/]", highlight=False)
    out.print(f"  Console      [bold]{address}/console/[/]", highlight=False)
    if demo:
        for login in logins():
            out.print(f"    {login.role:<6} {login.email}  [bold]{login.password}[/]", highlight=False)
    else:
        out.print(f"  Web chat     [bold]{address}/chat/[/]", highlight=False)
    out.print("\n  Stop with Ctrl+C. The data stays.\n", style="dim")


@cli.command()
def worker() -> None:
    """Take turns, send and keep deadlines, without HTTP; as many as wanted, on any machine."""
    set_up_logs()
    with plain_errors():
        work_until_stopped(read_settings(), progress=lambda line: err.print(line, style="dim"))


@cli.command()
def doctor() -> None:
    """Say what is configured, what can be reached, and what is missing."""
    raise typer.Exit(run(examination.examine()))


@cli.command()
def parse(
    text: Annotated[str | None, typer.Argument(help="One text.")] = None,
    *,
    file: Annotated[Path | None, typer.Option(help='JSON lines with "text"; - for standard input.')] = None,
) -> None:
    """Print what the engine makes of texts, as JSON lines."""
    run(parsing.parse(text, file))


def main() -> None:
    """Entry point of the `bauruf` command."""
    cli()
