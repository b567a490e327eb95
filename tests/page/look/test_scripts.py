import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.brief.brief import Brief, Face, Line, Prompt, Source
from briefgen.page.look import Look
from briefgen.page.scripts import (
    UNSHOWN,
    Fonts,
    installed_fonts,
    legible,
    legible_page,
    neutral,
    package_for,
    script_name,
)
from briefgen.workspace.language import language_of

NAMES = (
    "Дарья Смирнова", "Δάφνη Παπαδοπούλου", "دانا سميث", "דנה סמית", "王小明", "デイナ・スミス",
    "김다나", "दाना स्मिथ", "ดาน่า สมิธ", "می‌خواهم", "👩‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "Zoë", "Đặng Thị Thu", "葛󠄀",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_stay(name: str) -> None:
    """Letters, marks, and the joiners that scripts and emoji are written with are not touched."""
    assert neutral(name) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2067b\u2069\u202ac\u202c", "abc"),
        ("pay\u200bpal and pay\u200dpal", "paypal and paypal"),
        ("Dana\u0000 \u001b[31mSmith\u0007", "Dana [31mSmith"),
        ("line\none\u2028two\ttabs", "line one two tabs"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        ("\u200fDana", "Dana"),
        ("\u3164\u115fblank", "blank"),
        ("\ud800 half a sign", " half a sign"),
        ("e" + "\u0301" * 100_000, "e" + "\u0301" * 3),
    ],
)
def test_signs_that_deceive_are_taken_out(text: str, shown: str) -> None:
    """Controls, overrides, zero-width signs, tags, fillers and heaps of accents do not print."""
    assert neutral(text) == shown


def test_isolates_stay_where_they_are_closed() -> None:
    """A closed isolate turns nothing outside it; an open one could turn the rest of the line."""
    assert neutral("ask \u2068דנה\u2069") == "ask \u2068דנה\u2069"
    assert neutral("ask \u2068דנה") == "ask דנה"
    assert neutral("\u2069ask\u2068") == "ask"


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
def test_neutral_text_is_one_line_of_visible_signs(text: str) -> None:
    """Whatever is given: no control or override is left, and doing it twice changes nothing."""
    shown = neutral(text)
    assert not any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Zl", "Zp"} for sign in shown)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067") & set(shown)
    assert neutral(shown) == shown


@pytest.mark.parametrize(
    ("sign", "script", "package"),
    [
        ("द", "Devanagari", "fonts-noto-core"),
        ("ไ", "Thai", "fonts-noto-core"),
        ("ד", "Hebrew", "fonts-noto-core"),
        ("ᓀ", "Canadian", "fonts-noto-core"),
        ("王", "Chinese", "fonts-noto-cjk"),
        ("あ", "Japanese", "fonts-noto-cjk"),
        ("한", "Korean", "fonts-noto-cjk"),
        ("🎉", "emoji", "fonts-noto-color-emoji"),
    ],
)
def test_a_script_is_named_with_the_package_that_has_it(
    sign: str, script: str, package: str
) -> None:
    """The names are those people use, the packages those of Debian."""
    assert script_name(sign) == script
    assert package_for(script_name(sign)) == package


class Latin(Fonts):
    """Fonts that have nothing but Latin letters."""

    def can_show(self, sign: str) -> bool:
        """Whether the sign is one of them."""
        return ord(sign) < 0x250 or sign in "\u2068\u2069…"


def test_a_name_without_font_gives_way_to_the_address(new_brief: Callable[..., Brief]) -> None:
    """The address is shown, never boxes or a guess, and a problem says what to install."""
    brief, problems = legible(new_brief(names=("दाना स्मिथ", "Eva")), fonts=Latin())
    first, second = brief.faces
    assert (first.name, first.initials) == ("p0@acme.example", "P")
    assert second.name == "Eva"
    (problem,) = problems
    assert (problem.file, problem.line) == ("data/contacts/dana-smith.yaml", 7)
    assert "Devanagari" in problem.message
    assert "fonts-noto-core" in problem.message
    assert problem.severity == "error"


def test_a_name_without_font_and_address_is_said_to_be_missing(
    new_brief: Callable[..., Brief],
) -> None:
    """If there is no address, `[…]` stands for the name."""
    face = Face(key="x", name="王小明", source=Source(file="work"))
    brief, _ = legible(new_brief(faces=(face,)), fonts=Latin())
    assert brief.faces[0].name == UNSHOWN


