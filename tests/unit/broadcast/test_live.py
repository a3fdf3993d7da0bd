"""Live updates: small frames, every console, bounded work, gone consoles forgotten."""

import json
import threading

import pytest
from broadcast.frames import LARGEST_FRAME, frames_of
from broadcast.live import LiveUpdates, Reach
from hookline_core.contracts import Summary
from hookline_core.errors import UnavailableError
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, a_message
from tests.unit.broadcast.fakes import Connections, Consoles


def _summaries(count: int, text: str = "x") -> list[Summary]:
    return [Summary.of(a_message(message_id=f"id{number}", message_content=text)) for number in range(count)]


@given(st.lists(st.text(max_size=200), max_size=40), st.integers(min_value=3000, max_value=LARGEST_FRAME))
def test_frames_carry_everything_in_order_and_stay_small(texts: list[str], limit: int) -> None:
    summaries = [
        Summary.of(a_message(message_id=f"id{number}", message_content=text)) for number, text in enumerate(texts)
    ]
    frames = list(frames_of("messages", summaries, limit=limit))
    assert all(len(frame) < limit for frame in frames)
    contents = [json.loads(frame) for frame in frames]
    assert all(content["type"] == "messages" and content["items"] for content in contents)
    assert [item for content in contents for item in content["items"]] == [
        json.loads(summary.model_dump_json()) for summary in summaries
    ]


@pytest.mark.parametrize("letter", ["a", "\U0001f600", "\x00", "é", '"', "\u202e"])
def test_the_largest_summary_leaves_room_in_a_frame(letter: str) -> None:
    (frame,) = frames_of("messages", _summaries(1, letter * 10_000))
    assert len(frame) < LARGEST_FRAME // 8


def test_no_summaries_no_frames() -> None:
    assert list(frames_of("messages", [])) == []


def test_every_console_gets_every_message() -> None:
    consoles = Consoles()
    reach = LiveUpdates(Connections("c1", "c2"), consoles, lambda: NOW).send([a_message(message_id="a")])
    assert reach == Reach(sent=2)
    for connection_id in ("c1", "c2"):
        (update,) = consoles.received[connection_id]
        assert update["type"] == "messages"
        (item,) = update["items"]
        assert item["message_id"] == "a"
        assert "message_content" not in item


def test_gone_consoles_are_forgotten_and_broken_ones_are_not() -> None:
    connections = Connections("good", "gone", "broken")
    consoles = Consoles(gone=["gone"], broken=["broken"])
    reach = LiveUpdates(connections, consoles, lambda: NOW).send([a_message()])
    assert reach == Reach(sent=1, gone=1, failed=1)
    assert connections.known == ["good", "broken"]


def test_a_console_that_fails_in_the_middle_gets_no_later_frame() -> None:
    consoles = Consoles()
    post = consoles.post
    answers = iter([None, UnavailableError("made to fail")])

    def unsteady(connection_id: str, data: bytes) -> None:
        error = next(answers)
        if error:
            raise error
        post(connection_id, data)

    consoles.post = unsteady  # type: ignore[method-assign]  # the second frame fails
    messages = [a_message(message_content="é" * 160) for _ in range(150)]
    assert LiveUpdates(Connections("c1"), consoles, lambda: NOW).send(messages).failed == 1
    assert len(consoles.received["c1"]) == 1


def test_connections_that_cannot_be_listed_are_an_error_because_nothing_was_sent() -> None:
    connections = Connections("c1")
    connections.error = UnavailableError("made to fail")
    with pytest.raises(UnavailableError):
        LiveUpdates(connections, Consoles(), lambda: NOW).send([a_message()])


def test_a_thousand_consoles_are_reached_with_no_more_than_32_posts_at_once() -> None:
    # The first 32 posts wait for each other: fewer at once would never get past the gate.
    gate = threading.Barrier(32)
    waiting = threading.Semaphore(32)

    def meet() -> None:
        if waiting.acquire(blocking=False):
            gate.wait(timeout=30)

    ids = [f"c{number}" for number in range(1000)]
    gone = ids[::10]
    connections, consoles = Connections(*ids), Consoles(gone=gone, gate=meet)
    reach = LiveUpdates(connections, consoles, lambda: NOW).send([a_message(message_id="a")])
    assert reach == Reach(sent=900, gone=100)
    assert consoles.most_at_once == 32
    assert sorted(consoles.received) == sorted(set(ids) - set(gone))
    assert sorted(connections.known) == sorted(set(ids) - set(gone))
