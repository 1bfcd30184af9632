"""What all tests share: rings by folder, golden texts, a temporary folder of which nothing is left, a real board."""

import fcntl
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from tests.support.compiler_cache import remember
from tests.support.kept import VARIABLE

HERE: Final = Path(__file__).resolve().parent
GOLDEN: Final = HERE / "golden"
RINGS: Final = ("unit", "exhaustive", "text", "compiled", "board", "training", "hardware")
# What a run may have in its temporary folder when it ends: pytest's own, and what tests keep for each other.
KEPT: Final = "kept-"
LOCK: Final = "lock"
PREFIX: Final = "depthwise-tests-"
# TensorFlow's AutoGraph writes its own code there and removes it when the process ends; all of it goes with the folder.
AUTOGRAPH: Final = "__autograph_generated_file"
EXPECTED: Final = ("pytest-of-", KEPT, LOCK, AUTOGRAPH)
FOLDER: Final = pytest.StashKey[Path]()
HELD: Final = pytest.StashKey[int]()
LEFT: Final = pytest.StashKey[list[str]]()

# On a busy machine an example takes as long as it takes.
settings.register_profile("depthwise", deadline=None)
settings.load_profile("depthwise")

# Workers share the cores among them: a linear algebra library that starts a thread for each would be in their way.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="accept the texts as they are now")
    parser.addoption("--port", help="run the tests of tests/hardware on the board at this serial port or pyserial URL")
    parser.addoption("--project", type=Path, help="project that was flashed onto the board at --port")


def pytest_configure(config: pytest.Config) -> None:
    """All temporary files of a run, of its workers and of the programs they start lie in one folder."""
    _let_programs_hear()
    if not hasattr(config, "workerinput"):
        _remove_abandoned()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        config.stash[FOLDER], config.stash[HELD] = folder, _held(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix=KEPT)
        remember(Path(tempfile.mkdtemp(prefix=KEPT)))
        _let_bytecode_be_kept()


def _let_bytecode_be_kept() -> None:
    """Programs of a run compile what they import once, not each again: in its folder where none may be kept beside."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix=KEPT)


def _let_programs_hear() -> None:
    """What jobs in the background are told to ignore reaches the programs that tests end by it."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def _held(folder: Path) -> int:
    """A lock that is let go when this process ends, however it ends. Raises OSError where another one has it."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _remove_abandoned() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if (folder / LOCK).exists():
                os.close(_held(folder))
                shutil.rmtree(folder)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many again as there are cores: many tests wait for a line, a board or the disk, and their core idles.

    Files that are named are run at once, by this process; a board at a port is one for all tests.
    """
    named = (Path(str(config.invocation_params.dir), arg.split("::")[0]) for arg in config.args)
    if config.getoption("--port") or any(path.is_file() for path in named):
        return 0
    return _cores() * 3 // 2


def _cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run that leaves anything else in its temporary folder has failed."""
    folder = session.config.stash.get(FOLDER, None)
    if folder is not None:
        left = sorted(path.name for path in folder.iterdir() if not path.name.startswith(EXPECTED))
        session.config.stash[LEFT] = left
        if left and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left := config.stash.get(LEFT, []):
        terminalreporter.section("left behind in the temporary folder", red=True)
        terminalreporter.line("\n".join(left))


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(FOLDER, None):
        shutil.rmtree(folder, ignore_errors=True)
        os.close(config.stash[HELD])


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Rings that -m does not ask for are not even imported: a ring by itself starts at once."""
    wanted = str(config.getoption("markexpr"))
    named = set(re.findall(r"\w+", wanted)) - {"and", "or", "not"}
    if collection_path.parent != HERE or collection_path.name not in RINGS or not named or not named <= {*RINGS}:
        return None
    return not eval(wanted, {}, {ring: ring == collection_path.name for ring in RINGS}) or None


def pytest_itemcollected(item: pytest.Item) -> None:
    """The folder is the marker. What is in tests/hardware needs a board, and says so."""
    ring = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
    if ring:
        item.add_marker(ring)
    if ring == "hardware" and not item.config.getoption("--port"):
        item.add_marker(pytest.mark.skip(reason="needs a real board: give --port and --project"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file of tests/golden (or a path from the repository's root)."""

    def check(name: str, text: str) -> None:
        path = GOLDEN.parent.parent / name if "/" in name else GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"no golden file {path}: run with --update-golden and look at it"
        assert text == path.read_text()

    return check
