"""Credentials that a file names instead of holding: in a setting, or in a file that an orchestrator mounts."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr, ValidationInfo

Named = Callable[[str], str | None]
"""Returns the value of a setting by its name, None where there is none; `channels.settings.named` is the real one."""

MAX_SECRET_BYTES = 10_000
"""A larger file is no secret but a mistake."""


@dataclass(slots=True)
class CredentialReader:
    """Looks credentials up while a file is validated, and remembers which of them are kept carelessly."""

    named: Named
    warnings: list[str] = field(default_factory=list)

    def find(self, reference: object) -> SecretStr:
        """Return the credential behind `{ setting = … }` or `{ file = … }`. Raises ValueError without its value."""
        if not isinstance(reference, dict) or set(reference) not in ({"setting"}, {"file"}):
            raise ValueError('a credential is never written here: { setting = "NAME" } or { file = "/path" }')
        name = next(iter(reference.values()))
        if not isinstance(name, str) or not name:
            raise ValueError("the name of a setting or the path of a file is a text")
        return SecretStr(self._setting(name) if "setting" in reference else self._file(Path(name)))

    def _setting(self, name: str) -> str:
        value = self.named(name)
        if not value:
            raise ValueError(f"the setting {name} is neither in the environment nor in .env")
        return value

    def _file(self, path: Path) -> str:
        try:
            status = path.stat()
            if status.st_size > MAX_SECRET_BYTES:
                raise ValueError(f"{path} is too large for a secret")
            value = path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise ValueError(f"{path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{path} is not UTF-8 text") from None
        if not value:
            raise ValueError(f"{path} is empty")
        if status.st_mode & stat.S_IROTH:
            self.warnings.append(f"{path} holds a secret and can be read by every user of this machine: chmod o-r")
        return value


def _credential(value: object, info: ValidationInfo) -> SecretStr:
    if not isinstance(info.context, CredentialReader):
        raise TypeError("a file that names credentials is validated with a reader of credentials")
    return info.context.find(value)


Credential = Annotated[SecretStr, BeforeValidator(_credential)]
"""A credential in a pydantic model that is validated with a `CredentialReader` as its context."""
