"""What an invitation's text says beside the join blocks, footers and quoted mail in it."""

import re
from collections.abc import Sequence
from typing import Final

from briefgen.meetings.content import LONGEST_TEXT

_MEET_EDGE = re.compile(r"\s*-::~[:~-]*\s*\Z")
_UNDERSCORES = re.compile(r"\s*[_\u2500\u2501\u2014\u2015.=*-]{0,3}_{30,}\s*\Z")
_TEAMS = re.compile(
    r"(?i)teams\.(?:microsoft|live)\.com|teams\.microsoft\.us|aka\.ms/JoinTeamsMeeting"
)
_ZOOM_LINK = re.compile(r"(?i)https?://[\w.-]*zoom(?:gov)?\.(?:us|com)/(?:j|my|w|s|meeting)/")
_ZOOM_BEGIN = re.compile(r"(?i)is inviting you to a scheduled zoom meeting|\A\s*join zoom meeting")
_WEBEX = re.compile(r"(?i)\A\s*-{2,}\s*do not delete or change any of the following text")
_QUOTED = re.compile(r"(?i)\A\s*(?:-{3,}\s*)?(?:original message|urspr.ngliche nachricht)\s*-{3,}")
_FROM = re.compile(r"(?i)\A\s*\*?(?:from|von|de|da|van|fra)\s*:\s*\*?\s*\S")
_SENT = re.compile(
    r"(?i)\A\s*\*?(?:sent|date|gesendet|datum|envoy.|enviado|inviato|verzonden|data)\s*:\s*\*?\s*\S"
)
_SIGNATURE = re.compile(r"\A--\s?\Z")
_LEGAL = re.compile(
    r"(?i)\A\W*(?:(?:legal|confidentiality)\s+(?:notice|disclaimer)|disclaimer\b"
    r"|this (?:e-?mail|message|communication|invitation)[^.]{0,80}"
    r"\b(?:confidential|privileged|intended)"
    r"|diese (?:e-?mail|nachricht)[^.]{0,80}vertraulich"
    r"|the information (?:contained )?in this (?:e-?mail|message))"
)
_MOST_BLOCK_LINES: Final = 120


def without_join_text(description: str) -> str:
    """A description without join blocks, legal footers, quoted mail and signatures.

    Keyed on rules, hosts and forms rather than on words, since those are localised.
    """
    lines = description[:LONGEST_TEXT].split("\n")
    for cut in (_cut_meet, _cut_teams, _cut_zoom, _cut_tail):
        lines = cut(lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _cut_meet(lines: list[str]) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in lines:
        if _MEET_EDGE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return kept


def _cut_teams(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if _UNDERSCORES.match(lines[at]) and _has(_TEAMS, lines[at + 1 : at + 9]):
            at = _end_of_teams(lines, at)
        else:
            kept.append(lines[at])
            at += 1
    return kept


def _has(pattern: re.Pattern[str], lines: Sequence[str]) -> bool:
    return any(pattern.search(line) for line in lines)


def _end_of_teams(lines: list[str], begin: int) -> int:
    """Behind the last underscore line that belongs to the block which begins at `begin`."""
    at = begin + 1
    last = None
    while at < min(len(lines), begin + _MOST_BLOCK_LINES):
        if _UNDERSCORES.match(lines[at]):
            last = at
            if not _has(_TEAMS, lines[at + 1 : at + 9]):
                break
        at += 1
    return len(lines) if last is None else last + 1


_ZOOM_LINE = re.compile(
    r"(?i)zoom(?:gov)?\.(?:us|com)\b|one tap mobile|dial by your location|find your local number"
    r"|\A\s*(?:topic|time|thema|uhrzeit|zeit|sujet|heure|tema|hora)\s*:"
    r"|\A\s*(?:meeting[- ]id|webinar[- ]id|passcode|password|kenncode|kennwort|security passcode"
    r"|code secret|meeting url|host key|participant id|id de r.union|id de reuni.n)\b"
    r"|\A\s*[*.\u2022\u00b7-]?\s*\+\d[\d ,*#().-]{6,}|\A\s*[\d. ]{7,}\s*\(|@zoomcrc\.com"
    r"|\A\s*(?:sip|h\.?323|skype for business|join by)\b|\A\s*(?:-{3,}|[\u2500\u2501]{3,})\s*\Z"
    r"|\A\s*(?:[*\u2022]\s*)?\d{1,3}(?:\.\d{1,3}){3}\b"
)


def _cut_zoom(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if not _begins_zoom(lines, at):
            kept.append(lines[at])
            at += 1
            continue
        while kept and re.fullmatch(r"\s*[\u2500\u2501_-]{3,}\s*", kept[-1]):
            kept.pop()
        at = _end_of_zoom(lines, at)
    return kept


def _begins_zoom(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _ZOOM_BEGIN.search(line):
        return _has(_ZOOM_LINK, lines[at : at + 12])
    return bool(_ZOOM_LINK.search(line)) and _has(
        re.compile(r"(?i)(?:meeting|webinar)[- ]id|passcode|one tap"), lines[at + 1 : at + 8]
    )


def _end_of_zoom(lines: list[str], begin: int) -> int:
    """Behind the last line that reads like part of the block; blank lines may stand inside."""
    end = begin + 1
    plain = 0
    for at in range(begin + 1, min(len(lines), begin + 4 * _MOST_BLOCK_LINES)):
        line = lines[at]
        if not line.strip():
            continue
        if _ZOOM_LINE.search(line) or _ZOOM_BEGIN.search(line):
            end, plain = at + 1, 0
            continue
        plain += 1
        if plain > 1:
            break
    return end


def _cut_tail(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if (
            _WEBEX.match(line)
            or _QUOTED.match(line)
            or _LEGAL.match(line)
            or _SIGNATURE.match(line)
            or (_FROM.match(line) and _has(_SENT, lines[at + 1 : at + 4]))
        ):
            return lines[:at]
    return lines
