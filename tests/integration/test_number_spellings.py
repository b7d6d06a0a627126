"""Numbers of the real gazette in every spelling that the grammar promises to read (a part of `make quality`)."""

import os
from pathlib import Path

import pytest

from index.catalogue import Catalogue
from index.ingest.run import ingest
from tools.quality.numbers import generated

pytestmark = pytest.mark.integration
EVERY = 10
"""One document in ten keeps the test short; `make quality` asks for all of them."""


def test_spellings_of_real_numbers_lead_to_their_document_and_never_to_another(tmp_path):
    shared = os.environ.get("GOVCHAT_SHARED_DATA")
    if not shared:
        pytest.skip("GOVCHAT_SHARED_DATA is not set: the real documents are not at hand")
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    ingest([Path(shared, "gazette")], catalogue=catalogue)
    tally = generated(catalogue.latest(limit=10_000)[::EVERY], catalogue)
    catalogue.close()
    assert tally.asked.total() > 6_000
    assert tally.wrong == 0, tally.report()
    assert tally.right.total() >= 0.995 * tally.asked.total(), tally.report()
