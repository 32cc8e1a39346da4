"""Signed calls as the vendors' own clients sign and verify them: what tests/unit/test_webhooks.py holds ours to.

    python -m venv vendors
    vendors/bin/pip install sendgrid==6.12.5 twilio==9.13.0 mailgun==1.10.0 pywa==4.5.0 standardwebhooks==1.1.0
    vendors/bin/pip install --no-deps sns-message-validator==0.0.1
    vendors/bin/python benchmarks/webhook_vectors.py > tests/data/webhook_vectors.json

Twilio's signatures are made by its RequestValidator; Mailgun's are made here and verified by its SecurityGuard;
SendGrid's is the one its client is tested with, verified by its EventWebhook. Those of Amazon SNS are signed here, with
a key made anew, and verified by sns-message-validator; WhatsApp's are verified by pywa; those of our own messages to
webhooks are made by standardwebhooks, which takes them back.
"""

from __future__ import annotations

import hashlib
import json
import random
import runpy
import string
import sys
from pathlib import Path
from typing import Any

SEED = 20261129
NAMES = ["MessageSid", "MessageStatus", "To", "From", "Body", "ErrorCode", "äöü", "a b", "To"]
VALUES = ["", "SM1", "delivered", "+49170123456", "Grüße & 100 %", "STOP", "a=b&c=d", "🎁", "x" * 400]
SNS, TOPIC = "https://sns.eu-central-1.amazonaws.com", "arn:aws:sns:eu-central-1:123456789012:aima"
ADDRESSES = [
    "https://aima.example.com/hooks/twilio/abc",
    "https://aima.example.com/hooks/twilio/abc?message=0b7f2f6e-6f0a-4a51-9d3c-3f2c9a3a8f10",
    "https://aima.example.com:8443/hooks/twilio/abc?message=1&x=a%20b",
    "http://aima.example.com:80/hooks/twilio/abc",
    "https://aima.example.com:443/hooks/twilio/abc",
]


def twilio(dice: random.Random) -> list[dict[str, Any]]:
    from twilio.request_validator import RequestValidator

    calls = []
    for number in range(60):
        token = "".join(dice.choices(string.hexdigits.lower(), k=32))
        validator, url = RequestValidator(token), dice.choice(ADDRESSES)
        names = dice.sample(sorted(set(NAMES)), k=dice.randint(0, 6))
        parameters = {name: dice.choice(VALUES) for name in names}
        algorithm = dice.choice(["HMAC_SHA1", "HMAC_SHA256"])
        body = None
        if number % 5 == 0:  # a call whose body is JSON: the address holds its hash
            body = json.dumps({"status": dice.choice(VALUES)}, ensure_ascii=False)
            url += ("&" if "?" in url else "?") + "bodySHA256=" + hashlib.sha256(body.encode()).hexdigest()
            parameters = {}
        signature = validator.compute_signature(url, parameters, algorithm)
        assert validator.validate(url, body if body is not None else parameters, signature, algorithm)
        calls.append(
            {
                "key": token,
                "url": url,
                "parameters": sorted(parameters.items()),
                "body": body,
                "algorithm": algorithm,
                "signature": signature,
            }
        )
    return calls


def mailgun(dice: random.Random) -> list[dict[str, Any]]:
    import hmac

    from mailgun.security import SecurityGuard

    calls = []
    for number in range(40):
        key, token = (f"{dice.getrandbits(200):050x}" for _ in range(2))
        timestamp = str(1_700_000_000 + dice.randrange(10_000_000))
        signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
        if number % 4 == 1:
            signature = signature[::-1]
        if number % 4 == 2:
            token = token[:-1] + "g"
        valid = SecurityGuard.verify_webhook(key, token, timestamp, signature, max_age_seconds=0)
        calls.append({"key": key, "token": token, "timestamp": timestamp, "signature": signature, "valid": valid})
    return calls


def sendgrid() -> dict[str, Any]:
    import sendgrid
    from sendgrid import EventWebhook

    # The wheel brings its tests as a top-level package "test", which Python's own hides.
    file = Path(sendgrid.__file__).parents[1] / "test" / "unit" / "test_eventwebhook.py"
    tests = runpy.run_path(str(file))["UnitTests"]
    tests.setUpClass()
    call = {
        "key": tests.PUBLIC_KEY,
        "signature": tests.SIGNATURE,
        "timestamp": tests.TIMESTAMP,
        "body": tests.PAYLOAD,
    }
    hook = EventWebhook(call["key"])
    assert hook.verify_signature(call["body"], call["signature"], call["timestamp"])
    assert not hook.verify_signature(call["body"].strip(), call["signature"], call["timestamp"])
    return call


