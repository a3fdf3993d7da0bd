"""Signatures by the Standard Webhooks specification, symmetric kind (``v1``)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from hookline_core.errors import HooklineError

PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)
_NEW_BYTES = 32


class SecretMalformedError(HooklineError):
    """A signing secret is not ``whsec_`` and 24 to 64 bytes in base64."""

    code = "secret_malformed"


def sign(keys: Sequence[str], *, event_id: str, timestamp: int, body: bytes) -> str:
    """Return the ``webhook-signature`` header: one signature for each secret, divided by spaces.

    Parameters
    ----------
    keys
        ``whsec_`` and the key in base64; several while one takes over from another.
    timestamp
        Epoch seconds of this attempt.

    Raises
    ------
    SecretMalformedError
        If a secret is none.
    """
    signed = b".".join((event_id.encode(), str(timestamp).encode(), body))
    return " ".join(_signature(key_of(key), signed) for key in keys)


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    Raises
    ------
    SecretMalformedError
        If it stands for none.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SecretMalformedError("the signing secret is not base64") from error
    if len(key) not in _KEY_BYTES:
        raise SecretMalformedError("the signing secret is not 24 to 64 bytes long")
    return key


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def new_secret() -> str:
    """Return a new signing secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_NEW_BYTES)).decode()
