"""What a run over a corpus keeps on disk: its own, locked, data only, and made again where it is damaged."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waiting import GUARD, until

from cleaner.errors import SettingsError
from cleaner.formats import locking
from cleaner.formats.codec import CodecError, decode, encode
from cleaner.formats.files import Member, Source
from cleaner.formats.locking import LOCK, Lock
from cleaner.formats.rows import Place
from cleaner.formats.run_folder import Run, RunFolder, fresh
from cleaner.formats.spool import ALL, Damaged, ScratchError, Spool, Where
from cleaner.formats.work import Events, Found, Problem
from cleaner.job import JobOptions, run
from cleaner.settings import Settings
from cleaner.types import Difference, Elsewhere, Told

pytest.importorskip("numba", reason="scope corpus needs article-cleaner[dumps]")

ROOT = Path(__file__).parent.parent
WORDS = "stone river winter bread letter garden window market silver copper candle morning evening mountain".split()  # noqa: SIM905

STOPPED = """
import os, signal, sys
from pathlib import Path
from cleaner.corpus import run as corpus
from cleaner.corpus.decide import Decider
from cleaner.formats.publishing import Publisher
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

folder, out, scratch, phase = sys.argv[1:5]
def dies(owner, name, times):
    real, seen = getattr(owner, name), [0]
    def call(*given, **named):
        result = real(*given, **named)
        seen[0] += 1
        if seen[0] == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, call)
where = {
    "scan": (corpus, "scan_step", 3), "decide": (Decider, "_copies", 1), "write": (Publisher, "take", 4)
}
dies(*where[phase])
options = JobOptions((folder,), Path(out), scope="corpus", workers=1, scratch=Path(scratch) if scratch else None)
run(options, Settings())
"""


def inputs(folder: Path, seed: int = 1) -> Path:
    rng = random.Random(seed)
    pool = [" ".join(rng.choices(WORDS, k=16)).capitalize() + "." for _ in range(60)]
    folder.mkdir(parents=True)
    for n in range(4):
        texts = ["\n\n".join(rng.choices(pool, k=8)) + "\n" for _ in range(20)]
        lines = "".join(json.dumps({"id": f"{n}-{k}", "text": text}) + "\n" for k, text in enumerate(texts))
        (folder / f"d{n}.jsonl").write_text(lines)
        (folder / f"e{n}.txt").write_text(texts[0])
    return folder


def stopped(folder: Path, out: Path, scratch: Path | None = None, phase: str = "write") -> None:
    """A run over ``folder`` that is killed in a phase."""
    given = [str(folder), str(out), str(scratch or ""), phase]
    assert subprocess.run([sys.executable, "-c", STOPPED, *given], cwd=ROOT).returncode == -signal.SIGKILL


def go(folder: Path, out: Path, said: list[str] | None = None, **options: Any) -> Any:
    events = Events(note=said.append) if said is not None else Events()
    given = {"scope": "corpus", "workers": 1} | options
    return run(JobOptions((str(folder),), out, **given), Settings(), events=events)


def written(out: Path) -> dict[str, bytes]:
    """Every file of a run but its report, which has times in it."""
    files = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith("report.")]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def kept_in(base: Path) -> Path:
    """The one folder of a run there."""
    (found,) = base.glob("cleaner-*")
    return found


class Boom:
    """What a pickle can do: leave a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return os.mkdir, (str(self.path),)  # type: ignore[return-value]


def planted(folder: Path, boom: Path) -> None:
    """Every file of a spool as a pickle that acts when it is loaded."""
    (folder / "000000").mkdir(parents=True)
    for step in range(8):
        for kind in ("scan", "step", "links", "onion"):
            (folder / "000000" / f"{step:03}.{kind}").write_bytes(pickle.dumps(Boom(boom)))
    (folder / "steps").write_bytes(pickle.dumps(Boom(boom)))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what other people put there ----------------------------------------------------------------


def test_a_link_in_the_place_of_scratch_space_is_not_followed(tmp_path: Path) -> None:
    folder, log = inputs(tmp_path / "in"), tmp_path / "out" / "_cleaner"
    log.mkdir(parents=True)
    planted(tmp_path / "data", tmp_path / "boom")
    (log / "scratch").symlink_to(tmp_path / "data")
    before = snapshot(tmp_path / "data")
    assert go(folder, tmp_path / "out").exit_code == 0
    assert not (tmp_path / "boom").exists()
    assert snapshot(tmp_path / "data") == before
    assert (log / "scratch").is_symlink()


