"""What programs write round an agenda, and the shapes of lists, as public invitations show them."""

import pytest

from briefgen.brief.agenda import read_agenda


def items(description: str) -> list[str]:
    """The texts of an agenda's items."""
    return [item.text for item in read_agenda(description, ["Dana Smith"])]


@pytest.mark.parametrize(
    "block",
    [
        "Join Dialpad Meeting\nhttps://meetings.dialpad.com/robin\nPhone: +1 555 010 0100",
        (
            "Meeting URL\nhttps://bluejeans.com/123/1234\n\nMeeting ID\n123 456 789\n\n"
            "Participant Passcode\n1234\n\nWant to dial in from a phone?\n\n"
            "Dial one of the following numbers:\n+1.408.419.1715 (United States (San Jose))"
        ),
        (
            "Join meeting\nhttps://acme.webex.com/acme/j.php?MTID=m1\n\n"
            "Meeting number (access code): 2345 678 9012\nMeeting password: aBc123\n\n"
            "You can also dial 173.243.2.68 and enter your meeting number."
        ),
        (
            "Please join my meeting from your computer, tablet or smartphone.\n"
            "https://meet.goto.com/123456789\n\nYou can also dial in using your phone.\n"
            "United States: +1 (408) 650-3123\n\nAccess Code: 123-456-789"
        ),
        (
            "Microsoft Teams Potrzebujesz pomocy?\n"
            "Dołącz do spotkania teraz<https://teams.microsoft.com/l/meetup-join/x>\n"
            "Identyfikator spotkania: 312 345 678 901\nKod dostępu: aB3dE9\n"
            "Dla organizatorów: Opcje spotkania"
        ),
        (
            "Robin le está invitando a una reunión de Zoom programada.\n\nEntrar Zoom Reunión\n"
            "https://us02web.zoom.us/j/1?pwd=S\n\nMóvil con un toque\n+34917873431,,1# España\n\n"
            "Marque según su ubicación\n• +34 91 787 3431 España"
        ),
        "Rejoindre la visioconférence : https://kmeet.infomaniak.com/abcdefg",
        "Feishu Meeting: https://vc.feishu.cn/j/123456789\nMeeting ID: 123 456 789",
        "Join: https://around.co/r/abc",
        (
            "________________________________________________________________________________\n"
            "Microsoft Teams-Besprechung\n"
            "Teilnehmen: https://teams.microsoft.com/meet/3412345678901?p=abc\n"
            "Besprechungs-ID: 341 234 567 890 1\nPasscode: Xy9Zz\n"
            "________________________________\nBenötigen Sie Hilfe? | Systemreferenz\n"
            "Für Organisatoren: Besprechungsoptionen\n"
            "________________________________________________________________________________"
        ),
        (
            "Réunion Microsoft Teams\n"
            "Participer à partir de votre ordinateur, de votre application mobile "
            "ou de l’appareil de la salle\n"
            "Cliquez ici pour participer à la réunion<https://teams.microsoft.com/l/meetup-join/x>\n"
            "ID de réunion : 312 345 678 901\nCode secret : aB3dE9\n"
            "Télécharger Teams | Rejoindre sur le web\nOptions de réunion"
        ),
        (
            "Reunión de Microsoft Teams\nÚnase a través de su PC o aplicación móvil\n"
            "Haga clic aquí para unirse a la reunión<https://teams.microsoft.com/l/meetup-join/x>\n"
            "Id. de reunión: 312 345 678 901\nCódigo de acceso: aB3dE9\n"
            "Descargar Teams | Unirse en la web"
        ),
        (
            "Robin Keller ti sta invitando a una riunione pianificata in Zoom.\n\n"
            "Entra nella riunione in Zoom\nhttps://us02web.zoom.us/j/86123456789?pwd=x\n\n"
            "ID riunione: 861 2345 6789\nCodice d’accesso: 123456\n---\n"
            "Dispositivo mobile con un solo tocco\n"
            "+390694806488,,86123456789#,,,,*123456# Italia\n---\n"
            "Componi in base alla tua posizione\n• +39 069 480 6488 Italia\n"
            "Trova il tuo numero locale: https://us02web.zoom.us/u/kx"
        ),
        (
            "اجتماع Microsoft Teams\n"
            "انضم إلى الاجتماع الآن<https://teams.microsoft.com/l/meetup-join/x>\n"
            "معرف الاجتماع: 312 345 678 901\nرمز المرور: aB3dE9\nللمنظمين: خيارات الاجتماع"
        ),
        (
            "Reunião do Microsoft Teams\n"
            "Participe no seu computador, aplicação móvel ou dispositivo de sala\n"
            "Clique aqui para participar na reunião<https://teams.microsoft.com/l/meetup-join/x>\n"
            "ID da Reunião: 312 345 678 901\nCódigo de acesso: aB3dE9"
        ),
        (
            "-- Löschen oder ändern Sie den folgenden Text nicht. --\n\n"
            "Bei Webex-Meeting beitreten\nhttps://acme.webex.com/acme/j.php?MTID=m1\n"
            "Meeting-Kennnummer: 2345 678 9012\n"
            "Meeting-Passwort: aBc123 (22212 beim Einwählen von einem Telefon)"
        ),
        (
            "To join the meeting, click this link: https://meet.jit.si/AcmePilot\n\n"
            "To join by phone instead, tap this: +1.512.647.1431,,1234567890#\n\n"
            "Looking for a different dial-in number?\n"
            "See meeting dial-in numbers: https://meet.jit.si/static/dialInInfo.html?room=AcmePilot"
        ),
        (
            "Join with Proton Meet\nhttps://meet.proton.me/join/id-ABC#pwd-x\n"
            "Meeting ID: ABC DEF\nPassphrase: x"
        ),
        "Click to call from Lifesize:\nhttps://call.lifesizecloud.com/1234567",
        (
            "Únase a la reunión desde su ordenador, tableta o teléfono inteligente.\n"
            "https://meet.goto.com/123456789\nTambién puede marcar desde el teléfono.\n"
            "España: +34 932 75 1230\nCódigo de acceso: 123-456-789"
        ),
        ("This meeting is being recorded by Otter.ai. View live notes: https://otter.ai/u/abc"),
        "Read meeting report: https://app.read.ai/analytics/meetings/abc",
        (
            "Invitation from Google Calendar: https://calendar.google.com/calendar/\n\n"
            "You are receiving this email because you are subscribed to calendar notifications."
        ),
        "Sent from my iPhone",
        "Outlook für Android herunterladen<https://aka.ms/AAb9ysg>",
        "iPhoneから送信",
        "Please consider the environment before printing this e-mail.",
        "Detta e-postmeddelande är konfidentiellt och endast avsett för mottagaren.",
    ],
)
def test_what_programs_write_beneath_an_agenda_is_cut(block: str) -> None:
    """Join text of further makers and languages, and what telephones and footers add, is cut."""
    assert items(f"Prices and pilot\n\n{block}") == ["Prices and pilot"]


