"""Settings, read from the environment or a `.env` file when first asked for; providers of channels have their own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from core.endpoints import OFFLINE, LocalModel, local_model
from core.home import default_home

HOME_FILE = "settings.env"  # in the data folder: what `aima model use` keeps


class Settings(BaseSettings):
    """Settings with their environment names; all are optional."""

    model_config = SettingsConfigDict(env_prefix="AIMA_", env_file=".env", extra="ignore", populate_by_name=True)

    home: Path = Field(default_factory=default_home, description="Folder of the embedded engines, keys and files.")
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL of your own (owner of the schema). Unset: the embedded one is started.",
    )
    app_database_url: SecretStr | None = Field(
        default=None,
        description="Login of the restricted role. Unset: DATABASE_URL is used with `SET ROLE aima_app`.",
    )
    broker_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("BROKER_URL", "broker_url"),
        description="Redis-compatible broker of your own. Unset: the embedded one is started.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web process listens on.")
    port: int = Field(default=8000, description="Port of chat, MCP and health.")
    public_url: str | None = Field(
        default=None, description="Address people reach AIMA at: links lead there, and its pages may call."
    )
    hosts: str = Field(
        default="", description="Other names AIMA is reached under, as HOST or HOST:PORT, with commas between."
    )
    session_days: float = Field(default=15, gt=0, le=400, description="Days after which a login has to be made again.")
    session_idle_hours: float = Field(
        default=72, gt=0, le=9_600, description="Hours without use after which a login ends."
    )
    secret_key: SecretStr | None = Field(
        default=None, description="Key for signatures and seals. Unset: one is made and kept in the data folder."
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
        description="Any OpenAI-compatible endpoint.",
    )
    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="Its key. Without key and endpoint the offline model answers.",
    )
    model: str = Field(
        default="gpt-4o-mini",
        description="Model name at that endpoint, SERVER:MODEL of this machine (ollama:qwen3:8b), or offline.",
    )
    mcp_url: str | None = Field(default=None, description="MCP server the agent talks to. Unset: in process.")
    mcp_key: SecretStr | None = Field(default=None, description="Bearer key for that server.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("public_url")
    @classmethod
    def _is_whole(cls, url: str | None) -> str | None:
        """Half an address would make links that lead nowhere, and a name that is not answered to."""
        parts = urlsplit(url or "")
        if url and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError(f"'{url}' is no whole address; write it such as https://aima.example.com")
        return url or None

    @property
    def uses_llm(self) -> bool:
        """True when a model on this machine or an OpenAI-compatible endpoint is configured."""
        return self.model != OFFLINE and bool(self.local_model or self.openai_base_url or self.openai_api_key)

    @property
    def local_model(self) -> LocalModel | None:
        """The model of a server on this machine, when AIMA_MODEL names one: then no other endpoint is spoken to."""
        return local_model(self.model)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, the environment, `.env`, and last what is kept in the data folder they name."""
        before = (init_settings, env_settings, dotenv_settings)
        home = next((found["home"] for found in (source() for source in before) if found.get("home")), default_home())
        return (*before, DotEnvSettingsSource(settings_cls, env_file=Path(home).expanduser() / HOME_FILE))


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings (read once)."""
    return Settings()
