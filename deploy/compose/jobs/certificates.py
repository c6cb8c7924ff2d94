"""Makes the city's own authority, and certificates of it for Kafka and MongoDB.

Repeating it changes nothing until a certificate has less than two months left: then it is made
anew, by the same authority; Kafka and MongoDB read it at their next start.
"""

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY = Path("/authority/authority.pem")
AUTHORITY_KEY = Path("/authority-key/authority.key")
CERTIFICATES = Path("/certificates")
AUTHORITY_LIFE, LIFE, RENEWED_BEFORE = (timedelta(days=days) for days in (3650, 825, 60))

Key = ec.EllipticCurvePrivateKey


def main() -> None:
    """The authority, then a certificate for each server."""
    key, authority = open_authority()
    for server in ("kafka", "mongo"):
        path = CERTIFICATES / server / f"{server}.pem"
        names = (server, "localhost", "127.0.0.1", *os.environ.get("MORE_NAMES", "").split())
        if path.exists() and lasts(x509.load_pem_x509_certificate(path.read_bytes())):
            print(f"{server}: sertifikat masih berlaku / certificate still valid")
            continue
        write(path, issue(names, key, authority), mode=0o444)
        print(f"{server}: sertifikat baru / new certificate: {', '.join(names)}")


def open_authority() -> tuple[Key, x509.Certificate]:
    """The authority as it was made once; its key never leaves its own volume."""
    if AUTHORITY_KEY.exists():
        key = load_pem_private_key(AUTHORITY_KEY.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key, x509.load_pem_x509_certificate(AUTHORITY.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kentongan")])
    certificate = (
        builder(name, name, key, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    write(AUTHORITY, certificate.public_bytes(Encoding.PEM), mode=0o444)
    write(AUTHORITY_KEY, as_pem(key), mode=0o400)
    return key, certificate


def issue(names: Sequence[str], key: Key, authority: x509.Certificate) -> bytes:
    """A server's key and certificate in one file, as Kafka and MongoDB read it."""
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    certificate = (
        builder(subject, authority.subject, own, LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            ),
            critical=False,
        )
        .add_extension(x509.SubjectAlternativeName([named(name) for name in names]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(Encoding.PEM) + as_pem(own) + authority.public_bytes(Encoding.PEM)
    )


def builder(
    subject: x509.Name, issuer: x509.Name, key: Key, life: timedelta
) -> x509.CertificateBuilder:
    """What every certificate here has."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of one host differ by little, those of clients by more.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """What a key may be used for; Python 3.13 and newer insist on it."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def named(name: str) -> x509.GeneralName:
    """An address counts only where it stands as one."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def lasts(certificate: x509.Certificate) -> bool:
    """Whether it need not be made anew yet."""
    return certificate.not_valid_after_utc - datetime.now(UTC) > RENEWED_BEFORE


def as_pem(key: Key) -> bytes:
    """Kafka reads keys in PKCS #8 only."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write(path: Path, content: bytes, *, mode: int) -> None:
    """Whole or not at all."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_bytes(content)
    new.chmod(mode)
    new.replace(path)


if __name__ == "__main__":
    main()
