"""What `briefgen init` asks: each question, its hint, and what `?` says about it."""

from typing import Final

from babel import Locale

from briefgen.reflection.asked import Asked
from briefgen.workspace.language import LANGUAGES
from briefgen.workspace.phrase import Phrase

NAME: Final = Asked(
    title=Phrase("Your name"),
    about=Phrase("Your name as it stands on the sheet and in mails. It is kept in briefgen.yaml."),
)
EMAILS: Final = Asked(
    title=Phrase("Your mail addresses"),
    hint=Phrase("as invitations name you; several with commas"),
    about=Phrase(
        "The addresses under which people invite you. They tell which attendee is you, so that "
        "you are left off the sheet."
    ),
)
DOMAINS: Final = Asked(
    title=Phrase("Your organization's mail domains"),
    hint=Phrase("a meeting with nobody from outside gets no brief; - for none"),
    about=Phrase(
        "What stands after the @ in your colleagues' addresses. A meeting with colleagues alone "
        "gets no brief."
    ),
)
ZONE: Final = Asked(
    title=Phrase("Your time zone"),
    about=Phrase("Times on the sheet are in this zone. Name a city: Berlin, New York."),
)
LOCALE: Final = Asked(
    title=Phrase("Language and dates"),
    hint=", ".join(Locale.parse(code).get_language_name(code) or code for code in LANGUAGES),
    about=Phrase(
        "The language of the sheet, of mails and of this terminal, like German or de. With a "
        "country, like de_CH or en_US, dates are written as they are there."
    ),
)
CALENDAR: Final = Asked(
    title=Phrase("Your calendar"),
    hint=Phrase("its address, or a file; ? shows where to find it"),
)
OTHER_CALENDAR: Final = Asked(
    title=Phrase("Your calendar"),
    hint=Phrase("another address, ? for help, Enter to go on without"),
)
KEEP_CALENDAR: Final = Asked(
    title=Phrase("Keep it all the same?"),
    about=Phrase(
        "Yes keeps it in the settings as it is, for a server that is only away. No lets you type "
        "another address."
    ),
)
CALENDARS: Final = Asked(
    title=Phrase("Which of your calendars?"),
    hint=Phrase("numbers or names, with commas; Enter for all"),
    about=Phrase(
        "Meetings of these calendars get briefs. Leave out those with birthdays, holidays and "
        "other people's appointments."
    ),
)
USER: Final = Asked(
    title=Phrase("User name"),
    about=Phrase("The name you sign in with at this server; mostly your mail address."),
)
PASSWORD: Final = Asked(
    title=Phrase("Password"),
    hint=Phrase("an app password, where your provider has them; Enter to go back"),
    about=Phrase(
        "It is not shown as you type. It is kept in this machine's keyring, or in a file that "
        "only you can read. Many providers want an app password here, made in your account's "
        "security settings, and not the one you sign in with."
    ),
)
CONTACTS: Final = Asked(
    title=Phrase("Your contacts"),
    hint=Phrase("a .vcf or .csv file of your address book; Enter to skip"),
    about=Phrase(
        "Your address book as a file: Google Contacts and Outlook export .csv, Apple and "
        "telephones .vcf. Each person becomes a file of your own; more: briefgen docs contacts"
    ),
)
MAIL: Final = Asked(
    title=Phrase("Mail you the briefs every night?"),
    about=Phrase(
        "Each night one mail with tomorrow's briefs as PDF, to your own address and to nobody else."
    ),
)
MAIL_SERVER: Final = Asked(
    title=Phrase("Your mail server"),
    about=Phrase(
        "The server your mail program sends through. Your provider's help calls it SMTP or "
        "outgoing mail; often it is smtp. and your provider's name."
    ),
)
CORRECT_MAIL: Final = Asked(
    title=Phrase("Correct it?"),
    about=Phrase("Yes asks for the server, user name and password again."),
)
TEST_MAIL: Final = Asked(
    title=Phrase("Send yourself a mail to see that it arrives?"),
    about=Phrase("One short mail from you to you, now."),
)
NIGHT: Final = Asked(
    title=Phrase("Make tomorrow's briefs every night?"),
    about=Phrase(
        "A timer of this machine starts briefgen each night; briefgen schedule remove takes it "
        "away."
    ),
)
