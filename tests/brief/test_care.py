"""What is not brought to someone, and what to mind in the room, as the file says it."""

import pytest

from .conftest import Desk, by_rule, contact_file, every_line, organization_file

DANA = """
    name: Dana Smith
    emails: [dana@acme.example]
    organization: Acme Logistics
    language: {language}
    interests: [{thing}]
    to_share: [{{text: "{thing}"}}]
    notes: "{note}"
    """


def said_of(note: str, thing: str, language: str = "en") -> str:
    """Everything the sheet says, of someone of whom a note is on file."""
    file = DANA.format(note=note, thing=thing, language=language)
    return "\n".join(line.text for line in every_line(Desk().with_contacts(file).compose()))


UNFIT = [
    ("en", "Goes to AA on Tuesdays.", "a bottle of porter"),
    ("en", "Doesn't drink any more, doctor's orders.", "tickets for the brewery tour"),
    ("de", "Trinkt nicht mehr.", "Flasche Rotwein"),
    ("fr", "Depuis son AVC, elle ne boit plus.", "une bouteille de vin"),
    ("es", "Dejó de beber en mayo.", "botella de vino"),
    ("it", "Astemia da sempre.", "bottiglia di vino"),
    ("nl", "Drinkt geen druppel, geheelonthouder.", "fles jenever"),
    ("pt", "Não bebe.", "garrafa de vinho"),
    ("ja", "お酒を飲まない", "日本酒一本"),
    ("ar", "لا يشرب", "زجاجة نبيذ"),
]


@pytest.mark.parametrize(("language", "note", "thing"), UNFIT)
def test_no_wine_for_somebody_who_does_not_drink(language: str, note: str, thing: str) -> None:
    """Neither as something to bring nor among what they care about."""
    assert thing not in said_of(note, thing, language)
    assert thing in said_of("Likes walks.", thing, language)


@pytest.mark.parametrize(
    ("note", "thing"),
    [
        ("Keeps kosher.", "a honey ham"),
        ("Her daughter's bat mitzvah was in May.", "box of BBQ"),
        ("Vegan since 2020.", "raw-milk cheese"),
        ("Coeliac.", "jar of sourdough starter"),
        ("Allergic to nuts.", "box of marzipan"),
        ("No shellfish (epi pen).", "lobster hamper"),
        ("Diabetic.", "box of chocolates"),
        ("Vegetarian.", "smoked salmon"),
    ],
)
def test_nothing_to_eat_that_they_do_not_eat(note: str, thing: str) -> None:
    """By diet, faith or health, as noted."""
    file = DANA.format(note=note, thing=thing, language="en").replace(f"[{thing}]", "[]")
    assert by_rule(Desk().with_contacts(file).compose(), "to-share") == []
    other = file.replace(thing, "a book of maps")
    assert by_rule(Desk().with_contacts(other).compose(), "to-share") != []


def test_after_the_loss_of_a_child_nothing_on_babies_is_brought() -> None:
    """For some years."""
    file = """
        name: Dana Smith
        emails: [dana@acme.example]
        life_events: [{date: 2026-05-02, note: miscarriage}]
        to_share: [article on swimming and the menopause, article on swimming in winter]
        """
    said = " ".join(by_rule(Desk().with_contacts(file).compose(), "to-share"))
    assert "menopause" not in said
    assert "winter" in said


NO_GIFTS = [
    ("en", "Handed it straight back: county ethics, nothing over 0 dollars."),
    ("en", "The contract is out to bid."),
    ("de", "Nimmt keine Geschenke an."),
    ("fr", "Ne peut rien accepter, pas de cadeau."),
    ("es", "Me lo devolvió: política de la casa, ni un boli."),
    ("it", "Niente regali, per favore."),
    ("nl", "Mag niets aannemen als ambtenaar."),
    ("pt", "Sem presentes, regra da casa."),
    ("ja", "贈り物は受け取れない"),
    ("ar", "لا يقبل الهدايا"),
]


@pytest.mark.parametrize(("language", "note"), NO_GIFTS)
def test_who_may_take_no_present_is_brought_none(language: str, note: str) -> None:
    """The sheet says so; what is read is no present."""
    file = DANA.format(note=note, thing="tickets for the opera", language=language)
    brief = Desk().with_contacts(file).compose()
    assert by_rule(brief, "to-share") == []
    assert "No gifts" in by_rule(brief, "care")
    article = file.replace('"tickets for the opera"', '"article on tickets"')
    assert len(by_rule(Desk().with_contacts(article).compose(), "to-share")) == 1


