"""Takes out of public messages what gives away their source instead of what they say.

Each public corpus has marks of its own: masked digits, broken links, tokens for names, spaces between all words. A
model that sees them learns the corpus, not the scam.
"""

import re
from collections.abc import Callable, Mapping
from random import Random

_RUN_OF_X = re.compile(r"(?<![A-Za-z])[xX]{2,}(?![A-Za-z])|(?<=\d)[xX]+(?=\d)|(?<=\d)[xX]{2,}|[xX]{2,}(?=\d)")
_NUS_NUMBER = re.compile(r"<#>|<DECIMAL>|<TIME>|<DATE>|<URL>|<EMAIL>|&lt;#&gt;")
_BROKEN_SCHEME = re.compile(r"\b(https?)[ ]*:?[ ]*//?[ ]*", re.IGNORECASE)
_CHINESE_GAP = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ ]+(?=[\u2e80-\u9fff\uff00-\uffefA-Za-z0-9])"
    r"|(?<=[A-Za-z0-9])[ ]+(?=[\u2e80-\u9fff])"
)
_PLACEHOLDER = re.compile(r"DIGIT|NAME|URL|CELLPHONE|PHONE|EMAIL|ADDRESS|PLACE|COMPANY|ACCOUNT|WECHAT|QQ")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_PLACES = ("北京", "上海", "广州", "深圳", "杭州", "成都", "武汉", "南京", "重庆", "西安")
_SITES = ("http://wap.{0}.com/{1}", "{0}.cc/{1}", "www.{0}.com", "t.cn/{1}", "http://{0}.top")
_LETTERS = "abcdefghijkmnpqrstuvwxyz"


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _word(rng: Random, count: int) -> str:
    return "".join(rng.choices(_LETTERS, k=count))


def _site(rng: Random) -> str:
    return rng.choice(_SITES).format(_word(rng, rng.randint(3, 7)), _word(rng, 5))


def _spamhunter(text: str, rng: Random) -> str:
    text = _RUN_OF_X.sub(lambda match: _digits(rng, len(match[0])), text)
    return _BROKEN_SCHEME.sub(lambda match: f"{match[1].lower()}://", text)


def _nus(text: str, rng: Random) -> str:
    return _NUS_NUMBER.sub(
        lambda match: _site(rng) if "URL" in match[0] else _digits(rng, rng.choice((1, 2, 2, 3, 4))), text
    )


def _placeholder(rng: Random, name: str) -> str:
    if name == "DIGIT":
        return _digits(rng, rng.choice((1, 2, 3, 4, 6)))
    if name == "URL":
        return " " + _site(rng) + " "
    if name == "NAME":
        return rng.choice(_SURNAMES) + rng.choice(("先生", "女士", "经理", "小姐", ""))
    if name in {"PLACE", "ADDRESS"}:
        return rng.choice(_PLACES)
    return _digits(rng, 11)


def _fake_base_station(text: str, rng: Random) -> str:
    filled = _PLACEHOLDER.sub(lambda match: _placeholder(rng, match[0]), text)
    return _CHINESE_GAP.sub("", filled)


_CLEANERS: Mapping[str, Callable[[str, Random], str]] = {
    "spamhunter_twitter": _spamhunter,
    "nus_sms_en": _nus,
    "nus_sms_zh": _nus,
    "uci_sms_spam": _nus,
    "mishra_soni_2022": _nus,
    "exais_sms": _nus,
    "fbs_sms_ccs20": _fake_base_station,
}


def clean(text: str, source: str, seed: int) -> str:
    """Return a message without the marks of its source; what was masked is filled with invented values.

    Parameters
    ----------
    seed
        The same seed and text give the same result.
    """
    cleaner = _CLEANERS.get(source)
    return cleaner(text, Random(f"{seed}/{text}")) if cleaner else text
