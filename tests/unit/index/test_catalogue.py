"""A catalogue is reached by its address, or it is said in one line why not."""

import threading

import pytest

from index.catalogue import Catalogue
from index.errors import CatalogueReadOnly, CatalogueUnavailable
from tests.contract.catalogue import RECORD, put


def test_a_reader_sees_what_a_writer_in_another_thread_committed(tmp_path):
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/var/catalogue.db")
    reader = Catalogue.open(f"sqlite:///{tmp_path}/var/catalogue.db", read_only=True)
    writer = threading.Thread(target=put, args=(catalogue, RECORD))
    writer.start()
    writer.join()
    assert reader.count() == 1
    with pytest.raises(CatalogueReadOnly):
        reader.put(RECORD, [])
    reader.close()
    catalogue.close()


def test_a_missing_catalogue_and_a_foreign_file_are_named(tmp_path):
    with pytest.raises(CatalogueUnavailable, match="ingest"):
        Catalogue.open(f"sqlite:///{tmp_path}/none.db", read_only=True)
    (tmp_path / "foreign.db").write_text("not a database at all, " * 50)
    with pytest.raises(CatalogueUnavailable, match=r"foreign\.db"):
        Catalogue.open(f"sqlite:///{tmp_path}/foreign.db")


@pytest.mark.parametrize("address", ["nonsense", "sqlite:////proc/none/catalogue.db", "oracle://x/y", "sqlite:////tmp"])
def test_an_address_that_leads_to_no_database_is_said_in_one_line(address):
    with pytest.raises(CatalogueUnavailable) as caught:
        Catalogue.open(address)
    assert "\n" not in str(caught.value)