def test_what_stands_below_a_fenced_block_is_kept() -> None:
    """Shorter rules inside a block do not end it; the one as long as the first does."""
    rule = "_" * 80
    block = (
        f"{rule}\nMicrosoft Teams\nJoin: https://teams.microsoft.com/meet/1?p=x\nPasscode: Xy9\n"
        f"{'_' * 32}\nNeed help? | System reference\n{rule}"
    )
    assert items(f"{block}\n\nPrices and pilot") == ["Prices and pilot"]


@pytest.mark.parametrize(
    "text",
    [
        "Zoom rollout in March\n\nhttps://acme.zoom.us/j/1",
        "1. Zoom rollout\nhttps://acme.zoom.us/j/1",
        "-- Prices and pilot --\nhttps://acme.zoom.us/j/1",
    ],
)
def test_a_topic_beside_a_link_is_no_join_text(text: str) -> None:
    """Only a short line right above the link that names its program is a heading of it."""
    assert len(items(text)) == 1


def test_an_unknown_language_gives_no_passcode_away() -> None:
    """What is labelled beneath a meeting's number is its code, in whatever language."""
    text = "Prices\n\nMøtenummer: 312 345 678 901\nKjennekode: aB3dE9"
    assert items(text) == ["Prices"]
    assert items("Order number: 12\nColour: red7") == ["Order number: 12", "Colour: red7"]


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERN] Diese E-Mail kommt von außerhalb der Organisation. Klicken Sie auf keine Links.",
        (
            "You don't often get email from dana@acme.example. Learn why this is important"
            "<https://aka.ms/LearnAboutSenderIdentification>"
        ),
    ],
)
def test_a_mail_systems_warning_is_cut(banner: str) -> None:
    """What a mail system puts above a letter from outside is not the writer's."""
    assert items(f"{banner}\n\nWe must talk about prices.") == ["We must talk about prices."]
    assert items("Sales outside the organization: what to click first?") != []


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("Robin,\n\nI would like to talk about prices.\n\nKR\nDana",
         "I would like to talk about prices."),
        ("Robin様\n\n価格についてです。\n\n敬具\nDana", "価格についてです。"),
        ("Hej Robin,\n\njag vill prata om priser.\n\nMed vänliga hälsningar\nDana",
         "jag vill prata om priser."),
        ("We need to settle prices.\n\nThanks & Regards,\nDana Smith\nVP Operations | Acme",
         "We need to settle prices."),
    ],
)  # fmt: skip
def test_greetings_and_closings_of_more_letters(letter: str, said: str) -> None:
    """A name alone greets, and two closings in one close."""
    assert items(letter) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "✅ Prices\n✅ Pilot",
        "- [ ] Prices\n- [x] Pilot",
        "I. Prices\nII. Pilot",
        "=> Prices\n=> Pilot",
        "１．Prices\n２．Pilot",  # noqa: RUF001
        "① Prices\n② Pilot",
        "o\tPrices\no\tPilot",
        "\uf0b7 Prices\n\uf0b7 Pilot",
        "\t•\tPrices\n\t•\tPilot",
        "Agenda: 1) Prices 2) Pilot",
        "&lt;ul&gt;&lt;li&gt;Prices&lt;/li&gt;&lt;li&gt;Pilot&lt;/li&gt;&lt;/ul&gt;",
    ],
)  # fmt: skip
def test_lists_of_more_shapes(text: str) -> None:
    """Ticks, boxes, Roman and round numbers, Word's own signs and tabs begin items."""
    from briefgen.meetings.markup import looks_like_html, plain_text

    assert items(plain_text(text) if looks_like_html(text) else text) == ["Prices", "Pilot"]


