"""Where the cache of a check across files lies: in git's own folder, or with what the user's programs keep."""

from __future__ import annotations

import os
from hashlib import sha256

from cleaner.check.files import Workplace
from cleaner.config.places import own_folder
from cleaner.repository.cache import Cache
from cleaner.repository.git import Repository

FOLDER = "cleaner-cache"
"""Of the cache, in git's own folder: it goes with the repository and is never committed."""


def cache_of(where: Workplace, asked: str | None) -> Cache | None:
    """The cache in the folder ``asked``, else in git's own, else in the user's; None where there is none of these."""
    if asked is not None:
        return Cache(asked)
    if where.repository is not None and is_its_own(where.repository):
        return Cache(os.path.join(where.repository.common, FOLDER), where.repository.common)
    own = own_folder("XDG_CACHE_HOME", "LOCALAPPDATA", ".cache")
    if own is None:
        return None
    return Cache(os.path.join(own, sha256(os.fsencode(where.root)).hexdigest()[:32]), os.path.dirname(own))


def is_its_own(repository: Repository) -> bool:
    """Whether git's folder is the one of this working tree, and not one that a file in the tree points to.

    It lies in the root, or it knows the tree as one of its further ones (``git worktree``). Git follows a file .git, a
    symbolic link and a file commondir to any repository of the user; that one did not ask for a cache.
    """
    common, root = repository.common, os.path.realpath(repository.root)
    if os.path.realpath(common) != common:
        return False
    if os.path.dirname(common) == root:
        return True
    above, name = os.path.split(os.path.dirname(repository.folder))
    if (os.path.realpath(above), name) != (common, "worktrees"):
        return False
    try:
        with open(os.path.join(repository.folder, "gitdir"), encoding="utf-8") as file:
            return os.path.realpath(os.path.dirname(file.read(1 << 16).strip())) == root
    except (OSError, UnicodeDecodeError):
        return False
