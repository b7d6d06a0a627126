"""When an office is open, and whose an account is."""

from datetime import date, datetime, time

import pytest

from channels.agency import VIETNAM, Agency, Directory, Hours, MessengerPage, ZaloAccount

MORNING = Hours(frozenset(range(5)), time(7, 30), time(11, 30))
AFTERNOON = Hours(frozenset(range(5)), time(13, 30), time(17, 0))
OFFICE = Agency(id="a", hours=(MORNING, AFTERNOON), closed_on=frozenset({date(2027, 1, 1)}))


def vietnam(day: int, hour: int, minute: int = 0, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (vietnam(1, 7, 29), False),
        (vietnam(1, 7, 30), True),
        (vietnam(1, 11, 30), False),
        (vietnam(1, 13, 30), True),
        (vietnam(5, 9), False),  # a Saturday
        (vietnam(1, 9, month=1, year=2027), False),  # a holiday on a Friday
    ],
)
def test_an_office_is_open_in_its_hours_of_vietnam_time(now: datetime, is_open: bool) -> None:
    assert OFFICE.is_open(now) is is_open


def test_an_agency_without_hours_never_closes() -> None:
    assert Agency(id="a").is_open(vietnam(5, 3))
    assert Agency(id="a").opens_after(vietnam(5, 3)) is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (vietnam(1, 6), vietnam(1, 7, 30)),
        (vietnam(1, 12), vietnam(1, 13, 30)),
        (vietnam(4, 18), vietnam(7, 7, 30)),  # over a weekend
        (vietnam(31, 18), vietnam(4, 7, 30, month=1, year=2027)),  # over a holiday and a weekend
    ],
)
def test_the_next_opening_skips_nights_weekends_and_holidays(now: datetime, opens: datetime) -> None:
    assert OFFICE.opens_after(now) == opens


def test_an_office_that_is_always_closed_does_not_open() -> None:
    closed = frozenset(date.fromordinal(date(2026, 12, 1).toordinal() + day) for day in range(40))
    assert Agency(id="a", hours=(MORNING,), closed_on=closed).opens_after(vietnam(1, 6)) is None


@pytest.mark.parametrize(
    ("days", "begins", "ends"), [(set(), time(8), time(9)), ({7}, time(8), time(9)), ({1}, time(9), time(9))]
)
def test_impossible_hours_are_refused(days: set[int], begins: time, ends: time) -> None:
    with pytest.raises(ValueError, match=r"days|hours"):
        Hours(frozenset(days), begins, ends)


def test_an_account_belongs_to_one_agency_and_no_secret_is_shown() -> None:
    other = Agency(id="b")
    oa = ZaloAccount(agency=OFFICE, app_id="1", oa_id="9", oa_secret_key="s3cret")
    page = MessengerPage(agency=other, page_id="9", page_token="s3cret", app_secrets=("s3cret",), verify_token="s3cret")
    directory = Directory([oa, page], default=Agency(id="default"))
    assert directory.agency("zalo", "9") is OFFICE
    assert directory.agency("messenger", "9") is other
    assert directory.agency("api", "").id == directory.agency("zalo", "8").id == "default"
    assert [agency.id for agency in directory.agencies] == ["default", OFFICE.id, "b"]
    assert "s3cret" not in repr(directory.zalo) + repr(directory.messenger)
    with pytest.raises(ValueError, match="zalo account 9 is named twice"):
        Directory([oa, oa], default=OFFICE)
