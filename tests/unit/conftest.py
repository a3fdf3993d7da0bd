"""Unit tests open no sockets. AWS is moto, inside the process; its tables come from the deployed template."""

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator

import boto3
import botocore.loaders
import botocore.session
import pytest
from hookline_core import sockets
from hookline_core.stores import aws as stores_aws
from moto import mock_aws
from pytest_socket import disable_socket, enable_socket

from tests.tables import create_tables

_MODELS = botocore.loaders.create_loader()
"""The SDK's descriptions of services, read once and not for each test."""


@pytest.fixture(autouse=True)
def no_sockets() -> Iterator[None]:
    """Fail a test that tries to reach the network."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand in for AWS."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    _forget_clients()
    with mock_aws():
        session = botocore.session.get_session()
        session.register_component("data_loader", _MODELS)
        boto3.setup_default_session(botocore_session=session)
        yield
    _forget_clients()


@pytest.fixture
def tables(aws: None) -> dict[str, str]:
    """Create the template's tables; return their names by the setting that names them: ``TABLE_MESSAGES`` …"""
    return create_tables()


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
