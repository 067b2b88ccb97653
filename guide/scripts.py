"""Scripts as they are sent: what only people read stays at home.

Enters: a module as it is written. Leaves: the same program without comments and with short names for what is its own.
Where the minifier cannot be had (pyproject.toml says for which Python), scripts are sent as they are written: a fifth
larger, otherwise the same.
"""

from __future__ import annotations

try:
    import minify
except ImportError:
    minify = None


def shortened(script: str) -> str:
    """`script` in fewer bytes. Raises ValueError with line and column of what is no JavaScript."""
    return script if minify is None else str(minify.string("application/javascript", script))
