"""One feed over HTTP: bounded in time and size, on one host, its address never revealed.

Its libraries are slow to import, so it is imported only if a feed has an address.
"""

import asyncio
import logging
import os
import ssl
import zlib
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx2
import stamina

from briefgen.meetings.source import (
    Answer,
    FetchFault,
    Request,
    TemporaryFault,
    Version,
    checked_address,
    is_here,
    split_address,
    too_large,
    unpacked,
)
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

MOST_REDIRECTS: Final = 5
ATTEMPTS: Final = 3
SILENCE_SECONDS: Final = 20.0
"""The longest wait for the next byte in one attempt."""
_LONGEST_HOST: Final = 253
_PIECE: Final = 256 * 1024
_AGENT: Final = "briefgen (calendar feed reader)"
_FOR_A_WHILE: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REFUSALS: Final = {
    401: Phrase("the server asks for a user and password, or refuses those given"),
    403: Phrase("the server refuses: the address may have been withdrawn"),
    404: Phrase("there is no calendar at this address; it may be mistyped, or have been withdrawn"),
    410: Phrase("the calendar is gone for good; make a new address"),
}


class HttpSource(Value, frozen=True, kw_only=True):
    """A feed at an address."""

    request: Request

    def read(self, known: Version | None) -> Answer:
        """See `Source`; temporary faults are retried."""
        _silence_libraries()
        request = self.request
        address = checked_address(request.address, allow_http=request.allow_http)
        try:
            return asyncio.run(_with_retries(request, known, address))
        except TimeoutError:
            message = Phrase("no whole answer within {seconds:g} seconds", seconds=request.seconds)
            raise TemporaryFault(message) from None


