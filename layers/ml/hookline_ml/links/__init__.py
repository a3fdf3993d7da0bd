"""Link intelligence without a network: registrable domains, official domains, imitations, shorteners, free hosts."""

from hookline_ml.links.brands import Brand, BrandBook, brand_book
from hookline_ml.links.find import MAX_LINKS, Link, find_links
from hookline_ml.links.suffixes import registrable

__all__ = ["MAX_LINKS", "Brand", "BrandBook", "Link", "brand_book", "find_links", "registrable"]
