"""A deployed stack, on the emulator or on AWS."""

from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

from stack.errors import StackError

REGION = "us-east-1"
"""The local stack's region."""

STACK_NAME = "hookline"

LOCAL_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""What emulators take; no secret."""


@dataclass(frozen=True, slots=True)
class Account:
    """A stack and the way to it.

    Parameters
    ----------
    stack_name
        The CloudFormation stack.
    region
        Its region; None for the one that the AWS configuration names.
    endpoint_url
        The emulator; None for AWS, or what ``AWS_ENDPOINT_URL`` names.
    """

    stack_name: str = STACK_NAME
    region: str | None = None
    endpoint_url: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def on_emulator(cls, url: str, stack_name: str = STACK_NAME) -> "Account":
        """Return the stack on an emulator."""
        return cls(stack_name, REGION, url)

    def client(self, service: str) -> Any:  # noqa: ANN401  # one of boto3's client types
        """Return a client for a service."""
        if service not in self._clients:
            local = self.endpoint_url is not None
            session: Any = boto3.Session(
                aws_access_key_id=LOCAL_CREDENTIALS["AWS_ACCESS_KEY_ID"] if local else None,
                aws_secret_access_key=LOCAL_CREDENTIALS["AWS_SECRET_ACCESS_KEY"] if local else None,
                region_name=self.region,
            )
            self._clients[service] = session.client(service, endpoint_url=self.endpoint_url)
        return self._clients[service]

    def outputs(self) -> dict[str, str]:
        """Return the stack's outputs.

        Raises
        ------
        StackError
            If the stack is not there, or not whole.
        """
        description = self._description()
        if description is None:
            raise StackError(f"There is no stack {self.stack_name}. Deploy it first.")
        return {item["OutputKey"]: item["OutputValue"] for item in description.get("Outputs", [])}

    def is_whole(self) -> bool:
        """Tell whether the stack is there and its last deployment went well."""
        description = self._description()
        return description is not None and description["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}

    def resources(self) -> dict[str, str]:
        """Return the physical ids of the stack's resources by their logical ids."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.stack_name)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
        }

    def _description(self) -> dict[str, Any] | None:
        try:
            answer = self.client("cloudformation").describe_stacks(StackName=self.stack_name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        stacks: list[dict[str, Any]] = answer["Stacks"]
        return stacks[0] if stacks else None
