"""English words that Telex keystrokes would turn into Vietnamese syllables.

Derived, not copied: of the 20,000 most frequent words in the English prose of the documentation that comes with the
installed packages (11.5 million words of READMEs, licences and docstrings), and of everyday words and brands that such
prose lacks, those whose keystrokes give a syllable in our counts.
"""

from __future__ import annotations

from typing import Final

TELEX_LIKE: Final = frozenset(
    """
    af afm aij air aix anf ans aps ar ari arn as asan asap asc asm asn ast ax bans bar bats beef been beens beeps
    beer bees beos ber best bets bis bits boas boo boor boos boost boots bops boron bos bow buf bus bust buts bw
    cans caps car cas cast cats chair chams chaps chats chef chips chops chow chw conf coo cor coro cos cost cots
    cow cups cur cuts cw dad dais das ddof deed deeds defend dense deps der des did dod dodo dof dos dtd dw ee ef
    efm eps er ere es esp est ex exe gas gif goon goos gots hair hamza hangs hans hari hasn hats hausa hero his
    hist hits hoar hoo hoof hoots hor host how huts hw if ij ins ir is isn ist its kens ker kets kins kits langs
    laos lar las last lats lax lazr lee lees lex lips lisp list locs lof loops loos los lost lots low lux lw macs
    mama manx mar mast mats max meme mir mis mist mix mongo mongos mono moo moon moor moos mops musa must nasm
    nats ner nest nets nist nits nono noon nor nos now nuts nw of oo oom oops ops or os osc osi ow own owns photos
    poo queen quest raf razor rest rex roor row rust ruts sans saps sas secs see sense ser sets sex sir six songs
    sos sow sups sw tapas tar taro tarzan tas tata tax tee teen tees thee theme there these thins this thor thus
    tins tits toms too toon toot tor tos toto tow trans traps tree tuts tw ups uri us usa usp uts uw ux vans var
    vary vast vats vax ver vest vets vex vis vow w won wong wrong ws wu wx ys
    """.split()  # noqa: SIM905 (a long list reads better so)
)
"""Words that are not taken for Telex leftovers where they stand alone."""

LEFTOVERS_IN_COMPANY: Final = frozenset(
    """
    ans aps as been car cas coo conf cos cow cw das gas gif hair hor las own max os six sw tar thor trans us var
    ys
    """.split()  # noqa: SIM905
)
"""Those of TELEX_LIKE that give common syllables, and are read so beside leftovers that are beyond doubt."""
