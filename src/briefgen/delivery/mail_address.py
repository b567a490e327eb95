"""Mail addresses as they go over the wire."""

import idna


def ascii_domain(address: str) -> str:
    """The address with its domain in ASCII (`xn--…`, RFC 5890), which every server takes.

    The part before the @ stays as it is; where that is not ASCII, neither does the domain change,
    since only a server that knows RFC 6531 takes such an address, and it takes both.

    >>> ascii_domain("robin@grün.example")
    'robin@xn--grn-ioa.example'
    """
    local, _, domain = address.rpartition("@")
    if domain.isascii() or not local.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return address
