"""Finds the program that runs the cells."""

import os
import shlex
import shutil
from pathlib import Path


class NotFound(Exception):
    """There is no gfn, or not where the environment says."""


def command():
    """The words that start a session: `$GFN`, else the repository's scripts/gfn, else gfn in PATH."""
    options = shlex.split(os.environ.get("GFN_OPTIONS", ""))
    return [_program(), "session", "--output", "json", *options]


def _program():
    given = os.environ.get("GFN")
    if given:
        path = shutil.which(os.path.expanduser(given))
        if path is None:
            raise NotFound(f"$GFN is '{given}', which is no program; correct or unset it")
        return path
    for root in _repositories():
        path = shutil.which(str(root / "scripts" / "gfn"))
        if path is not None:
            return path
    path = shutil.which("gfn")
    if path is None:
        raise NotFound("gfn was not found; set the environment variable GFN to the program")
    return path


def _repositories():
    # Written into the kernel's description when it was installed from there.
    root = os.environ.get("GFN_ROOT")
    if root:
        yield Path(root)
    # The package lies in scripts/jupyter/gfn_kernel of the repository when it is not installed.
    here = Path(__file__).resolve()
    if len(here.parents) > 3 and here.parents[1].name == "jupyter":
        yield here.parents[3]
