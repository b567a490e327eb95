"""Before a colleague: nothing unsaid, no quarrel, no plan that costs their work."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from briefgen.brief.brief import Brief
from briefgen.brief.redaction import mentions
from briefgen.brief.word_families import language_file, matters_by_family

from .conftest import Desk, every_line, texts

_KARIN = """
name: Karin Brandt
emails: [karin@northmill.example]
organization: Northmill
title: Managing director
decides: true
"""
_TOM = """
name: Tom Hirst
emails: [tom@northmill.example]
organization: Northmill
title: Plant manager, Leeds
"""
_STRANGER = _TOM.replace("organization: Northmill", "organization: Hirst Tools")


def _brief(*contacts: str, title: str = "Review") -> Brief:
    return Desk().with_contacts(*contacts).compose(title=title, description="- Order book")


def _told(*contacts: str) -> str:
    return "\n".join(texts(every_line(_brief(*contacts))))


_FIELDS = {
    "outcome": "situation: {{desired_outcome: {0}, as_of: 2026-11-01}}",
    "state": "situation: {{current_state: {0}, as_of: 2026-11-01}}",
    "needs": "interactions: [{{date: 2026-11-12, needs: {0}, needs_met: no}}]",
    "words": "interactions: [{{date: 2026-11-12, words: {0}, signals: [proud]}}]",
    "summary": "interactions: [{{date: 2026-11-12, summary: {0}}}]",
    "concern": "concerns: [{{date: 2026-11-01, text: {0}}}]",
    "written": "talking_points: [{0}]",
    "next step": "next_step: {{text: {0}}}",
    "promise": "promises: [{{by: me, text: {0}, due: 2026-11-20}}]",
    "approach": "approaches: [{{date: 2026-10-20, tried: {0}, landed: badly}}]",
}


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize(
    "said",
    [
        "lay off half the shift",
        "the bean counters block it",
        "our boss never answers",
        "Werk schließen und Stellen abbauen",
        "fermer l'usine",
    ],
)
def test_what_would_hurt_a_colleague_is_not_on_the_sheet(field: str, said: str) -> None:
    """In whatever field it was noted, and whatever its language."""
    noted = _FIELDS[field].format(f'"{said}"')
    assert said.casefold() not in _told(_KARIN + noted, _TOM).casefold()
    if field != "approach" and "boss" not in said:
        assert said.casefold() in _told(_KARIN + noted).casefold()


def test_a_wish_against_somebodys_work_is_not_told_before_them() -> None:
    """`Close Leeds by June` beside the manager of Leeds; nor is what else is noted of Leeds."""
    wish = "situation: {desired_outcome: close Leeds by June, as_of: 2026-11-01}\n"
    more = "talking_points: [ask about the letter to Leeds, ask about the new boats]"
    brief = _brief(_KARIN + wish + more, _TOM)
    told = "\n".join(texts(every_line(brief)))
    assert "Leeds" not in told.replace("Plant manager, Leeds", "")
    assert "new boats" in told
    assert "close Leeds by June" in _told(_KARIN + wish, _STRANGER)


def test_the_work_of_a_colleague_may_be_named_where_nothing_speaks_against_it() -> None:
    """A need that names a field of work is no quarrel."""
    need = "interactions: [{date: 2026-11-12, needs: a forecast for Leeds, needs_met: no}]"
    told = _told(_KARIN + need, _TOM)
    assert "a forecast for Leeds" in told


def test_nothing_left_unsaid_lies_before_a_colleague() -> None:
    """Nor before someone of another firm; alone it is shown."""
    unsaid = "interactions: [{date: 2026-11-05, summary: Saw it., unsaid: she may leave}]"
    assert "she may leave" not in _told(_KARIN + unsaid, _TOM)
    assert "she may leave" not in _told(_KARIN + unsaid, _STRANGER)
    assert "she may leave" in _told(_KARIN + unsaid)


def test_their_own_words_stand_before_colleagues_only_in_good_spirits() -> None:
    """What a proud person said may lie there; what an annoyed one did, may not."""
    said = "interactions: [{{date: 2026-11-05, words: two years of work, signals: [{0}]}}]"
    assert "two years of work" in _told(_KARIN + said.format("proud"), _TOM)
    assert "two years of work" not in _told(_KARIN + said.format("annoyed"), _TOM)


def test_husband_and_wife_of_two_names_belong_together() -> None:
    """What his wife's file says shows it, and no weak moment of his is on her sheet."""
    hal = """
    name: Hal Carson
    emails: [hal@pier.example]
    notes: Rose is his wife.
    interactions:
      - {date: 2026-11-08, summary: He cannot go on., signals: [exhausted], needs: a month off}
    """
    rose = "name: Rose Mortimer\nemails: [rose@pier.example]\n"
    told = _told(hal, rose)
    assert "cannot go on" not in told
    assert "a month off" not in told
    assert "cannot go on" in _told(hal.replace("notes: Rose is his wife.", ""), rose)


def test_an_everyday_word_of_a_secret_silences_nothing() -> None:
    """Only a word that hardly stands elsewhere in the files gives a secret away."""
    hugo = """
    name: Hugo Lindt
    emails: [hugo@lindt.example]
    organization: Lindt Wein
    decides: true
    interactions:
      - {date: 2026-11-11, summary: He sells the vineyard and asked us not to tell Petra yet.}
      - {date: 2026-10-07, summary: Walked through the vineyard.}
      - {date: 2026-09-07, summary: Planted the lower vineyard.}
    promises: [{by: me, text: bring the map of the vineyard, due: 2026-11-20}]
    talking_points: [ask who sells what]
    """
    petra = "name: Petra Wolff\nemails: [petra@lindt.example]\norganization: Lindt Wein\n"
    told = _told(hugo, petra)
    assert "the map of the vineyard" in told
    assert "Walked through the vineyard." in told
    assert "who sells what" not in told
    assert "not to tell" not in told


_WAYS = st.sampled_from(
    [
        (family, said)
        for code in ("en", "de", "fr", "es", "it", "nl", "pt", "ja")
        for family, entry in language_file(code).families.items()
        if family in matters_by_family()
        for written in entry.words
        if not set(written) & set("*=~!^@/…") and (said := written.strip()) and '"' not in said
    ]
)


@settings(max_examples=60, deadline=None)
@given(way=_WAYS, field=st.sampled_from(sorted(_FIELDS)))
def test_no_line_holds_an_avoided_matter_in_any_language(way: tuple[str, str], field: str) -> None:
    """Noted in whatever language and field: the name of the matter under `avoid` hides it."""
    family, said = way
    name = language_file("en").families[matters_by_family()[family][0]].name
    assume(mentions(said, name, "en"))  # of a piece of a phrase no language can be told
    file = f'{_KARIN}avoid: ["{name}"]\n' + _FIELDS[field].format(f'"{said}"')
    shown = {line.text for line in every_line(_brief(file))}
    assert not any(re.search(rf"(?i)\b{re.escape(said)}\b", text) for text in shown), name
