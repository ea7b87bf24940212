"""What the disk must be told besides writing."""

import os
from pathlib import Path


def told(path: Path, error: OSError) -> str:
    """What kept a file from being read or written, and what to do where its folder is not there."""
    folder = path.absolute().parent
    first = "" if folder.exists() else f" Make the folder {folder} first."
    return f"{path}: {error.strerror}.{first}"


def flush_folder(folder: Path) -> None:
    """Make sure that a file's new name survives a power cut; its content is flushed by whoever wrote it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
