"""The five minutes on the page: what is typed lands once in the file, and nothing is lost."""

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from served_pages import LEE, SETTINGS, Served, make_workspace

from briefgen.brief.brief import Brief, Edition
from briefgen.contacts.book import parse_contact
from briefgen.contacts.contact import Contact
from briefgen.day.prepare import ChosenMeeting, Day


def fields_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the form as it is shown: hidden, typed and ticked fields."""
    (form,) = re.findall(r'<form[^>]*class="answers".*?</form>', page, re.DOTALL)
    found = []
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        tick = attributes.get("type") in {"checkbox", "radio"}
        if not tick or " checked" in tag:
            found.append((attributes["name"], unescaped(attributes.get("value", ""))))
    return found


def unescaped(text: str) -> str:
    """As a browser reads an attribute."""
    import html

    return html.unescape(text)


def with_answers(
    fields: Sequence[tuple[str, str]], *answers: tuple[str, str]
) -> list[tuple[str, str]]:
    """The form with these answers in it; signals come beside others."""
    names = {name for name, _ in answers if not name.startswith("signals:")}
    return [*((n, v) for n, v in fields if n not in names), *answers]


def contact(served: Served, stem: str) -> Contact:
    """A contact as the reader has it."""
    path = served.root / "data/contacts" / f"{stem}.yaml"
    found, problems = parse_contact(path.read_bytes(), f"data/contacts/{stem}.yaml")
    assert problems == ()
    return found.contact


def key_of(page: str, text: str) -> str:
    """The form's name for the open item with this text."""
    for label in re.findall(r"<label class=\"tick\">.*?</label>", page, re.DOTALL):
        if text in label:
            return re.findall(r'name="(item:\w+)"', label)[0]
    raise AssertionError(text)


def test_a_usual_answer_becomes_the_interaction(served: Served) -> None:
    """Two questions, a signal, a promise, a tick: all of it in the file, the rest as before."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    answer = served.send(
        f"/r/{code}",
        with_answers(
            fields_of(page),
            ("needs_answered", "yes"),
            ("help_answered", "partly"),
            ("signals:lee-wong", "frustrated"),
            ("promise0", "send the plan"),
            ("due0", "2026-11-27"),
            ("adjust", "bring two options"),
            ("words:lee-wong", "I sign what I can stop"),
            (key_of(page, "a cost sheet"), "kept"),
        ),
    )
    told = served.follow(answer).text
    assert "Saved: Lee Wong" in told
    lee = contact(served, "lee-wong")
    (one,) = lee.interactions
    assert one.signals == ("frustrated",)
    assert one.words == "I sign what I can stop"
    assert one.reflection is not None
    assert (one.reflection.needs_answered, one.reflection.help_answered) == ("yes", "partly")
    assert one.reflection.adjust == "bring two options"
    kept, _, new = lee.promises
    assert str(kept.kept) == "2026-11-23"
    assert (new.text, str(new.due)) == ("send the plan", "2026-11-27")
    assert "name: Lee Wong   # the CFO" in served.contact("lee-wong")


def test_the_same_form_sent_twice_lands_once(served: Served) -> None:
    """A telephone that lost the network does not know whether its form came, and sends it again."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    form = with_answers(
        fields_of(page),
        ("needs_answered", "yes"),
        ("signals:lee-wong", "relieved"),
        ("promise0", "send the plan"),
        ("concern:lee-wong", "invoices come late"),
        (key_of(page, "a cost sheet"), "kept"),
    )
    assert served.send(f"/r/{code}", form).status == 303
    once = served.contact("lee-wong")
    for _ in range(3):
        told = served.follow(served.send(f"/r/{code}", form)).text
        assert "Saved already" in told
    assert served.contact("lee-wong") == once


