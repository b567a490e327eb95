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
from typing import Final

import trustme

from briefgen.workspace.atomic import write_whole
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

    Raises:
        OSError: where the authority cannot be kept.
    """
    authority = _authority(workspace)
    leaf = authority.issue_cert(
        *map(_identity, dict.fromkeys(names)),
        common_name="briefgen",
        not_before=now - _SLACK,
        not_after=now - _SLACK + timedelta(days=LEAF_DAYS),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    leaf.configure_cert(context)
    der = ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())
    return Certificates(context=context, authority=der)


def _identity(name: str) -> str:
    """A name as a certificate has it; an address stays as it is."""
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name


def _authority(workspace: Workspace) -> trustme.CA:
    folder = workspace.memory / "web"
    certificate, key = folder / "authority.pem", folder / "authority-key.pem"
    try:
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    except (OSError, ValueError):
        made = trustme.CA(organization_name="briefgen", organization_unit_name=workspace.root.name)
        write_whole(key, made.private_key_pem.bytes())
        write_whole(certificate, made.cert_pem.bytes())
        return made
