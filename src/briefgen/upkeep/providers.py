"""Where each provider shows a calendar's private address, and how its mail server is reached.

Read from the providers' own help pages, not tried; a step that has moved is a pull request.
"""

from typing import Final

from briefgen.upkeep.setup import MailAnswer
from briefgen.workspace.domains import domain_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value


class Provider(Value, frozen=True, kw_only=True):
    """Where a provider shows a calendar's address, and its mail server where it has one."""

    name: str
    calendar: Phrase
    mail_domains: frozenset[str] = frozenset()
    mail: MailAnswer | None = None
    mail_password: Phrase = Phrase("your mail password")


PROVIDERS: Final = (
    Provider(
        name="Google",
        calendar=Phrase(
            "calendar.google.com in a browser: Settings, then your calendar on the left, then "
            'Integrate calendar, then "Secret address in iCal format"'
        ),
        mail_domains=frozenset({"gmail.com", "googlemail.com"}),
        mail=MailAnswer(host="smtp.gmail.com"),
        mail_password=Phrase("an app password (Google Account, Security, App passwords)"),
    ),
    Provider(
        name="Microsoft 365, Outlook",
        calendar=Phrase(
            "Outlook in a browser: Settings, Calendar, Shared calendars, Publish a calendar, "
            '"Can view all details", then copy the ICS link. Such a feed does not say who is '
            "invited: write a contact's full name into the titles of your meetings, or read the "
            "account itself (briefgen docs calendar)"
        ),
        mail_domains=frozenset({"outlook.com", "hotmail.com", "live.com", "msn.com"}),
        mail=MailAnswer(host="smtp.office365.com"),
        mail_password=Phrase("an app password, where your organization allows them"),
    ),
    Provider(
        name="iCloud",
        calendar=Phrase(
            "https://caldav.icloud.com with your Apple Account and an app-specific password"
        ),
        mail_domains=frozenset({"icloud.com", "me.com", "mac.com"}),
        mail=MailAnswer(host="smtp.mail.me.com"),
        mail_password=Phrase("an app-specific password (account.apple.com, Sign-In and Security)"),
    ),
    Provider(
        name="Fastmail",
        calendar=Phrase(
            "https://caldav.fastmail.com with your address and an app password (Settings, "
            "Privacy and Security, Integrations)"
        ),
        mail_domains=frozenset({"fastmail.com", "fastmail.fm"}),
        mail=MailAnswer(host="smtp.fastmail.com", port=465, security="tls"),
        mail_password=Phrase("an app password (Settings, Privacy and Security, Integrations)"),
    ),
    Provider(
        name="Nextcloud",
        calendar=Phrase(
            "your server's address, like cloud.firm.example, with your user name and an app "
            "password (Settings, Security)"
        ),
    ),
    Provider(
        name="Proton",
        calendar=Phrase(
            "Settings, All settings, Calendars, your calendar, Share with anyone, Create link, "
            '"Full view"'
        ),
        mail_domains=frozenset({"proton.me", "protonmail.com", "pm.me"}),
    ),
)
"""Every provider that is known, in the order in which they are shown."""


def provider_of(address: str) -> Provider | None:
    """The provider of a mail address, by its domain; None where it is not known."""
    domain = domain_of(address)
    return next((one for one in PROVIDERS if domain in one.mail_domains), None)
