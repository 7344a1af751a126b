"""Tells Jupyter of the kernel: `python -m gfn_kernel.install [--user | --sys-prefix | --prefix DIR]`."""

import argparse
import json
import os
import sys
import tempfile

from jupyter_client.kernelspec import KernelSpecManager


def main():
    parser = argparse.ArgumentParser(prog="gfn_kernel.install", description=__doc__)
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--user", action="store_true", help="for this user")
    place.add_argument("--sys-prefix", action="store_true", help="in this Python environment")
    place.add_argument("--prefix", metavar="DIR", help="below a folder, as DIR/share/jupyter/kernels")
    parser.add_argument("--root", metavar="DIR", help="the repository whose scripts/gfn runs the cells")
    chosen = parser.parse_args()

    description = {
        "argv": [sys.executable, "-m", "gfn_kernel", "-f", "{connection_file}"],
        "display_name": "gfn",
        "language": "gfn",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False},
    }
    if chosen.root:
        description["env"] = {"GFN_ROOT": os.path.abspath(chosen.root)}
    prefix = chosen.prefix
    if chosen.sys_prefix or not (chosen.user or prefix) and sys.prefix != sys.base_prefix:
        prefix = sys.prefix
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with open(os.path.join(folder, "kernel.json"), "w", encoding="utf-8") as file:
            json.dump(description, file, indent=1)
        try:
            place = KernelSpecManager().install_kernel_spec(
                folder, "gfn", user=prefix is None, prefix=prefix
            )
        except OSError as error:
            sys.exit(f"the kernel could not be installed: {error}; try --user or --prefix DIR")
    print(f"installed the kernel 'gfn' in {place}")


if __name__ == "__main__":
    main()
