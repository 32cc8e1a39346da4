"""What stands in the brackets of a template, read by python-liquid; its errors told in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from liquid import Environment
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, parse_primitive, tokenize
from liquid.exceptions import LiquidError
from liquid.stream import TokenStream
from liquid.token import TOKEN_COMMA, TOKEN_EOF, TOKEN_OR, TOKEN_OUTPUT, Token

from language.merge.expressions import Problem
from language.merge.pieces import Piece

__all__ = ["cases", "condition", "value"]

_ENVIRONMENT: Final = Environment()
# What python-liquid says in the terms of parsers.
_TERMS: Final = {
    "a primitive expression": "a field or a value",
    "end of expression": "the end",
    "found word": "found another word",
    "found dpipe": "found '||'",
    "found '='": "found '=', and to compare is '=='",
    "disallowed not operator in logical expression": "there is no 'not', but {% unless %} and '!='",
    "disallowed parentheses in logical expression": "conditions have no brackets",
    "disallowed ternary expression": "a condition stands in a tag of its own, {% if … %}",
}


def value(piece: Piece) -> Any:
    """The value that a piece shows, or that {% case %} is about; Problem where it cannot be read."""
    code = piece.code if piece.kind == "output" else _behind_word(piece)
    return _read(piece, code, lambda tokens: FilteredExpression.parse(_ENVIRONMENT, tokens))


def condition(piece: Piece) -> Any:
    """The condition of {% if %}, {% unless %} or {% elsif %}."""
    return _read(piece, _behind_word(piece), lambda tokens: BooleanExpression.parse(_ENVIRONMENT, tokens))


def cases(piece: Piece) -> list[Any]:
    """The values that {% when %} names."""
    return list(_read(piece, _behind_word(piece), _listed))


def _behind_word(piece: Piece) -> str:
    return piece.code.strip().removeprefix(piece.word)


def _listed(tokens: TokenStream) -> list[Any]:
    found = [parse_primitive(_ENVIRONMENT, tokens)]
    while tokens.current.kind in (TOKEN_COMMA, TOKEN_OR):
        next(tokens)
        found.append(parse_primitive(_ENVIRONMENT, tokens))
    tokens.eat(TOKEN_EOF)
    return found


def _read(piece: Piece, code: str, read: Callable[[TokenStream], Any]) -> Any:
    if not code.strip():
        raise Problem(f"{piece.source} says nothing")
    try:
        return read(TokenStream(tokenize(code, Token(TOKEN_OUTPUT, code, 0, code))))
    except LiquidError as error:
        raise Problem(f"{piece.source} cannot be read: {_in_words(str(error.message))}") from None


def _in_words(said: str) -> str:
    for term, words in _TERMS.items():
        said = said.replace(term, words)
    return said