def test_a_paragraph_of_a_contract_is_no_bullet() -> None:
    """The sign § before a number is part of the item."""
    assert items("- § 5 Liability\n- § 7 Price") == ["§ 5 Liability", "§ 7 Price"]


@pytest.mark.parametrize(
    "text",
    [
        (
            "Gebucht von\nDana Smith\ndana@acme.example\n\nWorum geht es?\nPrices\n\n"
            "Termin absagen oder verschieben: https://calendar.app.google/S"
        ),
        "Scheduled with zcal\n\nWhat is this about?\nPrices\n\nhttps://zcal.co/i/S/reschedule",
        (
            "Meeting type: Intro\n\nPlease share anything that will help prepare for our meeting.\n"
            "Prices\n\nNeed to make changes? https://zcal.co/cancel/S"
        ),
        (
            "Ereignisname: Erstgespräch\n\nWorüber möchten Sie sprechen?:\nPrices\n\n"
            "Stornieren: https://calendly.com/cancellations/S"
        ),
        (
            "Nombre del evento: Llamada\nInvitado: Dana Smith\nNotas: Prices\n"
            "¿Necesitas hacer cambios a este evento?\nCancelar: https://calendly.com/cancel/S"
        ),
        (
            "Gebucht von: Dana Smith\nE-Mail: dana@acme.example\n\nKundennotizen: Prices\n\n"
            "Buchung verwalten: https://outlook.office365.com/owa/calendar/x/bookings/s/S"
        ),
        (
            "Gebucht über meetergo\n\nWas ist Ihr Anliegen?\nPrices\n\n"
            "Umbuchen: https://cal.meetergo.com/reschedule/S"
        ),
        (
            "Book time with Robin Keller: 30 minutes\n\nNotes from Dana Smith:\nPrices\n\n"
            "Reschedule or cancel: https://outlook.office.com/bookwithme/user/a"
        ),
        (
            "Name: Dana Smith\n\nAnything we should know?\n: Prices\n\n"
            "View on Acuity: https://acuityscheduling.com/appointments/view/1"
        ),
        (
            "Appointment with Dana Smith\nService: Advice\nCustomer Note: Prices\n"
            "Manage: https://squareup.com/appointments/buyer/S"
        ),
    ],
)
def test_only_the_guests_answer_of_a_booking(text: str) -> None:
    """Of more booking tools too the guest's answer is all that is kept."""
    assert items(text) == ["Prices"]


def test_bold_as_markdown_has_it() -> None:
    """The stars around words are no part of them."""
    assert items("**Agenda**\n* **Prices** and terms\n* 2**3\n* __Team__") == [
        "Prices and terms",
        "2**3",
        "Team",
    ]
