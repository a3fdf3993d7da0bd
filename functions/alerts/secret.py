"""The webhook's signing secret, from Secrets Manager."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from hookline_core.alerting.signing import PREFIX, SecretMalformedError, key_of
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

logger = Logger()

_FRESH = timedelta(minutes=5)
"""How long a read secret is used before it is read again."""

OVERLAP = timedelta(hours=24)
"""How long after a rotation the secret before it signs too, so that receivers can change over without a gap."""


class WebhookSecret:
    """Knows what webhooks are signed with now.

    The stored secret is what follows ``whsec_``: letters and digits that are read as base64. A rotation is a new
    version of it in Secrets Manager; the version before stays there under the stage ``AWSPREVIOUS``.
    """

    def __init__(self, secrets: "SecretsManagerClient", arn: str) -> None:
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
            newest = self._secrets.get_secret_value(SecretId=self._arn)
        secrets = [PREFIX + newest["SecretString"]]
        if moment - newest["CreatedDate"] < OVERLAP:
            secrets += self._previous()
        return secrets

    def _previous(self) -> list[str]:
        try:
            answer = self._secrets.get_secret_value(SecretId=self._arn, VersionStage="AWSPREVIOUS")
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
