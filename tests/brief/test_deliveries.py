"""Which notes read as if a promise has been kept since, wholly or in part."""

from datetime import date

import pytest

from briefgen.brief.deliveries import handed_over
from briefgen.brief.words import sentences_of

MADE, NOTED = date(2026, 10, 1), date(2026, 11, 12)


@pytest.mark.parametrize(
    ("language", "promised", "note"),
    [
        (
            "en",
            "send the pension valuations for all three pots",
            "Sent him the valuations of two pots. The third is still to come.",
        ),
        ("en", "send the stock figures", "Stock figures came, a day early and complete."),
        ("en", "names of two agencies for the night shift", "Sent her the two agencies, at noon."),
        ("en", "sign the NDA", "Signed NDA came back."),
        (
            "de",
            "Steuervorausschau 2026 und 2027 schicken",
            "Vorausschau 2026 geschickt; 2027 folgt, sobald die Belege da sind.",
        ),
        ("de", "Belege Oktober nachreichen", "Belege sind alle da."),
        ("de", "das Testament in Kopie schicken", "Testament kam als Scan."),
        (
            "fr",
            "envoyer le questionnaire et le guide des entretiens",
            "Questionnaire envoyé ; le guide suivra.",
        ),
        (
            "es",
            "mandar el programa y el presupuesto de la formación",
            "Programa enviado; falta el presupuesto.",
        ),
        ("es", "pasar la lista de asistentes", "Ha llegado la lista de asistentes."),
        ("it", "mandare l'elenco dei macchinari", "Elenco dei macchinari arrivato."),
        ("nl", "jaarcijfers en prognose sturen", "Jaarcijfers gestuurd, prognose volgt."),
        ("nl", "huurcontract Haarlem sturen", "Huurcontract is binnen."),
        (
            "pt",
            "enviar a minuta do contrato e a tabela de preços",
            "Minuta enviada; a tabela fica para a semana.",
        ),
        ("pt", "confirmar o volume para 2027", "Confirmou o volume: 40 mil garrafas."),
        ("ja", "決算日程表と試算表のひな形を送る", "決算日程表を送付。試算表のひな形は後日。"),
        ("ja", "売掛金の一覧を送る", "売掛金の一覧を受け取った。"),
        ("ar", "إرسال مسودة العقد وجدول الأسعار", "أرسلت مسودة العقد، وجدول الأسعار لاحقًا."),
        ("ar", "إرسال كشف الحسابات", "وصل كشف الحسابات."),
    ],
)
def test_a_promise_may_be_kept_by_what_a_note_tells(
    language: str, promised: str, note: str
) -> None:
    """A part of it is enough to ask."""
    told = [(NOTED, sentence) for sentence in sentences_of(note)]
    assert handed_over(promised, MADE, told, (language, "en")) == NOTED


@pytest.mark.parametrize(
    ("language", "promised", "note"),
    [
        ("en", "send the stock figures", "Will send stock figures by the 13th."),
        ("en", "send the list of vacancies", "Sent her the two agencies."),
        ("en", "send the fee proposal", "Sent regards from the team."),
        ("en", "corrected parts list", "Noor sent the price list."),
        ("fr", "envoyer l'organigramme", "Questionnaire envoyé ; le guide suivra."),
        ("de", "Angebot für Halle drei schicken", "Sie kam mit dem Rad."),
        ("ja", "売掛金の一覧を送る", "決算日程表を送付。"),
        ("ar", "إرسال كشف الحسابات", "أرسلت مسودة العقد، وجدول الأسعار لاحقًا."),
    ],
)
def test_something_else_that_was_handed_over_keeps_no_promise(
    language: str, promised: str, note: str
) -> None:
    """The same verb of sending is not enough, nor is an intention."""
    told = [(NOTED, sentence) for sentence in sentences_of(note)]
    assert handed_over(promised, MADE, told, (language, "en")) is None
