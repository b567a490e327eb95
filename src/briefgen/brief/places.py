"""Places of meetings: which of them one can go to."""

import re
from typing import Final

_ONLINE: Final = re.compile(
    r"\b(teams|zoom|google meet|webex|skype|jitsi|online|virtual|virtuell|remote|vidéo|video"
    r"|visio|phone|telephone|telefon|téléphone|teléfono|telefono|telefonisch|call|anruf|appel)\b"
    r"|電話|オンライン|هاتف|عبر الإنترنت",
    re.IGNORECASE,
)
_MAKERS: Final = re.compile(
    r"\b(?:microsoft teams|ms teams|teams[- ]?(?:meeting|besprechung|vergadering|call)|zoom"
    r"|google meet|meet\.google|webex|skype|jitsi|gotomeeting|facetime|whatsapp)\b"
    r"|réunion teams|reunión de teams",
    re.IGNORECASE,
)
"""Names of programs: whatever numbers stand with them are none of a street."""
_TELEPHONE: Final = re.compile(r"\W*(?:tel\W*)?\+?[\d\s()./-]{6,}\W*\Z", re.IGNORECASE)
_UNSETTLED: Final = frozenset(
    {"tbd", "tba", "tbc", "n/a", "na", "-", "?", "offen", "noch offen", "à définir", "por definir",
     "da definire", "nader te bepalen", "ntb", "a definir", "未定", "يحدد لاحقا"}
)  # fmt: skip
_ROOM: Final = re.compile(
    r"\b(?:room|conf(?:erence)? ?room|meeting ?room|boardroom|raum|zimmer|besprechungsraum|büro"
    r"|salle|bureau|sala|despacho|ufficio|zaal|kantoor|vergaderruimte|office|floor|desk|stock|etage)\b"
    r"|会議室|قاعة|مكتب|\A[A-Z]{2,4}-\d+-\S+(?: \(\d+\))?\Z",
    re.IGNORECASE,
)
"""Rooms and floors, also as Google names them: `HQ-4-Alster (8)`."""
_STREET: Final = re.compile(r"\d")


def is_online(place: str) -> bool:
    """Whether nobody travels there: "Phone", "Zoom", "Microsoft Teams Meeting", an address.

    A place with a number, like "Call Lane 12", is one to go to.
    """
    if "://" in place or _TELEPHONE.match(place) or place.strip().casefold() in _UNSETTLED:
        return True
    if _MAKERS.search(place) and "," not in place:
        return True
    return _ONLINE.search(place) is not None and not _STREET.search(place)


def is_on_a_map(place: str) -> bool:
    """Whether a map can show the place: no room of a house, unless the house stands with it."""
    if not re.search(r"[^\W\d_]{2}", place) or is_online(place):
        return False
    return "," in place or _ROOM.search(place) is None
