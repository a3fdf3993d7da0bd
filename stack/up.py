"""Brings a whole local stack up: emulator, deployment, keys, sample."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hookline_core.identity import Role

from stack import alerting, console, emulator, keys, seed, tools
from stack.account import Account
from stack.deploy import deploy
from stack.places import Home
from stack.progress import elapsed, say, step

_OWNER_ONLY = 0o600
_EXAMPLE = {
    "message_content": "Your parcel is on hold. Pay the fee at http://usps.com-track.top",
    "phone_number": "+12025550143",
}


def up(home: Home, *, port: int, host: str, parameters: Mapping[str, str], sample: seed.When) -> None:
    """Bring a stack up and tell how to use it. Safe to run again."""
    emulator.check_port(home, port)
    tools.install("tools")
    tools.install("emulator")
    console.build()
    machine = emulator.start(home, port=port, host=host)
    account = deploy(home, machine, parameters)
    stack = _describe(home, account, machine.url)
    write_private(home.stack, stack)
    alerting.take_up(os.environ, api_url=stack["api_url"], admin=stack["keys"]["admin"])
    seed.replay(stack["api_url"], client=stack["keys"]["client"], analyst=stack["keys"]["analyst"], when=sample)
    _tell(home, stack)


def write_private(path: Path, content: object) -> None:
    """Write JSON that only its owner may read."""
    path.touch(mode=_OWNER_ONLY)
    path.chmod(_OWNER_ONLY)
    path.write_text(json.dumps(content, indent=2) + "\n")


def _describe(home: Home, account: Account, endpoint_url: str) -> dict[str, Any]:
    outputs = account.outputs()
    return {
        "api_url": outputs["ApiUrl"],
        "ws_url": outputs.get("WebSocketUrl", ""),
        "dashboard_url": outputs["DashboardUrl"],
        "region": account.region,
        "endpoint_url": endpoint_url,
        "stack_name": account.stack_name,
        "keys": _keys(home, account),
        "outputs": outputs,
    }


def _keys(home: Home, account: Account) -> dict[str, str]:
    """Return a key of each role: those of last time where the stack knows them, else new ones."""
    known: dict[str, str] = json.loads(home.keys.read_text()) if home.keys.is_file() else {}
    wanting = [role for role in Role if role.value not in known or not keys.is_known(account, known[role.value])]
    if wanting:
        with step("Making API keys"):
            for role in wanting:
                known[role.value] = keys.create(account, role, name=f"local {role.value}").secret
        write_private(home.keys, known)
    return known


def _tell(home: Home, stack: Mapping[str, Any]) -> None:
    say(
        f"""
Hookline is up after {elapsed():.0f} s.

  Console   {stack["dashboard_url"]}
  API       {stack["api_url"]}    (reference: {stack["api_url"]}/docs)
  Keys      client   {stack["keys"]["client"]}
            analyst  {stack["keys"]["analyst"]}
            admin    {stack["keys"]["admin"]}

Sign in to the console with the analyst's or the admin's key. Try the API:

  curl -s {stack["api_url"]}/analyze \\
    -H "X-API-KEY: {stack["keys"]["client"]}" -H "Content-Type: application/json" \\
    -d '{json.dumps(_EXAMPLE)}'

All of this is in {home.stack}. Stop with: make down"""
    )
