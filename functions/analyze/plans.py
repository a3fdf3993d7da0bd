"""The ids of the usage plans, from where the deployment left them.

They cannot be settings: the plans follow from the deployed API, and the API from this function.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast

from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.keys import Plan

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class Plans:
    """Reads the plans' ids once.

    Parameters
    ----------
    ssm
        Gives the client. It is asked for with the first use.
    parameter
        Name of the parameter that holds the ids, as JSON.
    """

    def __init__(self, ssm: "Callable[[], SSMClient]", parameter: str) -> None:
        self._ssm = ssm
        self._parameter = parameter

    def __call__(self) -> Mapping[Plan, str]:
        """Return the id of each plan.

        Raises
        ------
        UnavailableError
            If they cannot be read.
        """
        return self._ids

    @cached_property
    def _ids(self) -> Mapping[Plan, str]:
        with unavailable_as("the parameter store"):
            answer = self._ssm().get_parameter(Name=self._parameter)
        return cast("Mapping[Plan, str]", json.loads(answer["Parameter"]["Value"]))
