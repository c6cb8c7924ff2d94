"""A person with a browser: registers, logs in, follows links from mail, and gets tokens by PKCE."""

import base64
import hashlib
import html
import re
import secrets
from types import TracebackType
from typing import Any, Self

import httpx

from kentongan.identity.clients import PAGES

FORM = re.compile(r'<form[^>]*\baction="([^"]+)"')
LINK = re.compile(r'href="([^"]*login-actions/(?:registration|action-token|required-action)[^"]*)"')


class Browser:
    """One browser with its cookies. `public_url`, where the pages are, is served by nobody here."""

    def __init__(self, realm_url: str, public_url: str) -> None:
        self._realm = f"{realm_url}/protocol/openid-connect"
        self._return_to = f"{public_url}/"
        trusting = {"response": [self._trust_this_machine]}
        self._http = httpx.Client(trust_env=False, timeout=120, event_hooks=trusting)
        self._verifier = secrets.token_urlsafe(48)
        self.page = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._http.close()

    def ask(self, **extra: str) -> httpx.Response:
        """The pages send the person to log in."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        query = {
            "client_id": PAGES,
            "response_type": "code",
            "redirect_uri": self._return_to,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **extra,
        }
        return self._arrive(self._http.get(f"{self._realm}/auth", params=query))

    def follow(self, address: str | None = None) -> httpx.Response:
        """Open a link from a mail, or the page's own."""
        if address is None:
            found = LINK.search(self.page)
            assert found is not None, self.words()
            address = str(httpx.URL(self._realm).join(html.unescape(found.group(1))))
        return self._arrive(self._http.get(address))

    def submit(self, **fields: str) -> httpx.Response:
        """Fill in the page's form and send it."""
        found = FORM.search(self.page)
        assert found is not None, self.words()
        return self._arrive(self._http.post(html.unescape(found.group(1)), data=fields))

    def tokens(self, arrived: httpx.Response) -> dict[str, Any]:
        """What the pages get for the code with which the person came back."""
        found = self.redeem(arrived)
        assert "access_token" in found, found
        return found

    def redeem(self, arrived: httpx.Response) -> dict[str, Any]:
        """What Keycloak answers to the code, by this browser's verifier."""
        code = httpx.URL(arrived.headers.get("location", "")).params.get("code")
        assert code is not None, self.words()
        return self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._return_to,
            code_verifier=self._verifier,
        )

    def renew(self, refresh_token: str) -> dict[str, Any]:
        """What the pages get when the access token has ended; an error where no more."""
        return self._token(grant_type="refresh_token", refresh_token=refresh_token)

    def words(self) -> str:
        """What a person reads on the page."""
        text = re.sub(r"(?s)<(script|style|select).*?</\1>|<[^>]+>", " ", self.page)
        return " ".join(html.unescape(text).split())

    def _token(self, **form: str) -> dict[str, Any]:
        answer = self._http.post(f"{self._realm}/token", data={"client_id": PAGES, **form})
        return dict(answer.json())

    def _trust_this_machine(self, _: httpx.Response) -> None:
        """As browsers do: loopback is a secure place, which Keycloak's cookies ask for."""
        for cookie in self._http.cookies.jar:
            cookie.secure = False

    def _arrive(self, answer: httpx.Response) -> httpx.Response:
        """Follow redirects as far as Keycloak sends us; back to the pages is the end."""
        while answer.is_redirect and not answer.headers["location"].startswith(self._return_to):
            answer = self._http.get(httpx.URL(answer.url).join(answer.headers["location"]))
        self.page = answer.text
        return answer
