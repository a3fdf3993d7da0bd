"""Unit tests open no sockets. AWS is moto, inside the process; its tables come from the deployed template."""

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache

import boto3
import botocore.loaders
import botocore.session
import pytest
from hookline_core import sockets
from hookline_core.stores import aws as stores_aws
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, Table, dynamodb_backends
from pytest_socket import disable_socket, enable_socket

from tests.tables import create_tables

_REGION = "us-east-1"
_MODELS = botocore.loaders.create_loader()
"""The SDK's descriptions of services, read once and not for each test."""


@pytest.fixture(autouse=True)
def no_sockets() -> Iterator[None]:
    """Fail a test that tries to reach the network."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(scope="module", autouse=True)
def clients_of_the_module() -> Iterator[None]:
    """Make clients once for a file's tests, and none outlives it: others speak to other places."""
    _forget_clients()
    yield
    _forget_clients()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand in for AWS."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": _REGION,
    }.items():
        monkeypatch.setenv(name, value)
    sockets.management_client.cache_clear()  # its tests hang ears on it
    with mock_aws():
        session = botocore.session.get_session()
        session.register_component("data_loader", _MODELS)
        boto3.setup_default_session(botocore_session=session)
        yield


@pytest.fixture
def tables(aws: None) -> dict[str, str]:
    """Return the names of the template's tables, all of them empty, by the setting that names them."""
    names, empty = _created()
    _dynamodb().tables = deepcopy(empty)
    return dict(names)


@cache
def _created() -> tuple[dict[str, str], dict[str, Table]]:
    """Create the template's tables. Return their names, and the tables to copy: that takes a fiftieth of the time."""
    names = create_tables()
    return names, deepcopy(_dynamodb().tables)


def _dynamodb() -> DynamoDBBackend:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][_REGION]


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Catch what handlers log and print, metrics included. The call returns everything since the last call."""
    (handler,) = (
        handler
        for handler in logging.getLogger(os.environ["POWERTOOLS_SERVICE_NAME"]).handlers
        if type(handler) is logging.StreamHandler
    )
    # The handler was made at import and holds on to what was the standard output then.
    written = handler.stream = io.StringIO()

    def since_last() -> str:
        logged = written.getvalue()
        written.truncate(0)
        written.seek(0)
        return logged + capsys.readouterr().out

    yield since_last
    handler.stream = sys.__stdout__


def _forget_clients() -> None:
    stores_aws.client.cache_clear()
    stores_aws.hasty_dynamodb.cache_clear()
    sockets.management_client.cache_clear()
