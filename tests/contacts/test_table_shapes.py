"""Tables in the shapes of further makers and languages: every column is known.

The tables have the columns of their makers and a person who does not exist.
"""

from pathlib import Path
from typing import Any

import pytest

from briefgen.contacts.exchange.importers import read_people
from briefgen.contacts.exchange.person import Incoming, Options, Place
from briefgen.contacts.exchange.values import turned_name

OUTLOOK = {
    "de": "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,"
    "Straße geschäftlich,Ort geschäftlich,Postleitzahl geschäftlich,Land/Region geschäftlich,"
    "Fax geschäftlich,Telefon geschäftlich,Mobiltelefon,Geburtstag,E-Mail-Adresse,Webseite,"
    "Notizen,Kategorien",
    "en": "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,"
    "Business Street,Business City,Business Postal Code,Business Country/Region,Business Fax,"
    "Business Phone,Mobile Phone,Birthday,E-mail Address,Web Page,Notes,Categories",
    "fr": "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre1,Rue (bureau),"
    "Ville (bureau),Code postal (bureau),Pays/Région (bureau),Télécopie (bureau),"
    "Téléphone (bureau),Tél. mobile,Anniversaire,Adresse de messagerie,Page Web,Notes,Catégories",
    "es": "Tratamiento,Nombre,Segundo nombre,Apellidos,Sufijo,Organización,Departamento,Puesto,"
    "Calle del trabajo,Ciudad de trabajo,Código postal del trabajo,País o región del trabajo,"
    "Fax del trabajo,Teléfono del trabajo,Móvil,Cumpleaños,Dirección de correo electrónico,"
    "Página Web,Notas,Categorías",
    "it": "Titolo,Nome,Secondo nome,Cognome,Titolo straniero,Società,Reparto,Posizione,"
    "Via (uff.),Città (uff.),CAP (uff.),Paese (uff.),Fax (uff.),Ufficio,Cellulare,Compleanno,"
    "Indirizzo posta elettronica,Pagina Web,Notes,Categorie",
    "nl": "Aanhef,Voornaam,Middelste naam,Achternaam,Achtervoegsel,Bedrijf,Afdeling,Functie,"
    "Werkadres straat,Werkadres plaats,Werkadres postcode,Werkadres land/regio,Fax op werk,"
    "Telefoon op werk,Mobiele telefoon,Verjaardag,E-mailadres,Webpagina,Notities,Categorieën",
    "pt": "Título,Nome,Segundo Nome,Sobrenome,Sufixo,Empresa,Departamento,Cargo,"
    "Rua do Endereço Comercial,Cidade do Endereço Comercial,CEP do Endereço Comercial,"
    "País/Região do Endereço Comercial,Fax Comercial,Telefone Comercial,Telefone Celular,"
    "Aniversário,Endereço de Email,Página da Web,Anotações,Categorias",
    "pl": "Tytuł,Imię,Drugie imię,Nazwisko,Sufiks,Firma,Dział,Stanowisko,Adres służbowy - ulica,"
    "Adres służbowy - miejscowość,Adres służbowy - kod pocztowy,Adres służbowy - kraj/region,"
    "Faks służbowy,Telefon służbowy,Telefon komórkowy,Urodziny,Adres e-mail,Strona sieci Web,"
    "Notatki,Kategorie",
    "ja": "敬称,名,ミドル ネーム,姓,サフィックス,会社名,部署,役職,番地 (会社),市区町村 (会社),"
    "郵便番号 (会社),国/地域 (会社),会社 FAX,会社電話,携帯電話,誕生日,電子メール アドレス,"
    "Web ページ,メモ,分類項目",
    "ar": "اللقب,الاسم الأول,الاسم الأوسط,الاسم الأخير,اللاحقة,الشركة,القسم,المسمى الوظيفي,"
    "شارع العمل,مدينة العمل,الرمز البريدي للعمل,بلد/منطقة العمل,فاكس العمل,هاتف العمل,"
    "الهاتف المحمول,عيد الميلاد,عنوان البريد الإلكتروني,صفحة ويب,ملاحظات,الفئات",
}
ROW = ("Dr,Ada,Q,Okafor,PhD,Acme,Sales,VP,12 Quay,York,YO1,UK,+44155512,+441555,+441556,1985-03-26,"
       "ada@acme.example,https://acme.example/a,plays chess,key")  # fmt: skip


@pytest.fixture
def read(tmp_path: Path) -> Any:  # noqa: ANN401  # a function
    """Read a table of one person; and where its columns go."""

    def run(table: str) -> tuple[Incoming, dict[str, str | None]]:
        path = tmp_path / "people.csv"
        path.write_text(table, encoding="utf-8")
        items = list(read_people([path], Options()))
        (person,) = (item for item in items if isinstance(item, Incoming))
        return person, {item.source: item.field for item in items if isinstance(item, Place)}

    return run


