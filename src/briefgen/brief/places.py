"""Places of meetings: which of them one can go to."""

import re
from typing import Final

_ONLINE: Final = re.compile(
    r"\b(teams|zoom|google meet|webex|skype|jitsi|online|virtual|virtuell|remote|vidéo|video"
    r"|visio|phone|telephone|telefon|téléphone|teléfono|telefono|telefonisch|call|anruf|appel)\b"
    r"|電話|オンライン|هاتف|عبر الإنترنت",
    re.IGNORECASE,
)
_STREET: Final = re.compile(r"\d")


def is_online(place: str) -> bool:
    """Whether nobody travels there: "Phone", "Zoom", "Microsoft Teams Meeting", an address.

    A place with a number, like "Call Lane 12", is one to go to.
    """
    if "://" in place:
        return True
    return _ONLINE.search(place) is not None and not _STREET.search(place)