def test_what_another_has_put_into_shared_scratch_space_is_neither_read_nor_removed(tmp_path: Path) -> None:
    folder, shared = inputs(tmp_path / "in"), tmp_path / "shared"
    for name in ("scratch", "cleaner-0123456789ab"):
        planted(shared / name, tmp_path / "boom")
    before = snapshot(shared)
    assert go(folder, tmp_path / "out", scratch=shared).exit_code == 0
    assert not (tmp_path / "boom").exists()
    assert snapshot(shared) == before


def test_a_folder_that_is_called_scratch_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "scratch").mkdir(parents=True)
    (home / "scratch" / "thesis.txt").write_text("Years of work.")
    assert go(inputs(tmp_path / "in"), tmp_path / "out", scratch=home).exit_code == 0
    assert [str(path.relative_to(home)) for path in home.rglob("*")] == ["scratch", "scratch/thesis.txt"]


def test_a_run_is_gone_on_with_from_its_own_scratch_space_among_others(tmp_path: Path) -> None:
    """Two runs with one --scratch, both killed: the second's records came into the first one's output."""
    one, two, scratch = inputs(tmp_path / "a", 1), inputs(tmp_path / "b", 2), tmp_path / "scratch"
    whole = tmp_path / "whole"
    go(one, whole)
    stopped(one, tmp_path / "out", scratch)
    stopped(two, tmp_path / "other", scratch)
    assert len(list(scratch.iterdir())) == 2
    assert go(one, tmp_path / "out", scratch=scratch, resume=True).exit_code == 0
    assert written(tmp_path / "out") == written(whole)
    assert len(list(scratch.iterdir())) == 1, "the other one may be gone on with"


@pytest.mark.parametrize("how", ["note of another run", "other inputs", "a link", "open to others", "a link in it"])
def test_a_folder_that_is_not_that_of_the_stopped_run_is_refused_and_untouched(tmp_path: Path, how: str) -> None:
    folder, out, scratch = inputs(tmp_path / "in"), tmp_path / "out", tmp_path / "scratch"
    stopped(folder, out, scratch, "scan")
    kept = kept_in(scratch)
    note = json.loads((kept / "run.json").read_text())
    if how == "note of another run":
        (kept / "run.json").write_text(json.dumps(note | {"run": kept.name[-12:] + 20 * "0"}))
    elif how == "other inputs":
        note["facts"]["inputs"][0][1] += 1
        (kept / "run.json").write_text(json.dumps(note))
    elif how == "a link":
        kept.rename(tmp_path / "moved")
        kept.symlink_to(tmp_path / "moved")
    elif how == "open to others":
        kept.chmod(0o755)
    else:
        (kept / "000000").rename(tmp_path / "moved")
        (kept / "000000").symlink_to(tmp_path / "moved")
    before = snapshot(tmp_path)
    with pytest.raises(SettingsError, match=f"{kept.name}: not taken for what the stopped run has kept: .*--scratch"):
        go(folder, out, scratch=scratch, resume=True)
    after = snapshot(tmp_path)
    assert {name: after.get(name) for name in before if "/out/" not in name} == {
        name: data for name, data in before.items() if "/out/" not in name
    }
    assert go(folder, out).exit_code == 0, "without --resume it begins anew"


def test_what_stopped_runs_have_left_is_named_or_removed_by_the_run_that_begins_anew(tmp_path: Path) -> None:
    folder, scratch, said = inputs(tmp_path / "in"), tmp_path / "scratch", list[str]()
    stopped(folder, tmp_path / "out", scratch, "scan")
    stopped(folder, tmp_path / "other", scratch, "scan")
    left = {path: json.loads((path / "run.json").read_text())["log"] for path in scratch.iterdir()}
    (other,) = [path for path, log in left.items() if "/other/" in log]
    go(folder, tmp_path / "out", said, scratch=scratch)
    assert list(scratch.iterdir()) == [other]
    assert [line for line in said if f"rm -r {other}" in line]


# --- two runs at once ---------------------------------------------------------------------------


def test_the_second_of_two_runs_over_one_output_is_refused_by_name(tmp_path: Path) -> None:
    folder, out = inputs(tmp_path / "in"), tmp_path / "out"
    (out / "_cleaner").mkdir(parents=True)
    lock = Lock(out / "_cleaner")
    command = [sys.executable, "-m", "cleaner", "clean", str(folder), "-o", str(out), "--scope", "corpus"]
    for more in ([], ["--resume"], ["--dry-run"]):
        refused = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True)
        who = f"(process {os.getpid()} on {locking.me()['host']}, since "
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert f"{out / '_cleaner'} is in use by another run {who}" in refused.stderr
    lock.release()
    assert list((out / "_cleaner").iterdir()) == []
    assert go(folder, out).exit_code == 0


