"""Filters of e-mail as peers: the Bayes classifiers of bogofilter, SpamAssassin and rspamd.

Each message becomes a small e-mail with the same headers. Everything they keep is in temporary folders, nothing of the
machine's own mail set-up is read, and no name is looked up in the network. SpamAssassin and rspamd take milliseconds a
message: they learn from a sample of the rows, half of it unwanted, and judge a sample of each set.
"""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from bench.peer import Floats, Peer, Score, unwanted
from training.data import Message

_LEARNED = 10_000  # rows
_JUDGED = 400  # scams of a set, and as many genuine messages
_PATIENCE = 60  # seconds for a server to start
_UNDECIDED = 0.5

_NUMBER = "X-Mass-Check-Id"  # a header that SpamAssassin's classifier leaves out
_DOMAINS = ("/var/lib/spamassassin/*/updates_spamassassin_org", "/usr/share/spamassassin")
_SPAMASSASSIN = """
loadplugin Mail::SpamAssassin::Plugin::Check
loadplugin Mail::SpamAssassin::Plugin::Bayes
bayes_path {folder}/bayes
bayes_auto_learn 0
bayes_auto_expire 0
body LEARNED eval:check_bayes('0.00', '1.00')
tflags LEARNED learn
report_safe 0
clear_headers
add_header all Bayes _BAYES_
"""
# No modules, no rules. Of the classifier's defaults only the floor of eleven words is lowered: texts are short.
_RSPAMD = """
options {{
  filters = "";
  disable_hyperscan = true;
  pidfile = "{folder}/pid";
  cache_file = "{folder}/symbols";
  history_file = "{folder}/history";
  dynamic_conf = "{folder}/dynamic";
  stats_file = "{folder}/stats";
  control_socket = "{folder}/control mode=0600";
  hs_cache_dir = "{folder}";
  tempdir = "{folder}";
  dns {{ nameserver = ["127.0.0.1"]; }}
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "error"; }}
worker "controller" {{ bind_socket = "127.0.0.1:{port}"; count = 1; secure_ip = "127.0.0.1"; }}
classifier "bayes" {{
  tokenizer {{ name = "osb"; }}
  cache {{ }}
  backend = "redis";
  servers = "{folder}/redis";
  new_schema = true;
  min_tokens = 1;
  min_learns = 200;
  statfile {{ symbol = "BAYES_SPAM"; spam = true; }}
  statfile {{ symbol = "BAYES_HAM"; spam = false; }}
}}
"""


def mail_filters(train: Sequence[Message], running: ExitStack) -> list[Peer]:
    """Train the filters that are installed.

    Parameters
    ----------
    running
        Ends the servers and removes the folders that the filters need as long as they judge.

    Raises
    ------
    RuntimeError
        If a filter is installed and does not work.
    """
    return [make(train, running) for make in (_bogofilter, _spamassassin, _rspamd)]


def _bogofilter(train: Sequence[Message], running: ExitStack) -> Peer:
    program = shutil.which("bogofilter")
    if program is None:
        return Peer("bogofilter", None, "not installed")
    command = [program, "-d", str(_folder(running)), "-M"]
    for texts, flag in zip(_by_label(train), ("-s", "-n"), strict=True):
        _run([*command, flag], _mailbox(texts))

    def score(texts: Sequence[str]) -> Floats:
        # It ends with 0 for spam, 1 for ham, 2 for neither.
        shown = _run([*command, "-T"], _mailbox(texts), fine=(0, 1, 2))
        return _all([float(line.split()[1]) for line in shown.splitlines()], texts)

    return Peer("bogofilter", score)


def _spamassassin(train: Sequence[Message], running: ExitStack) -> Peer:
    """Train SpamAssassin's classifier alone: its fixed rules, many for mail headers, are slow and learn nothing."""
    judge, learn = shutil.which("spamassassin"), shutil.which("sa-learn")
    if judge is None or learn is None:
        return Peer("SpamAssassin", None, "not installed")
    folder = _folder(running)
    for name in ("rules", "site"):
        (folder / name).mkdir()
    domains = [file for parent in _DOMAINS for file in Path("/").glob(f"{parent[1:]}/20_aux_tlds.cf")][:1]
    settings = _SPAMASSASSIN.format(folder=folder) + "".join(f"include {file}\n" for file in domains)
    (folder / "rules" / "bayes.cf").write_text(settings)
    (folder / "preferences").touch()
    own = [f"--configpath={folder}/rules", f"--siteconfigpath={folder}/site", f"--prefspath={folder}/preferences"]
    mailbox = folder / "mailbox"
    learned = _sample(train)
    for texts, flag in zip(learned, ("--spam", "--ham"), strict=True):
        mailbox.write_bytes(_mailbox(texts))
        _run([learn, *own, "--local", flag, "--mbox", str(mailbox)], home=folder)

    def score(texts: Sequence[str]) -> Floats:
        mailbox.write_bytes(_mailbox(texts))
        shown = _run([judge, *own, "--local", "--mbox", str(mailbox)], home=folder)
        # It returns messages in an order of its own.
        numbers = re.findall(rf"^{_NUMBER}: (\d+)$", shown, re.MULTILINE)
        shares = re.findall(r"^X-Spam-Bayes: ([\d.]+)$", shown, re.MULTILINE)
        found = {int(number): float(share) for number, share in zip(numbers, shares, strict=True)}
        return _all([found[number] for number in sorted(found)], texts)

    return _slow("SpamAssassin", score, learned)


