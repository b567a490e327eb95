"""Small truths of what is on the sheet, and of the week's one attention."""

from pathlib import Path

import pytest

from briefgen.brief.attention import attention_of
from briefgen.brief.redaction import understand
from briefgen.brief.show import as_text
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of

from .conftest import Desk, contact_file, day

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def page(*contacts: str) -> str:
    """The whole brief as the terminal shows it."""
    return as_text(Desk().with_contacts(*contacts).compose(title="Review"), language_of("en_GB"))


@pytest.mark.parametrize(
    ("entry", "hidden", "said"),
    [
        ("alcohol", "after the third glass", "wholesale, and a goal"),
        ("weight", "lost 40 lb", "a weighty matter"),
        ("divorce", "custody of the kids", "the decision"),
        ("cancer", "in remission", "Cancer by star sign"),
    ],
)
def test_a_matter_and_not_a_word_is_hidden(entry: str, hidden: str, said: str) -> None:
    """Its everyday ways of saying it, and no word that only looks like one."""
    avoided = understand(entry, ("en",))
    assert avoided.hides(hidden)
    assert not avoided.hides(said)


def test_no_line_ends_twice() -> None:
    """Neither `?.` nor `..`, however the file ends its texts."""
    told = page(
        HEAD
        + """
concerns: [{date: 2026-11-01, text: "is it late?"}]
promises: [{by: me, text: "call her back!", made: 2018-05-01, due: 2018-05-03}]
life_events: [{date: 2022-09, note: Noa started college., expect: {after: 4y, note: Noa graduates?}}]
interactions: [{date: 2026-11-02, channel: call, summary: Fine..., needs: an engineer., unsaid: who pays?}]
"""  # noqa: E501  # a file as people write it
    )
    assert "?." not in told
    assert "!." not in told
    assert "??" not in told
    assert "About now: Noa graduates?" in told
    assert "since May 2018" in told


def test_somebody_of_whom_a_strain_is_on_file_is_no_stranger() -> None:
    """Who was hurt was met, though no talk is on file."""
    told = page(HEAD + "relationship: {status: strained, reason: we were late, apology_owed: true}")
    assert "Apologise, plainly and once: we were late" in told
    assert "nothing on file" not in told
    assert "first meeting" not in told


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("to_share: [{text: a bottle of claret, fits: wine}]", "share"),
        ("to_share: [{text: a bottle of claret, fits: wine}]\nnotes: Sober since May.", "none"),
        ("to_share: [{text: a jersey, fits: rugby}]\nnotes: Takes no gifts.", "none"),
        ("to_share: [{text: an article on rugby, fits: rugby}]\nnotes: Takes no gifts.", "share"),
        ("to_share: [a jersey]", "none"),
    ],
)
def test_what_is_sent_this_week_fits_them(tmp_path: Path, file: str, kind: str) -> None:
    """It is for an interest, and nothing that they may not have."""
    chosen = attention_of(
        Workspace(root=tmp_path), [contact_file(HEAD + file)], day("2026-11-23"), "en"
    )
    assert chosen.kind == kind