def test_a_lock_ends_with_its_process_and_is_not_held_by_one_that_was_forked(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    ready, forked = os.pipe()
    child = os.fork()
    if not child:
        os.write(forked, b".")
        signal.pause()
    os.read(ready, 1)
    assert not locking.is_free(tmp_path)
    assert lock._stream is not None
    lock._stream.close()  # as when this process is killed
    assert Lock(tmp_path).missing is None
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.parametrize("how", ["a link", "a second name", "another's content", "a pipe"])
def test_a_file_that_is_no_lock_is_not_written_into(tmp_path: Path, how: str) -> None:
    (tmp_path / "a").mkdir()
    mine, lock = tmp_path / "mine", tmp_path / "a" / LOCK
    mine.write_text("My own.")
    if how == "a link":
        lock.symlink_to(mine)
    elif how == "a second name":
        lock.hardlink_to(mine)
    elif how == "another's content":
        lock.write_text("My own.")
    else:
        os.mkfifo(lock)
    with pytest.raises(SettingsError, match=f"{LOCK}: no run of cleaner has made this; take it away"):
        Lock(tmp_path / "a")
    assert mine.read_text() == "My own."


def test_where_there_are_no_locks_it_is_said_and_a_living_holder_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(stream: Any) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(locking, "_lock", none)
    said: list[str] = []
    assert go(inputs(tmp_path / "in"), tmp_path / "out", said).exit_code == 0
    assert any("cannot be locked there" in line for line in said)
    held = Lock(tmp_path)
    with pytest.raises(SettingsError, match="in use by another run"):
        Lock(tmp_path)
    held.release()


# --- damage and faults --------------------------------------------------------------------------


def shorter(path: Path, other: Path, foreign: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def flipped(path: Path, other: Path, foreign: Path) -> None:
    data = bytearray(path.read_bytes())
    data[random.Random(path.name).randrange(len(data))] ^= 16
    path.write_bytes(data)


def swapped(path: Path, other: Path, foreign: Path) -> None:
    mine, others = path.read_bytes(), other.read_bytes()
    path.write_bytes(others)
    other.write_bytes(mine)


def a_link(path: Path, other: Path, foreign: Path) -> None:
    path.rename(foreign.with_suffix(".moved"))
    path.symlink_to(foreign.with_suffix(".moved"))


def of_another_run(path: Path, other: Path, foreign: Path) -> None:
    shutil.copy(foreign, path)


def deleted(path: Path, other: Path, foreign: Path) -> None:
    path.unlink()


def longer(path: Path, other: Path, foreign: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


DAMAGES = (shorter, flipped, swapped, a_link, of_another_run, deleted, longer)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs that were killed when all was read, and what the first must come to."""
    base = tmp_path_factory.mktemp("scanned")
    folder = inputs(base / "in")
    stopped(folder, base / "out", phase="decide")
    stopped(folder, base / "foreign", phase="decide")
    go(folder, base / "whole")
    return base


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: str(each.__name__))
def test_what_is_damaged_is_made_again(scanned: Path, damage: Callable[..., None]) -> None:
    """Each kind of file is damaged, each in another step."""
    out = scanned / f"out-{damage.__name__}"
    shutil.copytree(scanned / "out", out, symlinks=True)
    kept, foreign = kept_in(out / "_cleaner"), kept_in(scanned / "foreign" / "_cleaner")
    kinds = sorted({path.suffix for path in (kept / "000000").iterdir()})
    assert {".step", ".scan", ".texts", ".rows", ".keys", ".words", ".bands", ".thumbs"} <= set(kinds)
    copy = scanned / f"foreign-{damage.__name__}"
    shutil.copytree(foreign, copy)
    for number, kind in enumerate(kinds):
        path = kept / "000000" / f"{number % 4:03}{kind}"
        if path.exists():
            damage(path, kept / "000000" / f"{number % 4 + 1:03}{kind}", copy / "000000" / path.name)
    assert go(scanned / "in", out, resume=True).exit_code == 0
    assert written(out) == written(scanned / "whole")


def test_whatever_is_damaged_at_random_the_bytes_are_the_same(scanned: Path, tmp_path: Path) -> None:
    """Many files at once, in any way; ``make kills`` does it more often."""
    for seed in range(int(os.environ.get("CLEANER_KILLS", "2"))):
        rng, out = random.Random(seed), tmp_path / f"out{seed}"
        shutil.copytree(scanned / "out", out)
        files = sorted((kept_in(out / "_cleaner") / "000000").iterdir())
        shutil.copytree(kept_in(scanned / "foreign" / "_cleaner"), tmp_path / f"foreign{seed}")
        for path in rng.sample(files, rng.randint(1, len(files))):
            other = rng.choice(files)
            if path.is_file() and other.is_file() and path.stat().st_size:
                rng.choice(DAMAGES)(path, other, tmp_path / f"foreign{seed}" / "000000" / path.name)
        assert go(scanned / "in", out, resume=True).exit_code == 0
        assert written(out) == written(scanned / "whole"), seed


@pytest.mark.parametrize("phase", ["scan", "decide", "write"])
def test_a_run_that_is_killed_in_a_phase_ends_with_the_same_bytes(scanned: Path, tmp_path: Path, phase: str) -> None:
    stopped(scanned / "in", tmp_path / "out", phase=phase)
    assert go(scanned / "in", tmp_path / "out", resume=True).exit_code == 0
    assert written(tmp_path / "out") == written(scanned / "whole")


def test_damage_that_is_met_while_a_run_lasts_ends_it_in_one_line_and_it_goes_on(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.corpus.decide import Decider

    def run_and_damage(self: Decider) -> Any:
        flipped(self.spool.folder / "000000" / "001.scan", Path(), Path())
        return real(self)

    real = Decider.run
    monkeypatch.setattr(Decider, "run", run_and_damage)
    with pytest.raises(Damaged, match=r"001.scan: it is .*; run the same command with --resume"):
        go(scanned / "in", tmp_path / "out")
    monkeypatch.setattr(Decider, "run", real)
    assert go(scanned / "in", tmp_path / "out", resume=True).exit_code == 0
    assert written(tmp_path / "out") == written(scanned / "whole")


def test_a_full_disk_under_the_scratch_space_ends_in_one_line_and_the_run_goes_on(
    scanned: Path, tmp_path: Path
) -> None:
    limited = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (20000, 20000)); import signal, sys; "
    limited += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from cleaner.cli import main; main()"
    command = [sys.executable, "-c", limited, "clean", str(scanned / "in"), "-o", str(tmp_path / "out")]
    run = subprocess.run([*command, "--scope", "corpus"], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1), run.stderr
    assert "cannot be written (File too large); make room there, or give another folder with --scratch" in run.stderr
    assert not list(tmp_path.rglob("*.tmp"))
    assert go(scanned / "in", tmp_path / "out", resume=True).exit_code == 0
    assert written(tmp_path / "out") == written(scanned / "whole")


def test_scratch_space_that_cannot_be_made_is_told_with_the_way_out(scanned: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("A file.")
    with pytest.raises(ScratchError, match="give another folder with --scratch"):
        go(scanned / "in", tmp_path / "out", scratch=tmp_path / "file")
    assert go(scanned / "in", tmp_path / "out", resume=True).exit_code == 0
    assert written(tmp_path / "out") == written(scanned / "whole")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers by /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_run_or_to_a_worker_ends_it_in_one_line_and_it_goes_on(
    scanned: Path, tmp_path: Path, number: int
) -> None:
    slow = "import time; from cleaner.corpus import scan; real = scan.read_half\n"
    slow += "scan.read_half = lambda *given: (time.sleep(0.5), real(*given))[1]\n"
    slow += "from cleaner.cli import main; main()"
    out = tmp_path / "out"
    command = ["clean", str(scanned / "in"), "-o", str(out), "--scope", "corpus", "--workers", "2"]
    run = subprocess.Popen([sys.executable, "-c", slow, *command], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    until(lambda: list(out.rglob("*.scan")) and len(children.read_text().split()) >= 2)
    os.kill(run.pid if number == signal.SIGTERM else int(children.read_text().split()[0]), number)
    _, said = run.communicate(timeout=GUARD)
    told = [line for line in said.splitlines() if "--resume" in line]
    assert (run.returncode, len(told)) == (130 if number == signal.SIGTERM else 2, 1), said
    assert go(scanned / "in", out, resume=True).exit_code == 0
    assert written(out) == written(scanned / "whole")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers by /proc")
def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """They waited for ever, and held what the run had locked."""
    code = "import time; from cleaner.engines.pool import Pool; list(Pool(2).map(time.sleep, [0, 0, 600]))"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    until(lambda: len(children.read_text().split()) >= 2)
    workers = children.read_text().split()
    run.kill()
    run.wait()
    until(lambda: not any(is_running(worker) for worker in workers))


def is_running(process: str) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_an_input_that_changes_while_it_is_read_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.corpus import run as corpus

    folder = inputs(tmp_path / "in")

    def scan_and_write(*given: Any) -> Any:
        (folder / "e2.txt").write_text("Another text.\n")
        return real(*given)

    real = corpus.scan_step
    monkeypatch.setattr(corpus, "scan_step", scan_and_write)
    with pytest.raises(Exception, match=r"e2.txt: it has changed while it was read; run again"):
        go(folder, tmp_path / "out")
    assert {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()} <= {".jsonl"}, "its empty log"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"_cleaner"}
    assert not list((tmp_path / "out").rglob("cleaner-*"))


def test_an_input_that_changed_since_the_run_was_stopped_is_refused_by_name(tmp_path: Path) -> None:
    folder, out = inputs(tmp_path / "in"), tmp_path / "out"
    stopped(folder, out)
    path = folder / "d2.jsonl"
    state, before = path.stat(), path.read_bytes()
    path.write_bytes(before + b"\n")
    with pytest.raises(SettingsError, match=r"the inputs of the run .* were others \(d2.jsonl has changed\)"):
        go(folder, out, resume=True)
    path.write_bytes(before.replace(b"river", b"RIVER"))  # as long as before, with the time of before
    os.utime(path, ns=(state.st_mtime_ns, state.st_mtime_ns))
    with pytest.raises(SettingsError, match=r"d2.jsonl: it is not what the stopped run has read"):
        go(folder, out, resume=True)
    path.write_bytes(before)
    os.utime(path, ns=(state.st_mtime_ns, state.st_mtime_ns))
    assert go(folder, out, resume=True).exit_code == 0, "both refusals have left the stopped run as it was"
    go(folder, tmp_path / "whole")
    assert written(out) == written(tmp_path / "whole")


# --- the files themselves -----------------------------------------------------------------------

TEXTS = st.text(st.characters() | st.sampled_from("\ud800\udc00\udcff"))
IDS = st.none() | st.integers(-(2**90), 2**90) | TEXTS
PLACES = st.builds(Place, TEXTS, st.none() | st.integers(0, 2**40), IDS, order=st.lists(IDS, max_size=3).map(tuple))
SOURCES = st.builds(Source, st.none() | TEXTS, TEXTS, member=st.none() | st.builds(Member, TEXTS, before=st.binary()))


@given(st.lists(PLACES), SOURCES, st.dictionaries(TEXTS, st.integers(0, 2**62)), st.floats(allow_nan=False))
def test_values_come_back_as_they_were_lone_surrogates_too(
    places: list[Place], source: Source, counts: dict[str, int], share: float
) -> None:
    assert decode(encode(places), list[Place]) == places
    assert decode(encode(source), Source) == source
    found = Found(problems=[Problem(source.name, None, "a", "b", "c")], confidence=share, places=places)
    found.tally.removed_by = Counter(counts)
    back = decode(encode(found), Found)
    assert back == found
    assert [type(back.places[k]) for k in range(len(places))] == [Place] * len(places)


def test_a_witness_of_an_earlier_run_still_tells_what_it_says() -> None:
    place = Elsewhere("a", None, 5, None, 0, 9, 1, 1, told=partial(Told, "What it says.", "", "\ud800"))
    told = decode(encode(place), Elsewhere).told
    assert told is not None
    assert told() == Told("What it says.", "", "\ud800")


@given(st.binary(max_size=60))
def test_bytes_that_are_no_value_are_refused(data: bytes) -> None:
    with contextlib.suppress(CodecError):
        decode(data, Difference)


def test_nothing_but_plain_values_is_kept() -> None:
    with pytest.raises(TypeError):
        encode(os.system)


@given(st.binary(min_size=1), st.data())
def test_no_byte_of_a_kept_file_can_change_unseen(tmp_path_factory: Any, value: bytes, data: Any) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(Where.of(folder, bytes(16)))
    spool.write(7, "texts", value)
    path = folder / "000000" / "007.texts"
    whole = path.read_bytes()
    at, bit = data.draw(st.integers(0, len(whole) - 1)), 1 << data.draw(st.integers(0, 7))
    path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
    padding = range(56, 64)
    assert spool.intact(7, "texts") is None or at in padding
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert spool.intact(7, "texts") is None
    spool.close()


def test_a_folder_that_was_put_in_the_place_of_the_run_s_own_is_not_used(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, Run(fresh(), {}, None), resumed=False)
    assert (folder.path.stat().st_mode & 0o777) == 0o700
    folder.path.rename(tmp_path / "moved")
    folder.path.mkdir()
    with pytest.raises(ScratchError, match="it was put in the place of this run's folder"):
        Spool(folder.where).write(ALL, "steps", b"")
    assert folder.remove() is not None
    assert folder.path.exists(), "nor is it removed"
