"""The stack's command line. ``python -m stack --help`` lists what it does."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from hookline_core.identity import Role

from stack import chromium, console, emulator, keys, rest, sizes, template, tools
from stack.account import STACK_NAME, Account
from stack.build import Builder
from stack.deploy import sam_environment
from stack.errors import StackError
from stack.places import BUILT, CACHE, LOCAL, ROOT, Home
from stack.progress import say, warn
from stack.targets import target
from stack.up import up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except StackError as error:
        warn(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        warn("\nStopped. What is done stays; run the command again to go on.")
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description="Builds and runs Hookline on this machine.")
    parser.add_argument("--home", type=Path, default=LOCAL, help="folder of the local stack's files (default .local)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("up", help="start, deploy and fill the local stack")
    one.add_argument("--port", type=int, default=4566, help="port of the emulator")
    one.add_argument("--host", default="127.0.0.1", help="address that the emulator binds")
    one.add_argument("--sample", choices=("empty", "again", "never"), default="empty", help="when to replay the sample")
    one.add_argument(
        "--parameter", type=_pair, action="append", default=[], metavar="NAME=VALUE", help="a parameter of the template"
    )
    one.set_defaults(command=_up)

    one = commands.add_parser("down", help="stop the local stack; its data stays")
    one.set_defaults(command=_down)

    one = commands.add_parser("status", help="tell whether the local stack runs, and where")
    one.set_defaults(command=_status)

    one = commands.add_parser("build", help="build a layer or function, as SAM asks for it")
    one.add_argument("logical_id", help="its name in the template")
    one.add_argument("--into", type=Path, required=True, help="an empty folder")
    one.set_defaults(command=_build)

    one = commands.add_parser("sizes", help="tell the sizes of what was built, and hold them to their budgets")
    one.add_argument("--built", type=Path, default=BUILT, help="SAM's build folder")
    one.set_defaults(command=_sizes)

    one = commands.add_parser("console", help="build the console's page")
    one.set_defaults(command=lambda _: console.build())

    one = commands.add_parser("console-test", help="check the console's types and logic")
    one.set_defaults(command=lambda _: console.test())

    one = commands.add_parser("chromium", help="install Chromium from Debian, unless a browser is there")
    one.set_defaults(command=lambda _: chromium.ensure())

    one = commands.add_parser("tools", help="install the SAM command line and the emulator")
    one.set_defaults(command=_tools)

    one = commands.add_parser("sam", help="run a SAM command on the local stack: sam logs --stack-name hookline")
    one.add_argument("arguments", nargs=argparse.REMAINDER)
    one.set_defaults(command=_sam)

    one = commands.add_parser("key", help="make an API key, here or on AWS")
    one.add_argument("role", type=Role, choices=list(Role), help="what the key may do")
    one.add_argument("--name", required=True, help="who or what will use it")
    one.add_argument("--days", type=int, help="days for which it works (default: for good)")
    one.add_argument("--stack-name", help="a stack on AWS, or where AWS_ENDPOINT_URL points (default: the local one)")
    one.add_argument("--region", help="the AWS stack's region")
    one.set_defaults(command=_key)

    one = commands.add_parser("revision", help="name the REST API's deployment after its present paths and answers")
    one.set_defaults(command=lambda _: say(template.write_deployment_id()))
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _up(options: argparse.Namespace) -> None:
    up(
        Home(options.home),
        port=options.port,
        host=options.host,
        parameters=dict(options.parameter),
        sample=options.sample,
    )


def _down(options: argparse.Namespace) -> None:
    if emulator.stop(Home(options.home)):
        say("Hookline is down. Its data stays; make up brings it back.")
    else:
        say("Hookline was not running.")


def _status(options: argparse.Namespace) -> None:
    home, machine = Home(options.home), _running(options)
    say(f"Hookline runs at {machine.url} (process {machine.pid}). Addresses and keys: {home.stack}")
    if not home.stack.is_file():
        raise StackError("It is not deployed yet.")
    api_url = json.loads(home.stack.read_text())["api_url"]
    say(f"It says of itself: {rest.call(f'{api_url}/health')['status']}")


def _build(options: argparse.Namespace) -> None:
    place = target(os.environ.get("HOOKLINE_TARGET", "local"), uv=tools.UV)
    Builder(place, uv=tools.UV, cache=CACHE).build(options.logical_id, options.into)


def _sizes(options: argparse.Namespace) -> None:
    for size in sizes.measure(options.built):
        say(str(size))


def _tools(_: argparse.Namespace) -> None:
    for name in ("tools", "emulator"):
        tools.install(name)


def _sam(options: argparse.Namespace) -> None:
    environment = {**os.environ, **sam_environment(_running(options))}
    done = subprocess.run([tools.SAM, *options.arguments], cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        raise StackError(f"SAM ended with exit status {done.returncode}.")


def _key(options: argparse.Namespace) -> None:
    if options.stack_name:
        account = Account(options.stack_name, options.region)
    else:
        account = Account.on_emulator(_running(options).url, STACK_NAME)
    life = timedelta(days=options.days) if options.days else None
    key = keys.create(account, options.role, name=options.name, life=life)
    say(f"{key.secret}")
    warn(f"Key {key.key_id}, role {options.role}. It is shown only now.")


def _running(options: argparse.Namespace) -> emulator.Emulator:
    machine = emulator.running(Home(options.home))
    if machine is None:
        raise StackError("Hookline is not running. Start it with: make up")
    return machine


if __name__ == "__main__":
    sys.exit(main())
