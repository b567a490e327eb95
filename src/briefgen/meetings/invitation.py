"""What people wrote into an invitation, without join text, forwarded headers, footers, signatures.

What programs write is recognised by its shape and its links' hosts, since the words change with the
language; words that are needed are data (`invitation.yaml`). Over 400 lines, because each cut
depends on what the earlier ones have left.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any, Final

from briefgen.meetings.content import LONGEST_TEXT
from briefgen.meetings.markup import MEETING_HOSTS, is_meeting_link, links_in
from briefgen.workspace.built_in import read_built_in

_MOST_LINES: Final = 3_000
_MEET_EDGE = re.compile(r"\s*-::~[:~-]*\s*\Z")
_REQUEST_EDGE = re.compile(r"\s*(?:\*~){5,}\*?\s*\Z")
_UNDERSCORES = re.compile(r"\s*[_\u2500\u2501\u2014\u2015.=*-]{0,3}_{30,}\s*\Z")
_RULE = re.compile(r"\s*(?:[-_=*~\u2500\u2501\u2014]\s?){3,}\s*\Z")
_TEAMS = re.compile(
    r"(?i)teams\.(?:microsoft|live)\.com|teams\.microsoft\.us|aka\.ms/JoinTeamsMeeting"
)
_FENCE_IN_WORDS = re.compile(r"\s*--\s?[^-\s].{8,80}[^-\s]\s?--\s*\Z")
"""`-- Do not delete or change any of the following text. --`, in any language."""
_WEBEX = re.compile(r"(?i)\bwebex\b")
_MAKERS = re.compile(
    r"(?i)\b(?:microsoft teams|zoom|webex|google meet|proton meet|gotomeeting|lifesize|jitsi)\b"
)
_JOIN_HOSTS = re.compile(
    rf"(?i)(?<![\w-])(?:{'|'.join(map(re.escape, sorted({*MEETING_HOSTS} - {'g.co'})))}"
    r"|aka\.ms/\w*Teams\w*|microsoft\.com/[\w-]*/?microsoft-teams|dialin\.teams\.\w+|zoomcrc\.com"
    r"|tel\.meet|support\.google\.com/a/users|g\.co/meet|dialin\.lync\.com|m\.teams\.\w+"
    r"|https?://(?:calendar\.google\.com/calendar"
    r"|(?:[\w-]+\.)*(?:otter\.ai|read\.ai|fireflies\.ai|fathom\.video|tldv\.io)))(?![\w.-]*@)"
)
_DIAL = re.compile(
    r"(?i),,\s*\d|<?tel:[+\d]|\bPIN\s*[:：]\s*\d|\d[\d ]{4,}#|@(?:zoomcrc\.com|[\w.-]*teams\.ms)"  # noqa: RUF001
    r"|\b(?:sip|h\.?323)\s*:"
)
_LISTED_ADDRESS = re.compile(
    r"\s*(?:(?:\([A-Z]{2,3}\)\s*)?\+\d[\d\s().,#*/-]{6,}[^\d\n]{0,60}\Z|\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\d+@[\w.-]+\s*\Z|<?https?://\S+\s*\Z)"
)
"""A line of nothing but a telephone number, an address, or a link."""
_NUMBER_ID = re.compile(r"\A[^:：]{2,45}[:：]\s*\d(?:[\s-]?\d){7,}#?\s*\Z")  # noqa: RUF001  # as written
_CODE = re.compile(r"(?=\D*\d)\w[\w -]{2,20}\Z")
_LABELLED_NUMBER = re.compile(r"[^:：]{2,40}[:：]\s*\+?[\d(][\d\s().-]{6,}\Z")  # noqa: RUF001
_WITH_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_LABELLED = re.compile(r"\A\W{0,3}([^:：\n]{1,60}?)\s*[:：]\s*(.*)\Z")  # noqa: RUF001  # as written
_DASHED = re.compile(r"\A\s*[-_=*]{3,}\s*(?=\S*[^\W\d_])([^-_=*][^\n]{2,60}?)\s*[-_=*]{3,}\s*\Z")
_BEGIN_FORWARDED = re.compile(r"(?i)\A\s*begin forwarded message\s*:\s*\Z")
_WROTE = re.compile(r"\A(?=.*\d).{8,160}[:：]\s*\Z")  # noqa: RUF001  # as written
_WROTE_FROM = re.compile(r"\A[^@]{0,120}?<?[^\s@<(]+@[^\s@>)]+[>)]?[^@]{0,30}[:：]\s*\Z")  # noqa: RUF001
_SIGNATURE = re.compile(r"\A--\s?\Z")
BULLET: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<sign>(?:[-*+•‣▪▫◦·●○–—→➢✓□・►▶■◾◆❖➤➔\ue000-\uf8ff]|[=-]>"
    r"|(?:[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]*)+"
    r"|§(?=\s+[^\W\d_]))\ufe0f?(?=[ \t]|[^\W\d_])[ \t]*|o(?:\t| {2,}))"
    r"|(?P<number>(?!\d{1,2}\.\d\d(?!\d))\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{2,4})[.)](?:\d{1,2}[.)]?)*"
    r"(?=[ \t])|\d{1,2}[.)](?=[^\W\d_]{2})|\d{1,2}[．）、]|[①-⑳])[ \t]*)"  # noqa: RUF001
    r"(?:\[[ xX]?\][ \t]*)?(?P<rest>.*\S)"  # as written
)
"""The beginning of a list item: a bullet, number or letter, in the forms people use."""
_SENTENCE_END = re.compile(r"[.!?。！？؟][\"'”’)]*\Z")  # noqa: RUF001  # as written
_IN_BRACKETS = re.compile(r"\s*[<\[]\s*(?:https?|tel|mailto|sip):[^>\]]*[>\]]")
_HEAD: Final = 400
"""Characters of a line that are examined; what programs write is shorter."""
_NEAR: Final = 12
_SOFT_NEAR: Final = 3
_LONGEST_GAP_LINE: Final = 60
_FEWEST_FIELDS: Final = 3
_LEGAL_LINE: Final = 60
_PLEA_LINE: Final = 40
_MOST_WORDS_SENT_FROM: Final = 7
_WORDS_OF_A_HEADING: Final = 6


def without_join_text(description: str) -> str:
    """A description without join text, forwarded headers, legal footers and quoted mail."""
    lines = description[:LONGEST_TEXT].split("\n")[:_MOST_LINES]
    for cut in (
        _cut_request,
        _cut_meet,
        _cut_teams,
        _cut_webex,
        _cut_join,
        _cut_forwarded,
        _cut_tail,
    ):
        lines = cut(lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


@cache
def words(name: str, file: str = "invitation") -> frozenset[str]:
    """One of the lists of `invitation.yaml`, or of another file, as lines are compared."""
    data: Any = read_built_in(f"meetings/{file}.yaml")
    return frozenset(plain(str(word)) for word in data[name])


def plain(text: str) -> str:
    """A line as it is compared: without case, bracketed links, and punctuation at its ends."""
    bare = _IN_BRACKETS.sub("", text) if "<" in text or "[" in text else text
    return " ".join(bare.casefold().replace("’", "'").split()).strip(" \t*_|•-–—:：?¿!¡.…")  # noqa: RUF001


def label_of(line: str) -> tuple[str, str] | None:
    """A line of the form `Label: value`; the label as it is compared."""
    found = _LABELLED.match(line[:_HEAD])
    if found is None or "://" in found[1] or line[found.end(1) :].lstrip().startswith("://"):
        return None
    if found[2].startswith("//"):
        return None
    return plain(found[1]), found[2].strip()


def _cut_request(lines: list[str]) -> list[str]:
    """The lines below the row of `*~*~*` that Outlook puts under `When:` and `Where:`."""
    at = next((at for at, line in enumerate(lines[:_NEAR]) if _REQUEST_EDGE.match(line)), -1)
    return lines[at + 1 :]


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
    """After the last underscore line that belongs to the block which begins at `begin`.

    It is as long as the first; shorter ones are inside the block.
    """
    following = range(begin + 1, min(len(lines), begin + 120))
    fences = [at for at in following if _UNDERSCORES.match(lines[at])]
    alike = [at for at in fences if len(lines[at].strip()) == len(lines[begin].strip())]
    ends = (at for at in alike or fences if not _has(_TEAMS, lines[at + 1 : at + 9]))
    return next(ends, max(fences, default=begin)) + 1


def _cut_webex(lines: list[str]) -> list[str]:
    """The lines above the words by which Webex fences its own, whatever their language."""
    fences = (at for at, line in enumerate(lines) if _FENCE_IN_WORDS.match(line))
    return lines[: next((at for at in fences if _has(_WEBEX, lines[at + 1 :])), len(lines))]


def _cut_join(lines: list[str]) -> list[str]:
    """The lines without those that lead into an online meeting, fenced or not."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    heads = [lines[at][:_HEAD] for at in filled]
    sure = [_is_join_line(head) for head in heads]
    for at in range(1, len(heads)):
        sure[at] = sure[at] or _is_code_of(heads[at - 1], heads[at])
        if sure[at] and not sure[at - 1]:
            right_above = filled[at] == filled[at - 1] + 1
            is_heading = right_above and _is_vendor_heading(heads[at - 1])
            sure[at - 1] = is_heading or _is_bare_label(heads[at - 1])
    if not any(sure):
        return [line for line in lines if plain(line[:_HEAD]) not in words("join")]
    cut = _with_soft(heads, sure)
    gone = {at for at, is_cut in zip(filled, cut, strict=True) if is_cut}
    return ["" if at in gone else line for at, line in enumerate(lines)]


