"""Mail domains: which are the user's own, and which tell nothing of where a person works."""

from typing import Final

from briefgen.workspace.settings import Me

_PROVIDERS: Final = frozenset(
    """
    126.com 163.com 21cn.com aliyun.com aol.com arcor.de bigpond.com bluewin.ch bol.com.br
    btinternet.com comcast.net daum.net duck.com fastmail.com fastmail.fm foxmail.com free.fr
    freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com hanmail.net
    hey.com hushmail.com icloud.com inbox.lv laposte.net libero.it list.ru mac.com mail.com mail.de
    mail.ru mailbox.org me.com naver.com neuf.fr orange.fr outlook.com pm.me posteo.de posteo.net
    proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com sapo.pt
    sfr.fr sina.com sky.com sohu.com t-online.de terra.com.br tiscali.it tuta.com tuta.io
    tutanota.com tutanota.de uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de
    xs4all.nl ya.ru yeah.net ymail.com ziggo.nl zoho.com zohomail.com
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
_FAMILIES: Final = frozenset({"hotmail", "live", "msn", "outlook", "yahoo", "yandex"})
"""Providers that have one domain for each country."""
_MOST_COUNTRY_LABELS: Final = 2


def domain_of(address: str) -> str:
    """What stands behind the last @."""
    return address.rpartition("@")[2].casefold()


def is_freemail(domain: str) -> bool:
    """Whether anybody can have an address there."""
    first, _, rest = domain.casefold().partition(".")
    if domain.casefold() in _PROVIDERS:
        return True
    labels = rest.split(".")
    return first in _FAMILIES and len(labels) <= _MOST_COUNTRY_LABELS


def internal_domains(me: Me) -> frozenset[str]:
    """The user's own domains: as set, else those of their addresses that are no freemail."""
    if me.internal_domains:
        return frozenset(domain.casefold().lstrip("@.") for domain in me.internal_domains)
    own = (domain_of(address) for address in me.emails)
    return frozenset(domain for domain in own if not is_freemail(domain))


def within(domain: str, domains: frozenset[str]) -> bool:
    """Whether a domain is one of `domains` or lies beneath one."""
    labels = domain.casefold().split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))
