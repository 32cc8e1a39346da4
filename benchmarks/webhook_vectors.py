"""Signed calls as the vendors' own clients sign and verify them: what tests/unit/test_webhooks.py holds ours to.

    python -m venv vendors && vendors/bin/pip install sendgrid==6.12.5 twilio==9.13.0 mailgun==1.10.0
    vendors/bin/python benchmarks/webhook_vectors.py > tests/data/webhook_vectors.json

Twilio's signatures are made by its RequestValidator; Mailgun's are made here and verified by its SecurityGuard;
SendGrid's is the one its client is tested with, verified by its EventWebhook.
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


def main() -> None:
    dice = random.Random(SEED)
    found = {"twilio": twilio(dice), "mailgun": mailgun(dice), "sendgrid": sendgrid()}
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
