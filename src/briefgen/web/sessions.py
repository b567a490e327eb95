"""Signing in: one-use tokens, and the sessions they are exchanged for.

Both are kept in `.briefgen/web/`, readable by the owner only, as hashes of the secrets. A token
works once, for minutes; a session ends when it is revoked or unused for long.
"""

import fcntl
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from msgspec import to_builtins

from briefgen.workspace.atomic import FILE_MODE, make_folder, write_whole
from briefgen.workspace.folder import Workspace, sessions_file
from briefgen.workspace.value import Value

Kind = Literal["desktop", "phone"]

TOKEN_LIFE: Final[dict[Kind, timedelta]] = {
    "desktop": timedelta(minutes=10),
    "phone": timedelta(minutes=5),
}
SESSION_LIFE: Final[dict[Kind, timedelta]] = {
    "desktop": timedelta(days=30),
    "phone": timedelta(days=90),
}
"""How long a session lasts after its last use."""
_MOST: Final = 50
_SECRET_BYTES: Final = 32
_LONGEST_SECRET: Final = 100


class Session(Value, frozen=True, kw_only=True):
    """A signed-in browser.

    Attributes:
        name: its public name, for revoking it.
        mark: the hash of its secret.
        device: the browser and its machine, like `Safari, iPhone`.
        since, seen, until: when it signed in, the day of its last request, and when it ends.
    """

    name: str
    mark: str
    kind: Kind
    device: str
    since: str
    seen: str
    until: str

    @property
    def seen_day(self) -> date:
        """The day of its last request."""
        return date.fromisoformat(self.seen)

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return datetime.fromisoformat(self.until) <= now


class _Token(Value, frozen=True, kw_only=True):
    mark: str
    kind: Kind
    until: str


class _Kept(Value, frozen=True, kw_only=True):
    tokens: tuple[_Token, ...] = ()
    sessions: tuple[Session, ...] = ()

    def living(self, now: datetime) -> "_Kept":
        return _Kept(
            tokens=tuple(t for t in self.tokens if datetime.fromisoformat(t.until) > now),
            sessions=tuple(s for s in self.sessions if not s.is_over(now)),
        )


class Sessions:
    """The tokens and sessions of a workspace; a change takes effect once it is on disk."""

    def __init__(self, workspace: Workspace, clock: Callable[[], datetime]) -> None:
        self._file = sessions_file(workspace)
        self._clock = clock

    def invite(self, kind: Kind) -> str:
        """A new token, which works once.

        Raises:
            OSError: if it cannot be written.
        """
        token = secrets.token_urlsafe(_SECRET_BYTES)
        until = (self._clock() + TOKEN_LIFE[kind]).isoformat()
        with self._changed() as (kept, change):
            added = _Token(mark=_mark(token), kind=kind, until=until)
            change(kept.replace(tokens=(*kept.tokens, added)[-_MOST:]))
        return token

    def admit(self, token: str, device: str) -> tuple[str, Session] | None:
        """Exchange a token for a new session and its secret; None if the token is not valid.

        Raises:
            OSError: if it cannot be written; the token stays valid then.
        """
        now = self._clock()
        with self._changed() as (kept, change):
            found = next((t for t in kept.tokens if t.mark == _mark(token)), None)
            if found is None:
                return None
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            session = Session(
                name=secrets.token_hex(4),
                mark=_mark(secret),
                kind=found.kind,
                device=device,
                since=now.isoformat(timespec="minutes"),
                seen=now.date().isoformat(),
                until=(now + SESSION_LIFE[found.kind]).isoformat(timespec="seconds"),
            )
            tokens = tuple(t for t in kept.tokens if t != found)
            change(_Kept(tokens=tokens, sessions=(*kept.sessions, session)[-_MOST:]))
        return secret, session

    def of(self, secret: str) -> Session | None:
        """The session with this secret; None if there is none, or it is over."""
        if not secret or len(secret) > _LONGEST_SECRET:
            return None
        mark, now = _mark(secret), self._clock()
        living = self._read().living(now).sessions
        found = next((s for s in living if secrets.compare_digest(s.mark, mark)), None)
        if found is not None and found.seen != now.date().isoformat():
            self._prolong(found, now)
        return found

    def all(self) -> Sequence[Session]:
        """The current sessions, newest first."""
        return self._read().living(self._clock()).sessions[::-1]

    def revoke(self, name: str) -> None:
        """End a session, and make every unused token invalid.

        Raises:
            OSError: if that cannot be written; the session goes on then.
        """
        with self._changed() as (kept, change):
            change(_Kept(sessions=tuple(s for s in kept.sessions if s.name != name)))

    def _prolong(self, session: Session, now: datetime) -> None:
        seen = session.replace(
            seen=now.date().isoformat(),
            until=(now + SESSION_LIFE[session.kind]).isoformat(timespec="seconds"),
        )
        with suppress(OSError), self._changed() as (kept, change):  # a full disk locks nobody out
            sessions = tuple(seen if s.mark == session.mark else s for s in kept.sessions)
            change(kept.replace(sessions=sessions))

    @contextmanager
    def _changed(self) -> Iterator[tuple[_Kept, Callable[[_Kept], None]]]:
        """What is kept and a way to change it, under a lock against other processes."""
        make_folder(self._file.parent)
        lock = self._file.with_name("lock")
        lock.touch(mode=FILE_MODE)
        with lock.open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield self._read().living(self._clock()), self._write

    def _read(self) -> _Kept:
        try:
            held: Any = json.loads(self._file.read_bytes())
            return _Kept(
                tokens=tuple(_Token(**one) for one in held["tokens"]),
                sessions=tuple(Session(**one) for one in held["sessions"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        write_whole(self._file, json.dumps(to_builtins(kept), indent=1).encode())


def _mark(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
