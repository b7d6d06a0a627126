"""What every inbox promises to who agreed and who withdraws: what the bot has still to forget, what can be shown."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from channels.event import Acceptance, Consent
from channels.inbox.consents import KEPT, MAX_LISTED
from channels.ports import Inbox
from channels.testing import ManualClock
from tests.contract.inbox import WROTE_AT, StoreContract, event

ME = "zalo:9:1"
CONSENT = Consent("hue", WROTE_AT, "vi", "https://hue.gov.vn/du-lieu", "2026-01")


class ForgettingContract(StoreContract):
    """Erasures and consents."""

    async def test_what_is_forgotten_is_noted_for_the_bot_until_it_has_forgotten_too(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        await inbox.forget(ME, before=clock.now() + timedelta(seconds=1))
        await inbox.forget("zalo:9:2", before=clock.now())  # the bot may know what is not kept here any more
        [mine, other] = await inbox.erasures()
        assert (mine.conversation, other.conversation) == (ME, "zalo:9:2")
        assert ME not in repr(mine)
        await inbox.forget(ME, before=clock.now())
        await inbox.end_erasure(mine)
        await inbox.end_erasure(mine)
        assert [left.conversation for left in await inbox.erasures()] == ["zalo:9:2", ME]
        clock.advance(99 * 86_400)
        await inbox.purge(before=clock.now())
        assert len(await inbox.erasures()) == 2

    async def test_a_turn_in_hand_is_waited_for_before_the_bot_forgets(self, inbox: Inbox, clock: ManualClock) -> None:
        await inbox.accept(event("1"))
        await self.claim(inbox)  # for 30 s
        clock.advance(10)
        await inbox.forget(ME, before=clock.now())
        await inbox.release_leases()
        clock.advance(19)
        assert await inbox.erasures() == []
        clock.advance(1)
        assert [due.conversation for due in await inbox.erasures()] == [ME]

    async def test_a_turn_in_hand_that_came_later_is_not_waited_for(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.answered(inbox, "1", "a")
        clock.advance(1)
        withdrew = clock.now()
        clock.advance(1)
        await inbox.accept(event("2", occurred_at=clock.now()))
        await self.claim(inbox)
        await inbox.forget(ME, before=withdrew)
        assert [due.conversation for due in await inbox.erasures()] == [ME]

    async def test_a_consent_is_kept_with_the_event_that_brought_it(self, inbox: Inbox, clock: ManualClock) -> None:
        await inbox.accept(replace(event("1"), consent=CONSENT))
        other = replace(CONSENT, agency="hanoi", lang="en", notice=None, version=None, given_at=clock.now())
        await inbox.accept(replace(event("2", person="2"), consent=other))
        assert await inbox.consents() == [other, CONSENT]
        assert await inbox.consents(ME) == [CONSENT]
        assert await inbox.consents("zalo:9:3") == []
        [claim, _] = await self.claim(inbox)
        assert claim.event == event("1")

    async def test_what_is_not_accepted_brings_no_consent(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        assert await inbox.accept(replace(event("1"), consent=CONSENT)) is Acceptance.DUPLICATE
        assert await inbox.consents() == []

    async def test_what_needs_a_consent_is_kept_where_one_comes_with_it_or_stands(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        assert await inbox.accept(event("1"), needs_consent=True) is Acceptance.UNAGREED
        assert await inbox.position(ME) is None
        assert await inbox.accept(replace(event("1"), consent=CONSENT), needs_consent=True) is Acceptance.NEW
        assert await inbox.accept(event("2"), needs_consent=True) is Acceptance.NEW
        assert await inbox.accept(event("other", person="2"), needs_consent=True) is Acceptance.UNAGREED
        clock.advance(1)
        await inbox.forget(ME, before=clock.now())
        assert await inbox.accept(event("2"), needs_consent=True) is Acceptance.DUPLICATE
        assert await inbox.accept(event("3"), needs_consent=True) is Acceptance.UNAGREED
        assert await inbox.accept(event("3")) is Acceptance.NEW

    @pytest.mark.parametrize("change", [{"version": "2027"}, {"notice": None}])
    async def test_a_consent_is_kept_once_for_each_notice(self, inbox: Inbox, change: dict[str, str | None]) -> None:
        later = replace(CONSENT, given_at=WROTE_AT + timedelta(hours=1), lang="en")
        for key, given in (
            ("1", CONSENT),
            ("2", later),
            ("3", replace(later, **change)),
            ("4", replace(later, **change)),
        ):
            await inbox.accept(replace(event(key), consent=given))
        assert await inbox.consents() == [replace(later, **change), CONSENT]

    async def test_of_a_consent_that_is_withdrawn_stays_that_it_was_given(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.accept(replace(event("1"), consent=CONSENT))
        await inbox.accept(replace(event("2", person="2"), consent=replace(CONSENT, version="x")))
        withdrawn_at = clock.now()
        assert await inbox.forget(ME, before=clock.now()) == 1  # the event
        clock.advance(60)
        await inbox.forget(ME, before=clock.now())
        assert await inbox.consents(ME) == [replace(CONSENT, withdrawn_at=withdrawn_at)]
        assert [one.withdrawn_at for one in await inbox.consents("zalo:9:2")] == [None]
        again = replace(CONSENT, given_at=clock.now())
        await inbox.accept(replace(event("3", occurred_at=clock.now()), consent=again))
        await inbox.forget(ME, before=clock.now())  # came after the withdrawal
        assert await inbox.consents(ME) == [again, replace(CONSENT, withdrawn_at=withdrawn_at)]

    async def test_consents_are_counted_with_those_that_are_not_listed_any_more(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        events = [replace(event(f"{person}", person=f"{person}"), consent=CONSENT) for person in range(MAX_LISTED + 1)]
        await asyncio.gather(*map(inbox.accept, events))
        await inbox.forget(ME, before=clock.now())
        assert len(await inbox.consents()) == MAX_LISTED
        assert await inbox.count_consents() == (MAX_LISTED + 1, 1)
        assert await inbox.count_consents(ME) == (1, 1)
        assert await inbox.count_consents("zalo:9:nobody") == (0, 0)

    async def test_a_consent_can_be_shown_for_two_years_after_its_end(self, inbox: Inbox, clock: ManualClock) -> None:
        await inbox.accept(replace(event("1"), consent=replace(CONSENT, given_at=clock.now())))
        clock.advance(86_400)
        await inbox.forget(ME, before=clock.now())
        clock.advance(KEPT.total_seconds())
        await inbox.purge(before=clock.now() - timedelta(days=7))
        assert len(await inbox.consents()) == 1
        clock.advance(1)
        assert await inbox.purge(before=clock.now() - timedelta(days=7)) == 1
        assert await inbox.consents() == []
