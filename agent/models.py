"""The chat model: any OpenAI-compatible endpoint, or the offline model when none is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import AimaError, AskPerson, GiveUp, RetryLater

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from core.settings import Settings
    from tools.catalogue import Catalogue

__all__ = ["chat_model", "translated"]

_TIMEOUT_S = 120.0
_RETRIES = 4  # on 429, 408, 409, 5xx and lost connections; Retry-After is honoured by the client
_RETRY_AFTER_S = 30.0
# A model on this machine: its processors are ours, so it takes its time, and it chooses badly among thirty tools.
_LOCAL_TIMEOUT_S, _LOCAL_TOOLS = 600.0, 8


def chat_model(settings: Settings, catalogue: Catalogue) -> BaseChatModel:
    """The model of these settings: on this machine, at `openai_base_url` / `openai_api_key`, else the offline model."""
    if not settings.uses_llm:
        from agent.offline.model import OfflineChatModel

        return OfflineChatModel.of(catalogue)
    from pydantic import SecretStr

    from agent.endpoint import EndpointModel

    if local := settings.local_model:
        return EndpointModel(
            model=local.model,
            base_url=local.server.address,
            api_key=SecretStr("none"),  # a key meant for another endpoint stays away from it
            timeout=_LOCAL_TIMEOUT_S,
            max_retries=1,
            temperature=0,
            stream_usage=False,
            few_tools=_LOCAL_TOOLS,
        )
    return EndpointModel(
        model=settings.model,
        base_url=settings.openai_base_url,
        # Local servers want none, but the client insists on something.
        api_key=settings.openai_api_key or SecretStr("none"),
        timeout=_TIMEOUT_S,
        max_retries=_RETRIES,
        stream_usage=False,
    )


def translated(error: BaseException) -> AimaError | None:
    """An endpoint's error as one of ours (no key, no body in the message); None when it is not the endpoint's."""
    import openai

    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return AskPerson("The model endpoint refused the key: check OPENAI_API_KEY and OPENAI_BASE_URL.")
    if isinstance(error, openai.NotFoundError):
        return AskPerson("The model endpoint does not know this model or address: check AIMA_MODEL, OPENAI_BASE_URL.")
    if isinstance(error, openai.RateLimitError | openai.APIConnectionError | openai.InternalServerError):
        return RetryLater("The model endpoint is busy or cannot be reached.", retry_after_s=_RETRY_AFTER_S)
    if isinstance(error, openai.OpenAIError):
        return GiveUp(f"The model endpoint answered with an error ({type(error).__name__}).")
    return None
