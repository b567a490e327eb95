"""Pages of every language to be read line by line: `make languages`.

For each language a rich page, a strained one, one of grief, a day sheet and a mail, as PNG in
dist/languages/, made of the sample workspace. What its author wrote in it stays English.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from gallery import FIRST_DAY, ROOT, brief_of, sample
from weasyprint import HTML

from briefgen.brief.day import compose_day
from briefgen.day.make import look_of
from briefgen.day.pack import attention_for
from briefgen.day.prepare import Day
from briefgen.delivery.mail_text import MailReason, day_letter
from briefgen.page.make import make_page
from briefgen.page.packet import PacketContents, make_packet
from briefgen.workspace.language import LANGUAGES, REGIONAL_CATALOGUES

SCALE = 1.5
LOCALES = (*LANGUAGES, *REGIONAL_CATALOGUES)


def main() -> None:
    """Draw the pages of the languages that are asked for, or of all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("languages", nargs="*", default=LOCALES)
    given = options.parse_args()
    folder = ROOT / "dist" / "languages"
    folder.mkdir(parents=True, exist_ok=True)
    for locale in given.languages:
        with TemporaryDirectory() as memory:
            for name, pdf in pages(sample(locale), Path(memory)):
                path = folder / f"{locale}-{name}.png"
                drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=SCALE)
                drawn.to_pil().save(path)
                print(path.relative_to(ROOT))


def pages(day: Day, memory: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the PDF of each page of a language."""
    look = look_of(day).replace(cache=memory / "photos")
    rich, strained = brief_of(day, "Coffee with Miriam"), brief_of(day, "Q4 service review")
    grief = brief_of(day, "Joan")
    for name, brief in (("rich", rich), ("strained", strained), ("grief", grief)):
        yield name, make_page(brief, look).pdf
    briefs = tuple(day.brief(one, "full") for one in day.chosen if one.meeting.day == FIRST_DAY)
    sheet = compose_day(
        FIRST_DAY,
        briefs,
        book=day.book,
        language=day.language,
        edition="full",
        attention=attention_for(day, FIRST_DAY),
    )
    yield "day-sheet", make_packet(PacketContents(sheet=sheet, briefs=briefs[:1]), look).pdf
    letter = day_letter(sheet, occasion=MailReason(kind="first"), attachments=(), look=look)
    yield "mail", HTML(string=letter.html).write_pdf()


if __name__ == "__main__":
    main()
