"""SHA-256 of a project's files as they were exported, and the build id that the firmware answers with."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

BUILD_ID_DIGITS: Final = 16


def file_hashes(texts: Mapping[str, str], copies: Iterable[tuple[str, tuple[Path, ...]]]) -> dict[str, str]:
    """SHA-256 of each rendered text and each copied file, by its name in the project, sorted."""
    contents = {name: text.encode() for name, text in texts.items()}
    for folder, sources in copies:
        contents |= {str(Path(folder, source.name)): source.read_bytes() for source in sources}
    return content_hashes(contents)


def content_hashes(contents: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each content, by its name in the project, sorted."""
    return {name: hashlib.sha256(contents[name]).hexdigest() for name in sorted(contents)}


def build_id(hashes: Mapping[str, str]) -> str:
    """Name of what is built from these files: 16 hexadecimal digits, the same for the same files."""
    listed = "".join(f"{digest} {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(listed.encode()).hexdigest()[:BUILD_ID_DIGITS]
