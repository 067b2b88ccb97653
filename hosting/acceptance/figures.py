"""Numbers that a run of the suite has measured, for its last lines."""

import pytest

FIGURES = pytest.StashKey[list[str]]()
