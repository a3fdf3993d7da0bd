"""API Gateway's side of a key: the key that it meters, and the usage plan that it counts on."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code
from hookline_core.stores.keys import Plan

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

_FAILED = "API Gateway does not take the key now"


class GatewayKeys:
    """Makes keys in API Gateway and takes them away.

    Parameters
    ----------
    gateway
        Gives the client. It is asked for with the first use: most containers never need it.
    plans
        Gives the plans' ids.
    """

    def __init__(self, gateway: "Callable[[], APIGatewayClient]", plans: Callable[[], Mapping[Plan, str]]) -> None:
        self._gateway = gateway
        self._plans = plans

    def add(self, secret: str, *, plan: Plan, name: str, description: str) -> str:
        """Make a key that is counted on a plan, and return its id. What fails leaves nothing behind.

        Raises
        ------
        UnavailableError
            If API Gateway refuses or does not answer.
        """
        plan_id = self._plans()[plan]
        gateway = self._gateway()
        try:
            made = gateway.create_api_key(name=name, description=description, enabled=True, value=secret)
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError(_FAILED) from error
        try:
            gateway.create_usage_plan_key(usagePlanId=plan_id, keyId=made["id"], keyType="API_KEY")
        except (BotoCoreError, ClientError) as error:
            self.remove(made["id"])
            raise UnavailableError(_FAILED) from error
        return made["id"]

    def remove(self, api_key_id: str) -> None:
        """Take a key away, from its plan too. One that is gone already is fine.

        Raises
        ------
        UnavailableError
            If API Gateway refuses or does not answer.
        """
        try:
            self._gateway().delete_api_key(apiKey=api_key_id)
        except (BotoCoreError, ClientError) as error:
            if not (isinstance(error, ClientError) and error_code(error) == "NotFoundException"):
                raise UnavailableError(_FAILED) from error