def _is_join_line(line: str) -> bool:
    """Whether a line is join text by its hosts, numbers, or a secret in it."""
    if marked := BULLET.match(line):
        leads = _begins_join_text(line) and _JOIN_HOSTS.search(line) is not None
        return leads or bool(_LISTED_ADDRESS.match(marked["rest"]))
    if _JOIN_HOSTS.search(line) or _DIAL.search(line) or _NUMBER_ID.match(line):
        return True
    if "://" in line and any(map(is_meeting_link, links_in(line))):
        return True
    labelled = label_of(line)
    return bool(_LISTED_ADDRESS.match(line)) or (
        labelled is not None and labelled[0] in words("secrets")
    )


def _is_bare_label(line: str) -> bool:
    """Whether a line is only a label, with its value on the next line."""
    return plain(line) in words("labels") | words("secrets")


def _is_vendor_heading(line: str) -> bool:
    """Whether a line right above a link only names the program for the meeting."""
    is_item = BULLET.match(line) or _SENTENCE_END.search(line.strip())
    return not is_item and len(line.split()) <= _WORDS_OF_A_HEADING and bool(_MAKERS.search(line))


def _is_code_of(before: str, line: str) -> bool:
    """Whether a line is a code by the line before it.

    It is on the line after a label, or labelled, in any language, after a meeting's number.
    """
    if _is_bare_label(before):
        return bool(_CODE.match(line.strip()))
    labelled = _NUMBER_ID.match(before) and label_of(line)
    return bool(labelled and _CODE.match(labelled[1]) and not BULLET.match(line))


