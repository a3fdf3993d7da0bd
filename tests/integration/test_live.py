"""The live feed: a ticket opens a socket once, and new messages come through it."""

import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.integration.support import HARMLESS, SCAM, Api


def _open(analyst: Api) -> ClientConnection:
    ticket = analyst.ok("POST", "/dashboard/ticket")
    return connect(f"{ticket['ws_url']}?ticket={ticket['ticket']}", open_timeout=30)


def _await_message(socket: ClientConnection, message_id: str) -> dict[str, Any]:
    while True:
        event = json.loads(socket.recv(timeout=30))
        for item in event.get("items", []):
            if item["message_id"] == message_id:
                return dict(item)


def test_a_new_message_arrives_at_every_console(client: Api, analyst: Api, phone_number: str) -> None:
    with _open(analyst) as first, _open(analyst) as second:
        verdict = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
        for socket in (first, second):
            summary = _await_message(socket, verdict["message_id"])
            assert summary["risk_level"] == "Critical"
            assert summary["phone_number"] == phone_number
            assert summary["excerpt"] == SCAM[:159] + "…"


def test_a_gone_console_does_not_disturb_the_others(client: Api, analyst: Api) -> None:
    with _open(analyst) as staying:
        with _open(analyst):
            pass
        verdict = client.ok("POST", "/analyze", json={"message_content": HARMLESS})
        assert _await_message(staying, verdict["message_id"])


def test_ping_is_answered(analyst: Api) -> None:
    with _open(analyst) as socket:
        socket.send(json.dumps({"action": "ping"}))
        while json.loads(socket.recv(timeout=30))["type"] != "pong":
            pass


def test_a_ticket_opens_one_socket_only(analyst: Api) -> None:
    ticket = analyst.ok("POST", "/dashboard/ticket")
    url = f"{ticket['ws_url']}?ticket={ticket['ticket']}"
    with connect(url, open_timeout=30), pytest.raises(InvalidStatus):
        connect(url, open_timeout=30)


@pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=forged"])
def test_no_ticket_no_socket(analyst: Api, query: str) -> None:
    ws_url = analyst.ok("POST", "/dashboard/ticket")["ws_url"]
    with pytest.raises(InvalidStatus):
        connect(ws_url + query, open_timeout=30)
