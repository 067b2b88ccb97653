"""`make gate` calls `hosting/bin/gate demo`: an operator sees the real thing and loses nothing by trying it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "hosting"), str(ROOT / "hosting" / "acceptance")]

import pytest  # noqa: E402
from client import Site  # noqa: E402
from gate import demo  # noqa: E402
from gate.httpd import listening  # noqa: E402
from gate.refusal import Refused  # noqa: E402
from machine import free_ports  # noqa: E402
from signin import sign_in  # noqa: E402


def test_the_demo_shows_two_sign_ins_and_leaves_nothing(tmp_path: Path) -> None:
    """It prints a member's and a visitor's account, both behave as told, and Ctrl-C closes and removes everything."""
    subprocess.run([sys.executable, str(ROOT / "hosting/acceptance/specimen.py"), str(tmp_path / "build")], check=True)
    port = free_ports(1)[0]
    words = ["python3", str(ROOT / "hosting/bin/gate"), "demo", "--build", str(tmp_path / "build"), "--port", str(port)]
    log = tmp_path / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(words, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        end = time.monotonic() + 60
        while "End with Ctrl-C" not in log.read_text() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        told = log.read_text()
        accounts = dict(re.findall(r"account (\S+) +passphrase (\S+)", told))
        assert set(accounts) == {"member", "visitor"}, told
        audit = Path(re.findall(r"\S+/audit\.log", told)[0])
        site = Site(f"http://localhost:{port}")
        assert site.base in told
        statuses = {name: sign_in(site, name, phrase, at="/es/")[2].status for name, phrase in accounts.items()}
        assert statuses == {"member": 200, "visitor": 403}
        assert audit.is_file()
    finally:
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert not listening(f"127.0.0.1:{port}")
    assert not listening(f"127.0.0.1:{port + 1}")
    assert not audit.parent.parent.parent.exists()


@pytest.mark.parametrize("works", [True, False])
def test_missing_packages_are_installed_or_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], works: bool
) -> None:
    """On a fresh Debian the missing packages are named and installed; where that fails, the exact line is given."""
    for name in ("apt-get", "sudo"):
        stand_in = tmp_path / name
        stand_in.write_text(f'#!/bin/sh\necho "{name} $*"\n[ "$1" = update ] || exit {0 if works else 1}\n')
        stand_in.chmod(0o755)
    monkeypatch.setattr(demo, "PACKAGES", {Path("/no/such/apache2"): "apache2-bin"})
    monkeypatch.setenv("PATH", str(tmp_path))
    if works:
        demo.install()
    else:
        with pytest.raises(Refused, match="apt-get install --no-install-recommends apache2-bin nodejs npm"):
            demo.install()
    told = capfd.readouterr().out
    assert "Missing packages; running:" in told
    assert "install --yes --no-install-recommends apache2-bin nodejs npm" in told


def test_without_a_build_the_demo_says_what_to_do(tmp_path: Path) -> None:
    """Somebody who runs it first is sent to `make site`."""
    words = ["python3", str(ROOT / "hosting/bin/gate"), "demo", "--build", str(tmp_path)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "is not a finished build" in answer.stderr
    assert "make site" in answer.stderr
