"""Only what the people in the room wrote is an agenda: not what programs add to an invitation."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from briefgen.brief.agenda import read_agenda

from .conftest import ME, Desk, attendee, section

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "agendas.yaml").read_text(encoding="utf-8")
)


def shown(description: str, names: list[str]) -> list[str]:
    """Each item as a reader sees it: items plain, quotations in quotes with their writer."""
    found = []
    for item in read_agenda(description, names):
        extra = "".join(f" ({part})" for part in (item.owner, item.time) if part)
        who = "guest" if item.by_guest else item.writer
        quoted = f"{who}: “{item.text}”".removeprefix(": ")
        found.append(quoted if item.quote else item.text + extra)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_agenda_is_what_people_wrote(case: dict[str, Any]) -> None:
    """The case's text gives these items and quotations, and nothing else."""
    assert shown(case["text"], case.get("names", ["Dana Smith", "Robin Keller"])) == case["agenda"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_nothing_that_opens_or_cancels_a_meeting_is_printed(case: dict[str, Any]) -> None:
    """Whoever reads the sheet over a shoulder can neither cancel, nor move, nor enter a meeting."""
    said = " ".join(shown(case["text"], []))
    for secret in ("cancel", "reschedul", "aB3dE9", "TOKEN", "qR7wZ9", "246810", "meetup-join"):
        assert secret not in said


JOINS = {
    "de": "Jetzt an der Besprechung teilnehmen\nBesprechungs-ID: 344 212 907 113\nKennung: qR7wZ9\n"
    "Per Telefon einwählen\n+49 69 365057619,,918273645# Germany, Frankfurt am Main\n"
    "Lokale Nummer suchen\nTelefonkonferenz-ID: 918 273 645#\n"
    "Für Organisatoren: Besprechungsoptionen | PIN für Einwahl zurücksetzen",
    "fr": "Rejoindre la réunion maintenant\nID de réunion : 344 212 907 113\nCode secret : qR7wZ9\n"
    "Composer le numéro\n+33 1 70 99 53 53,,918273645# France, Paris\nRechercher un numéro local\n"
    "ID de conférence téléphonique : 918 273 645#\nPour les organisateurs : Options de réunion",
    "es": "Unirse a la reunión ahora\nId. de reunión: 344 212 907 113\nCódigo de acceso: qR7wZ9\n"
    "Marcar por teléfono\n+34 917 87 00 00,,918273645# Spain, Madrid\nBuscar un número local\n"
    "Id. de conferencia telefónica: 918 273 645#\nPara organizadores: Opciones de la reunión",
    "it": "Partecipa alla riunione ora\nID riunione: 344 212 907 113\nPasscode: qR7wZ9\n"
    "Accedi tramite telefono\n+39 02 0062 4000,,918273645# Italy, Milano\nTrova un numero locale\n"
    "ID conferenza telefonica: 918 273 645#\nPer gli organizzatori: Opzioni riunione",
    "nl": "Nu deelnemen aan de vergadering\nVergadering-id: 344 212 907 113\n"
    "Wachtwoordcode: qR7wZ9\n"
    "Inbellen via telefoon\n+31 20 708 0000,,918273645# Netherlands\nEen lokaal nummer zoeken\n"
    "Telefonische vergadering-id: 918 273 645#\nVoor organisatoren: Vergaderopties",
    "pt": "Entrar na reunião agora\nID da reunião: 344 212 907 113\nCódigo secreto: qR7wZ9\n"
    "Marcar por telefone\n+351 21 045 0000,,918273645# Portugal\nLocalizar um número local\n"
    "ID da conferência telefónica: 918 273 645#\nPara os organizadores: Opções da reunião",
    "ja": "今すぐ会議に参加する\n会議 ID: 344 212 907 113\nパスコード: qR7wZ9\n電話でダイヤルイン\n"
    "+81 3 4567 0000,,918273645# Japan, Tokyo\n市内番号を検索\n電話会議 ID: 918 273 645#\n"
    "開催者向け: 会議のオプション",
    "ar": "انضم إلى الاجتماع الآن\nمعرف الاجتماع: 344 212 907 113\nرمز المرور: qR7wZ9\n"
    "الاتصال عبر الهاتف\n+971 4 000 0000,,918273645# UAE\nالبحث عن رقم محلي\n"  # noqa: RUF001
    "معرف مؤتمر الهاتف: 918 273 645#\nللمنظمين: خيارات الاجتماع",
    "en": "Join the meeting now\nMeeting ID: 344 212 907 113\nPasscode: qR7wZ9\nDial in by phone\n"
    "+44 20 3321 0000,,918273645# United Kingdom\nFind a local number\n"
    "Phone conference ID: 918 273 645#\nFor organizers: Meeting options | Reset dial-in PIN",
}


@pytest.mark.parametrize("language", JOINS)
@pytest.mark.parametrize("linked", ["linked", "links lost"])
@pytest.mark.parametrize("apart", ["\n\n", "\n"], ids=["apart", "close"])
def test_join_text_without_its_rules(language: str, linked: str, apart: str) -> None:
    """A Teams block that lost its underscore lines, in nine languages, with its links or not."""
    block = JOINS[language]
    if linked == "linked":
        first, rest = block.split("\n", 1)
        block = f"{first} <https://teams.microsoft.com/l/meetup-join/19%3ax>\n{rest}"
    assert shown(f"Prices{apart}Microsoft Teams\n{block}", []) == ["Prices"]
    assert shown(f"- Prices\n- Dates{apart}{block}", []) == ["Prices", "Dates"]


@pytest.mark.parametrize(
    ("closing", "writer"),
    [
        ("Best, Kim", "Kim"), ("Best regards\nKim", "Kim"), ("Thanks!\nKim Lee", "Kim Lee"),
        ("Viele Grüße, Kim", "Kim"), ("Mit freundlichen Grüßen\nKim Lee", "Kim Lee"),
        ("Cordialement,\nKim", "Kim"), ("Bien à vous, Kim", "Kim"), ("Saludos,\nKim", "Kim"),
        ("Un abrazo, Kim", "Kim"), ("Cordiali saluti\nKim", "Kim"), ("Grazie,\nKim", "Kim"),
        ("Met vriendelijke groet,\nKim", "Kim"), ("Groeten, Kim", "Kim"),
        ("Com os melhores cumprimentos,\nKim", "Kim"), ("Obrigado, Kim", "Kim"),
        ("よろしくお願いいたします。\n田中", "田中"), ("مع خالص التحية،\nكيم", "كيم"),
        ("Best\n\n--\nKim Lee\nAcme", ""), ("Cheers", ""),
    ],
)  # fmt: skip
def test_a_closing_ends_the_letter(closing: str, writer: str) -> None:
    """In nine languages: the closing and the signature go, and tell who wrote."""
    text = f"Could we look at how the rollout went, and what comes next?\n\n{closing}"
    (item,) = read_agenda(text)
    assert item.text == "Could we look at how the rollout went, and what comes next?"
    assert (item.quote, item.writer) == (True, writer)


@pytest.mark.parametrize(
    "line", ["Best practices for rollouts", "Thanks to Acme: a report", "Regards of the board"]
)
def test_what_only_begins_like_a_closing(line: str) -> None:
    """An item may begin with the same words."""
    assert shown(f"Prices\n{line}\nDates", []) == ["Prices", line, "Dates"]


@pytest.mark.parametrize(
    "text",
    ["See below.", "Siehe unten", "voir ci-dessous", "Ver abajo.", "vedi sotto", "Zie onder",
     "Ver abaixo", "下記参照", "انظر أدناه", "TBD", "Agenda to follow", "", " \n\n", "...", "FYI"],
)  # fmt: skip
def test_a_text_that_only_points_is_none(text: str) -> None:
    """No agenda at all is better than "1. See below."."""
    assert shown(text, []) == []


PROSE = "It would be good to look at how the rollout went, and at what comes next."


@pytest.mark.parametrize(
    ("description", "organizer", "said"),
    [
        (f"{PROSE}\n\nBest, Dana", ME, "Dana writes: “"),
        (PROSE, "dana.smith@acme.example", "Dana writes: “"),
        (f"{PROSE}\n\nBest, Kim", "dana.smith@acme.example", "Kim writes: “"),
        (PROSE, ME, "“It would"),
        (f"{PROSE}\n\nBest, Robin", ME, "“It would"),
        (f"Event Name: x\nWhat is it?: {PROSE}\nCancel: https://calendly.com/x", ME,
         "Dana writes: “"),
    ],
)  # fmt: skip
def test_prose_is_quoted_with_its_writer(
    desk: Desk, description: str, organizer: str, said: str
) -> None:
    """By the closing, else the organizer, else who booked; the user's own words plainly."""
    desk.with_contacts("name: Dana Smith\nemails: [dana.smith@acme.example]")
    desk.attendees = (attendee("dana.smith@acme.example", "Dana Smith"),)
    brief = desk.compose(description=description, organizer=attendee(organizer, ""))
    (line,) = section(brief, "agenda")  # where someone else invites, it leads
    assert line.text.startswith(said)
    assert PROSE in line.text
    assert line.label == ""


def test_quotations_are_not_numbered(desk: Desk) -> None:
    """Answers to a booking tool are not numbered, and the first is the lead; a list is numbered."""
    desk.with_contacts("name: Dana Smith\nemails: [dana.smith@acme.example]")
    desk.attendees = (attendee("dana.smith@acme.example", "Dana Smith"),)
    booked = "What is it?: Prices\nWho decides?: I do\nCancel: https://calendly.com/x"
    labels = [
        [line.label for line in desk.compose(description=text).lines if line.section == "agenda"]
        for text in (booked, "- Prices\n- Dates")
    ]
    assert labels == [[""], ["1.", "2."]]
