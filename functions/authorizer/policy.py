"""An authorizer's answer: who calls, and whether the gateway lets the call through."""

from typing import Any, Literal

from hookline_core.identity import Identity


def allow(identity: Identity, method_arn: str, *, api_key: str | None = None) -> dict[str, Any]:
    """Let a caller use the API.

    The answer covers the whole stage and not only the method asked for: the gateway keeps it for a minute and applies
    it to the caller's next requests. Roles are told apart by the use cases.

    Parameters
    ----------
    api_key
        The key that usage is counted on.
    """
    answer = _answer("Allow", method_arn, principal=identity.key_id)
    answer["context"] = {"role": identity.role.value, "key_id": identity.key_id}
    if api_key is not None:
        answer["usageIdentifierKey"] = api_key
    return answer


def deny(method_arn: str) -> dict[str, Any]:
    """Turn a caller away."""
    return _answer("Deny", method_arn, principal="unknown")


def _answer(effect: Literal["Allow", "Deny"], method_arn: str, *, principal: str) -> dict[str, Any]:
    api, stage = method_arn.split("/")[:2]
    return {
        "principalId": principal,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{api}/{stage}/*"}],
        },
    }
