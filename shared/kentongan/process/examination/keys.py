"""The identity provider's keys: whether they can be read, and which of them are used."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from kentongan.http.auth.authenticator import key_set_of
from kentongan.http.auth.key_documents import key_entries, usable_keys
from kentongan.http.auth.keys import reason_of
from kentongan.process.examination.findings import Finding, doubtful, failing, fine
from kentongan.settings import AuthSettings

SHORTEST_RSA_BITS = 2048


async def examine_keys(settings: AuthSettings) -> list[Finding]:
    """Reads the key set as a process would."""
    read = key_set_of(settings)
    if read is None:
        return [
            failing(
                "key set",
                "none is named",
                "Isi KENTONGAN_AUTH_JWKS_URL atau KENTONGAN_AUTH_JWKS_FILE.",
                "Set KENTONGAN_AUTH_JWKS_URL or KENTONGAN_AUTH_JWKS_FILE.",
            )
        ]
    try:
        document = await read()
        entries = key_entries(document)
        keys = usable_keys(document, settings.algorithms)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return [
            failing(
                "key set",
                f"can't be read: {reason_of(error)}",
                "Periksa alamat atau berkas, jaringan, dan sertifikat penyedia identitas.",
                "Check the address or file, the network, and the identity provider's certificate.",
            )
        ]
    return list(judge_keys(entries, keys, settings.algorithms))


def judge_keys(
    entries: Iterable[Any], keys: Mapping[str, jwt.PyJWK], algorithms: Iterable[str]
) -> Iterator[Finding]:
    """Which keys tokens may be signed with, and which are weak."""
    all_entries = list(entries)
    pinned = ", ".join(algorithms)
    if not keys:
        yield failing(
            "key set",
            f"{len(all_entries)} keys, none with a `kid` that signs with {pinned}",
            "Aktifkan kunci tanda tangan dengan algoritma itu pada penyedia identitas.",
            "Have the identity provider sign with one of these.",
        )
        return
    named = ", ".join(f"{kid[:24]} ({key.algorithm_name})" for kid, key in sorted(keys.items()))
    left = len(all_entries) - len(keys)
    yield fine("key set", f"{named}; {left} others are not used" if left else named)
    for kid, key in sorted(keys.items()):
        public = key.key
        if isinstance(public, RSAPublicKey) and public.key_size < SHORTEST_RSA_BITS:
            yield doubtful(
                "key strength",
                f"{kid[:24]}: RSA with {public.key_size} bits can be broken",
                f"Ganti dengan ES256, atau RSA {SHORTEST_RSA_BITS} bit ke atas.",
                f"Replace it by ES256, or RSA of {SHORTEST_RSA_BITS} bits or more.",
            )
