"""English words: those that tell the language, and those that Telex keystrokes would turn into Vietnamese syllables.

ENGLISH and LOANS were written for this. TELEX_LIKE is derived: of the 20,000 most frequent words in the English prose
of the documentation that comes with the installed packages (11.5 million words of READMEs, licences and docstrings),
and of everyday words and brands that such prose lacks, those whose keystrokes give something built like a syllable.
"""

from __future__ import annotations

from typing import Final

TELEX_LIKE: Final = frozenset(
    """
    aap aat af afm aij air aix amax amx anf ans aps ar ari arm arn ary as asan asap asc asm asn ast aux awk ax bans
    bar bats beef been beens beep beeps beer bees beets beos ber best bets bias binf bins bis bits boas boo boor
    boos boost boot boots bops born boron bos bots bow box buf bus bust busy buts bw cans caps car cas cast cats ces
    chair chams chaos chaps char chats cheer chef chips choir chops chose chosen chow chown churn chw cif coco coef
    conf conj cons coo cor core coro cos coset cosm cost cots cow cox cups cur cuts cw cwi cwt dad dais das data
    days dd ddof ddp dduf deed deeds deem deep def defend defn dens dense deps der des desc dest did didn dims dir
    dis disp dist docs dod dodo does doesn dof door dos dots down dtd dw ecs ee ef efm eof eos eps er ere es esc esm
    esp est ex exe gaps gary gas gast gens gets gif gist goes goon goos goto gots guis gust gw hair hamza hangs hans
    hari harm has hasn hats hausa hens her here hero hex his hist hits hix hoar honor hoo hoof hoots hops hor horn
    host how huts hw hwc if ij inf ins ir irene is isa isn ist its ix keen keep keepj keeps kens ker kern kets khw
    kins kits kw lair langs laos lar las last lata lats lax lays lazr lee lees lens lest lets lex lims lips lisa
    lisp list loaf locs lof loon loop loops loos loot lora los lose lost lots low lungs lux lw macs mama manx maps
    mar mary masan mast matjaz mats mawk max meet meets meme mems menger mens mere mir mis mist mix momo mongo
    mongos mono moo moon moor moos mops more most musa must nana nans nasm nats ner nest nets nginx nhwc nist nits
    nix nono noon noop nor norm nos nose now numf nums nuts nw nwc oas of oo oom oops opj ops or orm os osc oset osi
    ow own owns ox pair papa par param past pasta pax pays peer pens per perm pes photo photos phys piece pieces
    pins poo poor pops pos pose posn post pots pow powm puts pw pyx queen queens quest queue queues quits raf rats
    razor reef ref remez reps res reset resp rest reuse rex risch rois roof room rooms roor root roots rosen row
    rows runs rust ruts rw sans saps sas sax says secs see seem seems seen sees sense ser sets sex sims sips sir
    sits six songs sons soon soot sos sow sums sups sw swa sys tapas taps tar taro tarzan tas tata tax taxi tee teen
    teens tees tens term test tex thee theme themes there these thins this thor those thus tins tips tits toco toms
    tons too toon toot tops tor tore torn tos toto tots tow town tox trans traps tree trees trims trips trust turn
    tuts tw uax ups uri us usa usp uts uw ux vans var varkw vary vast vats vax ver vest vets vex vis visa vow w war
    was wc wi wn won wong worn wrong ws wt wu wx xor xw xys ys
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

ENGLISH: Final = frozenset(
    """
    about above abroad accept access accident address administrative adult advertising affairs after again age
    agencies agency air airport alcohol alive all allowance allowed allows alone already also always among amount
    and annual another answer any anyone apartment appeal application apply appointment approve are around arrested
    article artificial ask asked asking at authorities authority available away baby back bad based basic became
    because become been before begins being believe below benefit benefits best between birth both bought branch
    bring brother build building but by called cancel cannot car care cause central certificate certified change
    changed charge cheap chemical child children chinese choose circular citizen citizens city civil claim class
    close college come comes commission committee commune communes companies company compare complain complaint
    complete compulsory conditions confirm constitution construction contact contract convert correct cost costs
    could countries country county court cover covered crime criminal crisis currently customs cyber daily danger
    date daughter days dead deadline deadlines deal death decide decision declare decree decrees deduction defence
    degree delay deliver demand denounce deny department deposit deputy describe details did died different digital
    directive disability disabled disaster discrimination dismissed dispute district divorce doctor document
    documents does domestic done download drink drive driver driving drug drunk dual during duty each early earn
    easy economic economy education effect effective elderly election electric electricity electronic eligible else
    emergency employed employee employer employment end ended energy enforcement english enough enter enterprise
    enterprises entitled entry environment error even ever every everyone example exchange exempt exemption expire
    expired expires explain export extend extension face factory fail family far farmer father federal fee fees
    female few field filed find fine fire first fishing flood food for force foreign foreigner foreigners former
    found free friday friend from full fully future gasoline gave gender general get getting gift girl give go goes
    gold good goods government grant great guide had happened happens hard has have having head health healthcare
    hear heard helmet help her here hiring his history holiday holidays honest hospital hour hours house household
    houses housing how human hurt husband idea identity if ignore illegal immigration import include included
    including income increase industry inform information inheritance instead institution instructions insurance
    intelligence international interpreter into invest investment involved is issue issued it its itself job join
    judge july june just keep kids kill killed kind know knowledge labor labour land language large last late later
    latest law laws lawyer learn least leave left legal less level licence license life limit lived living local
    look looking lose loss lost low made make male manage management many marriage married maternity matter mean
    means medical meeting member mentioned merge merged merger might military minimum mining minister ministry
    minutes missing mistake monday money month monthly months more morning most mother motorbike motorcycle move
    moved must my name named names national nearest need neighbor neighbour never new newest next night no nobody
    not nothing notice now nowadays numbers of offence offense office official often old once one only open opening
    opinion option or orders organisation organization original other others our over overtime owe own owner paid
    paper papers parents part party pay pays penalty pension people period permission permit permits person personal
    pink place plan plans plate please points police policy pollution poor population portal posts power pregnant
    premises present president previous price prices prime print prison private problem procedure process processing
    profit program promise proof property proposal propose protect protection provide provided province provinces
    provincial public punished purpose question questions quick quickly raise rate rates read real really reason
    receive received recent record red reduce reduction reform refugee refund refuse region register registered
    registration regulation related relief religion remain remember renew renewal rent rental repeal repealed
    replace replaced replaces reported request require required residence residency resident residents resolution
    respond responsible rest result results retire retirement return revenue right rights road roadmap rule rules
    rumor rumour safe safety salaries salary same sanctions saw says scam scammed scammer school schools second
    secret secretary section security see seller send sent september services several severance sex short shorter
    should sick sign signature signed simple simply since sister situation small smoking social soldier some
    someone sorry source sources speak speaking special specific speed spouse staff standard standing start starting
    starts state status stay steal step steps still stole stolen store story street strike student students study
    submit such suicide summarise summarize summary sunday sure system take taken takes taking talk tax taxed taxes
    teacher teachers tell temporary term terms text than that their them there these they things think thinking
    third this those thousand threatened threshold through ticket time timeline title tobacco today together told
    tomorrow took tourist tourists town trade trading traffic training transfer translate transport travel treatment
    trial truth turn type under unemployed unemployment union unit united university unlawful until up updated us
    use usually vacation valid validity value vehicle version very victim vietnam vietnamese village violate
    violation violence vote wage wages wait waiting want war warning was waste watch water way we wear weather
    wedding week weekend weeks well went were what when where which while who whole whom whose why wife will winning
    wish with within without woman women word words work worker working workplace works worried worth would write
    wrong year years yes yesterday you young your yours
    """.split()  # noqa: SIM905
)
"""Words of English that no Vietnamese syllable looks like, or that people asking in Vietnamese do not write."""

LOANS: Final = frozenset(
    """
    account admin app bank bot bye call card chat check clip club code comment copy email facebook fake fan fanpage
    file form gas group hello hi home hot hotline internet invoice like link list live livestream login market
    marketing menu message mobile model news number ok online order otp page passport password phone photo post
    project report robot sale scan service share ship shop show sim software stop support team test thank thanks
    tour update upload video vip virus visa website wifi zalo
    """.split()  # noqa: SIM905
)
"""English words that people write in Vietnamese too: they tell the language only beside others that do."""

KEPT_ACRONYMS: Final = frozenset(
    """
    api apk atm bbc bmw btc cctv ceo cnn cv cvv dna eth eu fbi fdi fifa fm fpt ftp gdp gps gpt hd hiv hpv html http
    https hsbc ielts ip kfc kpi led lgbt mb mbbank ml mp mv nasa nato nft ngo oda pc pdf png ppt ps qr rpg sdk shb sjc
    sms sos sql ssd tpbank tiktok toefl toeic tv ufo un usa usb usd uae vcb vip viettel vnpt vng vpbank vps vtc vtv wc
    wto xml tldr thx omg wtf bla rm km cm mm kg kw kwh hz vl vcl vkl vcc dm đm dcm đcm dmm đmm clgt cl loz lol cc
    """.split()  # noqa: SIM905
)
"""Acronyms and brands that stand for themselves in Vietnamese text, and curses."""
