"""What an invitation says once the makers' blocks are cut away."""

import html as html_module
import time

import pytest

from briefgen.meetings.invitation import without_join_text
from briefgen.meetings.markup import (
    is_meeting_link,
    join_link,
    links_in,
    looks_like_html,
    plain_text,
    unwrapped,
)

AGENDA = "Agenda\n1. Prices\n2. Carrier interface"
UNDERSCORES = "_" * 80
MEET_EDGE = "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-"

MEET_2024 = f"""{AGENDA}

{MEET_EDGE}
Join with Google Meet: https://meet.google.com/abc-defg-hij
Or dial: (DE) +49 30 5550100 PIN: 123456789#
More phone numbers: https://tel.meet/abc-defg-hij?pin=1234567890123&hs=7

Learn more about Meet at: https://support.google.com/a/users/answer/9282720

Please do not edit this section.
{MEET_EDGE}"""

MEET_2019 = f"""{AGENDA}
{MEET_EDGE}
Please do not edit this section of the description.

View your event at https://calendar.google.com/calendar/event?action=VIEW&eid=abc&tok=SECRETTOKEN&ctz=Europe%2FBerlin&hl=en&es=1.
{MEET_EDGE}
"""

TEAMS_2022 = f"""{AGENDA}
{UNDERSCORES}
Microsoft Teams meeting
Join on your computer, mobile app or room device
Click here to join the meeting<https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d>
Meeting ID: 123 456 789 012
Passcode: aBcDeF
Download Teams<https://www.microsoft.com/en-us/microsoft-teams/download-app> | Join on the web<https://www.microsoft.com/microsoft-teams/join-a-meeting>
Or call in (audio only)
+49 69 5550100,,123456789#<tel:+49695550100,,123456789#>   Germany, Frankfurt
Phone Conference ID: 123 456 789#
Find a local number<https://dialin.teams.microsoft.com/x> | Reset PIN<https://dialin.teams.microsoft.com/usp/pstnconferencing>
Learn More<https://aka.ms/JoinTeamsMeeting> | Meeting options<https://teams.microsoft.com/meetingOptions/?organizerId=x>
{UNDERSCORES}
"""

TEAMS_2024_GERMAN = f"""{AGENDA}

{UNDERSCORES}
Microsoft Teams Benötigen Sie Hilfe?<https://aka.ms/JoinTeamsMeeting?omkt=de-DE>
Jetzt an der Besprechung teilnehmen<https://teams.microsoft.com/l/meetup-join/19%3ameeting>
Besprechungs-ID: 321 654 987 00
Passcode: Xy12
{"_" * 32}
Für Organisatoren: Besprechungsoptionen<https://teams.microsoft.com/meetingOptions/?x>
{UNDERSCORES}"""

TEAMS_2025 = f"""{AGENDA}

{UNDERSCORES}
Microsoft Teams meeting
Join: https://teams.microsoft.com/meet/2345678901234?p=AbCdEf
Meeting ID: 234 567 890 123 4
Passcode: aB3cD4
{"_" * 32}
Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US> | System reference<https://teams.microsoft.com/l/meetup-join/x>
For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?x>
{UNDERSCORES}

See you there"""

TEAMS_SAFELINKS = f"""{AGENDA}
{UNDERSCORES}
Microsoft Teams
Join the meeting now<https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2Fx&data=05>
{UNDERSCORES}"""

ZOOM = f"""{AGENDA}

──────────
Robin Keller is inviting you to a scheduled Zoom meeting.

Topic: Prices
Time: Nov 23, 2026 10:00 AM Amsterdam, Berlin, Rome, Stockholm, Vienna

Join Zoom Meeting
https://acme.zoom.us/j/91234567890?pwd=abc

Meeting ID: 912 3456 7890
Passcode: 123456

---

One tap mobile
+493055501000,,91234567890#,,,,*123456# Germany
+496955501001,,91234567890#,,,,*123456# Germany

---

Dial by your location
• +49 30 5550 1000 Germany
• +49 69 5550 1001 Germany

Meeting ID: 912 3456 7890
Passcode: 123456

Find your local number: https://acme.zoom.us/u/abc

---

Join by SIP
• 91234567890@zoomcrc.com

Join by H.323
• 144.195.19.161 (US West)
• 206.247.11.121 (US East)

Meeting ID: 912 3456 7890
Passcode: 123456
"""

ZOOM_SHORT = f"""Join Zoom Meeting
https://us02web.zoom.us/j/123?pwd=x

Meeting ID: 123
Passcode: 1

{AGENDA}"""

WEBEX = f"""{AGENDA}

-- Do not delete or change any of the following text. --

When it's time, join your Webex meeting here.
https://acme.webex.com/acme/j.php?MTID=m1
Meeting number: 2345 678 9012
"""

LEGAL = f"""{AGENDA}

This email and any attachments are confidential and intended solely for the addressee.
If you are not the intended recipient, delete it."""

QUOTED = f"""{AGENDA}

From: Dana Smith <dana.smith@acme.example>
Sent: Monday, 16 November 2026 10:00
To: Robin Keller
Subject: Prices

Dear Robin, shall we meet?"""

GERMAN_QUOTED = f"""{AGENDA}

Von: Dana Smith <dana.smith@acme.example>
Gesendet: Montag, 16. November 2026 10:00
An: Robin Keller"""

