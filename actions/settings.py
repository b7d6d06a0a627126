"""Settings of the action server: environment variables with the prefix GOVCHAT_, or .env."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ActionSettings(BaseSettings):
    """What the action server needs beside the settings of the index (`index.settings`)."""

    model_config = SettingsConfigDict(env_prefix="GOVCHAT_", env_file=".env", extra="ignore", env_ignore_empty=True)

    actions_port: int = Field(default=5055, ge=1, le=65535, description="loopback port of the action server")
    data_dir: Path = Field(default=Path("data"), description="folder with wording, agencies and provinces")
