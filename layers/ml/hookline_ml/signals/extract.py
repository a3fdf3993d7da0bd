"""Work out the signals of one message."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hookline_ml.links import Brand, Link, brand_book, find_links
from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Folded
from hookline_ml.signals.catalog import SignalKind, brand_code, brand_group, signal_kinds, vocabulary
from hookline_ml.signals.sender import sender_codes
from hookline_ml.types import Sender

Spans = tuple[tuple[int, int], ...]

MAX_SPANS = 3  # shown per signal


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing noticed about a message. `spans` are offsets into the normalised text; `points` add to the score."""

    code: str
    text: str
    spans: Spans
    points: float


@dataclass(frozen=True, slots=True)
class Signals:
    """All signals of a message.

    Attributes
    ----------
    items
        The signals, in the order of the catalogue.
    codes
        Their codes.
    terms
        Names of the vocabulary groups that occur, for rules.
    links
        The links, judged.
    folded
        The text as patterns see it; as long as the normalised text.
    """

    items: tuple[Signal, ...]
    codes: frozenset[str]
    terms: frozenset[str] = field(repr=False)
    links: tuple[Link, ...]
    folded: Folded = field(repr=False)

    def spans_of(self, code: str) -> Spans:
        """Return the spans of a signal, or nothing when it did not fire."""
        return next((item.spans for item in self.items if item.code == code), ())


def extract(n: Normalised, *, sender: Sender | None = None, channel: str | None = None) -> Signals:
    """Work out the signals of a normalised message.

    Parameters
    ----------
    n
        The normalised message.
    sender
        What is known of the sender; with a number it is held against the organisations that the message names.
    channel
        Where the message came from; an e-mail's sender is never held against a brand's country.

    Examples
    --------
    >>> from hookline_ml.normalise import normalise
    >>> sorted(extract(normalise("USPS: your parcel is held, see https://usps.com-held.xin")).codes)
    ['BRAND_CARRIER', 'URL', 'URL_BRAND_SUB', 'URL_TLD']
    """
    folded = Folded.of(n.text)
    terms = vocabulary().match(folded)
    links = find_links(n, folded)
    brands = [brand for brand in brand_book().brands if brand_group(brand) in terms] if terms else []
    computed = _link_codes(links)
    if n.tricks:
        computed.add("OBFUSC")
    computed |= {brand_code(brand) for brand in brands}
    if channel != "email" and sender is not None:
        computed |= sender_codes(sender, brands)
    kinds = tuple(_fired(computed, terms))
    find = _Spans(folded, terms, links, brands)
    items = tuple(Signal(kind.code, kind.text, find.of(kind), kind.points) for kind in kinds)
    return Signals(items, frozenset(kind.code for kind in kinds), terms, links, folded)


def _link_codes(links: tuple[Link, ...]) -> set[str]:
    if not links:
        return set()
    codes = {"URL"}.union(*(link.codes for link in links))
    if not all("OFFICIAL_LINK" in link.codes for link in links):
        codes.discard("OFFICIAL_LINK")  # one official link among others vouches for nothing
    return codes


def _fired(computed: set[str], terms: frozenset[str]) -> Iterator[SignalKind]:
    fired = set(computed)
    for kind in signal_kinds().values():
        if kind.terms and not kind.terms.isdisjoint(terms) and _allowed(kind, fired):
            fired.add(kind.code)
        if kind.code in fired:
            yield kind


def _allowed(kind: SignalKind, fired: set[str]) -> bool:
    return kind.unless.isdisjoint(fired) and (not kind.needs or not kind.needs.isdisjoint(fired))


@dataclass(frozen=True, slots=True)
class _Spans:
    """Locates what made a signal fire."""

    folded: Folded
    terms: frozenset[str]
    links: tuple[Link, ...]
    brands: list[Brand]

    def of(self, kind: SignalKind) -> Spans:
        if kind.terms:
            found = self._groups(sorted(kind.terms & self.terms), limit=MAX_SPANS)
        elif kind.code.startswith("BRAND_"):
            found = self._groups([brand_group(each) for each in self.brands if brand_code(each) == kind.code], limit=1)
        else:
            found = [link.span for link in self.links if kind.code in link.codes or kind.code == "URL"]
        return tuple(sorted(found)[:MAX_SPANS])

    def _groups(self, names: list[str], *, limit: int) -> list[tuple[int, int]]:
        return [span for name in names for span in vocabulary().spans(name, self.folded, limit=limit)]