def _with_soft(lines: Sequence[str], sure: Sequence[bool]) -> list[bool]:
    """Which filled lines are cut: those that are certain, and those that only occur beside them."""
    cut = list(sure)
    for at, distance in enumerate(_distances(cut)):
        if 0 < distance <= _NEAR and not BULLET.match(lines[at]):
            invites = any(phrase in plain(lines[at]) for phrase in words("invites"))
            cut[at] = invites or _begins_join_text(lines[at])
    for at, distance in enumerate(_distances(cut)):
        if 0 < distance <= _SOFT_NEAR and not BULLET.match(lines[at]):
            labelled = label_of(lines[at])
            cut[at] = (
                (labelled is not None and labelled[0] in words("labels"))
                or _LABELLED_NUMBER.match(lines[at]) is not None
                or _WITH_ADDRESS.search(lines[at]) is not None
            )
    for at, distance in enumerate(_distances(cut)):
        cut[at] = cut[at] or (distance <= 1 and bool(_RULE.match(lines[at])))
    return _with_gaps(lines, cut)


def _distances(sure: Sequence[bool]) -> list[int]:
    """How far each line is from the nearest certain one."""
    found = [len(sure)] * len(sure)
    for order in (range(len(sure)), range(len(sure) - 1, -1, -1)):
        distance = len(sure)
        for at in order:
            distance = 0 if sure[at] else distance + 1
            found[at] = min(found[at], distance)
    return found


def _with_gaps(lines: Sequence[str], cut: list[bool]) -> list[bool]:
    """Close gaps of one or two short lines inside join text, which belong to it."""
    wide = list(cut)
    end = 0
    for is_cut, run in groupby(cut):
        at, end = end, end + len(list(run))
        inside = at >= 2 and wide[at - 1] and wide[at - 2] and end < len(lines)  # noqa: PLR2004
        if not is_cut and inside and end - at <= 2 and all(map(_is_short, lines[at:end])):  # noqa: PLR2004
            wide[at:end] = [True] * (end - at)
    return wide


def _is_short(line: str) -> bool:
    is_item = BULLET.match(line) or _SENTENCE_END.search(line.strip())
    return len(line) <= _LONGEST_GAP_LINE and not is_item


def _begins_join_text(line: str) -> bool:
    marked = BULLET.match(line)
    text = plain(marked["rest"] if marked else line)
    parts = text.split(" ")
    known = words("join")
    heads = (plain(" ".join(parts[:count])) for count in range(1, min(len(parts), 10) + 1))
    return any(head in known for head in heads) or (
        any(text.startswith(phrase) for phrase in known if not phrase.isascii())
    )