def test_other_texts_keep_what_can_be_shown(new_brief: Callable[..., Brief]) -> None:
    """In a line only the signs without font are replaced; emoji leave nothing behind."""
    source = Source(file="work", line=3)
    line = Line(section="agenda", text="Preise 価格 表 and 🎉 cake", rule="agenda", source=source)
    brief, problems = legible(new_brief("会議 Q4", lines=(line,)), fonts=Latin())
    assert brief.title == f"{UNSHOWN} Q4"
    assert brief.lines[0].text == f"Preise {UNSHOWN} and  cake"
    assert {problem.message.rsplit(" ", 1)[1] for problem in problems} == {
        "fonts-noto-cjk",
        "fonts-noto-color-emoji",
    }
    emoji = next(problem for problem in problems if "emoji" in problem.message)
    assert emoji.severity == "warning"


def test_a_hostile_invitation_is_neutralised_everywhere(new_brief: Callable[..., Brief]) -> None:
    """Title, place, names and lines alike."""
    trick = "a\u202eb\x00"
    source = Source(file="work")
    line = Line(section="agenda", text=trick, label=trick, note=trick, rule="agenda", source=source)
    brief, _ = legible(
        new_brief(trick, names=(trick,), place=trick, organizations=(trick,), lines=(line,)),
        fonts=Latin(),
    )
    assert (brief.title, brief.place, brief.organizations) == ("ab", "ab", ("ab",))
    assert brief.faces[0].name == "ab"
    assert (brief.lines[0].text, brief.lines[0].label, brief.lines[0].note) == ("ab", "ab", "ab")


def test_a_plain_brief_stays_as_it_is(new_brief: Callable[..., Brief]) -> None:
    """Nothing to do, nothing done."""
    brief = new_brief()
    assert legible(brief, fonts=Latin()) == (brief, ())


ASK = """
from pathlib import Path
from briefgen.page.scripts import installed_fonts
fonts = installed_fonts(Path({bundled!r}))
print([fonts.can_show(sign) for sign in "aЖ王ไ\u200d"])
"""


def test_fonts_are_those_fontconfig_knows(tmp_path: Path) -> None:
    """With one Latin font on the machine, Chinese and Thai cannot be shown; joiners always can."""
    answer = ask_with_fonts(tmp_path, installed=latin_font())
    assert answer == "[True, True, False, False, True]"


def test_bundled_fonts_count(tmp_path: Path) -> None:
    """A machine without any font still shows what comes with briefgen."""
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    (bundled / "latin.ttf").symlink_to(latin_font())
    answer = ask_with_fonts(tmp_path, installed=None, bundled=bundled)
    assert answer == "[True, True, False, False, True]"


def latin_font() -> Path:
    """A font of this machine with Latin and Cyrillic letters and no others of the five."""
    found = subprocess.run(
        ["fc-match", "--format=%{file}", "DejaVu Sans"], capture_output=True, text=True, check=False
    )
    if "DejaVu" not in found.stdout:
        pytest.skip("needs fonts-dejavu-core")
    return Path(found.stdout)


def ask_with_fonts(folder: Path, *, installed: Path | None, bundled: Path | None = None) -> str:
    """What a process answers whose fontconfig knows one font, or none."""
    fonts = folder / "fonts"
    fonts.mkdir()
    if installed:
        (fonts / installed.name).symlink_to(installed)
    configuration = folder / "fonts.conf"
    configuration.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{fonts}</dir>'
        f"<cachedir>{folder / 'cache'}</cachedir></fontconfig>"
    )
    script = ASK.format(bundled=str(bundled or folder / "none"))
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"FONTCONFIG_FILE": str(configuration), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def test_without_fontconfig_nothing_is_said_to_be_missing() -> None:
    """Not to know is no reason to hide a name."""
    assert Fonts().can_show("王")
    assert installed_fonts(Path("none")).can_show("a")


def test_a_language_without_font_is_printed_in_english(
    look: Look, new_brief: Callable[..., Brief]
) -> None:
    """A Japanese page on a machine without the fonts has English headings, not empty boxes."""
    japanese = language_of("ja_JP")
    asked = Prompt(question=japanese.text("What do they need from me?"))
    own = look.replace(language=japanese)
    brief, shown, problems = legible_page(new_brief(prompts=(asked,)), own, fonts=Latin())
    assert brief.prompts[0].question == "What do they need from me?"
    assert shown.language.locale.language == "en"
    (problem,) = problems
    assert (problem.file, problem.field) == ("briefgen.yaml", "locale")
    assert "fonts-noto-cjk" in problem.message