def test_two_tabs_with_different_answers(served: Served) -> None:
    """Both tabs' words are kept: what differs is shown, and written only when it is saved again."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    first = with_answers(
        fields_of(page), ("words:lee-wong", "too slow"), ("signals:lee-wong", "angry")
    )
    second = with_answers(
        fields_of(page), ("words:lee-wong", "too dear"), ("signals:lee-wong", "sad")
    )
    assert served.send(f"/r/{code}", first).status == 303
    answer = served.send(f"/r/{code}", second)
    assert answer.status == 409
    assert "too slow" in answer.text
    assert "too dear" in answer.text
    assert contact(served, "lee-wong").interactions[0].words == "too slow"
    drafts = [p.read_text() for p in (served.root / ".briefgen/drafts").glob("*.yaml")]
    assert any("too dear" in draft for draft in drafts)
    again = served.send(f"/r/{code}", fields_of(answer.text))
    assert again.status == 303
    (one,) = contact(served, "lee-wong").interactions
    assert one.words == "too dear"
    assert set(one.signals) == {"angry", "sad"}


def test_a_tab_that_left_a_field_alone_changes_nothing_of_it(served: Served) -> None:
    """An old form does not write old answers over newer ones."""
    code = served.code("Coffee with Lee")
    first = with_answers(fields_of(served.ask(f"/r/{code}").text), ("words:lee-wong", "too slow"))
    assert served.send(f"/r/{code}", first).status == 303
    old = fields_of(served.ask(f"/r/{code}").text)
    newer = with_answers(old, ("words:lee-wong", "much too slow"))
    assert served.send(f"/r/{code}", newer).status == 303
    other = with_answers(old, ("adjust", "call before"))
    assert served.send(f"/r/{code}", other).status == 303
    (one,) = contact(served, "lee-wong").interactions
    assert one.words == "much too slow"
    assert one.reflection is not None
    assert one.reflection.adjust == "call before"


def test_an_editor_writes_between(served: Served) -> None:
    """What someone typed into the file while the form was open is still there afterwards."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(path.read_text() + "notes: typed in an editor\n")
    form = with_answers(fields_of(page), ("needs_answered", "no"))
    assert served.send(f"/r/{code}", form).status == 303
    lee = contact(served, "lee-wong")
    assert lee.notes == "typed in an editor"
    assert lee.interactions[0].reflection is not None