def test_a_public_office_takes_no_present() -> None:
    """Nor does anyone of a firm of which a colleague, or the firm's own file, says so."""
    file = DANA.format(note="Likes walks.", thing="tickets for the opera", language="en")
    county = file.replace("Acme Logistics", "Millbrook County")
    assert by_rule(Desk().with_contacts(county).compose(), "to-share") == []
    desk = Desk().with_contacts(file)
    desk.organizations = (
        organization_file("name: Acme Logistics\nnotes: Their gift policy is zero."),
    )
    assert by_rule(desk.compose(), "to-share") == []
    colleague = """
        name: Ben Olsen
        emails: [ben@acme.example]
        organization: Acme Logistics
        notes: They may not accept anything.
        """
    both = Desk().with_contacts(file, colleague)
    assert by_rule(both.compose(), "to-share") == []


def test_a_promised_bottle_is_not_brought_either() -> None:
    """To someone who has stopped drinking; other promises stay."""
    file = """
        name: Dana Smith
        emails: [dana@acme.example]
        notes: Sober since May.
        promises:
          - {by: me, text: bring the Rioja, made: 2026-11-01, due: 2026-11-20}
          - {by: me, text: bring the fee breakdown, made: 2026-11-01, due: 2026-11-20}
        """
    said = " ".join(by_rule(Desk().with_contacts(file).compose(), "promise"))
    assert "Rioja" not in said
    assert "fee breakdown" in said


def test_a_promised_present_is_not_brought_where_none_is_taken() -> None:
    """What is promised for the work is."""
    file = """
        name: Dana Smith
        emails: [dana@acme.example]
        notes: "They take no gifts: ethics rule."
        promises:
          - {by: me, text: bring the tickets for the opera, made: 2026-11-01, due: 2026-11-20}
          - {by: me, text: bring the pressure log, made: 2026-11-01, due: 2026-11-20}
        """
    said = " ".join(by_rule(Desk().with_contacts(file).compose(), "promise"))
    assert "opera" not in said
    assert "pressure log" in said


BODY = [
    ("en", "Wears hearing aids now, hates speakerphone, sit on her right.", "sit on her right"),
    ("en", "Plant walk. Needs me to face him, reads lips some.", "Needs me to face him"),
    ("de", "Hört links nichts, rechts hinsetzen.", "Hört links nichts, rechts hinsetzen"),
    ("fr", "Sans gluten pour les biscuits, elle en rit.", "Sans gluten pour les biscuits"),
    ("es", "Piloto bien. Es celíaca.", "Es celíaca"),
    ("it", "Vegetariana.", "Vegetariana"),
    ("nl", "Stottert als hij moe is, laten uitpraten.", "laten uitpraten"),
    ("pt", "Alérgica a marisco.", "Alérgica a marisco"),
    ("ja", "耳が遠い", "耳が遠い"),
    ("ar", "نباتي", "نباتي"),
]


@pytest.mark.parametrize(("language", "note", "told"), BODY)
def test_what_to_mind_in_the_room_stands_beneath_the_name(
    language: str, note: str, told: str
) -> None:
    """In the words of the note, without what is shown besides."""
    file = DANA.format(note=note, thing="walks", language=language)
    said = by_rule(Desk().with_contacts(file).compose(), "care")
    assert any(told in one for one in said), said


@pytest.mark.parametrize(
    "note",
    [
        "Deaf as a post, won't admit it.",
        "Large print since the chemo.",
        "Between us: she is going blind and needs large print.",
    ],
)
def test_what_would_hurt_to_read_is_not_told(note: str) -> None:
    """The client can read upside down."""
    file = DANA.format(note=note, thing="walks", language="en")
    assert by_rule(Desk().with_contacts(file).compose(), "care") == []


def test_what_names_another_who_is_there_is_left_out_of_it() -> None:
    """The clause before it stays."""
    ruth = """
        name: Ruth Hale
        emails: [ruth@acme.example]
        interactions: [{date: 2026-11-17, summary: "No shellfish, and a quiet place since Jerome's
          hearing."}]
        """
    jerome = "name: Jerome Cole\nemails: [jerome@acme.example]\n"
    assert contact_file(ruth)
    said = by_rule(Desk().with_contacts(ruth, jerome).compose(), "care")
    assert said == ["No shellfish"]
