"""Work out the signals of one message."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hookline_ml.links import Brand, Link, brand_book, find_links
from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Folded, Spans
from hookline_ml.signals.catalog import SignalKind, pattern_index, signal_kinds
from hookline_ml.signals.sender import sender_codes
from hookline_ml.types import Sender

MAX_SPANS = 3  # shown per signal
_DISGUISES = frozenset(
    {"zero_width", "bidi", "combining", "confusables", "spaced_letters", "leetspeak", "defanged_link"}
)


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
        The pattern groups that occur (vocabulary, brands, rules' own), and where they do.
    links
        The links, judged.
    folded
        The text as patterns see it; as long as the normalised text.
    """

    items: tuple[Signal, ...]
    codes: frozenset[str]
    terms: Mapping[str, Spans] = field(repr=False)
    links: tuple[Link, ...]
    folded: Folded = field(repr=False)

    def spans_of(self, fact: str) -> Spans:
        """Return where a pattern group or a signal was seen, or nothing."""
        return self.terms.get(fact) or next((item.spans for item in self.items if item.code == fact), ())


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
    terms = pattern_index().match(folded)
    links = find_links(n, folded)
    if "phone" in terms and all(_inside(span, links) for span in terms["phone"]):
        del terms["phone"]  # digits of a link's path
    brands = brand_book().in_groups(terms)
    computed = _link_codes(links)
    if not n.tricks.isdisjoint(_DISGUISES):
        computed.add("OBFUSC")
    computed.update(brand.code for brand in brands)
    if channel != "email" and sender is not None:
        computed |= sender_codes(sender, brands)
    kinds = tuple(_fired(computed, terms))
    items = tuple(Signal(kind.code, kind.text, _spans(kind, terms, links, brands), kind.points) for kind in kinds)
    return Signals(items, frozenset(kind.code for kind in kinds), terms, links, folded)


def _inside(span: tuple[int, int], links: tuple[Link, ...]) -> bool:
    return any(link.span[0] <= span[0] and span[1] <= link.span[1] for link in links)


def _link_codes(links: tuple[Link, ...]) -> set[str]:
    if not links:
        return set()
    codes = {"URL"}.union(*(link.codes for link in links))
    if not all("OFFICIAL_LINK" in link.codes for link in links):
        codes.discard("OFFICIAL_LINK")  # one official link among others vouches for nothing
    return codes


def _fired(computed: set[str], terms: Mapping[str, Spans]) -> Iterator[SignalKind]:
    fired = set(computed)
    for kind in signal_kinds().values():
        if kind.terms and not kind.terms.isdisjoint(terms) and _allowed(kind, fired):
            fired.add(kind.code)
        if kind.code in fired:
            yield kind


def _allowed(kind: SignalKind, fired: set[str]) -> bool:
    return kind.unless.isdisjoint(fired) and (not kind.needs or not kind.needs.isdisjoint(fired))


def _spans(kind: SignalKind, terms: Mapping[str, Spans], links: tuple[Link, ...], brands: tuple[Brand, ...]) -> Spans:
    if kind.terms:
        found = [span for term in kind.terms for span in terms.get(term, ())]
    elif kind.code.startswith("BRAND_"):
        found = [span for brand in brands if brand.code == kind.code for span in terms[brand.group]]
    else:
        found = [link.span for link in links if kind.code in link.codes or kind.code == "URL"]
    return tuple(sorted(found)[:MAX_SPANS])
