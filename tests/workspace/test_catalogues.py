import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from briefgen.workspace.language import LANGUAGES, REGIONAL_CATALOGUES, language_of

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = [name for name in (*LANGUAGES, *REGIONAL_CATALOGUES) if name != "en"]


@pytest.fixture(scope="module")
def catalogues() -> Iterator[ModuleType]:
    """tools/catalogues.py, by which the catalogues are made."""
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogues"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["catalogues"]


@pytest.fixture(scope="module")
def messages(catalogues: ModuleType) -> Catalog:
    """What is in the code and the templates now."""
    found = catalogues.extracted()
    assert isinstance(found, Catalog)
    return found


def forms(string: object) -> tuple[str, ...]:
    """Every form of a message or its translation."""
    return (string,) if isinstance(string, str) else tuple(string)  # type: ignore[arg-type]


def test_messages_are_found_in_code_and_templates(messages: Catalog) -> None:
    """The two questions are among them, so that the tests below prove something."""
    places = {place for message in messages for place, _ in message.locations}
    assert any(place.endswith(".py") for place in places)
    assert messages.get("What do they need from me?") is not None


def test_no_text_is_asked_for_that_is_in_no_catalogue(
    catalogues: ModuleType, messages: Catalog
) -> None:
    """Whatever it is called on: `person.text("…")` is a message as `language.text("…")` is one."""
    asked = {
        call.args[0].value
        for path in (catalogues.ROOT / "src" / "briefgen").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and catalogues.name_of(call.func) in catalogues.TRANSLATORS
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    properties = {one for one in asked if one.isupper()}  # `event.text("SUMMARY")`
    assert {one for one in asked - properties if one not in messages} == set()


def test_every_message_is_a_literal_text(catalogues: ModuleType) -> None:
    """A message put together at run time could be in no catalogue."""
    code = [path for path in catalogues.sources() if path.suffix == ".py"]
    assert [fault for path in code for fault in catalogues.not_literal(path)] == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_message_is_translated(catalogues: ModuleType, messages: Catalog, name: str) -> None:
    """In each language, in every plural form; `make catalogues` adds what is new."""
    current = catalogues.updated(name, messages)
    assert [message.id for message in catalogues.missing(current)] == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_translations_have_the_values_of_their_message(catalogues: ModuleType, name: str) -> None:
    """No form names a value its message does not have; only a plural may leave out its count."""
    for message in catalogues.read(name):
        if not message.id:
            continue
        expected = set(catalogues.PLACEHOLDER.findall(forms(message.id)[-1]))
        for form in forms(message.string):
            found = set(catalogues.PLACEHOLDER.findall(form))
            may_lack = {"count", "number"} if message.pluralizable else set()
            assert expected - may_lack <= found <= expected, (message.id, form)


def test_the_catalogues_are_up_to_date(catalogues: ModuleType, messages: Catalog) -> None:
    """The files hold what is in the code now, and nothing that is gone."""
    for name in (*LANGUAGES, *REGIONAL_CATALOGUES):
        current = catalogues.as_bytes(catalogues.updated(name, messages))
        assert (catalogues.FOLDER / f"{name}.po").read_bytes() == current, "run `make catalogues`"


def test_the_two_questions_are_word_for_word() -> None:
    """In English as the practice has them; in every other language in its own words."""
    first, second = (
        "What do they need from me?",
        "How can I help based on their emotional signals?",
    )
    assert language_of("en_GB").text(first) == first
    assert language_of("en_US").text(second) == second
    for name in TRANSLATED:
        assert len({language_of(name).text(first), language_of(name).text(second), first}) == 3


@pytest.mark.parametrize("name", LANGUAGES)
def test_plurals_follow_the_language(name: str) -> None:
    """Every count up to a hundred has a form, and no form is left in braces."""
    language = language_of(name)
    for count in range(101):
        said = language.plural("{count} day", "{count} days", count)
        assert said
        assert "{" not in said


COUNTS = (0, 1, 2, 3, 5, 10, 11, 21, 99, 100, 101, 102, 103, 111)
"""Numbers that tell the plural forms of all languages apart."""
ARABIC = {3: "أيام", 10: "أيام", 11: "يومًا", 21: "يومًا", 99: "يومًا", 100: "يوم", 103: "أيام"}


@pytest.mark.parametrize("name", TRANSLATED)
def test_plural_forms_are_those_of_cldr(name: str) -> None:
    """Counts that CLDR puts into one category get one form, and those of two get two forms.

    A catalogue may have fewer forms than CLDR has categories (German has no `many`), never a
    category whose counts are spread over two forms.
    """
    language = language_of("pt_PT" if name == "pt" else name)  # CLDR takes pt for Brazil's
    forms_of: dict[str, set[str]] = {}
    for count in COUNTS:
        said = language.plural("{count} day", "{count} days", count)
        form = said.replace(str(count), "{count}", 1)
        forms_of.setdefault(language.locale.plural_form(count), set()).add(form)
    assert all(len(found) == 1 for found in forms_of.values()), forms_of


def test_arabic_counts_are_said_rightly() -> None:
    """From 11 to 99 the counted noun is in the accusative singular, from 100 on in the genitive."""
    language = language_of("ar")
    for count, noun in ARABIC.items():
        assert language.plural("{count} day", "{count} days", count).split()[-1] == noun, count


@pytest.mark.parametrize(("locale", "never"), [("de_CH", "ß„“"), ("de_LI", "ß„“"), ("es_MX", "«»")])
def test_a_region_writes_its_own_signs(locale: str, never: str) -> None:
    """Switzerland has no ß and its own quotation marks; Mexico has not Spain's."""
    language = language_of(locale)
    texts = language.catalogue._catalog.values()
    assert not [text for text in texts if set(never) & set(str(text))]
    assert language.text("Next time")


def test_canada_sets_no_blank_before_a_question_mark() -> None:
    """Before `?`, `!` and `;` France sets a blank and Canada none; before a colon both do."""
    texts = "\n".join(map(str, language_of("fr_CA").catalogue._catalog.values()))
    assert not re.search(r"\u00a0[?!;]", texts)
    assert "\u00a0:" in texts
    assert "«\u00a0" in texts
    assert "\u00a0?" in "\n".join(map(str, language_of("fr_CH").catalogue._catalog.values()))


@pytest.mark.parametrize(
    ("locale", "city"), [("pt", "Nova Iorque"), ("pt_PT", "Nova Iorque"), ("pt_BR", "Nova York")]
)
def test_cities_are_named_as_the_catalogue_would(locale: str, city: str) -> None:
    """`pt` has the words of Portugal, and so the names of its cities."""
    assert language_of(locale).city("America/New_York") == city


def test_people_in_a_list_keep_their_honorific() -> None:
    """In Japanese everyone in a list is -san; other languages list the names alone."""
    assert language_of("ja").people(["佐藤 花子", "鈴木 一郎"]) == "佐藤 花子さん、鈴木 一郎さん"
    assert language_of("en").people(["Dana", "Lee"]) == "Dana and Lee"


def test_a_name_with_an_honorific_of_its_own_gets_no_other() -> None:
    """Who is called 山田先生 or 田中部長 is not -san as well; an address is nobody's name."""
    language = language_of("ja")
    assert (
        language.people(["山田先生", "田中さん", "a@x.example"])
        == "山田先生、田中さん、a@x.example"
    )
    assert language.text("{name} to you", name="田中部長") == "田中部長から自分へ"
    assert language.text("{name} to you", name="佐藤") == "佐藤さんから自分へ"


def test_brazil_has_words_of_its_own() -> None:
    """`pt_BR` reads its own catalogue, `pt_PT` and `pt` the other."""
    assert language_of("pt_BR").catalogue is not language_of("pt").catalogue
    assert language_of("pt_PT").catalogue.gettext("Next time") == language_of("pt").text(
        "Next time"
    )
