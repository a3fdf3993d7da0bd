"""What is secret about endpoints, in Systems Manager's parameter store: the URL or address, and the signing secrets."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.signing import new_secret
from hookline_core.clock import isoformat
from hookline_core.contracts import Contract
from hookline_core.errors import NotFoundError, UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

OVERLAP = timedelta(hours=24)
"""How long after a rotation the secret before it signs too, so that receivers can change over without a gap."""

_WHAT = "the secret store"


class EndpointSecret(Contract):
    """What is secret about one endpoint.

    Attributes
    ----------
    signing
        What webhooks are signed with.
    before
        What they were signed with until the last rotation.
    before_until
        When that stops to sign.
    """

    target: Target
    signing: str
    before: str | None = None
    before_until: str | None = None

    @classmethod
    def new(cls, target: Target) -> "EndpointSecret":
        """Return the secret of a new endpoint."""
        return cls(target=target, signing=new_secret())

    def rotated(self, *, moment: datetime) -> "EndpointSecret":
        """Return it with a new signing secret; the present one signs for a day more."""
        return EndpointSecret(
            target=self.target,
            signing=new_secret(),
            before=self.signing,
            before_until=isoformat(moment + OVERLAP),
        )

    def signing_at(self, moment: datetime) -> list[str]:
        """Return the secrets to sign with at a moment, the newest first."""
        overlaps = self.before is not None and isoformat(moment) < (self.before_until or "")
        return [self.signing, *([self.before] if overlaps and self.before else [])]


class EndpointSecrets:
    """Keeps what is secret, one parameter for each endpoint.

    Parameters
    ----------
    ssm
        Gives the client. It is asked for with the first use, since it takes long to make and few calls need it.
    prefix
        How the parameters' names begin: ``/stack/endpoints/``.
    """

    def __init__(self, ssm: "Callable[[], SSMClient]", prefix: str) -> None:
        self._ssm = ssm
        self._prefix = prefix

    def get(self, endpoint_id: str) -> EndpointSecret:
        """Return what is secret about an endpoint.

        Raises
        ------
        NotFoundError
            If the endpoint was deleted.
        UnavailableError
            If the parameter store does not answer.
        """
        try:
            answer = self._ssm().get_parameter(Name=self._prefix + endpoint_id, WithDecryption=True)
        except (BotoCoreError, ClientError) as error:
            if _absent(error):
                raise NotFoundError("There is no such endpoint.") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error
        return EndpointSecret.model_validate(json.loads(answer["Parameter"]["Value"]))

    def put(self, endpoint_id: str, secret: EndpointSecret) -> None:
        """Keep what is secret about an endpoint."""
        with unavailable_as(_WHAT):
            self._ssm().put_parameter(
                Name=self._prefix + endpoint_id,
                Value=secret.model_dump_json(exclude_none=True),
                Type="SecureString",
                Overwrite=True,
            )

    def delete(self, endpoint_id: str) -> None:
        """Forget what is secret about an endpoint; nothing happens, if nothing is kept."""
        try:
            self._ssm().delete_parameter(Name=self._prefix + endpoint_id)
        except (BotoCoreError, ClientError) as error:
            if not _absent(error):
                raise UnavailableError(f"{_WHAT} does not answer") from error


def _absent(error: Exception) -> bool:
    return isinstance(error, ClientError) and error_code(error) == "ParameterNotFound"
