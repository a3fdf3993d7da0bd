"""Quality beside other filters, all trained on the same rows: `python -m bench.quality --data FOLDER`.

Sources that nobody trained on judge: the smishing reports of 2018-2022, UCI and its relabelling of 2022, the Nigerian
messages and the Indian notices are left out of training. Genuine notices are of templates of our corpus that are kept
out, too; the messages written apart from the corpus judge both sides. Phishing letters, which nobody may learn from,
are judged against held-out letters of collections that all have learned from.
"""

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

import numpy as np
from hookline_ml import Brief, Detector
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from bench.attacks import ATTACKS
from bench.mail_filters import mail_filters
from bench.peer import Floats, Peer, unwanted
from training.data import LETTERS, PHISHING, Message
from training.fit import model_of
from training.measure import quality, recall_at, share
from training.recipe import Pool, gather, is_notice, is_scam, learn, levels

HELD_OUT = frozenset(
    {"spamhunter_twitter", "mishra_soni_2022", "uci_sms_spam", "exais_sms", "indian_phone_export_2022"}
)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="measure Hookline only, which takes a third of the time")
    given = parser.parse_args(arguments)
    pool = gather(given.data, seed=given.seed, say=lambda line: print(line, file=sys.stderr))
    rows = np.array([row for row, message in enumerate(pool.train) if message.source not in HELD_OUT])
    hookline = _hookline(pool, rows)
    train = [pool.train[row] for row in rows if not pool.train[row].changed]
    sets = _sets(pool)
    with ExitStack() as running:
        peers = [hookline]
        if not given.alone:
            peers += [make(train) for make in (_link, _words, _chars_and_words, _fasttext)]
            peers += mail_filters(train, running)
        _print_quality(peers, sets)
        _print_false_alarms(hookline, pool)
        _print_attacks(peers, sets)
    return 0


# --- filters ------------------------------------------------------------------------------------------


def _hookline(pool: Pool, rows: NDArray[np.intp]) -> Peer:
    weights = learn(pool, rows)
    detector = Detector(model_of(weights, levels(weights, pool)), pool.rules)

    def score(texts: Sequence[str]) -> Floats:
        # The probability, not the score: ceilings tie many messages.
        return np.array([each.probability if isinstance(each, Brief) else 0.0 for each in detector.score_many(texts)])

    return Peer("Hookline", score)


def _link(train: Sequence[Message]) -> Peer:
    del train
    return Peer("contains a link", lambda texts: np.array([float("http" in text or "www." in text) for text in texts]))


def _sklearn(name: str, pipeline: Pipeline, train: Sequence[Message]) -> Peer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        pipeline.fit([message.text for message in train], unwanted(train))
    return Peer(name, lambda texts: np.asarray(pipeline.predict_proba(texts)[:, 1]))


def _words(train: Sequence[Message]) -> Peer:
    vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    return _sklearn("TF-IDF words 1-2 + LR", make_pipeline(vectors, LogisticRegression(C=10, max_iter=100)), train)


def _chars_and_words(train: Sequence[Message]) -> Peer:
    return _sklearn("TF-IDF characters + words + LR", chars_and_words(), train)


def chars_and_words() -> Pipeline:
    """Return the strongest ordinary pipeline."""
    both = FeatureUnion(
        [
            ("chars", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)),
            ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)),
        ]
    )
    return make_pipeline(both, LogisticRegression(C=10, max_iter=60))


def _fasttext(train: Sequence[Message]) -> Peer:
    try:
        import fasttext  # an optional peer
    except ImportError:
        return Peer("fastText", None, "not installed")
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for message, bad in zip(train, unwanted(train), strict=True):
            file.write(f"__label__{'scam' if bad else 'ok'} {' '.join(message.text.split())}\n")
        file.flush()
        model = fasttext.train_supervised(
            file.name, epoch=10, wordNgrams=2, minn=2, maxn=5, dim=50, thread=1, verbose=0
        )

    def one(text: str) -> float:
        shares = model.f.predict(
            " ".join(text.split()) + "\n", 2, 0.0, "strict"
        )  # the public method fails with numpy 2
        return float(next((share for share, label in shares if label == "__label__scam"), 0.0))

    return Peer("fastText", lambda texts: np.array([one(text) for text in texts]))


# --- messages ------------------------------------------------------------------------------------------


