"""What is secret about endpoints, read rarely and used while it is fresh."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from hookline_core.alerting.endpoints import TEMPLATE_ID, Endpoint, Target
from hookline_core.alerting.signing import PREFIX, SecretMalformedError, key_of
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as
from hookline_core.stores.endpoint_secrets import OVERLAP, EndpointSecret

from alerts.channels.port import Access

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

logger = Logger()

_FRESH = timedelta(minutes=5)
"""How long a read secret is used before it is read again."""


class EndpointSecrets(Protocol):
    """Keeps what is secret about endpoints."""

    def get(self, endpoint_id: str) -> EndpointSecret:
        """Return what is secret about an endpoint."""


class Accesses:
    """Tells what is secret about an endpoint at a moment.

    Parameters
    ----------
    secrets
        Of the endpoints that admins add.
    template
        The signing secret of the endpoint that the stack's own parameter names.
    url
        Where that one is.
    """

    def __init__(self, secrets: EndpointSecrets, template: "TemplateSecret", *, url: str) -> None:
        self._secrets = secrets
        self._template = template
        self._url = url
        self._read: dict[tuple[str, int], tuple[datetime, EndpointSecret]] = {}

    def of(self, endpoint: Endpoint, *, moment: datetime) -> Access:
        """Return what is secret about an endpoint.

        Raises
        ------
        NotFoundError
            If the endpoint was deleted.
        UnavailableError
            If the secrets do not answer.
        """
        if endpoint.endpoint_id == TEMPLATE_ID:
            signing = self._template.current(moment=moment) if endpoint.type == "webhook" else []
            return Access(Target(url=self._url), tuple(signing))
        known = (endpoint.endpoint_id, endpoint.revision)
        if known not in self._read or moment - self._read[known][0] >= _FRESH:
            self._read[known] = (moment, self._secrets.get(endpoint.endpoint_id))
        secret = self._read[known][1]
        return Access(secret.target, tuple(secret.signing_at(moment)))


class TemplateSecret:
    """Knows what the template's webhook is signed with now.

    The stored secret is what follows ``whsec_``: letters and digits that are read as base64. A rotation is a new
    version of it in Secrets Manager; the version before stays there under the stage ``AWSPREVIOUS``.

    Parameters
    ----------
    secrets
        Gives the client. It is asked for with the first use, since it takes long to make.
    """

    def __init__(self, secrets: "Callable[[], SecretsManagerClient]", arn: str) -> None:
        self._secrets = secrets
        self._arn = arn
        self._read: tuple[datetime, list[str]] | None = None

    def current(self, *, moment: datetime) -> list[str]:
        """Return the secrets to sign with, the newest first.

        Raises
        ------
        UnavailableError
            If Secrets Manager does not answer.
        """
        if self._read is None or moment - self._read[0] >= _FRESH:
            self._read = (moment, self._fetch(moment))
        return self._read[1]

    def _fetch(self, moment: datetime) -> list[str]:
        with unavailable_as("the secret store"):
            newest = self._secrets().get_secret_value(SecretId=self._arn)
        secrets = [PREFIX + newest["SecretString"]]
        if moment - newest["CreatedDate"] < OVERLAP:
            secrets += self._previous()
        return secrets

    def _previous(self) -> list[str]:
        try:
            answer = self._secrets().get_secret_value(SecretId=self._arn, VersionStage="AWSPREVIOUS")
        except ClientError as error:
            if error_code(error) == "ResourceNotFoundException":
                return []
            raise UnavailableError("the secret store does not answer") from error
        secret = PREFIX + answer["SecretString"]
        try:
            key_of(secret)
        except SecretMalformedError as error:
            # Nobody can have verified by it, so it is no reason to hold back what the newest one can sign.
            logger.warning("the secret before the newest is unusable", code=error.code)
            return []
        return [secret]
