"""Takes up the settings that the predecessor of this project read from the environment: where its alerts went."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from hookline_core.alerting.endpoints import type_at

from stack import rest
from stack.errors import StackError
from stack.progress import say

_MAIL_PORT = 587
_YES = frozenset({"1", "true", "yes", "on"})


def wanted(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the endpoints that the environment asks for, named after the variables that ask.

    ``ALERT_WEBHOOK_URL`` asks for a webhook, or for the chat behind it. ``ALERT_EMAIL_ENABLED`` asks for mail to
    ``ALERT_EMAIL_TO``, or to ``SMTP_USER`` itself, by the server ``SMTP_HOST`` with that user and ``SMTP_PASSWORD``.

    Raises
    ------
    StackError
        If mail is asked for and it is not said how.
    """
    found: list[dict[str, Any]] = []
    if url := environment.get("ALERT_WEBHOOK_URL", "").strip():
        found.append({"type": type_at(url), "name": "ALERT_WEBHOOK_URL", "url": url})
    if environment.get("ALERT_EMAIL_ENABLED", "").strip().lower() in _YES:
        found.append(_mail(environment))
    return found


def _mail(environment: Mapping[str, str]) -> dict[str, Any]:
    host, user = (environment.get(name, "").strip() for name in ("SMTP_HOST", "SMTP_USER"))
    address = environment.get("ALERT_EMAIL_TO", "").strip() or user
    if not host or "@" not in address:
        raise StackError("ALERT_EMAIL_ENABLED needs SMTP_HOST, and a mail address in SMTP_USER or ALERT_EMAIL_TO.")
    server = host if ":" in host else f"{host}:{_MAIL_PORT}"
    login = f"{_quoted(user)}:{_quoted(environment.get('SMTP_PASSWORD', ''))}@" if user else ""
    scheme = "smtps" if server.endswith(":465") else "smtp"
    sender = {"sender": user} if "@" in user else {}
    return {
        "type": "smtp",
        "name": "ALERT_EMAIL_ENABLED",
        "url": f"{scheme}://{login}{server}",
        "address": address,
        **sender,
    }


def take_up(environment: Mapping[str, str], *, api_url: str, admin: str) -> None:
    """Add the endpoints that the environment asks for, or bring them up to date.

    Raises
    ------
    StackError
        If it is not said how, or the API refuses.
    """
    asked = wanted(environment)
    if not asked:
        return
    there = {found["name"]: found for found in rest.call(f"{api_url}/alerts/endpoints", key=admin)["items"]}
    for endpoint in asked:
        old = there.get(endpoint["name"])
        if old and old["type"] == endpoint["type"]:
            changes = {name: value for name, value in endpoint.items() if name != "type"}
            rest.call(f"{api_url}/alerts/endpoints/{old['endpoint_id']}", key=admin, body=changes, method="PATCH")
            continue
        if old:
            rest.call(f"{api_url}/alerts/endpoints/{old['endpoint_id']}", key=admin, method="DELETE")
        added = rest.call(f"{api_url}/alerts/endpoints", key=admin, body=endpoint)
        say(f"Alerts go to {endpoint['name']}." + (f" Secret: {added['secret']}" if added.get("secret") else ""))


def _quoted(text: str) -> str:
    return quote(text, safe="")
