"""Surface habits of real senders, laid over every message without looking at its label.

What is applied here can tell nothing about fraud, because scams and genuine notices get it equally often.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from training.corpus.slots import Filler
from training.corpus.vocabulary import words

LINK = re.compile(r"(\S*(?:://|www\.|\w\.\w{2,}/|\w@\w|\w\.[a-z]{2,}\b)\S*)")
SPACES = re.compile(r"[ \t]{2,}")
WORD = re.compile(r"[a-z]{5,}")
# Languages whose text messages often come without their marks (one-byte alphabets, old systems).
UNMARKED = {"es": 0.25, "pt": 0.25, "fr": 0.15, "de": 0.05, "it": 0.15, "tr": 0.3, "pl": 0.4, "vi": 0.5, "nl": 0.1}
EMOJI = ("✅", "📦", "🔒", "⚠️", "😊", "🙏", "👍", "📲", "💳", "🎉", "❤️", "🚨", "📅", "😂")
# Mail systems hand the subject over with or without its label.
BARE_SUBJECT = 0.5
STROKES = str.maketrans("đĐłŁıøØßñÑ", "dDlLioOsnN")


def dress(text: str, rng: random.Random, filler: Filler) -> str:
    """Lay sender marks, endings, casing, quotes and slips over a message."""
    text = _frame(SPACES.sub(" ", text).strip(), rng, filler)
    if rng.random() < UNMARKED.get(filler.lang, 0):
        text = unmarked(text)
    for chance, change in HABITS:
        if rng.random() < chance:
            text = _outside_links(text, change)
    if rng.random() < 0.04:
        text = _outside_links(text, lambda piece: _slip(piece, rng))
    return text


def unmarked(text: str) -> str:
    """The text without accents, as one-byte alphabets carry it."""
    decomposed = unicodedata.normalize("NFD", text.translate(STROKES))
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if unicodedata.category(mark) != "Mn"))


def _frame(text: str, rng: random.Random, filler: Filler) -> str:
    """Put a sender's name before the message, or one of the endings that senders of every sort add."""
    choice = rng.random()
    sender = filler.sender
    if text.startswith("Subject: "):
        return text.removeprefix("Subject: ") if rng.random() < BARE_SUBJECT else text
    if sender and choice < 0.08 and sender.name.lower() not in text[:30].lower():
        shape = rng.choice(["{}: ", "[{}] ", "({}) ", "{} - ", "<{}> ", "【{}】", "{}\n"])
        text = shape.format(rng.choice([sender.name, sender.tag])) + text
    elif choice < 0.11:
        text = f"{rng.choice(EMOJI)} {text}" if rng.random() < 0.5 else f"{text} {rng.choice(EMOJI)}"
    ending = rng.random()
    if ending < 0.10:
        text = text.removesuffix(".").removesuffix("。")
    elif ending < 0.13:
        text += " " + filler.say(rng.choice(["Ref: {ref}", "Ref {ref}", "({ref})", "#{ref}", "ID {code5}", "{ref}"]))
    elif ending < 0.16 and "endings" in words().get(filler.lang, {}):
        text += " " + filler.say(rng.choice(words()[filler.lang]["endings"]))
    elif ending < 0.18:
        text += rng.choice([" ", "\n", "!", " .", "..", "…"])
    return text


HABITS: tuple[tuple[float, Callable[[str], str]], ...] = (
    (0.030, str.lower),
    (0.012, str.upper),
    (0.050, lambda piece: piece.replace("'", "")),
    (0.080, lambda piece: piece.replace("'", "’")),
    (0.050, lambda piece: piece.replace(". ", ".\n")),
    (0.030, lambda piece: piece.replace(". ", ".  ")),
    (0.030, lambda piece: piece.replace(", ", ",").replace(". ", ".")),
    (0.030, lambda piece: piece.replace("\n", " ")),
)


def _outside_links(text: str, change: Callable[[str], str]) -> str:
    return "".join(piece if index % 2 else change(piece) for index, piece in enumerate(LINK.split(text)))


def _slip(piece: str, rng: random.Random) -> str:
    """One slip of the fingers: two letters swapped, or one left out."""
    found = list(WORD.finditer(piece))
    if not found:
        return piece
    at = rng.choice(found).start() + rng.randrange(1, 3)
    swapped = piece[at + 1] + piece[at] if rng.random() < 0.5 else piece[at]
    return piece[:at] + swapped + piece[at + 2 :]
