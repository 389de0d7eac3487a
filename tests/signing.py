"""Content Credentials for tests: signed here, by a throw-away authority, without a network."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from c2pa import Builder, C2paSignerInfo, Signer
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = f"{TERMS}trainedAlgorithmicMedia"
CAPTURED = f"{TERMS}digitalCapture"
STUDIO = "Test Studio"
COMPOSITE = f"{TERMS}compositeWithTrainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class Identity:
    """PEM: the chain (leaf, then authority), the leaf's key, and the authority alone, to be trusted or
    not."""

    chain: bytes
    key: bytes
    authority: bytes


DAY = timedelta(days=1)


@cache
def identity(name: str, ends: timedelta = 2 * DAY) -> Identity:
    """A leaf as C2PA's certificate profile wants it: digitalSignature, e-mail protection, both key
    identifiers. It and its authority expire `ends` from now."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name(f"{name} authority")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, SHA256())
    )
    leaf = (
        _certificate(_name(name), root_name, key.public_key(), ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, SHA256())
    )
    return Identity(
        leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        root.public_bytes(Encoding.PEM),
    )


def signed(
    picture: bytes,
    actions: Sequence[Mapping[str, Any]],
    *,
    media_type: str = "image/jpeg",
    by: str = STUDIO,
    ingredients: Sequence[tuple[bytes, str]] = (),
    thumbnail: bytes = b"",
    who: Identity | None = None,
) -> bytes:
    """The picture with a manifest of these actions. `ingredients` are JPEGs with their relationship
    ("parentOf" …), `who` the signer instead of the one of this name."""
    who = who or identity(by)
    signer = Signer.from_info(
        C2paSignerInfo(alg=b"es256", sign_cert=who.chain, private_key=who.key, ta_url=None)
    )
    manifest = {
        "claim_generator_info": [{"name": "Twinwatch tests", "version": "1"}],
        "title": "test",
        "assertions": [{"label": "c2pa.actions", "data": {"actions": list(actions)}}],
        **({"thumbnail": {"format": "image/jpeg", "identifier": "thumbnail"}} if thumbnail else {}),
    }
    builder = Builder(json.dumps(manifest))
    if thumbnail:
        builder.add_resource("thumbnail", BytesIO(thumbnail))
    for place, (data, relationship) in enumerate(ingredients):
        described = {"title": f"ingredient {place}", "relationship": relationship, "instance_id": f"i{place}"}
        builder.add_ingredient(json.dumps(described), "image/jpeg", BytesIO(data))
    out = BytesIO()
    builder.sign(signer, media_type, BytesIO(picture), out)
    return out.getvalue()


def leaf(who: Identity) -> bytes:
    """The signer's own certificate."""
    end = b"-----END CERTIFICATE-----\n"
    return who.chain.partition(end)[0] + end


def signed_jpeg(picture: bytes, source_type: str = GENERATED) -> bytes:
    """The JPEG with a credential saying that it was created as `source_type`."""
    return signed(picture, [{"action": "c2pa.created", "digitalSourceType": source_type}])


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Twinwatch tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, ends: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 30 * DAY)
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def fills(photo: bytes) -> Mapping[str, bytes]:
    """A real photograph (JPEG) in which something was filled in by AI, signed as the tools do it."""
    taken = signed(photo, [{"action": "c2pa.created", "digitalSourceType": CAPTURED}], by="Test Camera")
    patch = signed_jpeg(photo)
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["i0"]}}
    placed = {"action": "c2pa.placed", "parameters": {"ingredientIds": ["i1"]}}
    filled = {"action": "c2pa.edited", "digitalSourceType": COMPOSITE}
    drawn = {"action": "c2pa.edited", "digitalSourceType": GENERATED}
    source = [(taken, "parentOf")]
    return {
        "a composite, created": signed_jpeg(photo, COMPOSITE),
        "opened, edited into a composite": signed(photo, [opened, filled], ingredients=source),
        "opened, edited with what a model made": signed(photo, [opened, drawn], ingredients=source),
        "a generated patch placed on it": signed(
            photo, [opened, placed], ingredients=[*source, (patch, "componentOf")]
        ),
        "placed before what a model made": signed(
            photo,
            [
                {"action": "c2pa.created", "digitalSourceType": GENERATED},
                {"action": "c2pa.placed", "parameters": {"ingredientIds": ["i0"]}},
            ],
            ingredients=[(taken, "componentOf")],
        ),
        "an edit of a filled one": signed(
            photo, [opened], ingredients=[(signed(photo, [opened, filled], ingredients=source), "parentOf")]
        ),
    }
