"""Log lines, structured, as text or JSON, without secrets; and the options of a night."""

import json
import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Literal, TextIO
from zoneinfo import ZoneInfo

from briefgen.delivery.conversation import Connect
from briefgen.workspace.atomic import is_regular
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import harmless
from briefgen.workspace.secrets import without_secrets
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value

LogFormat = Literal["text", "json"]

LOGGER: Final = "briefgen.night"
LOG_FILE: Final = "nightly.log"
LARGEST_LOG: Final = 1024 * 1024
"""Some thousand nights."""
_SHORTEST_SECRET: Final = 4
_ADDRESS: Final = re.compile(
    r"(?i)\b((?:https?|webcals?|caldavs?)://)(?:[^\s/@]*@)?([^\s/?#]+)[^\s\"']*"
)


class WithoutSecrets(logging.Filter):
    """Removes every secret it knows, and all of an address except its host, from every line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets: set[str] = set()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Remove this secret from now on."""
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets.add(secret)

    def clean(self, text: str) -> str:
        """`text` without secrets and terminal control characters."""
        return harmless(_ADDRESS.sub(r"\1\2/…", without_secrets(text, self._secrets)))

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record's message, fields and traceback; it always passes."""
        record.msg = self.clean(record.getMessage())
        record.args = None
        fields = getattr(record, "fields", {})
        record.fields = {
            key: self.clean(value) if isinstance(value, str) else value
            for key, value in fields.items()
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.clean(logging.Formatter().formatException(record.exc_info))
        return True


class _Lines(logging.Formatter):
    """One line a record: the time, the event, its fields."""

    def __init__(self, form: LogFormat, zone: ZoneInfo) -> None:
        super().__init__()
        self._form = form
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, self._zone).isoformat(timespec="seconds")
        fields: dict[str, Any] = getattr(record, "fields", {})
        if record.exc_text:
            fields = {**fields, "traceback": record.exc_text}
        if self._form == "json":
            head = {"time": moment, "level": record.levelname.lower(), "event": record.msg}
            return json.dumps({**head, **fields}, ensure_ascii=False, default=str)
        told = (
            f"{key}={_shown(value)}" for key, value in fields.items() if value not in {"", None}
        )
        return " ".join([moment, record.levelname.lower(), str(record.msg), *told])


def _shown(value: object) -> str:
    text = str(value)
    plain = re.fullmatch(r"[^\s\"=]+", text)
    return text if plain else json.dumps(text, ensure_ascii=False)


class Logbook:
    """Where a night's log lines go. Made once for a run; ends with `close`."""

    def __init__(
        self, stream: TextIO, *, form: LogFormat, zone: ZoneInfo, settings: Settings, quiet: bool
    ) -> None:
        self._filter = WithoutSecrets(feed.url for feed in settings.feeds if feed.url is not None)
        self._handler = logging.StreamHandler(stream)
        self._handler.addFilter(self._filter)
        self._handler.setFormatter(_Lines(form, zone))
        logging.getLogger(LOGGER).setLevel(logging.WARNING if quiet else logging.INFO)
        logging.getLogger().addHandler(self._handler)

    def learn(self, secret: str) -> None:
        """Remove this secret from every line from now on."""
        self._filter.learn(secret)

    def clean(self, text: str) -> str:
        """`text` without secrets."""
        return self._filter.clean(text)

    def close(self) -> None:
        """Write no more lines."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()


def log_event(event: str, **fields: object) -> None:
    """Log something that was done; without an open logbook, do nothing."""
    logging.getLogger(LOGGER).info(event, extra={"fields": fields})


def log_warning(event: str, **fields: object) -> None:
    """Log something that went wrong."""
    logging.getLogger(LOGGER).warning(event, extra={"fields": fields})


def log_crash(error: Exception) -> None:
    """Log an exception with its traceback."""
    logging.getLogger(LOGGER).error("crashed", exc_info=error, extra={"fields": {}})


class NightRun(Value, frozen=True, kw_only=True):
    """The options of a night."""

    workspace: Workspace
    settings: Settings
    as_of: datetime
    connect: Connect
    logbook: Logbook


def rotate_log(workspace: Workspace) -> None:
    """Set aside a log that has grown large, replacing the one set aside before.

    Schedulers without a journal write to it. A process that has it open continues in the old one.
    """
    log = workspace.memory / LOG_FILE
    with suppress(OSError):
        if is_regular(log) and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_name(f"{LOG_FILE}.1"))
