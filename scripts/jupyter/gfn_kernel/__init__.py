"""A Jupyter kernel for gfn: it talks to `gfn session --output json`."""

__version__ = "0.1.0"
