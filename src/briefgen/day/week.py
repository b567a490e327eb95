"""The week's small attention on day sheets: chosen with the first, and kept when that is made."""

from contextlib import suppress
from datetime import date

from briefgen.brief.attention import Attention, attention_of, keep_attention, read_attention
from briefgen.day.prepare import Day


def attention_for(day: Day, of: date) -> Attention:
    """The attention for the sheet of one day; nothing is remembered yet."""
    return attention_of(day.workspace, day.book, of, str(day.language.locale.language))


def keep_for(day: Day, of: date) -> None:
    """Remember what the sheet of a day says, for the rest of its week."""
    chosen = attention_for(day, of)
    if chosen != read_attention(day.workspace, chosen.week):
        with suppress(OSError):  # it is chosen once more, which does less harm than no sheet
            keep_attention(day.workspace, chosen)
