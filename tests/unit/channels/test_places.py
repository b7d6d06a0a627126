"""The commune near a location."""

from pathlib import Path

import pytest

from channels.event import Place
from channels.places import MAX_KM, Communes

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def communes() -> Communes:
    return Communes.load(DATA)


@pytest.mark.parametrize(
    ("place", "name", "province"),
    [
        (Place(10.7769, 106.7009), "Phường Sài Gòn", "Thành phố Hồ Chí Minh"),
        (Place(21.0285, 105.8542), "Phường Hoàn Kiếm", "Thành phố Hà Nội"),
        (Place(16.4637, 107.5909), "Phường Thuận Hóa", "Thành phố Huế"),
    ],
)
def test_the_nearest_centre_names_the_commune(communes: Communes, place: Place, name: str, province: str) -> None:
    found = communes.nearest(place)
    assert found is not None
    assert (found.name, found.province) == (name, province)


@pytest.mark.parametrize("place", [Place(48.85, 2.35), Place(13.0, 113.0), Place(90.0, 0.0), Place(-90.0, 180.0)])
def test_a_place_abroad_or_at_sea_has_none(communes: Communes, place: Place) -> None:
    assert communes.nearest(place) is None


def test_every_centre_is_its_own_nearest_and_all_communes_have_one(communes: Communes) -> None:
    rows = (DATA / "commune_centres.tsv").read_text(encoding="utf-8").splitlines()[2:]
    assert len(rows) == 3_321
    for row in rows[::100]:
        _, latitude, longitude = row.split("\t")
        found = communes.nearest(Place(float(latitude), float(longitude)))
        assert found is not None
        assert (found.centre.latitude, found.centre.longitude) == (float(latitude), float(longitude))
    assert MAX_KM < 111