def made_by_program(line: str) -> bool:
    """Whether a line beside the agenda may be a program's: by its links, numbers and vendors."""
    flat = line.casefold()
    return bool(
        "://" in line
        or _MAKERS.search(line)
        or _DIAL.search(line)
        or re.search(r"\d{6}|@[\w-]+\.", line)
        or _begins_join_text(line)
        or any(phrase in plain(line) for phrase in words("invites"))
        or any(stem in flat for stem in words("confidential") | words("registered"))
    )


def without_secrets(text: str) -> str:
    """A text without its passcodes, whatever surrounds them."""
    return _secret().sub("", text)


@cache
def _secret() -> re.Pattern[str]:
    given = "|".join(sorted(map(re.escape, words("secrets")), key=len, reverse=True))
    return re.compile(rf"(?i)[(\[]?\s*(?<!\w)(?:{given})\s*[:：=]\s*\S+\s*[)\]]?")  # noqa: RUF001


def _cut_forwarded(lines: list[str]) -> list[str]:
    """The lines without the header of a forwarded appointment or mail.

    What follows the header is the agenda; after a reply, it is history.
    """
    at = 0
    while at < len(lines):
        end = _end_of_header(lines, at)
        if end is None:
            at += 1
            continue
        before = lines[:at]
        if _is_appointment(lines[at:end]) or not any(line.strip() for line in before):
            return [*before, *_cut_forwarded(lines[end:])]
        return before
    return lines


def _end_of_header(lines: Sequence[str], begin: int) -> int | None:
    """The line after the header that begins here; None if none does."""
    at = begin
    head = lines[at][:_HEAD]
    dashed = _DASHED.match(head) or _BEGIN_FORWARDED.match(head)
    if dashed:
        at += 1
        while at < len(lines) and not lines[at].strip():
            at += 1
    known = words("header_fields") | words("appointment_fields")
    fields = 0
    while at < len(lines):
        labelled = label_of(lines[at].replace("*", ""))
        if labelled is not None and labelled[0] in known:
            fields += 1
        elif not (fields and lines[at].startswith((" ", "\t")) and lines[at].strip()):
            break
        at += 1
    return at if fields >= (1 if dashed else _FEWEST_FIELDS) else None


def _is_appointment(header: Iterable[str]) -> bool:
    labels = (labelled[0] for line in header if (labelled := label_of(line.replace("*", ""))))
    return any(label in words("appointment_fields") for label in labels)


def _cut_tail(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line) or _is_legal(line) or _is_sent_from(line):
            return lines[:at]
        if begin := _answered(lines, at):
            return lines[:begin]
    return [line for line in lines if not line.startswith(">") and not _is_banner(line)]


def _answered(lines: Sequence[str], at: int) -> int:
    """Where the mail that was answered begins, if a line says who wrote it; else 0.

    `On Mon, 30 Nov 2026 Kim <kim@acme.example> wrote:`, in any language, on one line or two.
    """
    line = lines[at][:_HEAD]
    if at + 1 < len(lines) and lines[at + 1].startswith(">") and _WROTE.match(line):
        return at
    if not _WROTE_FROM.match(line) or BULLET.match(line):
        return 0
    return at if re.search(r"\d", line) else at - 1 if re.search(r"\d", lines[at - 1]) else 0


def _is_sent_from(line: str) -> bool:
    """`Sent from my iPhone`, `Get Outlook for iOS`: what a telephone adds to a mail."""
    text = plain(line) if len(line) <= 2 * _LEGAL_LINE else ""
    if not text or BULLET.match(line) or _SENTENCE_END.search(line.strip()):
        return False
    return text.startswith(tuple(words("sent_from"))) and (
        "outlook" in text or len(text.split()) <= _MOST_WORDS_SENT_FROM
    )


def _is_banner(line: str) -> bool:
    """Whether a line was added by a mail system."""
    if not _PLEA_LINE <= len(line) <= 2 * _HEAD or BULLET.match(line):
        return False
    flat = line.casefold()
    warns = len(line) >= _LEGAL_LINE and _has_both(flat, "banners", "warned")
    return warns or _has_both(flat, "on_paper", "nature")


def _has_both(text: str, one: str, other: str) -> bool:
    return any(stem in text for stem in words(one)) and any(stem in text for stem in words(other))


def _is_legal(line: str) -> bool:
    """Whether a line begins a legal footer: long, and of confidence and mail at once."""
    if BULLET.match(line):
        return False
    flat = line[: 5 * _HEAD].casefold()
    if flat.strip(" *_").startswith(("legal notice", "disclaimer", "confidentiality notice")):
        return True
    if len(line) < _LEGAL_LINE:
        return False
    registered = sum(stem in flat for stem in words("registered"))
    return registered > 1 or _has_both(flat, "confidential", "of_mail")
