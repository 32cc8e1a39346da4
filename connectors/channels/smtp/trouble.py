"""Why a mail server cannot be used, and what to do about it, in words of whoever set it up."""

from __future__ import annotations

import smtplib
import socket
import ssl

from connectors.channels.contract import Unreachable
from connectors.channels.smtp.server import SmtpServer

__all__ = ["reply_words", "unusable"]

LOGIN = "Check user and password; many services want an app password instead of the one you log in with"


def unusable(error: Exception, server: SmtpServer, *, at_login: bool = False) -> Unreachable:
    """The error of a connection that could not be opened; no password is in it."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Unreachable(f"The mail server {server.place} refuses our login ({error.smtp_code}). {LOGIN}.")
    if at_login and isinstance(error, smtplib.SMTPServerDisconnected):  # some do so after a wrong password
        return Unreachable(f"The mail server {server.place} hangs up at our login. {LOGIN}.")
    return Unreachable(f"The mail server {server.place} cannot be used: {_reason(error, server)}.")


def reply_words(code: int, reply: bytes | str) -> str:
    """A server's reply on one line."""
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else str(reply)
    return f"{code} {' '.join(text.split())}"[:300]


def _reason(error: Exception, server: SmtpServer) -> str:
    match error:
        case socket.gaierror():
            return f"there is no server called {server.host}. Check its name"
        case ConnectionRefusedError():
            return "nothing answers there. Check the port: 587 with STARTTLS and 465 with TLS are usual"
        case TimeoutError():
            return "it does not answer in time. Check its name and port; a firewall may be in the way"
        case ssl.SSLCertVerificationError():
            return f"its certificate does not prove that it is {server.host} ({error.verify_message})"
        case ssl.SSLError():
            return "it does not speak TLS from the start on this port. Choose STARTTLS, or another port"
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return "it does not offer STARTTLS on this port. Choose another encryption, or another port"
        case smtplib.SMTPNotSupportedError():
            return "it takes no login on this port. Choose an encryption, or leave user and password empty"
        case UnicodeError():  # its own words would hold the password
            return "user or password hold letters that its login cannot carry. Choose a password of plain letters"
        case smtplib.SMTPServerDisconnected():
            return "it hangs up. It may want TLS from the start on this port, or not know this machine"
        case smtplib.SMTPResponseException():
            return reply_words(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
