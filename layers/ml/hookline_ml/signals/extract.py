"""Work out the signals of one message."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from hookline_ml.links import Link, brand_book, find_links
from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Folded, Matches, Spans
from hookline_ml.signals.catalog import SignalKind, codes_of_terms, pattern_index, signal_kinds
from hookline_ml.signals.sender import sender_codes
from hookline_ml.types import Sender

MAX_SPANS = 3  # shown per signal
_rank = attrgetter("rank")
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
        The pattern groups (vocabulary, brands, rules' own) that occur, worked out when asked for.
    links
        The links, judged.
    folded
        The text as patterns see it; as long as the normalised text.
    """

    items: tuple[Signal, ...]
    codes: frozenset[str]
    terms: Matches = field(repr=False)
    links: tuple[Link, ...]
    folded: Folded = field(repr=False)

    def spans_of(self, fact: str) -> Spans:
        """Return where a pattern group or a signal was seen, or nothing."""
        return self.terms.spans(fact) or next((item.spans for item in self.items if item.code == fact), ())


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
    terms = pattern_index().search(folded)
    links = find_links(n, folded)
    brands = tuple(brand for brand in brand_book().in_groups(terms.possible) if terms.spans(brand.group))
    seen = _link_codes(links)
    for brand in brands:
        seen[brand.code] = (*seen.get(brand.code, ()), *terms.spans(brand.group))
    if not n.tricks.isdisjoint(_DISGUISES):
        seen["OBFUSC"] = ()
    if channel != "email" and sender is not None:
        seen |= dict.fromkeys(sender_codes(sender, brands), ())
    items = tuple(_fired(seen, terms, links))
    return Signals(items, frozenset(item.code for item in items), terms, links, folded)


def _link_codes(links: tuple[Link, ...]) -> dict[str, Spans]:
    """Return the codes of all links, each with the links that have it."""
    seen: dict[str, Spans] = {}
    for link in links:
        for code in ("URL", *link.codes):
            seen[code] = (*seen.get(code, ()), link.span)
    if len(seen.get("OFFICIAL_LINK", ())) < len(links):
        seen.pop("OFFICIAL_LINK", None)  # one official link among others vouches for nothing
    return seen


def _fired(seen: Mapping[str, Spans], terms: Matches, links: tuple[Link, ...]) -> Iterator[Signal]:
    """Yield the signals that fire, in the order of the catalogue, given those that links, brands and sender show."""
    kinds, by_term = signal_kinds(), codes_of_terms()
    possible = {code for term in by_term.keys() & terms.possible for code in by_term[term]}
    fired = set(seen)
    for kind in sorted(map(kinds.__getitem__, possible.union(seen)), key=_rank):
        spans = seen.get(kind.code)
        if spans is None and _allowed(kind, fired):
            spans = tuple(span for term in kind.terms for span in terms.spans(term)) or None
            if spans and kind.code == "PHONE":  # the digits of a link's path are no telephone number
                spans = tuple(span for span in spans if not _inside(span, links)) or None
        if spans is not None:
            fired.add(kind.code)
            yield Signal(kind.code, kind.text, tuple(sorted(spans)[:MAX_SPANS]), kind.points)


def _inside(span: tuple[int, int], links: tuple[Link, ...]) -> bool:
    return any(link.span[0] <= span[0] and span[1] <= link.span[1] for link in links)


def _allowed(kind: SignalKind, fired: set[str]) -> bool:
    return kind.unless.isdisjoint(fired) and (not kind.needs or not kind.needs.isdisjoint(fired))
