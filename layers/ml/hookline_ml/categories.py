"""The kinds of scam, with what to say about each: a name, one plain reason, and one line of advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Category:
    """One category.

    Parameters
    ----------
    reason
        One plain sentence that says why such a message is flagged.
    advice
        One plain sentence or two on what to do.
    ceiling
        The highest score that a message of this category can get (100: no ceiling).
    """

    code: str
    name: str
    reason: str
    advice: str
    ceiling: int = 100


_OPENER_CEILING = 69  # one message proves nothing: at most Medium
_MARKETING_CEILING = 69  # unwanted is not fraudulent: never High, never blocked

_ALL = (
    Category(
        "parcel_delivery",
        "Parcel Delivery",
        "Claims that a parcel is held up and wants a fee, an address or a card through a link",
        "Do not tap the link. Look up the parcel on the carrier's own site or app.",
    ),
    Category(
        "toll_fine",
        "Toll or Fine",
        "Claims an unpaid toll, parking charge or fine and wants it paid through a link",
        "Do not pay through the message. Check with the toll or traffic office on its own site.",
    ),
    Category(
        "bank_impersonation",
        "Bank Impersonation",
        "Claims to come from a bank or payment service and pushes you to a link, a call or a transfer",
        "Do not tap or call back. Call the number on your card.",
    ),
    Category(
        "government_tax",
        "Government or Tax",
        "Claims to come from an authority and wants your details or a payment",
        "Do not reply. Authorities do not ask for personal or bank details by message; check on the official site.",
    ),
    Category(
        "tech_support",
        "Tech Support",
        "Claims that your device is infected or at risk and wants a call or remote access",
        "Do not call and install nothing. Real companies do not warn of viruses by message.",
    ),
    Category(
        "subscription_renewal",
        "Subscription Renewal",
        "Claims a costly renewal or order that you never made, so that you call to cancel it",
        "Do not call the number. Look at your card statement or your account on the company's own site.",
    ),
    Category(
        "job_task",
        "Job or Task Offer",
        "Offers easy money for little work and moves you to another chat",
        "Do not answer. A real employer never asks you to pay, or hires by chat with no interview.",
    ),
    Category(
        "investment_crypto",
        "Investment or Crypto",
        "Promises profits on an investment or coin platform that nobody can promise",
        "Send no money and join no group. Check the firm with your financial regulator first.",
    ),
    Category(
        "wrong_number",
        "Wrong Number Opener",
        "Looks like a message to the wrong person; some frauds begin this way, but one message proves nothing",
        "If you do not know the sender, do not answer.",
        _OPENER_CEILING,
    ),
    Category(
        "romance",
        "Romance Opener",
        "Reads like the beginning of a romance fraud, though one message proves nothing",
        "Never send money, photos or codes to somebody you have not met.",
        _OPENER_CEILING,
    ),
    Category(
        "family_impersonation",
        "Family Impersonation",
        "Claims to be a relative or friend with a new number who needs money",
        "Call the person on the number you already have before you do anything.",
    ),
    Category(
        "prize_lottery",
        "Prize or Lottery",
        "Promises a prize or gift that has to be claimed",
        "Do not claim it. You cannot win a draw that you did not enter.",
    ),
    Category(
        "advance_fee",
        "Advance Fee",
        "Promises a large sum, such as an inheritance, grant or loan, in return for a fee or your details",
        "Do not answer and pay no fee. There is no money.",
    ),
    Category(
        "recovery_scam",
        "Money Recovery",
        "Promises to get lost money back, usually for a fee",
        "Pay nothing. Report the loss to your bank and the police instead.",
    ),
    Category(
        "otp_account_takeover",
        "Account Takeover",
        "Wants a login code or a sign-in, with which an account can be taken over",
        "Never pass a code on. Open the app yourself and change your password if in doubt.",
    ),
    Category(
        "extortion",
        "Extortion",
        "Threatens to expose or harm you unless you pay",
        "Do not pay and do not answer. Keep the message and report it to the police.",
    ),
    Category(
        "invoice_bec",
        "Invoice or Boss Impersonation",
        "Claims to be a boss or supplier and wants a transfer, gift cards or changed bank details",
        "Check with the person by a call to a number you know before you pay anything.",
    ),
    Category(
        "charity",
        "Fake Charity",
        "Asks for donations in a way that registered charities do not",
        "Give through the charity's own site, found by yourself.",
    ),
    Category(
        "marketplace_rental",
        "Marketplace or Rental",
        "Follows the pattern of a buyer, seller or landlord who wants a deposit, a refund or a payment on another page",
        "Pay only through the marketplace itself, and no deposit before you have seen the thing.",
    ),
    Category(
        "telecom_utility",
        "Telecom or Utility",
        "Claims that your phone, power or other service will be cut off, or that points or a refund wait",
        "Do not tap or call back. Check your account in the provider's own app.",
    ),
    Category(
        "social_media_account",
        "Social Media Account",
        "Claims that a page or profile breaks rules or can get a badge, and wants a login",
        "Do not log in through the message. Open the app and look at your notices there.",
    ),
    Category(
        "health_insurance",
        "Health or Insurance",
        "Offers health cover, cards or aids in order to get your identity or a call",
        "Give no insurance or card number. Call your insurer on the number on your card.",
    ),
    Category(
        "malware_link",
        "Malware Link",
        "Tempts you to open a link or install an app that can infect your device",
        "Do not open the link and install nothing. Ask the sender another way.",
    ),
    Category(
        "phishing_generic",
        "Phishing",
        "Wants you to enter login or card details on a page that it links to",
        "Do not tap the link. Open the site or app yourself.",
    ),
    Category(
        "spam_marketing",
        "Unwanted Marketing",
        "Looks like unwanted advertising rather than fraud",
        "Ignore it, or unsubscribe if you know the sender.",
        _MARKETING_CEILING,
    ),
    Category(
        "legitimate",
        "Legitimate",
        "Nothing in it points to a scam",
        "No action needed.",
    ),
)

CATEGORIES: Mapping[str, Category] = MappingProxyType({category.code: category for category in _ALL})
"""All categories by code, in a fixed order."""

HARMLESS = frozenset({"legitimate", "spam_marketing"})
"""Categories of messages that defraud nobody."""