def _silence_libraries() -> None:
    """Keep the libraries from logging the address, which is a secret."""
    for name in ("httpx2", "httpcore2", "stamina", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


async def _with_retries(request: Request, known: Version | None, address: str) -> Answer:
    stamina.instrumentation.set_on_retry_hooks([])
    first_wait = request.first_wait
    until = asyncio.get_running_loop().time() + request.seconds
    async with asyncio.timeout_at(until):
        async for attempt in stamina.retry_context(
            on=partial(_again, until=until),
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=first_wait,
            wait_max=10 * first_wait,
            wait_jitter=first_wait / 2,
        ):
            with attempt:
                return await _attempt(request, known, address)
    raise AssertionError  # the context ends by an answer or a fault


def _again(error: Exception, *, until: float) -> bool | float:
    """Whether to retry, and after how many seconds if the server named a time.

    If that is after this fetch's time limit, there is no retry.
    """
    if not isinstance(error, TemporaryFault):
        return False
    if error.wait is None:
        return True
    return error.wait if asyncio.get_running_loop().time() + error.wait < until else False


async def _attempt(request: Request, known: Version | None, address: str) -> Answer:
    try:
        async with _client(request, address) as client:
            return await _follow(client, request, known, address)
    except httpx2.TimeoutException:
        raise TemporaryFault(
            Phrase("the server was silent for {silence:g} seconds", silence=_silence(request))
        ) from None
    except httpx2.ConnectError as error:
        if _is_certificate(error):
            raise FetchFault(Phrase("the server's certificate cannot be trusted")) from None
        raise TemporaryFault(
            Phrase("the server cannot be reached, or there is no network")
        ) from None
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
        raise FetchFault(Phrase("this is not an address; write it like https://…")) from None
    except httpx2.ProxyError:
        raise TemporaryFault(Phrase("the proxy refused the request")) from None
    except httpx2.HTTPError:
        raise TemporaryFault(
            Phrase("the connection broke, or the server does not speak HTTP")
        ) from None
    except (ssl.SSLError, OSError, ValueError):
        raise TemporaryFault(Phrase("the connection could not be made")) from None


def _is_certificate(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE" in str(seen).upper():
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _silence(request: Request) -> float:
    return min(SILENCE_SECONDS, request.seconds)


def _client(request: Request, address: str) -> httpx2.AsyncClient:
    parts = urlsplit(address)
    here = is_here(parts.hostname or "")
    return httpx2.AsyncClient(
        auth=(request.user, request.password or "") if request.user is not None else None,
        headers={
            "User-Agent": _AGENT,
            "Accept": "text/calendar, */*;q=0.1",
            "Accept-Encoding": "gzip",
        },
        timeout=_silence(request),
        follow_redirects=False,
        trust_env=not here,
        verify=_trusted() if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )


def _trusted() -> ssl.SSLContext:
    """The authorities the system trusts (or SSL_CERT_FILE names), and those of certifi."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and "SSL_CERT_FILE" not in os.environ:
        import certifi  # noqa: PLC0415  # comes with httpx2; for systems without authorities

        context.load_verify_locations(certifi.where())
    return context


def _headers(known: Version | None) -> dict[str, str]:
    headers = {}
    if known is not None and known.etag is not None:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified is not None:
        headers["If-Modified-Since"] = known.last_modified
    return headers or {"Cache-Control": "no-cache"}


async def _follow(
    client: httpx2.AsyncClient, request: Request, known: Version | None, address: str
) -> Answer:
    for _ in range(MOST_REDIRECTS + 1):
        async with client.stream("GET", address, headers=_headers(known)) as response:
            if response.status_code not in _REDIRECTS:
                return await _answer(response, request, known)
            address = _redirected(request, address, response.headers.get("Location", ""))
    raise FetchFault(Phrase("the server redirects endlessly"))


def _redirected(request: Request, address: str, location: str) -> str:
    """The target of a redirect, if it stays on the same host and scheme."""
    old, new = split_address(address), split_address(urljoin(address, location))
    if not location:
        raise FetchFault(Phrase("the server redirects without an address"))
    if (new.scheme, new.hostname, new.port) == (old.scheme, old.hostname, old.port):
        return new._replace(fragment="").geturl()
    raise FetchFault(
        Phrase(
            "the server redirects to another host, port or scheme, {origin}, which is not "
            "followed, since it could be anyone's; if you know it, change that in {setting}",
            origin=_origin(new),
            setting=request.setting,
        )
    )


def _origin(address: SplitResult) -> str:
    """Scheme, host and port; the rest of an address may contain a secret."""
    port = f":{address.port}" if address.port else ""
    shown = f"{address.scheme}://{address.hostname or ''}{port}"
    return shown if len(shown) <= _LONGEST_HOST and shown.isprintable() else "(unnamed)"


async def _answer(response: httpx2.Response, request: Request, known: Version | None) -> Answer:
    status = response.status_code
    if status == 304:  # noqa: PLR2004  # not modified
        if known is None:
            raise FetchFault(
                Phrase("the server says 'unchanged' though the whole feed was asked for")
            )
        return Answer(content=None, version=known)
    if status in _FOR_A_WHILE:
        wait = _retry_after(response)
        asked = (
            Phrase(", and asks for {wait:.0f} seconds of rest", wait=wait)
            if wait is not None
            else ""
        )
        raise TemporaryFault(
            Phrase(
                "the server answers with status {status}{asked}; this may be temporary",
                status=status,
                asked=asked,
            ),
            wait=wait,
        )
    if status != 200:  # noqa: PLR2004  # the only answer with a whole calendar
        said = _REFUSALS.get(status, Phrase("which is not a calendar"))
        raise FetchFault(
            Phrase("the server answers with status {status}: {said}", status=status, said=said)
        )
    return Answer(
        content=await _body(response, request),
        version=Version(
            etag=_short(response.headers.get("ETag")),
            last_modified=_short(response.headers.get("Last-Modified")),
        ),
    )


def _retry_after(response: httpx2.Response) -> float | None:
    """Retry-After in seconds (RFC 9110, 10.2.3); a date is relative to the server's own Date."""
    given = response.headers.get("Retry-After", "").strip()
    if given.isdigit() and len(given) < 10:  # noqa: PLR2004  # thirty years
        return float(given)
    try:
        then = parsedate_to_datetime(given)
        now = parsedate_to_datetime(response.headers.get("Date", ""))
        return max((then - now).total_seconds(), 0)
    except (ValueError, TypeError):
        return None


def _short(header: str | None) -> str | None:
    return header if header and len(header) <= 500 and header.isprintable() else None  # noqa: PLR2004


async def _body(response: httpx2.Response, request: Request) -> bytes:
    """The body, unpacked piece by piece, so that a small response cannot become a huge one."""
    most = request.most_bytes
    announced = response.headers.get("Content-Length", "")
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if announced.isdigit() and len(announced) < 20 and int(announced) > most:  # noqa: PLR2004
        raise too_large(most)
    pieces: AsyncIterator[bytes]
    if packed in {"identity", ""}:
        pieces = response.aiter_raw()
    elif packed in {"gzip", "x-gzip"}:
        pieces = _unpacked(response.aiter_raw(), most)
    else:
        raise FetchFault(Phrase("the answer is compressed in a way that was not requested"))
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > most:
            raise too_large(most)
    if packed in {"identity", ""} and announced.isdigit() and len(content) < int(announced[:19]):
        raise TemporaryFault(Phrase("the connection broke before the end"))
    return unpacked(bytes(content), most)


async def _unpacked(packed: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        async for piece in packed:
            rest = piece
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, min(_PIECE, most + 1))
                rest = unpacker.unconsumed_tail
        if not unpacker.eof:
            raise TemporaryFault(Phrase("the compressed answer is cut off"))
    except zlib.error:
        raise TemporaryFault(Phrase("the compressed answer cannot be read")) from None