def test_an_editor_writes_at_the_last_moment(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing: the editor's text stays, the answers wait as a draft."""
    from briefgen.contacts import changes

    path = served.root / "data/contacts/lee-wong.yaml"
    real = changes.write_whole

    def late(place: Path, content: bytes, **options: int) -> None:
        if place == path:
            path.write_text(path.read_text() + "notes: at the last moment\n")
        real(place, content, **options)

    monkeypatch.setattr(changes, "write_whole", late)
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    answer = served.send(f"/r/{code}", with_answers(fields_of(page), ("adjust", "listen more")))
    assert answer.status == 507
    assert "changed in the meantime" in answer.text
    assert "kept as a draft" in answer.text
    assert 'value="listen more"' in answer.text
    assert "at the last moment" in served.contact("lee-wong")
    monkeypatch.undo()
    assert served.send(f"/r/{code}", fields_of(answer.text)).status == 303
    assert "listen more" in served.contact("lee-wong")
    assert "at the last moment" in served.contact("lee-wong")
    assert not list((served.root / ".briefgen/drafts").glob("*.yaml"))


def test_a_draft_is_kept_and_comes_back(served: Served) -> None:
    """Every change goes into the draft that `briefgen reflect` would take up; saving removes it."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    form = with_answers(
        fields_of(page),
        ("help_answered", "no"),
        ("adjust", "ask first"),
        ("promise0", "send the plan"),
        ("by0", "them"),
        (key_of(page, "a cost sheet"), "kept"),
    )
    answer = served.send(f"/r/{code}/draft", form)
    assert answer.status == 200
    assert "ask first" not in served.contact("lee-wong")
    back = served.ask(f"/r/{code}").text
    assert "What you began is still here" in back
    held = dict(fields_of(back))
    assert held["help_answered"] == "no"
    assert held["adjust"] == "ask first"
    assert (held["promise0"], held["by0"]) == ("send the plan", "them")
    assert held[key_of(back, "a cost sheet")] == "kept"
    assert served.send(f"/r/{code}", fields_of(back)).status == 303
    assert "ask first" in served.contact("lee-wong")
    assert not list((served.root / ".briefgen/drafts").glob("*.yaml"))


def test_two_tabs_keep_two_drafts(served: Served) -> None:
    """The second tab's draft does not replace the first one's words."""
    code = served.code("Coffee with Lee")
    fields = fields_of(served.ask(f"/r/{code}").text)
    served.send(f"/r/{code}/draft", with_answers(fields, ("adjust", "from the first tab")))
    served.send(f"/r/{code}/draft", with_answers(fields, ("adjust", "from the second tab")))
    drafts = "".join(p.read_text() for p in (served.root / ".briefgen/drafts").glob("*.yaml"))
    assert "from the first tab" in drafts
    assert "from the second tab" in drafts


def test_one_tab_keeps_one_draft(served: Served) -> None:
    """Ten changes of one form are one draft, since the form goes on from the last."""
    code = served.code("Coffee with Lee")
    fields = fields_of(served.ask(f"/r/{code}").text)
    mark = ""
    for number in range(5):
        form = with_answers(fields, ("adjust", f"number {number}"), ("draft", mark))
        mark = re.findall(r'"draft":\s*"(\w+)"', served.send(f"/r/{code}/draft", form).text)[0]
    (draft,) = (served.root / ".briefgen/drafts").glob("*.yaml")
    assert "number 4" in draft.read_text()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_says_so(served: Served) -> None:
    """In plain words; the answers wait as a draft."""
    path = served.root / "data/contacts/lee-wong.yaml"
    path.chmod(0o400)
    code = served.code("Coffee with Lee")
    form = with_answers(fields_of(served.ask(f"/r/{code}").text), ("adjust", "listen more"))
    assert "read-only" in served.send(f"/r/{code}", form).text


def test_a_full_disk_says_so(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither file nor draft can be written: the page holds the words, and says to keep it open."""
    import errno

    def full(place: Path, *_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(place))

    for module in ("briefgen.contacts.changes", "briefgen.reflection.answers"):
        monkeypatch.setattr(f"{module}.write_whole", full)
    code = served.code("Coffee with Lee")
    before = served.contact("lee-wong")
    form = with_answers(fields_of(served.ask(f"/r/{code}").text), ("adjust", "listen more"))
    answer = served.send(f"/r/{code}", form)
    assert answer.status == 507
    assert "No space left on device" in answer.text
    assert "keep this page open" in answer.text
    assert 'value="listen more"' in answer.text
    assert served.send(f"/r/{code}/draft", form).status == 507
    assert served.contact("lee-wong") == before


def test_what_was_saved_is_taken_back(served: Served) -> None:
    """The file is as it was, byte for byte."""
    before = served.contact("lee-wong")
    code = served.code("Coffee with Lee")
    form = with_answers(fields_of(served.ask(f"/r/{code}").text), ("adjust", "listen more"))
    page = served.follow(served.send(f"/r/{code}", form)).text
    assert 'action="/undo"' in page
    assert "taken back" in served.follow(served.send("/undo", {"stem": "lee-wong"})).text
    assert served.contact("lee-wong") == before


def test_good_signals_are_offered_at_once_too(served: Served) -> None:
    """No tap on "more" is needed for them; what is on file is not offered again."""
    code = served.code("Coffee with Lee")

    def at_once() -> str:
        return served.ask(f"/r/{code}").text.partition('<details class="more"')[0]

    assert all(f'value="{word}"' in at_once() for word in ("frustrated", "hopeful", "open"))
    asked = with_answers(fields_of(served.ask(f"/r/{code}").text), ("signals:lee-wong", "hopeful"))
    served.send(f"/r/{code}", asked)
    assert "On file: hopeful" in at_once()
    assert 'value="hopeful"' not in served.ask(f"/r/{code}").text


def test_nothing_answered_writes_nothing(served: Served) -> None:
    """A tap on Save too early is reported, and the meeting still waits."""
    code = served.code("Coffee with Lee")
    before = served.contact("lee-wong")
    answer = served.send(f"/r/{code}", fields_of(served.ask(f"/r/{code}").text))
    assert answer.status == 422
    assert "Nothing was answered yet" in answer.text
    assert served.contact("lee-wong") == before


def test_a_promise_is_moved_or_dropped(served: Served) -> None:
    """What was due is due later, with its former day; what will not be is dropped."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    mine, theirs = key_of(page, "a cost sheet"), key_of(page, "name a project lead")
    form = with_answers(
        fields_of(page),
        (mine.replace("item:", "moved:"), "2026-12-04"),
        (theirs, "dropped"),
    )
    assert served.send(f"/r/{code}", form).status == 303
    one, other = contact(served, "lee-wong").promises
    assert (str(one.due), [str(day) for day in one.moved]) == ("2026-12-04", ["2026-11-20"])
    assert str(other.dropped) == "2026-11-23"


def test_a_meeting_that_is_reflected_on_waits_no_more(served: Served) -> None:
    """Today offers it as something to look at again, not as something to do."""
    code = served.code("Coffee with Lee")
    assert f'href="/r/{code}">Five minutes</a>' in served.ask("/").text
    form = with_answers(fields_of(served.ask(f"/r/{code}").text), ("needs_answered", "yes"))
    page = served.follow(served.send(f"/r/{code}", form)).text
    assert f'<a class="button quiet" href="/r/{code}">Look at the five minutes again</a>' in page
    assert 'value="yes" checked' in served.ask(f"/r/{code}").text


def test_the_first_tick_among_the_open_ones_is_what_is_late(served: Served) -> None:
    """A promise whose day has passed is visible at once; one due next month is folded away."""
    page = served.ask(f"/r/{served.code('Coffee with Lee')}").text
    assert (
        page.index("a cost sheet") < page.index("1 more open") < page.index("name a project lead")
    )


def test_the_same_form_sent_at_once_lands_once(served: Served) -> None:
    """A retry may overtake the first attempt: one is written, the others find it on file."""
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    answers = (("words:lee-wong", "too slow"), ("promise0", "send the plan"))
    fields = with_answers(fields_of(page), *answers)
    with ThreadPoolExecutor(max_workers=6) as pool:
        came = list(pool.map(lambda _: served.send(f"/r/{code}", fields), range(6)))
    assert [answer.status for answer in came] == [303] * 6
    text = served.contact("lee-wong")
    assert (text.count("too slow"), text.count("send the plan")) == (1, 1)


def test_a_day_without_meetings_points_to_the_next_one_that_has_some(
    serving: Callable[..., Served],
) -> None:
    """From a free Sunday straight to Monday; from after the last meeting nowhere."""
    served = serving(as_of="2026-11-22T09:00")
    served.let_in()
    assert 'href="/day/2026-11-23">Next meetings: Mon' in served.ask("/").text
    assert "Next meetings" not in served.ask("/day/2026-11-23").text
    assert "Next meetings" not in served.ask("/day/2026-11-25").text


def test_the_brief_is_composed_once_for_a_form_and_its_drafts(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft at every change asks nothing of the contacts who are not met."""
    composed: list[str] = []
    compose = Day.brief

    def counted(day: Day, chosen: ChosenMeeting, edition: Edition) -> Brief:
        composed.append(chosen.code)
        return compose(day, chosen, edition)

    monkeypatch.setattr(Day, "brief", counted)
    code = served.code("Coffee with Lee")
    form = with_answers(fields_of(served.ask(f"/r/{code}").text), ("needs_answered", "yes"))
    for words in ("a", "ab", "abc"):
        assert served.send(f"/r/{code}/draft", [*form, ("words:lee-wong", words)]).status == 200
    assert composed == [code]


NOTICE = "Lee Wong: your answers go into a new file of your own, which your colleagues do not read"


def test_answers_about_a_contact_of_the_firm_stay_ones_own(
    serving: Callable[..., Served], tmp_path: Path
) -> None:
    """The page says so first, until the user has a file of their own.

    The promise in the firm's file is ticked off in that; one click takes back both.
    """
    root = make_workspace(tmp_path / "ann", settings=f"{SETTINGS}shared_contacts: ../firm\n")
    own, firm = root / "data/contacts/lee-wong.yaml", tmp_path / "firm/lee-wong.yaml"
    firm.parent.mkdir()
    signed = LEE.replace("{by: me,", "{by: me, author: robin,")
    firm.write_text(signed)
    own.unlink()
    served = serving(root)
    served.let_in()
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    assert NOTICE in page
    answers = (
        ("needs_answered", "yes"),
        ("adjust", "bring two options"),
        (key_of(page, "a cost sheet"), "kept"),
    )
    saved = served.follow(served.send(f"/r/{code}", with_answers(fields_of(page), *answers))).text
    assert "Saved: Lee Wong" in saved
    assert "your colleagues can read this file" in saved
    assert "bring two options" in own.read_text()
    assert firm.read_text() == signed.replace(
        "due: 2026-11-20}", "due: 2026-11-20, kept: 2026-11-23}"
    )
    assert NOTICE not in served.ask(f"/r/{code}").text
    assert saved.count('name="stem" value="lee-wong"') == 1
    assert "taken back" in served.follow(served.send("/undo", {"stem": "lee-wong"})).text
    assert firm.read_text() == signed
    assert not own.exists()


OPEN = """\
relationship: {status: strained, reason: the late invoice, apology_owed: true}
concerns: [{date: 2026-10-01, text: support answers too slowly}]
to_share: [{text: article on carrier pricing}]
"""
NEED = (
    "interactions:\n  - {date: 2026-11-02, channel: call, needs: a named engineer, needs_met: no}\n"
)


def test_every_kind_of_open_item_can_be_closed(
    serving: Callable[..., Served], tmp_path: Path
) -> None:
    """An apology with how it was taken, a need, a complaint, something shared: all in the file."""
    root = make_workspace(tmp_path / "open")
    path = root / "data/contacts/lee-wong.yaml"
    path.write_text(LEE.replace("interactions: []\n", NEED) + OPEN)
    served = serving(root)
    served.let_in()
    code = served.code("Coffee with Lee")
    page = served.ask(f"/r/{code}").text
    apology = key_of(page, "the late invoice")
    closed = (
        (apology, "apologised"),
        (apology.replace("item:", "taken:"), "not yet"),
        (key_of(page, "a named engineer"), "met"),
        (key_of(page, "support answers"), "resolved"),
        (key_of(page, "carrier pricing"), "shared"),
    )
    told = served.follow(served.send(f"/r/{code}", with_answers(fields_of(page), *closed))).text
    assert "Saved: Lee Wong" in told
    lee = contact(served, "lee-wong")
    assert [one.taken for one in lee.apologies] == ["not yet"]
    assert str(lee.concerns[0].resolved) == "2026-11-23"
    assert str(lee.to_share[0].shared) == "2026-11-23"
    assert lee.interactions[0].needs_met == "yes"
