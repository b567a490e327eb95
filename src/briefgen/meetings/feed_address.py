"""Addresses of feeds: which may be asked, and how they are written for asking."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from briefgen.meetings.request import FetchFault


def checked_address(given: str, *, allow_http: bool) -> str:
    """The address to ask: webcal made https, and http only where that is allowed.

    Raises:
        FetchFault: where it is no address, or one that must not be asked.
    """
    parts = split_address(given.strip())
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in {"https", "http"} or not parts.hostname:
        raise FetchFault("the address is none; write it like https://… or webcal://…")
    if scheme == "http" and not (allow_http or is_here(parts.hostname)):
        raise FetchFault(
            "the address is not encrypted; use https://, or set `allow_http: yes` for this feed"
        )
    return parts._replace(scheme=scheme, fragment="").geturl()


def split_address(address: str) -> SplitResult:
    """The parts of an address.

    Raises:
        FetchFault: where it is none.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        raise FetchFault("the address is none; write it like https://…") from None
    return parts


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