SIGNATURE = f"""{AGENDA}
--\x20
Dana Smith
VP Operations"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("nothing to cut", AGENDA, AGENDA),
        ("Meet 2024", MEET_2024, AGENDA),
        ("Meet 2019", MEET_2019, AGENDA),
        ("Teams 2022", TEAMS_2022, AGENDA),
        ("Teams 2024 in German", TEAMS_2024_GERMAN, AGENDA),
        ("Teams 2025", TEAMS_2025, AGENDA + "\n\nSee you there"),
        ("Teams in safelinks", TEAMS_SAFELINKS, AGENDA),
        ("Zoom", ZOOM, AGENDA),
        ("Zoom, agenda behind", ZOOM_SHORT, AGENDA),
        ("Webex", WEBEX, AGENDA),
        ("legal footer", LEGAL, AGENDA),
        ("quoted mail", QUOTED, AGENDA),
        ("quoted mail in German", GERMAN_QUOTED, AGENDA),
        ("signature", SIGNATURE, AGENDA),
        (
            "a rule of one's own",
            f"Part one\n{UNDERSCORES}\nPart two",
            f"Part one\n{UNDERSCORES}\nPart two",
        ),
        ("an agenda with from", "From: Berlin\nTo: Munich", "From: Berlin\nTo: Munich"),
        ("two blocks", f"{TEAMS_SAFELINKS}\n{ZOOM_SHORT}", f"{AGENDA}\n\n{AGENDA}"),
    ],
)  # fmt: skip
def test_what_stands_outside_the_blocks_is_the_agenda(name: str, text: str, expected: str) -> None:
    """Makers' blocks, footers, quotes and signatures go; the agenda stays word for word."""
    assert without_join_text(text) == expected, name


def test_a_personal_token_is_never_kept() -> None:
    """The Meet block of 2018 to 2022 holds a token; neither text nor link shows it."""
    assert "SECRETTOKEN" not in without_join_text(MEET_2019)
    assert join_link(description=MEET_2019) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MEET_2024, "https://meet.google.com/abc-defg-hij"),
        (TEAMS_2025, "https://teams.microsoft.com/meet/2345678901234?p=AbCdEf"),
        (TEAMS_SAFELINKS, "https://teams.microsoft.com/l/meetup-join/x"),
        (ZOOM, "https://acme.zoom.us/j/91234567890?pwd=abc"),
        (WEBEX, "https://acme.webex.com/acme/j.php?MTID=m1"),
        ("See https://wiki.example/meet.google.com/x", None),
        ("https://meet.google.com.evil.example/abc-defg-hij", None),
    ],
)
def test_the_link_in_a_block_is_found(text: str, expected: str | None) -> None:
    """The first link that leads into a meeting, not to help, options or numbers."""
    assert join_link(description=text) == expected


def test_links_lose_their_wrapping_and_punctuation() -> None:
    """Safelinks, Google redirects, brackets, full stops."""
    inner = "https://acme.zoom.us/j/1?pwd=a"
    quoted = "https%3A%2F%2Facme.zoom.us%2Fj%2F1%3Fpwd%3Da"
    safe = f"https://nam02.safelinks.protection.outlook.com/?url={quoted}&data=x"
    assert unwrapped(safe) == inner
    assert unwrapped(f"https://www.google.com/url?q={quoted}&sa=D") == inner
    assert list(links_in(f"({inner}). <{inner}>, {inner}!")) == [inner] * 3
    assert list(links_in("https://wiki.example/a_(b)")) == ["https://wiki.example/a_(b)"]
    assert (
        unwrapped("https://x.safelinks.protection.outlook.com/?url=javascript:1") != "javascript:1"
    )


@pytest.mark.parametrize(
    "link",
    ["https://teams.microsoft.com/", "https://acme.zoom.us/u/abc", "https://[", "https://zoom.us"],
)
def test_what_is_no_meeting_link(link: str) -> None:
    """A maker's other pages, and what is no address."""
    assert not is_meeting_link(link)


def test_html_is_read_tag_by_tag() -> None:
    """Lists, tables, links and entities become text; scripts, styles and comments vanish."""
    text = plain_text(
        "<html><head><title>x</title><style>p{}</style></head><body><!-- no --><h1>Plan</h1>"
        "<table><tr><td>Mon</td><td>Prices &lt; 5&nbsp;%</td></tr><tr><td>Tue</td></tr></table>"
        "<ol><li>one</li><li>two <a href='https://a.example/x'>there</a></li></ol>"
        "<a href='javascript:alert(1)'>click</a><script>if (a<b) {}</script><br/>end</body></html>"
    )
    assert (
        text
        == "Plan\n\nMon | Prices < 5 %\nTue\n\n- one\n- two there <https://a.example/x>\n\nclick\nend"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 50_000 + "deep",
        "<" * 200_000,
        "<!--" * 50_000,
        "<a href=" * 40_000,
        "<p>" + "&" * 200_000,
        "<table><tr><td colspan=1000000>" * 5_000,
        "<b>" + "\u0301" * 100_000,
        "<b>" + "\n" * 200_000,
        "x" * 1_000_000,
        "<script>" * 20_000,
    ],
    ids=range(10),
)
def test_hostile_html_is_bounded(hostile: str) -> None:
    """However deep, long or broken: no recursion, and time in the length only."""
    begun = time.process_time()
    without_join_text(plain_text(hostile))
    join_link(description=hostile)
    looks_like_html(hostile)
    assert time.process_time() - begun < 60  # what is not linear takes hours


def test_escaped_text_is_not_html() -> None:
    """A plain text with a comparison or a mail address in brackets stays as it is."""
    for text in ("1 < 2 > 0", "Dana <dana@acme.example>", "if a<b and c>d", "AT&T"):
        assert not looks_like_html(text)
    assert looks_like_html(html_module.escape("a & b") + "<br>")
