"""Makes sure that what the tests need from the system is there; on Debian with root or sudo it is installed.

Run by `make test` before pytest. Elsewhere it prints exactly what to install and fails: nothing is skipped silently.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable


def command(name: str) -> Callable[[], bool]:
    """Whether a program can be found."""
    return lambda: bool(shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin"))


def library(name: str) -> Callable[[], bool]:
    """Whether a shared library can be found."""
    return lambda: ctypes.util.find_library(name) is not None


def file(path: str) -> Callable[[], bool]:
    """Whether a file is there."""
    return lambda: os.path.exists(path)


#: Debian package -> how to see that it is there.
NEEDED: dict[str, Callable[[], bool]] = {
    "chromium": command("chromium"),
    "fonts-dejavu-core": file("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    "libpango-1.0-0": library("pango-1.0"),
    "libpangoft2-1.0-0": library("pangoft2-1.0"),
    "libharfbuzz-subset0": library("harfbuzz-subset"),
    "libzbar0": library("zbar"),
    "poppler-utils": command("pdftoppm"),
    "7zip": command("7zz"),
    "hunspell": command("hunspell"),
    "hunspell-es": file("/usr/share/hunspell/es_ES.dic"),
    "hunspell-en-gb": file("/usr/share/hunspell/en_GB.dic"),
    "curl": command("curl"),
    "openssl": command("openssl"),
    "apache2-bin": command("apache2"),
    "apache2-utils": command("htpasswd"),
    "libapache2-mod-auth-openidc": file("/usr/lib/apache2/modules/mod_auth_openidc.so"),
    "media-types": file("/etc/mime.types"),
    "nginx-light": command("nginx"),
    "redis-server": command("redis-server"),
    "nodejs": command("node"),
    "npm": command("npm"),
    "default-jre-headless": command("java"),
    "libreoffice-calc": command("soffice"),
}


def main() -> int:
    """0 when everything is there."""
    missing = [name for name, there in NEEDED.items() if not there()]
    if not missing:
        return 0
    line = f"apt-get install --no-install-recommends {' '.join(missing)}"
    administrator = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not administrator or shutil.which("sudo")):
        print(f"The tests need these packages, which are installed now: {' '.join(missing)}", flush=True)
        quiet = {"stdout": subprocess.DEVNULL}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*administrator, "apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(  # type: ignore[call-overload]
            [*administrator, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
            check=False, env=environment, **quiet,
        )  # fmt: skip
        missing = [name for name, there in NEEDED.items() if not there()]
    if missing:
        print(
            f"The tests cannot run without: {' '.join(missing)}\nInstall them with:\n    sudo {line}", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
