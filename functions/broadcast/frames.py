"""Packs items into WebSocket messages."""

from collections.abc import Iterable, Iterator
from typing import Literal

from hookline_core.contracts import Contract

LARGEST_FRAME = 32 * 1024
"""Bytes. API Gateway sends larger messages in several frames, and each 32 KB is billed as a message."""

_TAIL = b"]}"


def frames_of(
    kind: Literal["messages", "feedback"], contents: Iterable[Contract], *, limit: int = LARGEST_FRAME
) -> Iterator[bytes]:
    """Yield WebSocket messages of a type and of less than ``limit`` bytes that carry all contents, in order.

    An item is a few hundred bytes; one that did not fit on its own would be sent on its own.
    """
    head = f'{{"type":"{kind}","items":['.encode()
    room = limit - len(head) - len(_TAIL)
    items: list[bytes] = []
    size = 0
    for content in contents:
        item = content.model_dump_json().encode()
        if items and size + len(item) + 1 >= room:
            yield head + b",".join(items) + _TAIL
            items, size = [], 0
        items.append(item)
        size += len(item) + 1
    if items:
        yield head + b",".join(items) + _TAIL