def _sets(pool: Pool) -> dict[str, tuple[list[str], list[str]]]:
    """Return scams and genuine messages by the name of the comparison."""
    everything = [*(message for message in pool.train if not message.changed), *pool.dev]
    notices = [message.text for message in pool.test if is_notice(message)]
    reports = Random(1).sample(  # noqa: S311
        [each.text for each in everything if each.source == "spamhunter_twitter"], 3000
    )
    smishing = [
        each.text for each in everything if each.source in {"mishra_soni_2022", "uci_sms_spam"} and is_scam(each)
    ]
    ours = [message.text for message in pool.test if is_scam(message)]
    others = [message.text for message in pool.test if message.label != "scam"]
    return {
        "2022 smishing v notices": (smishing, notices),
        "2018-22 reports v notices": (reports, notices),
        "unseen templates v notices": (ours, notices),
        "written apart v notices": (
            [message.text for message in pool.apart if is_scam(message)],
            [message.text for message in pool.apart if is_notice(message)],
        ),
        "unseen templates v marketing + ham": (ours, others),
        "2022-24 phishing v letters": (
            [message.text for message in pool.barred if message.source == PHISHING],
            [message.text for message in pool.dev if message.source in LETTERS and message.label == "legit"],
        ),
    }


# --- tables ------------------------------------------------------------------------------------------


def _width(peers: Sequence[Peer]) -> int:
    return max(len(peer.name) for peer in peers) + 2


def _print_quality(peers: Sequence[Peer], sets: dict[str, tuple[list[str], list[str]]]) -> None:
    print("\nAUC / recall at 1 % false alarms on sources that nobody trained on; s per 1000 messages\n")
    width = _width(peers)
    print(" " * width + "".join(f"{name:>36}" for name in sets) + f"{'time':>8}")
    for peer in peers:
        if peer.score is None:
            print(f"{peer.name:<{width}}{peer.missing:>36}")
            continue
        cells, count, spent = [], 0, 0.0
        for everything in sets.values():
            scams, genuine = map(peer.some, everything)
            start = time.perf_counter()
            bad, good = peer.score(scams), peer.score(genuine)
            spent += time.perf_counter() - start
            count += len(scams) + len(genuine)
            found = quality(bad.astype(np.float32), good.astype(np.float32))
            cells.append(f"{found.auc:.3f} ({found.auc_range[0]:.3f}-{found.auc_range[1]:.3f}) / {found.recall:.2f}")
        print(f"{peer.name:<{width}}" + "".join(f"{cell:>36}" for cell in cells) + f"{spent / count * 1000:>8.2f}")


def _print_false_alarms(hookline: Peer, pool: Pool) -> None:
    score = hookline.score
    if score is None:
        return
    notices = score([message.text for message in pool.test if is_notice(message)])
    limit = float(np.quantile(notices, 0.99, method="higher"))
    print(
        "\nHookline: share of the genuine messages of each source above the margin that 1 % of unseen notices exceed\n"
    )
    everything = [*(message for message in pool.train if not message.changed), *pool.dev]
    for source in sorted({message.source for message in everything}):
        texts = [message.text for message in everything if message.source == source and message.label == "legit"][:2000]
        if texts:
            seen = "never seen" if source in HELD_OUT else "trained on"
            print(f"{source:<28}{seen:<12}{len(texts):>6}{share(score(texts).astype(np.float32), limit):>9.2%}")


def _print_attacks(peers: Sequence[Peer], sets: dict[str, tuple[list[str], list[str]]]) -> None:
    print("\nRecall at 1 % false alarms when scams are disguised (the margin stays where plain messages put it)\n")
    width = _width(peers)
    print(" " * width + f"{'plain':>10}" + "".join(f"{name:>17}" for name in ATTACKS))
    for peer in peers:
        if peer.score is None:
            continue
        scams, notices = map(peer.some, sets["unseen templates v notices"])
        good = peer.score(notices).astype(np.float32)
        cells = [f"{recall_at(peer.score(scams).astype(np.float32), good, 0.01):>10.3f}"]
        for attack in ATTACKS.values():
            disguised = [attack(text, Random(text)) for text in scams]  # noqa: S311
            cells.append(f"{recall_at(peer.score(disguised).astype(np.float32), good, 0.01):>17.3f}")
        print(f"{peer.name:<{width}}" + "".join(cells))


if __name__ == "__main__":
    sys.exit(main())
