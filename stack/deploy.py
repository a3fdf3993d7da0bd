"""Builds and deploys the template to the emulator, with SAM."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from stack import archives, build, sizes, template, tools
from stack.account import LOCAL_CREDENTIALS, REGION, Account
from stack.commands import run
from stack.emulator import Emulator
from stack.places import BUILT, CACHE, ROOT, TEMPLATE, Home
from stack.progress import say, step
from stack.targets import target

_CONFIG = ROOT / "samconfig.toml"


def sam_environment(emulator: Emulator) -> dict[str, str]:
    """Return what SAM needs to speak to the emulator."""
    return {
        **LOCAL_CREDENTIALS,
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_DEFAULT_REGION": REGION,
        "SAM_CLI_TELEMETRY": "0",
        "HOOKLINE_TARGET": "local",
    }


def deploy(home: Home, emulator: Emulator, parameters: Mapping[str, str]) -> Account:
    """Bring the stack on the emulator up to date, if anything has changed. Return it."""
    account = Account.on_emulator(emulator.url)
    given = {**_local_parameters(), "LocalHost": f"localhost:{emulator.port}", **parameters}
    wanted = {"sources": build.fingerprint(target("local", uv=tools.UV), TEMPLATE, _CONFIG), "parameters": given}
    if _last(home) == wanted and account.is_whole():
        say("The stack is up to date.")
        return account
    environment = sam_environment(emulator)
    with step("Building layers and functions"):
        run([tools.SAM, "build", "--config-env", "local"], what="sam build", cwd=ROOT, environment=environment)
    for size in sizes.measure():
        say(f"  {size}")
    with step("Deploying the stack"):
        packed = archives.pack(BUILT, CACHE / "archives")
        overrides = [f"{name}={value}" for name, value in given.items()]
        config: list[str | Path] = ["--config-env", "local", "--config-file", _CONFIG, "--template-file", packed]
        run(
            [tools.SAM, "deploy", *config, "--parameter-overrides", *overrides],
            what="sam deploy",
            cwd=ROOT,
            environment=environment,
        )
        _set_expiry(account)
    home.deployed.write_text(json.dumps(wanted))
    return account


def _local_parameters() -> dict[str, str]:
    local = tomllib.loads(_CONFIG.read_text())["local"]["deploy"]["parameters"]
    return dict(override.split("=", 1) for override in local["parameter_overrides"])


def _last(home: Home) -> object:
    return json.loads(home.deployed.read_text()) if home.deployed.is_file() else None


def _set_expiry(account: Account) -> None:
    """Switch on the tables' expiry, which the emulator does not do from the template."""
    physical = account.resources()
    for logical_id, attribute in template.tables_with_expiry(template.load()).items():
        try:
            account.client("dynamodb").update_time_to_live(
                TableName=physical[logical_id],
                TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute},
            )
        except ClientError as error:
            if "already" not in str(error):  # set by an earlier deployment
                raise