def _rspamd(train: Sequence[Message], running: ExitStack) -> Peer:
    program, store = shutil.which("rspamd"), shutil.which("redis-server")
    if program is None or store is None:
        return Peer("rspamd", None, "not installed" if program is None else "needs redis-server")
    folder, port = _folder(running), _free_port()
    (folder / "rspamd.conf").write_text(_RSPAMD.format(folder=folder, port=port))
    _start([store, "--port", "0", "--unixsocket", f"{folder}/redis", "--save", "", "--dir", str(folder)], running)
    # Root may run it only if it is told that this is insecure: it hears this machine alone, and for minutes.
    server = _start([program, "--no-fork", "--insecure", f"--config={folder}/rspamd.conf"], running)
    address = f"http://127.0.0.1:{port}"
    _await(server, f"{address}/ping")
    learned = _sample(train)
    for texts, kind in zip(learned, ("spam", "ham"), strict=True):
        for text in texts:
            _post(f"{address}/learn{kind}", text)

    def one(text: str) -> float:
        symbols = json.loads(_post(f"{address}/checkv2", text))["symbols"]
        for symbol, sign in (("BAYES_SPAM", 1), ("BAYES_HAM", -1)):
            if symbol in symbols:
                # How sure it is, from 0 to 100 %.
                return _UNDECIDED + sign * float(symbols[symbol]["options"][0].rstrip("%")) / 200
        return _UNDECIDED

    return _slow("rspamd", lambda texts: np.array([one(text) for text in texts]), learned)


def _slow(name: str, score: Score, learned: tuple[list[str], list[str]]) -> Peer:
    rows = sum(map(len, learned))
    return Peer(f"{name} ({rows} rows; {_JUDGED} + {_JUDGED} of each set)", score, most=_JUDGED)


# --- messages -----------------------------------------------------------------------------------------


def _by_label(train: Sequence[Message]) -> tuple[list[str], list[str]]:
    bad = unwanted(train)
    return (
        [message.text for message, is_bad in zip(train, bad, strict=True) if is_bad],
        [message.text for message, is_bad in zip(train, bad, strict=True) if not is_bad],
    )


def _sample(train: Sequence[Message]) -> tuple[list[str], list[str]]:
    """Return as many unwanted as other messages."""
    bad, good = _by_label(train)
    each = min(_LEARNED // 2, len(bad), len(good))
    rng = Random(1)  # noqa: S311
    return rng.sample(bad, each), rng.sample(good, each)


def _mail(text: str, *headers: str) -> bytes:
    fixed = (
        "From: sender@example.org",
        "Date: Thu, 1 Jan 2026 00:00:00 +0000",
        "Subject: message",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",  # so that no line of a text ends it, or begins another
    )
    return "\n".join((*fixed, *headers, "", "")).encode() + base64.encodebytes(text.encode("utf-8", "replace"))


def _mailbox(texts: Iterable[str]) -> bytes:
    mails = (_mail(text, f"{_NUMBER}: {number}") for number, text in enumerate(texts))
    return b"".join(b"From sender@example.org Thu Jan  1 00:00:00 2026\n" + mail + b"\n" for mail in mails)


def _all(scores: list[float], texts: Sequence[str]) -> Floats:
    if len(scores) != len(texts):
        raise RuntimeError(f"{len(texts)} messages were given, {len(scores)} judged")
    return np.array(scores)


# --- programs -----------------------------------------------------------------------------------------


def _folder(running: ExitStack) -> Path:
    return Path(running.enter_context(TemporaryDirectory()))


def _run(command: list[str], given: bytes = b"", *, fine: tuple[int, ...] = (0,), home: Path | None = None) -> str:
    own = {**os.environ, "HOME": str(home)} if home else None
    done = subprocess.run(command, input=given, capture_output=True, check=False, env=own)
    if done.returncode not in fine:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout.decode(errors="replace")


def _start(command: list[str], running: ExitStack) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running.callback(server.wait)
    running.callback(server.terminate)
    return server


def _await(server: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=_PATIENCE):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("rspamd does not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _post(address: str, text: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, data=_mail(text)), timeout=_PATIENCE) as answer:
        return bytes(answer.read())
