"""Makes a folder for Azure Static Web Apps from a build: the files, and staticwebapp.config.json.

Enters: build/ and the provider's issuer. Leaves: one folder to upload. `python hosting/managed/azure.py --help`.
Source of the rules: learn.microsoft.com, "Configure Azure Static Web Apps" (first match wins; a route without
allowedRoles is anonymous; "/x/*" matches neither "/x" nor "/x/index.html"; without trailingSlash every file is served
under its own name) and "Custom authentication in Azure Static Web Apps" (rolesSource).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import upload  # noqa: E402
from gate.build import policies  # noqa: E402
from gate.refusal import Refusal, Refused  # noqa: E402

Config = dict[str, object]
Route = dict[str, object]
LIMIT = 20 * 1024  # bytes of the configuration file, by Azure's quotas
PROVIDER = "members"
ROLE = re.compile(r"[A-Za-z0-9_]+")  # what Azure allows as the name of a role
LANGUAGES = ("en", "es")


def public_paths(public: Path) -> list[str]:
    """Every address below which anybody may read: exact files, and folders as "/name/*" with their index files."""
    paths = []
    for entry in sorted(os.listdir(public)):
        place = public / entry
        if place.is_file() and place.suffix not in (".br", ".gz"):
            paths.append(f"/{entry}")
        elif place.is_dir():
            # never "/name*": that would open /name-internal/ as well
            paths += [f"/{entry}/index.html"] if (place / "index.html").is_file() else []
            paths.append(f"/{entry}/*")
    return paths


def headers(policy: str) -> dict[str, str]:
    """What every answer carries, as hosting/apache/site.conf has it."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=63072000",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "private, no-cache",
    }


def configuration(build: Path, issuer: str, scope: str, language: str, role: str) -> Config:
    """The content of staticwebapp.config.json: the public addresses one by one, then members only.

    `scope` is what to ask the provider for; `language` is that of the error pages, of which this host takes one each;
    `role` is what makes a member, and another one signs everybody out.
    """
    policy = policies(build)
    shown = {"Content-Security-Policy": policy["public"], "X-Robots-Tag": "", "Cache-Control": "public, max-age=300"}
    kept_out = {"Content-Security-Policy": policy["public"], "Cache-Control": "no-store"}
    # on the page and not on the redirect: this host's redirects carry no headers (Azure/static-web-apps, issue 739)
    out = {**kept_out, "Clear-Site-Data": '"cache"'}
    routes: list[Route] = [
        {"route": "/.auth/login/github", "statusCode": 404},
        {"route": "/.auth/login/aad", "statusCode": 404},
        {"route": "/signin/out", "redirect": "/.auth/logout?post_logout_redirect_uri=/signin/signed-out.html"}
        | {"allowedRoles": ["anonymous"]},
    ]
    for path in ("/signin/signed-out.html", "/signin/es/signed-out.html"):
        routes.append({"route": path, "methods": ["GET", "HEAD"], "headers": out, "allowedRoles": ["anonymous"]})
    for path in public_paths(build / "public"):
        given = kept_out if path.startswith(("/signin/", "/errors/")) else shown
        routes.append({"route": path, "methods": ["GET", "HEAD"], "headers": given, "allowedRoles": ["anonymous"]})
    routes += [
        # "/*" would be read as "below /, but not its index file": name that one too
        {"route": "/index.html", "methods": ["GET", "HEAD"], "allowedRoles": [role]},
        {"route": "/*", "methods": ["GET", "HEAD"], "allowedRoles": [role]},
        # a rule with methods lets other methods fall through to the next rule, and to anonymous after the last
        {"route": "/index.html", "allowedRoles": ["nobody"]},
        {"route": "/*", "allowedRoles": ["nobody"]},
    ]
    return {
        "platform": {"apiRuntime": "node:22"},
        "routes": routes,
        "responseOverrides": {
            "400": {"rewrite": f"/errors/400.{language}.html"},
            "401": {"statusCode": 302, "redirect": f"/.auth/login/{PROVIDER}?post_login_redirect_uri=.referrer"},
            "403": {"rewrite": f"/errors/403.{language}.html"},
            "404": {"rewrite": f"/errors/404.{language}.html"},
        },
        "globalHeaders": headers(policy["member"]),
        "auth": {
            # asked after each sign-in; what it does not grant, nobody has
            "rolesSource": "/api/roles",
            "identityProviders": {
                "customOpenIdConnectProviders": {
                    PROVIDER: {
                        "registration": {
                            "clientIdSettingName": "MEMBERS_CLIENT_ID",
                            "clientCredential": {"clientSecretSettingName": "MEMBERS_CLIENT_SECRET"},
                            "openIdConnectConfiguration": {
                                "wellKnownOpenIdConfiguration": f"{issuer.rstrip('/')}/.well-known/openid-configuration"
                            },
                        },
                        "login": {"nameClaimType": "sub", "scopes": scope.split()},
                    }
                }
            },
        },
    }


def assemble(
    build: Path,
    issuer: str,
    target: Path,
    *,
    scope: str = "openid membership",
    language: str = "en",
    role: str = "member",
) -> Path:
    """Copies both trees into `target` and writes the configuration there.

    Raises Refused if the build is not in order, a public file shadows a member file, or the file is too big.
    """
    text = json.dumps(configuration(build, issuer, scope, language, role), indent=1)
    more = []
    if not ROLE.fullmatch(role) or role in ("anonymous", "authenticated", "nobody"):
        more.append(
            Refusal("--role", f"{role!r} is no name for members.", "Take letters and digits, for example member2.")
        )
    if len(text.encode()) > LIMIT:
        what, remedy = f"is over {LIMIT} bytes.", "Have fewer inline scripts: each adds a hash to the policy."
        more.append(Refusal("staticwebapp.config.json", what, remedy))
    upload.assemble(build, target, more)
    (target / "staticwebapp.config.json").write_text(text)
    return target


def main() -> int:
    """Writes the folder; returns 0, or 1 with every reason why not."""
    parser = argparse.ArgumentParser(description="A folder for Azure Static Web Apps.")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--issuer", required=True, help="of the identity provider, as its metadata says")
    parser.add_argument("--scope", default="openid membership", help="what to ask the provider for")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the error pages")
    parser.add_argument(
        "--role", default="member", help="another name signs everybody out; MEMBERS_ROLE must say it too"
    )
    parser.add_argument("--out", type=Path, default=Path("build/azure"))
    words = parser.parse_args()
    try:
        chosen = {"scope": words.scope, "language": words.language, "role": words.role}
        made = assemble(words.build, words.issuer, words.out, **chosen)
        print(f"{made} is ready; hosting/managed/azure.md says how to go on.")
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
