"""Scratch space of a run over a corpus: each step as it was read, its texts, and what was found in it.

One set of files a step, written by the process that makes them and complete once they have their name, so
that a run that was stopped goes on from there. Texts are read by position, not mapped, so that they never
count as memory of the process.

A file begins with what it is: of which run, which step, which kind, its length and CRC-32. That guards against
accidents, not against people: every error of up to 32 bits in a row is found, a file that was cut short, or
is that of another run or step, is known by its head, and only of what is damaged otherwise one in four billion
would pass. A cryptographic hash would say no more here and take four to five times as long. Other people are kept
out by the folder (``run_folder``), no name in it is followed as a link, and nothing that is read can run.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct
from struct import error as struct_error
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar
from zlib import crc32

from cleaner.errors import CleanerError
from cleaner.formats.codec import CodecError, decode, encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

ALL = -1
"""The step of a file that is about all steps."""
_FOLDER = 1000
"""Steps a folder, so that none has too many files."""
_OPEN = 200
"""Files held open at once."""
_MAGIC = b"cleaner1"
_HEAD = Struct("<8s16s12sqQI8x")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_pread = getattr(os, "pread", None)  # not on Windows
_by_folder = os.open in os.supports_dir_fd  # nor there


class ScratchError(CleanerError):
    """Scratch space that cannot be used; the run may be gone on with."""


class Damaged(ScratchError):
    """A file that is not what this run has written."""

    def __init__(self, path: str, why: str = "") -> None:
        super().__init__(path if not why else f"{path}: {why}; run the same command with --resume to make it again")


class Where(NamedTuple):
    """The folder of a run: ``run`` are 16 bytes that no other has, ``device`` and ``inode`` say that it is the same."""

    folder: Path
    run: bytes
    device: int
    inode: int

    @classmethod
    def of(cls, folder: Path, run: bytes) -> Where:
        """Raises OSError."""
        state = os.lstat(folder)
        return cls(folder, run, state.st_dev, state.st_ino)


class Spool:
    """Files of steps in the folder of a run, by the number of the step and a kind. Picklable.

    Raises ScratchError where one cannot be written, and Damaged where one is not as it was written.
    """

    def __init__(self, where: Where) -> None:
        self.where, self.folder = where, where.folder
        self._open: OrderedDict[tuple[int, str], IO[bytes]] = OrderedDict()
        self._held: int | None = None

    def __reduce__(self) -> tuple[type[Spool], tuple[Where]]:
        return Spool, (self.where,)  # open files stay in their process

    # --- writing ---------------------------------------------------------------------------------

    def write(self, step: int, kind: str, *pieces: bytes) -> None:
        """Write a file of some pieces whole, or not at all."""
        name = _name(step, kind)
        temporary = f"{name}.{os.getpid()}.tmp"
        try:
            with self._opened(temporary, _WRITE | os.O_TRUNC) as stream:
                stream.write(self._head(step, kind, *pieces))
                stream.writelines(pieces)
            self._do(os.replace, temporary, name, both=True)
        except BaseException as error:
            with suppress(OSError):
                self._do(os.unlink, temporary)
            raise self._unwritable(name, error) from None

    def dump(self, step: int, kind: str, value: Any) -> None:
        """Write a plain value (``codec``)."""
        self.write(step, kind, encode(value))

    def append(self, step: int, kind: str, data: bytes) -> None:
        """Add a piece to a file, to be read as one of its ``pieces``."""
        name = _name(step, kind)
        try:
            with self._opened(name, _WRITE | os.O_APPEND) as stream:
                stream.write(self._head(step, kind, data) + data)
        except OSError as error:
            raise self._unwritable(name, error) from None

    def room(self, kind: str, size: int) -> None:
        """Make a file of ``size`` zero bytes about all steps, without a head, to be written in any order."""
        try:
            with self._opened(_name(ALL, kind), _WRITE | os.O_TRUNC) as stream:
                stream.truncate(size)
        except OSError as error:
            raise self._unwritable(kind, error) from None

    def remove(self, kinds: tuple[str, ...]) -> None:
        """Remove the files of these kinds of all steps; a kind may be a pattern."""
        wanted = re.compile(rf"\d+\.(?:{'|'.join(kinds)})")
        for folder in self._names("."):
            if folder.isdecimal():
                for name in self._names(folder):
                    if wanted.fullmatch(name):
                        self._do(os.unlink, f"{folder}/{name}")

    # --- reading ---------------------------------------------------------------------------------

    def has(self, step: int, kind: str) -> bool:
        try:
            self._do(os.lstat, _name(step, kind))
        except FileNotFoundError:
            return False
        return True

    def read(self, step: int, kind: str) -> bytes:
        """The whole of a file, checked."""
        return bytes(self.view(step, kind))

    def view(self, step: int, kind: str) -> memoryview:
        """The same without a copy."""
        (data,) = self._checked(step, kind, self._all(step, kind), once=True)
        return data

    def pieces(self, step: int, kind: str) -> Iterator[memoryview]:
        """What was appended to a file, checked; nothing where there is none."""
        if self.has(step, kind):
            yield from self._checked(step, kind, self._all(step, kind))

    def load(self, step: int, kind: str, type: type[T]) -> T:
        """A value of this type."""
        try:
            return decode(self.view(step, kind), type)
        except CodecError as error:
            raise Damaged(self._shown(step, kind), str(error)) from None

    def intact(self, step: int, kind: str) -> bytes | None:
        """The whole of a file; None where there is none, or it is damaged or of another run or step."""
        try:
            return self.read(step, kind)
        except Damaged:
            return None

    def array(self, step: int, kind: str, type: Any, first: int = 0, count: int = -1) -> NDArray[Any]:
        """An array of ``type`` that lies in a file, or ``count`` of it from ``first`` on: writable, not checked."""
        import numpy as np

        with self._readable(step, kind) as stream:
            return np.fromfile(stream, dtype=type, count=count, offset=_HEAD.size + first * np.dtype(type).itemsize)

    def mapped(self, kind: str) -> NDArray[np.int64]:
        """An int64 array about all steps, mapped."""
        import numpy as np

        if not self.size(ALL, kind):
            return np.empty(0, dtype=np.int64)
        with self._readable(ALL, kind) as stream:
            return np.memmap(stream, dtype=np.int64, mode="r", offset=_HEAD.size)

    def size(self, step: int, kind: str) -> int:
        """Bytes that were written into a file."""
        return int(self._do(os.lstat, _name(step, kind)).st_size) - _HEAD.size

    def part(self, step: int, kind: str, start: int, end: int) -> bytes:
        """Bytes [start, end) of a file, not checked."""
        return self.parts(step, kind, [(start, end)])[0]

    def parts(self, step: int, kind: str, spans: Iterable[tuple[int, int]]) -> list[bytes]:
        """Several stretches of bytes of a file, not checked."""
        stream = self._stream(step, kind)
        if _pread is not None:
            number = stream.fileno()
            return [_pread(number, end - start, start + _HEAD.size) for start, end in spans]
        found = []
        for start, end in spans:
            stream.seek(start + _HEAD.size)
            found.append(stream.read(end - start))
        return found

    def marks(self, kind: str, *, write: bool = False) -> IO[bytes]:
        """The file that ``room`` has made, to be read or written at any place."""
        return self._opened(_name(ALL, kind), _READ | os.O_RDWR if write else _READ)

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()
        if self._held is not None:
            os.close(self._held)
            self._held = None

    # --- files -----------------------------------------------------------------------------------

    def _head(self, step: int, kind: str, *pieces: bytes) -> bytes:
        checksum = 0
        for piece in pieces:
            checksum = crc32(piece, checksum)
        return _HEAD.pack(_MAGIC, self.where.run, kind.encode(), step, sum(map(len, pieces)), checksum)

    def _checked(self, step: int, kind: str, data: bytes, once: bool = False) -> Iterator[memoryview]:
        """The pieces of a file, or the only one."""
        view, at = memoryview(data), 0
        while at < len(data) or (once and not at):
            try:
                magic, run, named, number, length, checksum = _HEAD.unpack_from(data, at)
            except struct_error:
                raise Damaged(self._shown(step, kind), "it is cut short") from None
            if (magic, run, named.rstrip(b"\0"), number) != (_MAGIC, self.where.run, kind.encode(), step):
                raise Damaged(self._shown(step, kind), "it is no file of this run and step")
            piece = view[at + _HEAD.size : at + _HEAD.size + length]
            at += _HEAD.size + length
            if len(piece) != length or crc32(piece) != checksum or (once and at != len(data)):
                raise Damaged(self._shown(step, kind), "it is damaged")
            yield piece

    def _all(self, step: int, kind: str) -> bytes:
        with self._readable(step, kind) as stream:
            return stream.read()

    def _readable(self, step: int, kind: str) -> IO[bytes]:
        try:
            return self._opened(_name(step, kind), _READ)
        except OSError as error:
            raise Damaged(self._shown(step, kind), f"it cannot be read ({error.strerror})") from None

    def _stream(self, step: int, kind: str) -> IO[bytes]:
        key = (step, kind)
        stream = self._open.get(key)
        if stream is None:
            if len(self._open) >= _OPEN:
                self._open.popitem(last=False)[1].close()
            stream = self._open[key] = self._readable(step, kind)
        else:
            self._open.move_to_end(key)
        return stream

    def _opened(self, name: str, flags: int) -> IO[bytes]:
        """A file by its name in the folder, which is followed as no link; one to be read only has no buffer."""
        try:
            number = self._do(os.open, name, flags, 0o600)
        except FileNotFoundError:
            if not flags & os.O_CREAT:
                raise
            with suppress(FileExistsError):
                self._do(os.mkdir, name.rpartition("/")[0], 0o700)
            number = self._do(os.open, name, flags, 0o600)
        mode = "r+b" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb"
        return os.fdopen(number, mode, 0 if mode == "rb" else -1)

    def _names(self, folder: str) -> list[str]:
        number = (
            self._do(os.open, folder, _READ | getattr(os, "O_DIRECTORY", 0)) if _by_folder else self.folder / folder
        )
        try:
            return os.listdir(number)
        finally:
            if isinstance(number, int):
                os.close(number)

    def _do(self, function: Any, *names: Any, both: bool = False) -> Any:
        """Call a function of ``os`` with names in the folder: in that very folder, whatever has its name by now."""
        if not _by_folder:
            return function(*(self.folder / each if isinstance(each, str) else each for each in names))
        if self._held is None:
            self._held = self._hold()
        if both:
            return function(*names, src_dir_fd=self._held, dst_dir_fd=self._held)
        return function(*names, dir_fd=self._held)

    def _hold(self) -> int:
        try:
            number = os.open(self.folder, _READ | os.O_DIRECTORY)
        except OSError as error:
            raise ScratchError(f"{self.folder}: cannot be opened ({error.strerror}); {_AWAY}") from None
        state = os.fstat(number)
        if (state.st_dev, state.st_ino) != (self.where.device, self.where.inode):
            os.close(number)
            raise ScratchError(f"{self.folder}: it was put in the place of this run's folder; {_AWAY}")
        return number

    def _shown(self, step: int, kind: str) -> str:
        return str(self.folder / _name(step, kind))

    def _unwritable(self, name: str, error: BaseException) -> BaseException:
        return unwritable(self.folder / name, error) if isinstance(error, OSError) else error


_AWAY = "run again, with a --scratch folder that nobody else writes into"


def unwritable(path: Path, error: OSError) -> ScratchError:
    """What is told where scratch space cannot be written."""
    how = "make room there, or give another folder with --scratch, and go on with --resume"
    return ScratchError(f"{path}: cannot be written ({error.strerror or error}); {how}")


def _name(step: int, kind: str) -> str:
    return kind if step == ALL else f"{step // _FOLDER:06}/{step % _FOLDER:03}.{kind}"
