"""Work out the signals of one message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from hookline_ml.links import Brand, Link, brand_book, find_links
from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Folded, Matches, Spans
from hookline_ml.signals.catalog import SignalKind, codes_of_terms, pattern_index, signal_kinds
from hookline_ml.signals.sender import sender_codes
from hookline_ml.types import Sender, Span

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


class Signals:
    """All signals of a message.

    Attributes
    ----------
    kinds
        What fired, in the order of the catalogue.
    codes
        Their codes.
    terms
        The pattern groups (vocabulary, brands, rules' own) that occur, worked out when asked for.
    links
        The links, judged.
    brands
        The brands that the message names.
    folded
        The text as patterns see it; as long as the normalised text.
    """

    __slots__ = ("_items", "brands", "codes", "folded", "kinds", "links", "terms")

    def __init__(
        self,
        kinds: tuple[SignalKind, ...],
        terms: Matches,
        links: tuple[Link, ...],
        brands: tuple[Brand, ...],
        folded: Folded,
    ) -> None:
        self.kinds, self.terms, self.links, self.brands, self.folded = kinds, terms, links, brands, folded
        self.codes = frozenset([kind.code for kind in kinds])
        self._items: tuple[Signal, ...] | None = None

    @property
    def items(self) -> tuple[Signal, ...]:
        """The signals with the places where they were seen, which are worked out when first asked for."""
        if self._items is None:
            self._items = tuple(
                Signal(kind.code, kind.text, tuple(sorted(self._seen(kind))[:MAX_SPANS]), kind.points)
                for kind in self.kinds
            )
        return self._items

    def spans_of(self, fact: str) -> Spans:
        """Return where a pattern group or a signal was seen, or nothing."""
        return self.terms.spans(fact) or next((item.spans for item in self.items if item.code == fact), ())

    def _seen(self, kind: SignalKind) -> list[Span]:
        """Return the places in links and brands that give a signal away; where there are none, its terms'."""
        found = [link.span for link in self.links if kind.code in link.codes or kind.code == "URL"]
        for brand in self.brands:
            if brand.code == kind.code:
                found += self.terms.spans(brand.group)
        if found:
            return found
        spans = [span for term in kind.terms for span in self.terms.spans(term)]
        return _outside_links(spans, self.links) if kind.code == "PHONE" else spans


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
    return _signals(n, folded, pattern_index().search(folded), find_links(n, folded), sender, channel)


def extract_many(messages: Sequence[Normalised]) -> list[Signals]:
    """Do the same for messages of which nothing else is known; all take a step before any takes the next."""
    folded = [Folded.of(each.text) for each in messages]
    terms = [*map(pattern_index().search, folded)]
    return [*map(_signals, messages, folded, terms, [*map(find_links, messages, folded)])]


def _signals(
    n: Normalised,
    folded: Folded,
    terms: Matches,
    links: tuple[Link, ...],
    sender: Sender | None = None,
    channel: str | None = None,
) -> Signals:
    brands = tuple([brand for brand in brand_book().in_groups(terms.possible) if terms.holds(brand.group)])
    seen = _link_codes(links)
    seen.update([brand.code for brand in brands])
    if not n.tricks.isdisjoint(_DISGUISES):
        seen.add("OBFUSC")
    if channel != "email" and sender is not None:
        seen |= sender_codes(sender, brands)
    return Signals(tuple(_fired(seen, terms, links)), terms, links, brands, folded)


def _link_codes(links: tuple[Link, ...]) -> set[str]:
    """Return the codes of all links."""
    if not links:
        return set()
    seen = {"URL"}.union(*(link.codes for link in links))
    if not all("OFFICIAL_LINK" in link.codes for link in links):
        seen.discard("OFFICIAL_LINK")  # one official link among others vouches for nothing
    return seen


def _fired(seen: set[str], terms: Matches, links: tuple[Link, ...]) -> list[SignalKind]:
    """Return the signals that fire, in the order of the catalogue, given those that links, brands and sender show."""
    kinds, by_term = signal_kinds(), codes_of_terms()
    possible = seen.union(*[by_term[term] for term in by_term.keys() & terms.possible])
    codes = set(seen)
    fired = []
    for kind in sorted([kinds[code] for code in possible], key=_rank):
        if kind.code in seen or (
            kind.unless.isdisjoint(codes)
            and (not kind.needs or not kind.needs.isdisjoint(codes))
            and _occurs(kind, terms, links)
        ):
            codes.add(kind.code)
            fired.append(kind)
    return fired


def _occurs(kind: SignalKind, terms: Matches, links: tuple[Link, ...]) -> bool:
    if links and kind.code == "PHONE":
        return any(_outside_links(terms.spans(term), links) for term in kind.terms)
    return any(map(terms.holds, kind.terms))


def _outside_links(spans: Iterable[Span], links: tuple[Link, ...]) -> list[Span]:
    """Leave out what stands within a link: the digits of its path are no telephone number."""
    return [span for span in spans if not any(link.span[0] <= span[0] and span[1] <= link.span[1] for link in links)]
