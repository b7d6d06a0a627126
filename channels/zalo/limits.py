"""Zalo's limits and error codes. Source of each: reference/zalo-oa.md, read 2026-11-22 (material to October 2026)."""

from __future__ import annotations

from types import MappingProxyType

from channels.errors import Reaction

MAX_TEXT_CHARS = 2_000
"""Characters of one text message (section 7, official)."""

REACTIONS = MappingProxyType(
    {
        -32: Reaction.RETRY,  # rate limit of the app or the OA
        -100: Reaction.BUG,  # attachment id expired: we send none
        -200: Reaction.RETRY,  # send failed
        -201: Reaction.BUG,  # a field is invalid
        -204: Reaction.STOP_CHANNEL,  # OA disabled
        -205: Reaction.STOP_CHANNEL,  # OA does not exist
        -209: Reaction.STOP_CHANNEL,  # app not active
        -210: Reaction.BUG,  # parameter over its limit
        -211: Reaction.STOP_PERSON,  # out of feature quota
        -212: Reaction.STOP_CHANNEL,  # API not registered for the app
        -213: Reaction.STOP_PERSON,  # does not follow the OA
        -214: Reaction.BUG,  # article still processing: we send none
        -216: Reaction.RENEW_TOKEN,  # access token invalid
        -217: Reaction.STOP_PERSON,  # blocked invitations
        -218: Reaction.STOP_PERSON,  # the person's receive quota is used up
        -219: Reaction.STOP_CHANNEL,  # app removed or disabled
        -220: Reaction.RENEW_TOKEN,  # access token expired or removed
        -221: Reaction.STOP_CHANNEL,  # OA must be verified
        -223: Reaction.STOP_CHANNEL,  # OA has not granted this permission
        -224: Reaction.STOP_CHANNEL,  # needs a higher package
        -227: Reaction.STOP_PERSON,  # banned or inactive for 45 days
        -230: Reaction.STOP_PERSON,  # no interaction in 7 days
        -232: Reaction.STOP_PERSON,  # the interaction expired
        -233: Reaction.BUG,  # message type unsupported
        -234: Reaction.RETRY,  # not at night
        -235: Reaction.STOP_CHANNEL,  # OA type not supported
        -237: Reaction.STOP_PERSON,  # group disabled
        -238: Reaction.BUG,  # asset used or disabled
        -240: Reaction.BUG,  # the old send API
        -241: Reaction.BUG,  # free asset used
        -242: Reaction.STOP_CHANNEL,  # wrong appsecret_proof
        -244: Reaction.STOP_PERSON,  # the person restricted this type
        -248: Reaction.STOP_CHANNEL,  # platform standards violated
        -249: Reaction.BUG,  # template cannot go by user id
        -320: Reaction.STOP_CHANNEL,  # no Zalo Cloud Account
        -321: Reaction.STOP_CHANNEL,  # Zalo Cloud Account out of money
        -403: Reaction.STOP_PERSON,  # OA not in the group
        -124: Reaction.RENEW_TOKEN,  # also reported for bad tokens
        -1340: Reaction.BUG,  # form not found
        -1341: Reaction.BUG,  # no access to the form
    }
)
"""Every code of section 9; one that is not here is taken as transient, as the reference advises."""