@pytest.mark.parametrize("language", OUTLOOK)
def test_outlook_in_every_language(read: Any, language: str) -> None:  # noqa: ANN401
    """Each of Outlook's columns goes to its field; none is left."""
    ada, places = read(f"{OUTLOOK[language]}\n{ROW}\n")
    assert (ada.name, ada.organization, ada.title) == ("Ada Q Okafor PhD", "Acme", "VP")
    assert ada.emails == ("ada@acme.example",)
    assert ada.telephones == ("+441555", "+441556")
    assert ada.address == "12 Quay, YO1 York, UK"
    assert str(ada.birthday) == "1985-03-26"
    assert (ada.notes, ada.tags) == ("plays chess", ("key",))
    assert [link for _, link in ada.links] == ["https://acme.example/a"]
    assert [text for _, text in ada.custom] == ["Dr", "Sales", "+44155512", "+441555", "+441556"]
    assert None not in places.values()


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("first_name,last_name,email_address", "Ada,Okafor,ada@acme.example",
         {"name": "Ada Okafor", "emails": ("ada@acme.example",)}),
        ("FirstName,LastName,Account.Name,MailingStreet,MailingCity,MailingPostalCode",
         "Ada,Okafor,Acme,12 Quay,York,YO1",
         {"organization": "Acme", "address": "12 Quay, YO1 York"}),
        ("Full name,Phones,Companies,Urls", 'Ada Okafor,"+4415, +4416",Acme,https://a.example',
         {"telephones": ("+4415", "+4416"), "organization": "Acme"}),
        ("Name,Address,City,Zip", "Ada Okafor,12 Quay,York,YO1", {"address": "12 Quay, YO1 York"}),
        ("Name,Last name", "Ada,Okafor", {"name": "Ada Okafor"}),
        ("Name,Last name", "Ada Okafor,Okafor", {"name": "Ada Okafor"}),
        ("Name,Company", '"Okafor, Ada",Acme (https://notes.example/Acme)',
         {"name": "Ada Okafor", "organization": "Acme",
          "links": (("Company", "https://notes.example/Acme"),)}),
        ("Name,Phone", "Ada Okafor,030 / 12345678", {"telephones": ("030 / 12345678",)}),
        ("Name,Phone", "Ada Okafor,+4415 / +4416", {"telephones": ("+4415", "+4416")}),
        ("Name,Phone", "Ada Okafor,4.93012E+11", {"telephones": ()}),
        ("Name,Asst Phone", "Ada Okafor,+4415", {"telephones": ()}),
        ("Name,Tags", 'Ada Okafor,"""key"",""2027"""', {"tags": ("key", "2027")}),
    ],
)  # fmt: skip
def test_columns_of_further_programs(read: Any, header: str, row: str, expected: Any) -> None:  # noqa: ANN401
    """Names with points and underscores, plurals, related pages, several numbers are understood."""
    ada, _ = read(f"{header}\n{row}\n")
    assert {name: getattr(ada, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("given", "birthday"),
    [
        ("26 March", "03-26"),
        ("March 26th", "03-26"),
        ("26. März 1985", "1985-03-26"),
        ("26 mars 1985", "1985-03-26"),
        ("26 de marzo de 1985", "1985-03-26"),
        ("26 mrt. 1985", "1985-03-26"),
        ("26 مارس 1985", "1985-03-26"),
        ("1985年3月26日", "1985-03-26"),
        ("26 Foo 1985", "None"),
    ],
)
def test_birthdays_in_words(read: Any, given: str, birthday: str) -> None:  # noqa: ANN401
    """Months are read by their names in every language of the page, with and without a year."""
    assert str(read(f"Name,Birthday\nAda Okafor,{given}\n")[0].birthday) == birthday


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Okafor, Ada", "Ada Okafor"),
        ("de la Cruz, Ana María", "Ana María de la Cruz"),
        ("Okafor, Jr.", "Okafor, Jr."),
        ("Acme, Inc.", "Acme, Inc."),
        ("Smith, Jones & Co", "Smith, Jones & Co"),
        ("Okafor, Ada, PhD", "Okafor, Ada, PhD"),
        ("Ada Okafor", "Ada Okafor"),
        ("Prof. Okafor, Ada", "Prof. Ada Okafor"),
        ("Okafor, Dr. Ada", "Dr. Ada Okafor"),
        ("Okafor Jr., Ada", "Ada Okafor Jr."),
        ("R&D, Berlin", "R&D, Berlin"),
    ],
)
def test_names_turned_round(name: str, shown: str) -> None:
    """`Last, First` is reversed; what only looks like it stays."""
    assert turned_name(name) == shown


def test_an_address_label_alone(tmp_path: Path) -> None:
    """LABEL of vCard 2.1 and 3.0 is the address where no ADR is; an AGENT by address is kept."""
    path = tmp_path / "x.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Okafor\nLABEL:12 Quay\\nYork\n"
        "AGENT;VALUE=uri:https://acme.example/ana\nEND:VCARD\n"
    )
    (ada,) = (one for one in read_people([path], Options()) if isinstance(one, Incoming))
    assert ada.address == "12 Quay, York"
    assert ada.custom == (("Assistant", "https://acme.example/ana"),)


def test_fields_in_the_text_of_a_note(tmp_path: Path) -> None:
    """Fields as Dataview writes them are read like the front matter, which wins over them."""
    path = tmp_path / "Ada Okafor.md"
    path.write_text(
        "---\ntags: [person]\ncompany: Acme\n---\n- **Email**:: ada@acme.example\n"
        "Company:: Other\nPlays chess: often.\n"
    )
    (ada,) = (one for one in read_people([path], Options()) if isinstance(one, Incoming))
    assert (ada.emails, ada.organization) == (("ada@acme.example",), "Acme")
    assert ada.notes == "Company:: Other\nPlays chess: often."
