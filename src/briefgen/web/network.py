"""Where this machine is on the local network, and a socket to listen on."""

import ipaddress
import socket
from typing import Final

_SOMEWHERE: Final = ("192.0.2.1", 9)
"""An address of documentation (RFC 5737): choosing a way there sends nothing."""


def local_address() -> str | None:
    """This machine's own address on the network that it would use; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if ipaddress.ip_address(found).is_loopback else found


def local_name() -> str:
    """The name that multicast DNS gives this machine, like `robin.local`."""
    return socket.gethostname().partition(".")[0].casefold() + ".local"


def listen(address: str, port: int) -> socket.socket:
    """A socket that listens there and nowhere else.

    Raises:
        OSError: where the port is taken, or the address is not this machine's.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.set_inheritable(False)
    except OSError:
        listener.close()
        raise
    return listener
