"""People on the page: found, read, edited by forms and as the file itself, with a way back."""

import html
import io
import re
import secrets

import pytest
from PIL import Image
from served_pages import Answer, Served

from briefgen.contacts.book import parse_contact
from briefgen.contacts.contact import Contact


def contact(served: Served, stem: str) -> Contact:
    """A contact as the reader has it."""
    path = served.root / "data/contacts" / f"{stem}.yaml"
    found, _ = parse_contact(path.read_bytes(), f"data/contacts/{stem}.yaml")
    assert found is not None
    return found.contact


def form(page: str) -> dict[str, str]:
    """The fields of the edit form as the page fills them."""
    (held,) = re.findall(r'<form[^>]*class="fields".*?</form>', page, re.DOTALL)
    found = {}
    for tag in re.findall(r"<input [^>]*>", held):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if parts.get("type") == "checkbox" and " checked" not in tag:
            continue
        found[parts["name"]] = html.unescape(parts.get("value", ""))
    for name, value in re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', held, re.DOTALL
    ):
        found[name] = html.unescape(value)
    for name, inner in re.findall(r'<select name="([^"]+)">(.*?)</select>', held, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen[0] if chosen else ""
    return found


def test_people_are_found_by_a_piece_of_the_name(served: Served) -> None:
    """As `contacts find` finds them; who is not meant is not there."""
    page = served.ask("/people?q=lee+wo").text
    assert "Lee Wong" in page
    assert "Dana Smith" not in page
    assert "Nobody was found" in served.ask("/people?q=xyzzy").text


def test_a_form_is_spliced_into_the_file(served: Served) -> None:
    """What is changed is changed, every other byte stays, comments too; undo brings all back."""
    before = served.contact("lee-wong")
    fields = form(served.ask("/people/lee-wong/edit").text)
    fields |= {"title": "CFO", "relationship.status": "warm", "birthday": "03-26"}
    fields |= {"add:interests": "sailing\nopera, mostly Verdi", "add:emails": "lee@home.example"}
    answer = served.send("/people/lee-wong/edit", fields)
    page = served.follow(answer).text
    assert "Saved." in page
    lee = contact(served, "lee-wong")
    assert (lee.title, str(lee.birthday)) == ("CFO", "03-26")
    assert lee.relationship is not None
    assert lee.relationship.status == "warm"
    assert [one.text for one in lee.interests] == ["sailing", "opera, mostly Verdi"]
    assert lee.emails == ("lee.wong@acme.example", "lee@home.example")
    after = served.contact("lee-wong")
    assert [line for line in before.splitlines() if line in after.splitlines()]
    assert "# the CFO" in after
    served.send("/undo", {"stem": "lee-wong"})
    assert served.contact("lee-wong") == before


def test_an_emptied_field_is_taken_out_of_the_file(served: Served) -> None:
    """So is an emptied item of a list; comments and the rest stay, and undo brings all back."""
    path = served.root / "data/contacts/dana-smith.yaml"
    path.write_text(
        path.read_text()
        + "# mine\nnext_step: sign phase two\ninterests:\n  - sailing  # since 2020\n  - opera\n"
        + "avoid: [divorce]\nbirthday: 03-26\n"
    )
    before = served.contact("dana-smith")
    page = served.ask("/people/dana-smith/edit").text
    assert 'name="item:interests:sailing" value="sailing"' in page
    fields = form(page) | {"title": "", "next_step.text": "", "birthday": ""}
    fields |= {"item:interests:sailing": "", "item:avoid:divorce": "", "add:avoid": "golf"}
    told = served.follow(served.send("/people/dana-smith/edit", fields)).text
    assert "Saved." in told
    dana = contact(served, "dana-smith")
    assert (dana.title, dana.next_step, dana.birthday) == (None, None, None)
    assert [one.text for one in dana.interests] == ["opera"]
    assert list(dana.avoid) == ["golf"]
    assert "# mine\ninterests:\n  - opera\n" in served.contact("dana-smith")
    served.send("/undo", {"stem": "dana-smith"})
    assert served.contact("dana-smith") == before


def test_a_word_of_a_list_is_put_right_in_its_place(served: Served) -> None:
    """The rest of it and its comment stay; if the word is gone meanwhile, the new one is added."""
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(
        path.read_text()
        + "interests: [sialing, opera]\nto_share:\n"
        + "  - {text: an artcle, url: 'https://news.example/a'}  # mine\n"
    )
    before = served.contact("lee-wong")
    fields = form(served.ask("/people/lee-wong/edit").text)
    fields |= {"item:interests:sialing": "sailing", "item:to_share:an artcle": "an article"}
    assert "Saved." in served.follow(served.send("/people/lee-wong/edit", fields)).text
    put_right = before.replace("sialing", "sailing").replace("artcle", "article")
    assert served.contact("lee-wong") == put_right
    again = {**fields, "item:interests:sialing": "sailing boats"}
    served.send("/people/lee-wong/edit", again)
    assert [one.text for one in contact(served, "lee-wong").interests][-1] == "sailing boats"
    served.send("/undo", {"stem": "lee-wong"})
    refused = served.send(
        "/people/lee-wong/edit", {**fields, "item:emails:lee.wong@acme.example": "lee at acme"}
    )
    assert refused.status == 422
    assert "lee at acme" in refused.text
    assert served.contact("lee-wong") == put_right


def test_a_next_step_of_one_text_gets_a_day(served: Served) -> None:
    """What was a plain text grows the fields it needs; its text can be changed as well."""
    path = served.root / "data/contacts/dana-smith.yaml"
    path.write_text(path.read_text() + "next_step: sign phase two\n")
    fields = form(served.ask("/people/dana-smith/edit").text)
    more = {"next_step.text": "sign it all", "next_step.due": "2026-12-15"}
    assert served.send("/people/dana-smith/edit", fields | more).status == 303
    step = contact(served, "dana-smith").next_step
    assert step is not None
    assert (step.text, str(step.due)) == ("sign it all", "2026-12-15")


def test_a_name_cannot_be_emptied(served: Served) -> None:
    """What a contact cannot be without stays, and the form says so."""
    before = served.contact("dana-smith")
    fields = form(served.ask("/people/dana-smith/edit").text)
    assert served.send("/people/dana-smith/edit", {**fields, "name": ""}).status == 422
    assert served.contact("dana-smith") == before


def test_an_unchanged_form_writes_nothing(served: Served) -> None:
    """Save without a change leaves the file's time as it is."""
    path = served.root / "data/contacts/dana-smith.yaml"
    before = path.stat().st_mtime_ns
    fields = form(served.ask("/people/dana-smith/edit").text)
    assert (
        "Nothing was changed" in served.follow(served.send("/people/dana-smith/edit", fields)).text
    )
    assert path.stat().st_mtime_ns == before


def test_two_editors_of_different_fields_both_win(served: Served) -> None:
    """What an editor wrote into another field while the form was open is not lost."""
    fields = form(served.ask("/people/dana-smith/edit").text)
    path = served.root / "data/contacts/dana-smith.yaml"
    path.write_text(path.read_text().replace("VP Operations", "COO"))
    answer = served.send("/people/dana-smith/edit", {**fields, "call_me": "Dana"})
    assert answer.status == 303
    dana = contact(served, "dana-smith")
    assert (dana.title, dana.call_me) == ("COO", "Dana")


def test_two_editors_of_one_field_are_both_shown(served: Served) -> None:
    """Nothing is written until someone has looked at both; saved again, the form's word holds."""
    fields = form(served.ask("/people/dana-smith/edit").text)
    path = served.root / "data/contacts/dana-smith.yaml"
    path.write_text(path.read_text().replace("VP Operations", "COO"))
    answer = served.send("/people/dana-smith/edit", {**fields, "title": "President"})
    assert answer.status == 409
    assert "COO" in answer.text
    assert 'value="President"' in answer.text
    assert contact(served, "dana-smith").title == "COO"
    again = served.send("/people/dana-smith/edit", form(answer.text))
    assert again.status == 303
    assert contact(served, "dana-smith").title == "President"


def test_a_wrong_value_is_refused_in_words(served: Served) -> None:
    """The file stays as it is, the form keeps what was typed."""
    before = served.contact("dana-smith")
    fields = form(served.ask("/people/dana-smith/edit").text)
    answer = served.send("/people/dana-smith/edit", {**fields, "timezone": "Mars/Olympus"})
    assert answer.status == 422
    assert "Mars/Olympus" in answer.text
    assert served.contact("dana-smith") == before


def file_form(served: Served, stem: str) -> tuple[str, str]:
    """The text of the file as the page shows it, and the mark that the form carries."""
    page = served.ask(f"/people/{stem}/file").text
    (mark,) = re.findall(r'name="mark" value="(\w+)"', page)
    (text,) = re.findall(r'<textarea id="content"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return html.unescape(text), mark


def save_file(served: Served, stem: str, content: str, mark: str, **more: str) -> Answer:
    """The text sent as a browser sends it, with the line ends of forms."""
    fields = {"content": content.replace("\n", "\r\n"), "mark": mark, **more}
    return served.send(f"/people/{stem}/file", fields)


def test_the_file_itself_is_edited(served: Served) -> None:
    """Byte for byte what was typed, with the line ends of the file; undo brings the old one."""
    before = served.contact("lee-wong")
    text, mark = file_form(served, "lee-wong")
    assert text == before
    assert save_file(served, "lee-wong", text + "notes: likes early trains\n", mark).status == 303
    assert served.contact("lee-wong") == before + "notes: likes early trains\n"
    served.send("/undo", {"stem": "lee-wong"})
    assert served.contact("lee-wong") == before


def test_problems_stand_beside_their_line(served: Served) -> None:
    """A misspelt field is shown with its line and text; nothing is written unless one insists."""
    before = served.contact("lee-wong")
    text, mark = file_form(served, "lee-wong")
    wrong = text + "birthdya: 03-26\n"
    answer = save_file(served, "lee-wong", wrong, mark)
    assert answer.status == 422
    number = wrong.splitlines().index("birthdya: 03-26") + 1
    shown = re.findall(rf'<li id="l{number}">(.*?)</li>', answer.text, re.DOTALL)[0]
    assert "birthdya: 03-26" in shown
    assert "birthday" in shown
    assert served.contact("lee-wong") == before
    assert save_file(served, "lee-wong", wrong, mark, anyway="yes").status == 303
    assert served.contact("lee-wong") == wrong


def test_a_problem_names_its_field(served: Served) -> None:
    """On the person's page and beside the line: "is missing" alone says nothing."""
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(path.read_text() + "interests: [cycling, tea: green]\n")
    served.desk.touch()
    for place in ("/people/lee-wong", "/people/lee-wong/file"):
        page = served.ask(place).text
        assert re.search(r"interests\[1\]\.text</bdi></b>[^<]*<bdi>is missing", page)


def test_a_persons_page_offers_what_can_be_done(served: Served) -> None:
    """The five minutes while they wait, and undo once there is a change."""
    page = served.ask("/people/lee-wong").text
    assert f'href="/r/{served.code("Coffee with Lee")}"' in page
    assert "Take the last change back" not in page
    fields = form(served.ask("/people/lee-wong/edit").text)
    served.send("/people/lee-wong/edit", {**fields, "title": "CFO"})
    assert "Take the last change back" in served.ask("/people/lee-wong").text


def test_a_file_that_is_no_yaml_is_never_written(served: Served) -> None:
    """Not even when one insists: its contact would be gone."""
    before = served.contact("lee-wong")
    _, mark = file_form(served, "lee-wong")
    answer = save_file(served, "lee-wong", "name: [Lee\n", mark, anyway="yes")
    assert answer.status == 422
    assert "name: [Lee" in answer.text
    assert served.contact("lee-wong") == before


def test_a_file_changed_meanwhile_is_not_overwritten(served: Served) -> None:
    """A sync tool was quicker: your own text stays in the field, the file's is below it."""
    text, mark = file_form(served, "lee-wong")
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(text + "notes: from the sync tool\n")
    answer = save_file(served, "lee-wong", text + "notes: mine\n", mark)
    assert answer.status == 409
    assert "notes: mine" in answer.text
    assert "notes: from the sync tool" in answer.text
    assert served.contact("lee-wong").endswith("from the sync tool\n")
    assert save_file(served, "lee-wong", text + "notes: from the sync tool\n", mark).status == 303


def test_a_faulty_file_can_be_opened_and_put_right(served: Served) -> None:
    """A contact that nobody can read is listed by its file, and is a contact again after."""
    (served.root / "data/contacts/broken.yaml").write_text("name: [Bo\n")
    served.desk.touch()
    assert "/people/broken/file" in served.ask("/people").text
    _, mark = file_form(served, "broken")
    assert save_file(served, "broken", "name: Bo Li\n", mark).status == 303
    assert "Bo Li" in served.ask("/people").text


def test_somebody_new(served: Served) -> None:
    """A file with name and address; an address that someone has already is refused."""
    fields = {"name": "Bo Li", "email": "bo@li.example", "organization": "Li & Co", "title": ""}
    answer = served.send("/people/new", fields)
    assert answer.headers["location"].startswith("/people/bo-li")
    assert contact(served, "bo-li").emails == ("bo@li.example",)
    assert "Take it back" in served.follow(answer).text
    taken = served.send("/people/new", {**fields, "email": "lee.wong@acme.example"})
    assert taken.status == 422
    assert '<a href="/people/lee-wong"><bdi>Lee Wong has this address already' in taken.text
    assert "Write a name" in served.send("/people/new", {"name": ""}).text


def test_an_unknown_attendee_gets_a_file(served: Served) -> None:
    """From the meeting's page, with what the invitation tells."""
    code = served.code("Plan for next year")
    page = served.ask(f"/m/{code}").text
    assert "Ana Sousa" in page
    answer = served.send(f"/m/{code}/contacts", {"attendee": "ana.sousa@ribeira.example"})
    assert answer.headers["location"].startswith("/people/ana-sousa/edit")
    ana = contact(served, "ana-sousa")
    assert ana.emails == ("ana.sousa@ribeira.example",)
    assert ana.organization == "Ribeira"
    assert "Make a file" not in served.ask(f"/m/{code}").text


def picture(width: int, height: int) -> bytes:
    """A photo as a telephone takes it, with a place in it."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Camera"
    Image.new("RGB", (width, height), "#884422").save(made, "JPEG", exif=exif)
    return made.getvalue()


def upload(served: Served, stem: str, data: bytes) -> Answer:
    """A photo sent as browsers send files."""
    mark = secrets.token_hex(8)
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="../../x.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    return served.ask(
        f"/people/{stem}/photo",
        method="POST",
        headers={**served.own, "Content-Type": f"multipart/form-data; boundary={mark}"},
        body=head + data + f"\r\n--{mark}--\r\n".encode(),
    )


def test_a_photo_is_taken_small_and_plain(served: Served) -> None:
    """Upright, without what the camera wrote into it, under a name of ours."""
    answer = upload(served, "lee-wong", picture(1600, 1200))
    assert "The photo was saved" in served.follow(answer).text
    name = contact(served, "lee-wong").photo
    assert name is not None
    assert name.startswith("photos/lee-wong")
    kept = (served.root / "data/contacts" / name).read_bytes()
    with Image.open(io.BytesIO(kept)) as taken:
        assert taken.size == (768, 1024)
    assert b"Secret Camera" not in kept
    shown = served.ask("/people/lee-wong/photo")
    assert shown.headers["content-type"] == "image/jpeg"
    again = upload(served, "lee-wong", picture(800, 800))
    assert again.status == 303
    assert contact(served, "lee-wong").photo != name


def test_what_is_no_picture_is_refused(served: Served) -> None:
    """A program named like a photo changes nothing; one too large is not even read."""
    before = served.contact("lee-wong")
    told = served.follow(upload(served, "lee-wong", b"MZ\x00not a picture")).text
    assert "not a picture" in told
    large = {**served.own, "Content-Length": str(13 * 1024 * 1024)}
    assert served.ask("/people/lee-wong/photo", method="POST", headers=large).status == 413
    assert served.contact("lee-wong") == before
    assert not (served.root / "data/contacts/photos").exists()


def test_promises_are_listed_and_closed(served: Served) -> None:
    """Both sides by their day; Kept, Move and Drop write what `briefgen done` writes."""
    page = served.ask("/promises").text
    assert page.index("a cost sheet") < page.index("name a project lead")
    assert "late, since 20\u00a0Nov" in page
    mine_key, their_key = re.findall(r'name="item" value="(\w+)"', page)
    served.send(
        "/promises",
        {"contact": "lee-wong", "item": mine_key, "state": "moved", "due": "2026-12-04"},
    )
    told = served.follow(
        served.send("/promises", {"contact": "lee-wong", "item": their_key, "state": "kept"})
    ).text
    assert "kept: name a project lead" in told
    mine, theirs = contact(served, "lee-wong").promises
    assert (str(mine.due), [str(day) for day in mine.moved]) == ("2026-12-04", ["2026-11-20"])
    assert str(theirs.kept) == "2026-11-23"
    again = served.send("/promises", {"contact": "lee-wong", "item": their_key, "state": "kept"})
    assert "no longer open" in served.follow(again).text
    assert "name a project lead" not in served.ask("/promises").text


def test_a_promise_is_moved_to_a_day_or_not_at_all(served: Served) -> None:
    """Move without a day changes nothing."""
    before = served.contact("lee-wong")
    key = re.findall(r'name="item" value="(\w+)"', served.ask("/promises").text)[0]
    sent = {"contact": "lee-wong", "item": key, "state": "moved", "due": ""}
    assert "Choose a day" in served.follow(served.send("/promises", sent)).text
    assert served.contact("lee-wong") == before


def test_what_is_open_says_whose_it_is(served: Served) -> None:
    """On a person's page each open item says what it is: my promise or theirs."""
    page = re.sub(r"<[^>]+>|\s+", " ", served.ask("/people/lee-wong").text)
    assert re.search(r"a cost sheet\s+I promised\s+·\s+late, since 20 Nov", page)
    assert re.search(r"name a project lead\s+They promised\s+·\s+by 1 Dec", page)


def test_dates_on_a_persons_page_are_said(served: Served) -> None:
    """A birthday and the dates of a life as people say them, not as the file has them."""
    path = served.root / "data/contacts/lee-wong.yaml"
    more = 'birthday: "03-26"\nlife_events: [{date: 2022-09, note: moved to Bath}]\n'
    path.write_text(path.read_text() + more)
    served.desk.touch()
    page = served.ask("/people/lee-wong").text
    assert "26 March" in page
    assert "<b>Sept 2022</b>" in page


@pytest.mark.parametrize(
    ("place", "above"),
    [
        ("/people/lee-wong", "/people"),
        ("/people/lee-wong/edit", "/people/lee-wong"),
        ("/people/lee-wong/file", "/people/lee-wong"),
        ("/people/new", "/people"),
        ("/stats", "/more"),
        ("/problems", "/more"),
        ("/doctor", "/more"),
        ("/devices", "/more"),
    ],
)
def test_every_page_leads_back(served: Served, place: str, above: str) -> None:
    """Put on a telephone's home screen, the page has no browser's button to go back."""
    page = served.settled(served.ask(place)).text
    assert f'<p class="up"><a href="{above}">' in page
