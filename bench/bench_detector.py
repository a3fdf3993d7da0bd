"""Speed of the detector beside scikit-learn's pipelines, in one run: `python -m bench.bench_detector`.

Messages are of the project's own corpus. Each filter answers the same messages by turns, and processor time is counted,
so that a busy machine slows all of them alike: read the ratios, not the times. Hookline's full verdict holds reasons
with spans; the peers only give a number.
"""

import argparse
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files

from hookline_ml import Detector, base_model, load_rules
from hookline_ml.artefact import MAX_BYTES
from hookline_ml.model import load_folder
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from bench.quality import chars_and_words
from training.data import corpus_messages

_ROUNDS = 5

HOSTILE = {
    "10 000 repeated characters": "a" * 10_000,
    "10 000 marks": "a" + "\u0301" * 9_999,
    "every plane": "".join(chr(plane << 16 | 0x1234) for plane in range(17)),
    "lone surrogates": "\ud800 win a prize \udfff" * 500,
    "9 000 character link": "https://example.com/" + "a" * 9_000,
    "5 000 links": "http://a.b " * 5_000,
    "mixed scripts": "\u0430b\u03b3" * 3_000,
    "spaced letters": "f r e e " * 1_250,
    "nested encodings": "&amp;#38;%2525#102;" * 500,
    "10 000 direction overrides": "\u202e" * 10_000 + "x",
    "only emoji": "🎉👨‍👩‍👧" * 1_600,
    "only a link": "https://example.com",
    "digits for letters": "p4yp4l acc0unt v3r1fy 1mm3d14t3ly " * 290,
    "10 000 digits": "1234567890" * 1_000,
}


def main(arguments: list[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_detector", description=__doc__)
    parser.parse_args(arguments)
    warnings.simplefilter("ignore", ConvergenceWarning)
    messages = corpus_messages("train", seed=3, per_template=2)
    texts = [message.text for message in corpus_messages("test", seed=3, per_template=1)]
    labels = [message.label == "scam" for message in messages]
    detector = Detector(base_model(), load_rules())
    peers = {
        "TF-IDF words 1-2 + LR": _fitted(
            make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=50)), messages, labels
        ),
        "TF-IDF characters + words + LR": _fitted(chars_and_words(), messages, labels),
    }
    _single(detector, peers, texts)
    _batch(detector, peers, texts)
    _load()
    _hostile(detector, {**HOSTILE, **_long_messages()})
    return 0


def _fitted(pipeline: Pipeline, messages: Sequence[object], labels: Sequence[bool]) -> Pipeline:
    return pipeline.fit([message.text for message in messages], labels)  # type: ignore[attr-defined]


def _single(detector: Detector, peers: dict[str, Pipeline], texts: Sequence[str]) -> None:
    ways: dict[str, Callable[[str], object]] = {"Hookline, full verdict": detector.score}
    ways |= {name: lambda text, pipeline=pipeline: pipeline.predict_proba([text]) for name, pipeline in peers.items()}  # type: ignore[misc]
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for text in texts:
        for name, way in ways.items():
            start = time.process_time()
            way(text)
            spent[name].append(time.process_time() - start)
    print(f"One message ({len(texts)} messages by turns)\n")
    base = statistics.median(spent["Hookline, full verdict"])
    for name, times in spent.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"  {name:<34} p50 {p50 * 1e6:>8.0f} us   p95 {p95 * 1e6:>8.0f} us   {p50 / base:>6.2f} x Hookline")


def _batch(detector: Detector, peers: dict[str, Pipeline], texts: Sequence[str]) -> None:
    ways: dict[str, Callable[[Sequence[str]], object]] = {"Hookline, brief": detector.score_many}
    ways |= {name: pipeline.predict_proba for name, pipeline in peers.items()}
    spent = dict.fromkeys(ways, float("inf"))
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            start = time.process_time()
            way(texts)
            spent[name] = min(spent[name], time.process_time() - start)
    print(f"\nBatches (best of {_ROUNDS} rounds by turns)\n")
    for name, best in spent.items():
        print(f"  {name:<34} {len(texts) / best:>8.0f} messages/s   {spent['Hookline, brief'] / best:>6.2f} x Hookline")


def _load() -> None:
    folder = files("hookline_ml") / "base"
    start = time.process_time()
    load_folder(folder)
    loaded = time.process_time() - start
    size = len((folder / "model.npz").read_bytes())
    print(f"\nArtefact: {size} bytes of {MAX_BYTES}, loaded and checked in {loaded * 1e3:.1f} ms")
    code = "import time; s = time.process_time(); import {0}; print(time.process_time() - s)"
    for module in ("numpy", "hookline_ml", "sklearn.linear_model"):
        out = subprocess.run([sys.executable, "-c", code.format(module)], capture_output=True, text=True, check=True)
        print(f"  import {module:<24} {float(out.stdout) * 1e3:>7.1f} ms")


def _long_messages() -> dict[str, str]:
    """Join genuine messages to as long a text as the API takes."""
    by_language: dict[str, list[str]] = {}
    for message in corpus_messages("train", seed=3, per_template=1):
        by_language.setdefault(message.lang, []).append(message.text)
    return {f"10 000 characters of {lang}": " ".join(by_language[lang])[:10_000] for lang in ("en", "zh", "th", "ar")}


def _hostile(detector: Detector, messages: Mapping[str, str]) -> None:
    print("\nHostile and long messages (budget 50 ms)\n")
    for name, text in messages.items():
        spent = []
        for _ in range(_ROUNDS):
            start = time.process_time()
            detector.score(text)
            spent.append(time.process_time() - start)
        print(f"  {name:<34} {min(spent) * 1e3:>8.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
