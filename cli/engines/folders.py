"""Where the engines keep data, sockets, logs and secrets, and under which account they run."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import sys
from pathlib import Path

from core.errors import AskPerson, GiveUp

__all__ = ["EngineFolders", "engine_account", "engine_environment", "package_folder", "write_private"]

SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103  # sun_path in unix(7), less its final zero
LONGEST_SOCKET = ".s.PGSQL.5432"


ACCOUNTS = ("aima", "nobody")  # an account of their own, where an administrator has made one, is shared with nobody


def engine_account(home: Path | None = None) -> tuple[int, int] | None:
    """(uid, gid) the engines run as when we are root: PostgreSQL refuses root. None: our own account.

    The account that the data below `home` belong to already; else the first of ACCOUNTS that exists.
    """
    if os.geteuid() != 0:
        return None
    data = home / "postgres" if home else None
    if data is not None and data.is_dir() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    raise GiveUp(f"There is no account to run PostgreSQL as: neither {' nor '.join(ACCOUNTS)}.")


def engine_environment() -> dict[str, str]:
    """What an engine sees of our environment: no secrets, and no PG* variables to override our settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads (0600), whole or not at all."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it. GiveUp when it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise GiveUp(f"The package '{package}' is not installed, so the embedded engine cannot be started.")
    return Path(spec.submodule_search_locations[0])


class EngineFolders:
    """The folders below one AIMA_HOME: `logs`, `sockets`, and one of each engine's own."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().resolve()
        self.account = engine_account(self.home)
        self.logs = self.home / "logs"
        self.sockets = self._sockets()

    def prepare(self) -> None:
        """Create the folders with the right owners. AskPerson when they cannot be used."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self.home.chmod(0o755 if self.account else 0o700)
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise AskPerson(
                f"The data folder {self.home} cannot be written ({error.strerror}). "
                "Set AIMA_HOME (or --home) to a folder that can."
            ) from error
        if not self.reachable(self.home):
            raise AskPerson(
                f"The data folder {self.home} is closed to other users, and PostgreSQL does not run as root. "
                "Set AIMA_HOME (or --home) to a folder such as /var/lib/aima, or run as another user."
            )
        self.own(self.sockets)

    def own(self, folder: Path) -> Path:
        """Create a folder that only the engines' account opens (0700). GiveUp when somebody else owns it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        uid, gid = self.account or (os.geteuid(), os.getegid())
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise GiveUp(f"{folder} belongs to another user; remove it, then start again.")
        if found.st_uid != uid:
            os.chown(folder, uid, gid)
        folder.chmod(0o700)
        return folder

    def reachable(self, path: Path) -> bool:
        """True when the engines' account can get to `path` (all folders above it are open to others)."""
        if self.account is None:
            return True
        return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))

    def programs(self, package: str, folder: str) -> Path:
        """The folder of a package's programs; a copy below the home where the account cannot reach the package."""
        source = package_folder(package) / folder
        if not source.is_dir():
            raise GiveUp(f"{source} is missing: the installed '{package}' has no engine for this system.")
        if self.reachable(source):
            return source
        from importlib.metadata import version  # a tenth of a second, and every command comes by this module

        copy = self.home / "programs" / f"{package}-{version(package)}"
        if not copy.is_dir():
            _copy_programs(package_folder(package), folder, copy)
        return copy / package / folder

    def _sockets(self) -> Path:
        inside = self.home / "sockets"
        if len(os.fsencode(inside / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
            return inside
        name = "aima-" + hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return (Path("/run") if self.account and os.access("/run", os.W_OK) else Path("/tmp")) / name  # noqa: S108


def _copy_programs(package: Path, folder: str, copy: Path) -> None:
    """Copy `folder` of a package, and the shared libraries that wheels keep beside it, whole or not at all."""
    draft = copy.with_name(copy.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package / folder, draft / package.name / folder, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    for made in (copy.parent, draft, draft / package.name, (draft / package.name / folder).parent):
        made.chmod(0o755)
    draft.replace(copy)
