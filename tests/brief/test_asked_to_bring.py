"""What an invitation asks one to bring or to do beforehand is quoted beside the agenda."""

import pytest

from briefgen.brief.agenda import read_agenda

from .conftest import Desk, section, texts

LIST = "Agenda:\n1. Pilot results\n2. Price for 2027\n"
ASKED = (
    "Please bring the signed pilot report.",
    "Please read the attached report beforehand",
    "Bitte bringen Sie den unterschriebenen Bericht mit.",
    "Bitte den Bericht vorab lesen",
    "Merci d’apporter le rapport signé.",
    "Veuillez préparer vos chiffres",
    "Por favor, traiga el informe firmado.",
    "Si prega di portare il rapporto firmato",
    "Neem het getekende rapport mee.",
    "Graag het rapport vooraf lezen",
    "Por favor traga o relatório assinado",
    "署名済みの報告書をお持ちください",
    "يرجى إحضار التقرير الموقّع",
)


def read(description: str) -> tuple[list[str], list[str]]:
    """The items and the quotations."""
    items = read_agenda(description, ["Dana Smith", "Robin Keller"])
    return [i.text for i in items if not i.quote], [i.text for i in items if i.quote]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("form", ["{list}\n{asked}", "{list}{asked}", "{asked}\n\n{list}"])
def test_a_request_beside_a_list_is_quoted(asked: str, form: str) -> None:
    """After a list, right below it, or before it; the list itself stays as it is."""
    items, quoted = read(form.format(list=LIST, asked=asked))
    assert items == ["Pilot results", "Price for 2027"]
    assert [one.replace("’", "'") for one in quoted] == [asked.replace("’", "'")]


def test_a_sentence_after_a_list_is_quoted() -> None:
    """Whatever it says; the closing and the signature are no part of it."""
    said = "We have to decide on the price this time."
    text = f"Hi Dana,\n\n{LIST}\n{said}\n\nLooking forward!\nBest regards\nRobin"
    assert read(text) == (["Pilot results", "Price for 2027"], [said])


def test_a_list_of_what_to_bring_is_no_agenda() -> None:
    """Under a heading that asks for it."""
    text = f"{LIST}\nPlease bring:\n- the signed report\n- your badge\n"
    items, quoted = read(text)
    assert items == ["Pilot results", "Price for 2027"]
    assert quoted == ["Please bring: the signed report; your badge"]


@pytest.mark.parametrize(
    "line",
    [
        "Please join by clicking the link below.",
        "This meeting is recorded with Zoom.",
        "Questions? Write to help@acme.example at any time.",
        "Call +49 69 365057619 if you cannot join.",
        "Please do not reply to this confidential message.",
        "See attached.",
        "Thanks!",
    ],
)
def test_what_programs_add_stays_away(line: str) -> None:
    """Join text, footers and closings are no sentence of the agenda."""
    assert read(f"{LIST}\n{line}\n") == (["Pilot results", "Price for 2027"], [])


def test_the_request_is_on_the_sheet(desk: Desk) -> None:
    """Beneath a long agenda too."""
    many = "".join(f"{n}. Topic {n} of this quarter\n" for n in range(1, 13))
    desk.with_contacts("name: Dana Smith\nemails: [dana@acme.example]\n")
    brief = desk.compose(description=f"{many}\nPlease bring the signed pilot report.")
    assert "“Please bring the signed pilot report.”" in texts(section(brief, "agenda"))