def sns(dice: random.Random) -> dict[str, Any]:
    import base64
    from datetime import UTC, datetime, timedelta
    from unittest import mock

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from sns_message_validator import SNSMessageValidator, sns_message_validator

    key, name = rsa.generate_private_key(65537, 2048), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 4711)
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
    pem = made.sign(key, SHA256()).public_bytes(Encoding.PEM)
    calls = []
    for number in range(12):
        kind = ["Notification", "SubscriptionConfirmation"][number % 4 == 3]
        at = datetime(2026, 11, 29, 12, tzinfo=UTC) + timedelta(minutes=number)
        call = {"Type": kind, "MessageId": f"m{number}", "TopicArn": TOPIC, "SignatureVersion": "1"}
        call |= {
            "Message": json.dumps({"eventType": dice.choice(VALUES)}, ensure_ascii=False),
            "Timestamp": f"{at:%FT%T}.123Z",
        }
        if kind != "Notification":
            call |= {"Token": "t" * 40, "SubscribeURL": f"{SNS}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t"}
        elif number % 2:
            call["Subject"] = "Amazon SES Email Event Notification"
        call["SigningCertURL"] = f"{SNS}/SimpleNotificationService-{'0a' * 16}.pem"
        answer = mock.Mock(content=pem)
        with mock.patch.object(sns_message_validator.requests, "get", return_value=answer):
            validator = SNSMessageValidator()
            signed = validator._get_plaintext_to_sign(call).encode()
            call["Signature"] = base64.b64encode(key.sign(signed, padding.PKCS1v15(), SHA1())).decode()
            validator.validate_message(call)
        if number % 3 == 1:  # its second version differs in the hash alone
            call |= {"SignatureVersion": "2"}
            call["Signature"] = base64.b64encode(key.sign(signed, padding.PKCS1v15(), SHA256())).decode()
        calls.append(call)
    return {"certificate": pem.decode(), "topic": TOPIC, "calls": calls}


def whatsapp(dice: random.Random) -> list[dict[str, Any]]:
    import hmac

    from pywa.utils import webhook_updates_validator

    calls = []
    for number in range(20):
        key = f"{dice.getrandbits(128):032x}"
        body = json.dumps(
            {"object": "whatsapp_business_account", "said": dice.choice(VALUES)}, ensure_ascii=number % 2 == 0
        )
        signature = "sha256=" + hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()
        if number % 4 == 1:
            body += " "
        valid = webhook_updates_validator(key, body.encode(), signature)
        calls.append({"key": key, "body": body, "signature": signature, "valid": valid})
    return calls


def standard(dice: random.Random) -> list[dict[str, Any]]:
    import base64
    from datetime import UTC, datetime

    from standardwebhooks import Webhook

    calls = []
    for number in range(20):
        secret = "whsec_" + base64.b64encode(dice.randbytes(24 + 2 * number)).decode()
        hook, body = (
            Webhook(secret),
            json.dumps({"type": "message.send", "data": dice.choice(VALUES)}, ensure_ascii=False),
        )
        now, id_ = datetime.now(UTC).replace(microsecond=0), f"{dice.getrandbits(128):032x}"
        headers = {"webhook-id": id_, "webhook-timestamp": str(int(now.timestamp()))}
        headers["webhook-signature"] = hook.sign(id_, now, body)
        assert hook.verify(body, headers) == json.loads(body)
        calls.append({"secret": secret, "body": body, "headers": headers})
    return calls


def main() -> None:
    dice = random.Random(SEED)
    found = {"twilio": twilio(dice), "mailgun": mailgun(dice), "sendgrid": sendgrid(), "sns": sns(dice)}
    found |= {"whatsapp": whatsapp(dice), "standard": standard(dice)}
    calls = {
        name: one["calls"] if name == "sns" else [one] if isinstance(one, dict) else one for name, one in found.items()
    }
    for name, made in calls.items():
        wrong = sum(not call.get("valid", True) for call in made)
        sys.stderr.write(f"{name.ljust(12)}{len(made):4} calls, of which {wrong} are not to be believed\n")
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
