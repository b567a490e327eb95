"""Scripts: deceptive characters are removed; those no font has are reported and replaced."""

import ctypes
import ctypes.util
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import regex

from briefgen.brief.brief import Brief, Face, Line, Source
from briefgen.brief.day import DaySheet, Remark
from briefgen.brief.stops import Stop
from briefgen.page.look import Look
from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, in_order
from briefgen.workspace.settings import SETTINGS_FILE

UNSHOWN = "[…]"
"""Replaces characters that no font has; emoji are dropped."""

_QUESTIONS = ("What do they need from me?", "How can I help based on their emotional signals?")
_PLAIN = regex.compile(
    r"[\x20-\x7e\u00a0-\u00ac\u00ae-\u017f\u2013\u2014\u2018-\u201d\u2022\u2026]*"
)
_SPACES = regex.compile(r"[\t\n\x0b\x0c\r\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u205f]")
_JOINING = (
    r"\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}"
    r"\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}\p{Tibetan}"
)
_SPACELESS = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_PICTURE = r"\p{Extended_Pictographic}"
_HIDDEN = regex.compile(
    # Controls, and what has no width and no business in a text: embeddings and overrides (UAX 9),
    # directed isolates, fillers, invisible operators, annotations, private and unassigned signs.
    r"[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e"
    r"\u202a-\u202e\u2060-\u2067\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc]"
    # Joiners stay if a script or an emoji is written with them.
    rf"|(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])"
    rf"|(?<![{_JOINING}{_PICTURE}\ufe0f\U0001f3fb-\U0001f3ff])\u200d"
    rf"|(?<=[{_PICTURE}\ufe0f\U0001f3fb-\U0001f3ff])\u200d(?!{_PICTURE})"
    rf"|(?<![{_SPACELESS}])\u200b|\u200b(?![{_SPACELESS}])"
    # Tags stay in the flags that are written with them, selectors behind what they select.
    r"|(?<!\U0001f3f4[\U000e0020-\U000e007f]*)[\U000e0000-\U000e007f]"
    r"|(?<!\p{Han})[\U000e0100-\U000e01ef]"
    r"|(?<=[\s\ufe00-\ufe0f]|^)[\ufe00-\ufe0f]"
)
_HEAPED = regex.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\p{Mn}\p{Me}]+"
    r"|((?:\p{M}){8})\p{M}+"
)
_MARKS = regex.compile(r"[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = regex.compile(r"(?![\u200f\u061c])[\p{Bidi_Class=R}\p{Bidi_Class=AL}]")
_ISOLATES = regex.compile(r"[\u2068\u2069]")
_KIND_OF_SIGN = regex.compile(r" (?:LETTER|SIGN|SYLLABLE|SYLLABICS|VOWEL|CHARACTER|DIGIT|MARK)\b")
_UNSHOWN_RUN = regex.compile(r"\[…\](?:\W*\[…\])+")
_EMOJI = regex.compile(
    r"(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|[#*0-9]\ufe0f?\u20e3)"
    r"(?:[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\p{Extended_Pictographic})*"
)


def neutral(text: str) -> str:
    """`text` on one line, without signs that hide, reorder or pile up.

    Letters and marks of every script stay, with the joiners they need; directional marks stay in
    right-to-left text, and isolates (UAX 9, 2.4) if they are closed within it.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _SPACES.sub(" ", text).replace("\u202f", "\u00a0")
    text = _HEAPED.sub(r"\1\2", _HIDDEN.sub("", text))
    if not _RIGHT_TO_LEFT.search(text):
        text = _MARKS.sub("", text)
    return text if _closed(text) else str(_ISOLATES.sub("", text))


def _closed(text: str) -> bool:
    """Whether the isolates opened in `text` are exactly those closed in it."""
    depth = 0
    for sign in _ISOLATES.findall(text):
        depth += 1 if sign == "\u2068" else -1
        if depth < 0:
            return False
    return depth == 0


@dataclass(frozen=True, kw_only=True)
class Fonts:
    """The characters that the fonts of this machine, and the bundled ones, can show.

    Fontconfig is asked only for the first unusual sign, since starting it takes a while. If it
    cannot be asked, nothing counts as missing.

    Attributes:
        bundled: the folder of the bundled fonts; None to ask nothing.
    """

    bundled: Path | None = None
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def can_show(self, sign: str) -> bool:
        """Whether some font has this sign, or it is invisible."""
        if sign not in self._known:
            plain = _PLAIN.fullmatch(sign) is not None
            self._known[sign] = plain or _unseen(sign) or self._have(ord(sign))
        return self._known[sign]

    def _have(self, code: int) -> bool:
        charsets = _charsets_with(self.bundled) if self.bundled else ()
        return not charsets or any(_fontconfig().FcCharSetHasChar(each, code) for each in charsets)


@cache
def installed_fonts(bundled: Path) -> Fonts:
    """The fonts that typesetting finds: the system's, by fontconfig, and those in `bundled`."""
    return Fonts(bundled=bundled)


def script_name(sign: str) -> str:
    """The name of a sign's script: `Devanagari`, `Thai`, `emoji`."""
    if _EMOJI.match(sign):
        return "emoji"
    for name, pattern in _NAMED_SCRIPTS:
        if pattern.match(sign):
            return name
    return str(_KIND_OF_SIGN.split(unicodedata.name(sign, "unknown signs"))[0]).title()


def package_for(script: str) -> str:
    """The Debian package with a font for this script."""
    if script == "emoji":
        return "fonts-noto-color-emoji"
    return "fonts-noto-cjk" if script in {"Chinese", "Japanese", "Korean"} else "fonts-noto-core"


def legible(brief: Brief, *, fonts: Fonts) -> tuple[Brief, tuple[Problem, ...]]:
    """The brief as it can be printed, and a problem for each script that no font has.

    A name that cannot be shown is replaced by the address, never transliterated. In other texts
    `[…]` replaces what cannot be shown.
    """
    reader = _Reader(fonts=fonts)
    shown = brief.replace(
        title=reader.read(brief.title, Source(file=brief.feed), "title") or UNSHOWN,
        place=reader.read(brief.place, Source(file=brief.feed), "place"),
        organizations=tuple(
            reader.read(name, Source(file=brief.feed), "organization")
            for name in brief.organizations
        ),
        marks=tuple(reader.read(mark, Source(file=brief.feed), "") for mark in brief.marks),
        faces=tuple(reader.face(face) for face in brief.faces),
        lines=reader.lines(brief.lines),
        prompts=tuple(
            prompt.replace(
                question=reader.read(prompt.question, Source(file=SETTINGS_FILE), "prompts"),
                lines=reader.lines(prompt.lines),
            )
            for prompt in brief.prompts
        ),
    )
    return shown, in_order(reader.problems)


def legible_page(
    brief: Brief, look: Look, *, fonts: Fonts
) -> tuple[Brief, Look, tuple[Problem, ...]]:
    """Like `legible`; if no font has the user's language, with the page's words in English."""
    language = look.language
    first, second = _QUESTIONS
    questions = {
        language.text("What do they need from me?"): first,
        language.text("How can I help based on their emotional signals?"): second,
    }
    missing = next((sign for sign in "".join(questions) if not fonts.can_show(sign)), None)
    problems: tuple[Problem, ...] = ()
    if missing is not None:
        asked = (
            one.replace(question=questions.get(one.question, one.question)) for one in brief.prompts
        )
        brief = brief.replace(prompts=tuple(asked))
        look = look.replace(language=language_of("en_GB"))
        why = Phrase(
            "{no_font}; the page's own words are in English", no_font=_no_font(script_name(missing))
        )
        problems = (Problem(file=SETTINGS_FILE, field="locale", message=why),)
    shown, unshown = legible(brief, fonts=fonts)
    return shown, look, in_order((*problems, *unshown))


def _no_font(script: str) -> str:
    return Phrase(
        "no font here has {script} signs; install {package_for}",
        script=script,
        package_for=package_for(script),
    )


def legible_day(sheet: DaySheet, *, fonts: Fonts) -> DaySheet:
    """The day sheet as it can be printed; the briefs report what cannot."""
    reader = _Reader(fonts=fonts)
    return sheet.replace(
        stops=tuple(reader.stop(stop) for stop in sheet.stops),
        mine=tuple(map(reader.remark, sheet.mine)),
        theirs=tuple(map(reader.remark, sheet.theirs)),
        birthdays=tuple(map(reader.remark, sheet.birthdays)),
        shares=tuple(map(reader.remark, sheet.shares)),
        attention=reader.remark(sheet.attention) if sheet.attention else None,
        faces=tuple(map(reader.face, sheet.faces)),
    )


_UNTOLD = Source(file="")


class _Reader:
    """Reads the texts of one brief, and collects what cannot be shown."""

    def __init__(self, *, fonts: Fonts) -> None:
        self._fonts = fonts
        self.problems: list[Problem] = []

    def read(self, text: str, source: Source, where: str) -> str:
        text = neutral(text)
        missing = self._missing(text, source, where)
        if not missing:
            return text
        without_emoji = _EMOJI.sub(lambda found: self._emoji(found[0]), text)
        shown = "".join(UNSHOWN if sign in missing else sign for sign in without_emoji)
        return str(_UNSHOWN_RUN.sub(UNSHOWN, shown))

    def lines(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(self._line(line) for line in lines)

    def face(self, face: Face) -> Face:
        """A face, with the address in place of a name that cannot be shown."""
        name = self.read(face.name, face.source, "name").strip()
        initials = neutral(face.initials)
        if UNSHOWN in name or not name:
            name = face.email or UNSHOWN
            initials = name[:1].upper() if face.email else ""
        return face.replace(
            name=name,
            initials=initials if all(map(self._fonts.can_show, initials)) else name[:1].upper(),
            role=self.read(face.role, face.source, "title"),
            remark=self.read(face.remark, face.source, ""),
            lines=self.lines(face.lines),
        )

    def stop(self, stop: Stop) -> Stop:
        return stop.replace(
            title=self.read(stop.title, _UNTOLD, "") or UNSHOWN,
            place=self.read(stop.place, _UNTOLD, ""),
            organizations=tuple(self.read(name, _UNTOLD, "") for name in stop.organizations),
            marks=tuple(self.read(mark, _UNTOLD, "") for mark in stop.marks),
            names=self.read(stop.names, _UNTOLD, ""),
            gap=stop.gap and stop.gap.replace(text=self.read(stop.gap.text, _UNTOLD, "")),
        )

    def remark(self, remark: Remark) -> Remark:
        return remark.replace(
            who=self.read(remark.who, remark.source, ""),
            text=self.read(remark.text, remark.source, ""),
            note=self.read(remark.note, remark.source, ""),
        )

    def _line(self, line: Line) -> Line:
        if all(_PLAIN.fullmatch(text) for text in (line.text, line.label, line.note)):
            return line
        return line.replace(
            text=self.read(line.text, line.source, line.section),
            label=self.read(line.label, line.source, line.section),
            note=self.read(line.note, line.source, line.section),
        )

    def _emoji(self, sequence: str) -> str:
        return sequence if all(map(self._fonts.can_show, sequence)) else ""

    def _missing(self, text: str, source: Source, where: str) -> frozenset[str]:
        if _PLAIN.fullmatch(text):
            return frozenset()
        missing = frozenset(sign for sign in text if not self._fonts.can_show(sign))
        for script in {script_name(sign) for sign in missing}:
            self.problems.append(
                Problem(
                    file=source.file,
                    line=source.line,
                    field=where,
                    message=_no_font(script),
                    severity="warning" if script == "emoji" else "error",
                )
            )
        return missing


_NAMED_SCRIPTS = (
    ("Japanese", regex.compile(r"[\p{Hiragana}\p{Katakana}]")),
    ("Korean", regex.compile(r"\p{Hangul}")),
    ("Chinese", regex.compile(r"[\p{Han}\p{Bopomofo}\u3000-\u303f\uff00-\uffef]")),
)


def _unseen(sign: str) -> bool:
    """Signs that are invisible: spaces, directional marks, selectors, joiners."""
    return sign.isspace() or bool(regex.match(r"[\p{Default_Ignorable_Code_Point}\p{Cf}]", sign))


class _FontSet(ctypes.Structure):
    """`FcFontSet` of fontconfig."""

    _fields_ = (
        ("count", ctypes.c_int),
        ("room", ctypes.c_int),
        ("patterns", ctypes.POINTER(ctypes.c_void_p)),
    )


@cache
def _fontconfig() -> Any:  # noqa: ANN401  # a foreign library has no types
    """The library that typesetting uses too.

    Raises:
        OSError: if it is not installed.
    """
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:  # not Linux; finding the name takes another process
        library = ctypes.CDLL(ctypes.util.find_library("fontconfig") or "fontconfig")
    library.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    library.FcConfigAppFontAddDir.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
    library.FcConfigGetFonts.argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    getter: tuple[Any, ...] = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    library.FcPatternGetCharSet.argtypes = (*getter, ctypes.POINTER(ctypes.c_void_p))
    library.FcPatternGetString.argtypes = (*getter, ctypes.POINTER(ctypes.c_char_p))
    library.FcCharSetHasChar.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    return library


@cache
def _charsets_with(bundled: Path) -> tuple[int, ...]:
    try:
        library = _fontconfig()
    except OSError:
        return ()
    configuration = library.FcInitLoadConfigAndFonts()
    library.FcConfigAppFontAddDir(configuration, bytes(bundled))
    return tuple(_charsets(library, configuration))


def _charsets(library: Any, configuration: int) -> Iterable[int]:  # noqa: ANN401  # as above
    """The character sets of the fonts that Pango takes: only TrueType and OpenType."""
    system_and_application = (0, 1)
    for kind in system_and_application:
        fonts = library.FcConfigGetFonts(configuration, kind)
        for at in range(fonts.contents.count if fonts else 0):
            pattern = fonts.contents.patterns[at]
            kind_of_font = ctypes.c_char_p()
            charset = ctypes.c_void_p()
            library.FcPatternGetString(pattern, b"fontformat", 0, ctypes.byref(kind_of_font))
            library.FcPatternGetCharSet(pattern, b"charset", 0, ctypes.byref(charset))
            if kind_of_font.value in {b"TrueType", b"CFF"} and charset.value:
                yield charset.value
