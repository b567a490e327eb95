"""The small certificate authority of one workspace, for the way from a telephone to this machine.

Its key stays in `.briefgen/web/`, readable by the owner alone. A telephone that trusts it trusts
whatever is signed with that key, so it signs nothing but this machine's own certificate.
"""

import hashlib
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.folder import Workspace

LEAF_DAYS: Final = 397
"""The longest that iOS takes a certificate for."""
_SLACK: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """What https is served with.

    Attributes:
        context: with a certificate of its own, made now.
        authority: the certificate to be trusted, as DER.
    """

    context: ssl.SSLContext = field(repr=False)
    authority: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate to be trusted, in pairs, as telephones show it."""
        mark = hashlib.sha256(self.authority).hexdigest().upper()
        return " ".join(mark[at : at + 2] for at in range(0, len(mark), 2))


def certificates(workspace: Workspace, names: Sequence[str], now: datetime) -> Certificates:
    """A certificate for these names and addresses, by the workspace's authority.

    It is made in a process of its own: what that takes would stay in the server's memory, 8 MB.

    Raises:
        OSError: where the authority cannot be kept.
    """
    import multiprocessing  # noqa: PLC0415  # only for telephones
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # with it

    folder = workspace.memory / "web"
    make_folder(folder)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        made = pool.submit(_made, folder, workspace.root.name, tuple(dict.fromkeys(names)), now)
        authority, chain = made.result()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    with NamedTemporaryFile(dir=folder) as file:  # the ssl module takes keys from files alone
        file.write(chain)
        file.flush()
        tls.load_cert_chain(file.name)
    return Certificates(context=tls, authority=ssl.PEM_cert_to_DER_cert(authority.decode()))


def _made(folder: Path, owner: str, names: Sequence[str], now: datetime) -> tuple[bytes, bytes]:
    """The authority's certificate, and a new key and certificate of this machine, as PEM."""
    import trustme  # noqa: PLC0415  # in the child alone

    kept, key = folder / "authority.pem", folder / "authority-key.pem"
    try:
        authority = trustme.CA.from_pem(kept.read_bytes(), key.read_bytes())
    except (OSError, ValueError):
        authority = trustme.CA(organization_name="briefgen", organization_unit_name=owner)
        write_whole(key, authority.private_key_pem.bytes())
        write_whole(kept, authority.cert_pem.bytes())
    leaf = authority.issue_cert(
        *map(_identity, names),
        common_name="briefgen",
        not_before=now - _SLACK,
        not_after=now - _SLACK + timedelta(days=LEAF_DAYS),
    )
    return authority.cert_pem.bytes(), leaf.private_key_and_cert_chain_pem.bytes()


def _identity(name: str) -> str:
    """A name as a certificate has it; an address stays as it is."""
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name
