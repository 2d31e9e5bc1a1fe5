"""An OAuth provider on loopback, as strict as the large ones, and the settings for a Dovecot that asks it.

oidc-provider-mock does the protocol. Added here: PKCE is checked, a refresh token ends when the next is given, tokens
can be introspected (RFC 7662) and ended, and the token endpoint can be slow or fail.
"""

import base64
import contextlib
import datetime
import hashlib
import io
import json
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from werkzeug.serving import make_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import flask
    from oidc_provider_mock import _app as mock

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http on loopback


class OauthServer:
    """`url` ends without a slash. `refreshes` counts; `refuse` (status, error) makes the token endpoint fail."""

    def __init__(self) -> None:
        self.url = ""
        self.refreshes = 0
        self.refuse: tuple[int, str] | None = None
        self.slow_seconds = 0.0
        self._challenges: dict[str, str] = {}
        self._lock = threading.Lock()

    def agree(self, page: str, email: str) -> dict[str, str]:
        """A user opens the provider's page and agrees: what the browser is sent back with."""
        return self._answer(page, {"sub": email})

    def decline(self, page: str) -> dict[str, str]:
        """A user opens the page and does not agree."""
        return self._answer(page, {"action": "deny"})

    def revoke(self, email: str) -> None:
        """The user takes the consent back at the provider."""
        httpx2.post(f"{self.url}/users/{email}/revoke-tokens").raise_for_status()

    def end_access_tokens(self) -> None:
        """All access tokens end before their time; refresh tokens stay."""
        httpx2.post(f"{self.url}/end-access-tokens").raise_for_status()

    def _answer(self, page: str, form: dict[str, str]) -> dict[str, str]:
        answer = httpx2.post(page, data=form, follow_redirects=False)
        assert answer.is_redirect, answer.text
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def around(self, inside: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """What is added, around the provider's own application."""

        def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            if path == "/oauth2/authorize" and environ["REQUEST_METHOD"] == "POST":
                return self._remember_challenge(inside, environ, start)
            if path == "/oauth2/token":
                return self._give(inside, environ, start)
            return inside(environ, start)

        return application

    def _remember_challenge(
        self, inside: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        asked = parse_qs(environ["QUERY_STRING"])
        assert asked["code_challenge_method"] == ["S256"]

        def remembering(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            location = dict(headers).get("Location", "")
            for code in parse_qs(urlsplit(location).query).get("code", []):
                self._challenges[code] = asked["code_challenge"][0]
            return start(status, headers, *more)

        return inside(environ, remembering)

    def _give(
        self, inside: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        time.sleep(self.slow_seconds)
        if form["grant_type"] == "refresh_token":
            with self._lock:
                self.refreshes += 1
        refusal = self.refuse
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if self._challenges.get(form["code"]) != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
                refusal = 400, "invalid_grant"
        if refusal is not None:
            start(f"{refusal[0]} No", [("Content-Type", "application/json")])
            return [json.dumps({"error": refusal[1]}).encode()]
        return inside(environ, start)


class _StrictRefresh(mock.RefreshTokenGrant):
    """A new refresh token each time, and the old one ends with it."""

    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post",)  # as Google and Microsoft document it

    def revoke_old_credential(self, refresh_token: Any) -> None:
        mock.storage.remove_refresh_token(refresh_token.token)


def _application(server: OauthServer, lifetime: Any) -> flask.Flask:
    made = mock.app(access_token_max_age=lifetime)

    @made.post("/introspect")
    def introspect() -> Any:
        token = mock.storage.get_access_token(flask.request.form["token"])
        if token is None or token.is_expired():
            return flask.jsonify({"active": "false", "username": "nobody"})
        return flask.jsonify({"active": "true", "username": token.user_id})

    @made.post("/end-access-tokens")
    def end_access_tokens() -> Any:
        for token in mock.storage.access_tokens():
            mock.storage.remove_access_token(token.token)
        return "", 204

    made.wsgi_app = server.around(made.wsgi_app)  # type: ignore[method-assign]
    return made


@contextlib.contextmanager
def oauth_server(lifetime: Any) -> Iterator[OauthServer]:
    """A provider whose first access tokens live for `lifetime` (a timedelta)."""
    server = OauthServer()
    mock.RefreshTokenGrant, before = _StrictRefresh, mock.RefreshTokenGrant
    try:
        application = _application(server, lifetime)
    finally:
        mock.RefreshTokenGrant = before
    running = make_server("127.0.0.1", 0, application, threaded=True)
    server.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        running.server_close()
        thread.join(5)


def dovecot_settings(folder: Path, server: OauthServer) -> str:
    """Lines for dovecot.conf, by which it asks the provider about access tokens. `folder` is open to all."""
    asking = folder / "oauth2.conf"
    asking.write_text(
        f"introspection_mode = post\nintrospection_url = {server.url}/introspect\n"
        "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
    )
    asking.chmod(0o644)
    return (
        "auth_mechanisms = plain login xoauth2 oauthbearer\n"
        f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {asking}\n}}"
    )


if __name__ == "__main__":  # for the page's own tests: the address on stdout, until stdin is closed
    with oauth_server(datetime.timedelta(hours=1)) as standing:
        print(standing.url, flush=True)
        sys.stdin.read()
