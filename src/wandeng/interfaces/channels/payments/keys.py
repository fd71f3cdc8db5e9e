"""RSA keys and the two signatures that all payment providers here use."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from wandeng.kernel.errors import InvalidInput


def sign(private_pem: str, text: bytes) -> str:
    """RSA with SHA-256, in base64. Raises :class:`InvalidInput` for what is no private RSA key."""
    return b64encode(_private(private_pem).sign(text, PKCS1v15(), SHA256())).decode()


def is_signed(public_pem: str, text: bytes, signature: str) -> bool:
    """Whether the signature over these bytes was made by the key's other half."""
    try:
        public(public_pem).verify(b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


@lru_cache(maxsize=32)
def public(pem: str) -> RSAPublicKey:
    """A public key, or that of a certificate. Raises :class:`InvalidInput`."""
    try:
        raw = pem.encode()
        key = x509.load_pem_x509_certificate(raw).public_key() if "CERTIFICATE" in pem else load_pem_public_key(raw)
    except ValueError:
        raise InvalidInput("this is no public key in PEM form") from None
    if not isinstance(key, RSAPublicKey):
        raise InvalidInput("a payment provider's key is an RSA key")
    return key


@lru_cache(maxsize=32)
def _private(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise InvalidInput("this is no private key in PEM form without a password") from None
    if not isinstance(key, RSAPrivateKey):
        raise InvalidInput("a payment provider's key is an RSA key")
    return key
