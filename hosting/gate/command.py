"""bin/gate: check · start · stop · reload · sign-out-all · bar · unbar · demo.

Enters: words of the command line. Leaves: what was done, in sentences, and an exit status: 0 done, 1 refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gate import demo, host, httpd, sessions
from gate.build import build_faults
from gate.refusal import Refusal, Refused
from gate.settings import Settings, read


def parser() -> argparse.ArgumentParser:
    """The words that bin/gate understands."""
    top = argparse.ArgumentParser(prog="gate", description="The gate in front of the Practice Guide.")
    top.add_argument("--settings", type=Path, default=Path("/etc/practice-guide/gate.settings"), metavar="FILE")
    steps = top.add_subparsers(dest="step", required=True, metavar="STEP")
    steps.add_parser("check", help="look at settings, build and machine, and say everything that is wrong")
    steps.add_parser("start", help="check, start, and ask for a member page as a stranger")
    steps.add_parser("stop", help="stop, and wait until the port is closed")
    steps.add_parser("reload", help="read settings, build policy and certificate again; nobody is signed out")
    steps.add_parser("sign-out-all", help="end every session now")
    for step, words in (("bar", "keep one person out from now on"), ("unbar", "let that person in again")):
        steps.add_parser(step, help=words).add_argument("subject", help="as the audit log writes it")
    trial = steps.add_parser("demo", help="try the gate on this machine with a demo identity provider")
    trial.add_argument("--build", type=Path, default=Path("build"), help="what `make site` wrote")
    trial.add_argument("--port", type=int, default=8080, help="of the guide; the demo provider takes the next one")
    return top


def found(settings: Settings, *, starting: bool) -> list[Refusal]:
    """Everything that is wrong with build and machine."""
    return [*build_faults(settings.build), *host.host_faults(settings, starting=starting)]


def check(settings: Settings, *, starting: bool) -> None:
    """Raises Refused with everything that is wrong with build and machine."""
    if faults := found(settings, starting=starting):
        raise Refused(faults)


def begin(settings: Settings) -> int:
    """Starts the gate, keeps it running only if a stranger is turned away, and returns its pid."""
    if httpd.running(settings):
        raise Refused([Refusal("gate", "is running already.", "gate reload, or gate stop first.")])
    faults = found(settings, starting=True)
    if any(not fault.passing for fault in faults):
        raise Refused(faults)
    for fault in faults:
        print(f"Started all the same: {fault}", file=sys.stderr)
    pid = httpd.start(settings)
    try:
        httpd.probe(settings)
    except BaseException:
        httpd.stop(settings)
        raise
    return pid


def run(words: argparse.Namespace) -> str:
    """Does one step and returns the sentence to print."""
    if words.step == "demo":
        return demo.run(words.build, words.port)
    settings = read(words.settings)
    if words.step == "check":
        check(settings, starting=not httpd.running(settings))
        httpd.write(settings)
        httpd.syntax(settings)
        if httpd.running(settings):
            httpd.probe(settings)
        return "Settings, build and machine are in order."
    if words.step == "start":
        return f"The gate is open to members at {settings['GATE_ORIGIN']}/ (pid {begin(settings)})."
    if words.step == "stop":
        return "The gate is closed." if httpd.stop(settings) else "The gate was not running."
    if words.step == "reload":
        check(settings, starting=False)
        return "The gate has read everything again." if httpd.reload(settings) else "The gate was not running."
    if words.step == "sign-out-all":
        return f"{sessions.sign_out_all(settings)} entries ended; everybody signs in again at the next page."
    live = (sessions.bar if words.step == "bar" else sessions.unbar)(settings, words.subject)
    done = f"{words.subject} is {'barred' if words.step == 'bar' else 'no longer barred'} on this node"
    return f"{done}, from the next request on." if live else f"{done}, once the gate runs."


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    try:
        sentence = run(parser().parse_args(arguments))
    except Refused as refused:
        for refusal in refused.refusals:
            print(refusal, file=sys.stderr)
        count = len(refused.refusals)
        print(f"The gate refuses: {count} reason{'s' if count > 1 else ''}.", file=sys.stderr)
        return 1
    print(sentence)
    return 0
