"""Signatures by the Standard Webhooks specification, symmetric kind (``v1``)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"


def sign(secrets: Sequence[str], *, event_id: str, timestamp: int, body: bytes) -> str:
    """Return the ``webhook-signature`` header: one signature for each secret, divided by spaces.

    Parameters
    ----------
    secrets
        ``whsec_`` and the key in base64; several while one takes over from another.
    timestamp
        Epoch seconds of this attempt.
    """
    signed = b".".join((event_id.encode(), str(timestamp).encode(), body))
    return " ".join(_signature(base64.b64decode(secret.removeprefix(PREFIX)), signed) for secret in secrets)


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
