"""What a console says, and what it is answered."""

import json

_LONGEST = 256
"""Characters of the longest message that is read; an action is far shorter."""

PONG = {"type": "pong"}
UNKNOWN_ACTION = {"type": "error", "code": "unknown_action"}


def answer_to(body: str | None) -> dict[str, str]:
    """Return the answer to a console's message. Whatever is not understood is told so, and otherwise ignored."""
    said = _read(body)
    return PONG if isinstance(said, dict) and said.get("action") == "ping" else UNKNOWN_ACTION


def _read(body: str | None) -> object:
    if body is None or len(body) > _LONGEST:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None
