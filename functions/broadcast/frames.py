"""Packs summaries into WebSocket messages."""

from collections.abc import Iterable, Iterator

from hookline_core.contracts import Summary

LARGEST_FRAME = 32 * 1024
"""Bytes. API Gateway sends larger messages in several frames, and each 32 KB is billed as a message."""

_HEAD = b'{"type":"messages","items":['
_TAIL = b"]}"


def frames_of(summaries: Iterable[Summary], *, limit: int = LARGEST_FRAME) -> Iterator[bytes]:
    """Yield messages of less than ``limit`` bytes that carry all summaries, in order.

    A summary is a few hundred bytes; one that did not fit on its own would be sent on its own.
    """
    room = limit - len(_HEAD) - len(_TAIL)
    items: list[bytes] = []
    size = 0
    for summary in summaries:
        item = summary.model_dump_json().encode()
        if items and size + len(item) + 1 >= room:
            yield _HEAD + b",".join(items) + _TAIL
            items, size = [], 0
        items.append(item)
        size += len(item) + 1
    if items:
        yield _HEAD + b",".join(items) + _TAIL
