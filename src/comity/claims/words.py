"""The words that carry a sentence's frame: closed classes, and the verbs of this field's prose with their forms."""

from typing import Final


def bag(text: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(text.split())


DETERMINERS: Final = bag(
    "the a an this that these those its their his her our my your each every all both some any no several many most "
    "few another other such various numerous more further additional certain multiple half either neither"
)
POSSESSIVES: Final = bag("its their his her our my your")
PREPOSITIONS: Final = bag(
    "of in on at by for with from to into onto under within during through between among amongst against about over "
    "across around upon via towards toward per despite without beyond alongside besides behind above below near "
    "beside "
    "including except excluding besides inside outside "
    "throughout concerning regarding involving unlike like versus amid given pending"
)
CONJUNCTIONS: Final = bag("and or but nor plus &")
RELATIVES: Final = bag("which who whom whose that where")
SUBORDINATORS: Final = bag(
    "if whether although though while whereas because unless until till once when whenever after before since as so "
    "than lest"
)
PRONOUNS: Final = bag("it they he she we i you them him us me")
BE: Final = bag("is are was were be been being am ’s ’re")
HAVE: Final = bag("has have had having ’ve")
DO: Final = bag("do does did")
GET: Final = bag("get gets got gotten getting")
MODALS: Final = bag("will would can could may might shall should must cannot ’ll ’d")
NEGATIONS: Final = bag("not never n’t no longer")
ADVERBS: Final = bag(
    "also already then now later recently formally officially finally eventually still yet ever just only even "
    "always often "
    "soon subsequently previously actively jointly successfully initially originally currently first together again "
    "both "
    "too thus therefore furthermore moreover additionally likewise well indeed instead once twice long since ago "
    "long-ago "
    "fully partly largely duly merely simply almost nearly quietly publicly repeatedly respectively itself "
    "themselves "
    "therein thereafter hitherto consequently nevertheless nonetheless meanwhile however perhaps maybe seldom far "
    "never ever close up out off down forward back-to-back"
)
ADVERB_LIKE_LY: Final = bag(
    "family assembly italy july reply supply ally early friendly only daily weekly monthly yearly quarterly"
)

_IRREGULAR: Final = {
    "sign": "signs signed signed signing",
    "be": "is was been being",
    "become": "becomes became become becoming",
    "have": "has had had having",
    "take": "takes took taken taking",
    "make": "makes made made making",
    "hold": "holds held held holding",
    "give": "gives gave given giving",
    "begin": "begins began begun beginning",
    "bring": "brings brought brought bringing",
    "say": "says said said saying",
    "tell": "tells told told telling",
    "write": "writes wrote written writing",
    "draw": "draws drew drawn drawing",
    "go": "goes went gone going",
    "see": "sees saw seen seeing",
    "send": "sends sent sent sending",
    "put": "puts put put putting",
    "set": "sets set set setting",
    "seek": "seeks sought sought seeking",
    "build": "builds built built building",
    "lead": "leads led led leading",
    "meet": "meets met met meeting",
    "run": "runs ran run running",
    "find": "finds found found finding",
    "keep": "keeps kept kept keeping",
    "leave": "leaves left left leaving",
    "withdraw": "withdraws withdrew withdrawn withdrawing",
    "undergo": "undergoes underwent undergone undergoing",
    "strike": "strikes struck struck striking",
    "bind": "binds bound bound binding",
    "get": "gets got gotten getting",
    "come": "comes came come coming",
    "enter": "enters entered entered entering",
    "fall": "falls fell fallen falling",
    "rise": "rises rose risen rising",
    "think": "thinks thought thought thinking",
    "know": "knows knew known knowing",
    "show": "shows showed shown showing",
    "choose": "chooses chose chosen choosing",
    "speak": "speaks spoke spoken speaking",
    "win": "wins won won winning",
    "understand": "understands understood understood understanding",
    "hear": "hears heard heard hearing",
    "let": "lets let let letting",
    "stop": "stops stopped stopped stopping",
    "plan": "plans planned planned planning",
    "commit": "commits committed committed committing",
    "admit": "admits admitted admitted admitting",
    "submit": "submits submitted submitted submitting",
    "refer": "refers referred referred referring",
    "grow": "grows grew grown growing",
    "pay": "pays paid paid paying",
    "stand": "stands stood stood standing",
    "ink": "inks inked inked inking",
    "pen": "pens penned penned penning",
    "read": "reads read read reading",
    "deny": "denies denied denied denying",
    "spend": "spends spent spent spending",
    "mean": "means meant meant meaning",
    "lose": "loses lost lost losing",
    "feel": "feels felt felt feeling",
    "sit": "sits sat sat sitting",
    "learn": "learns learned learned learning",
    "beat": "beats beat beaten beating",
    "need": "needs needed needed needing",
    "co-host": "co-hosts co-hosted co-hosted co-hosting",
    "underpin": "underpins underpinned underpinned underpinning",
    "shelve": "shelves shelved shelved shelving",
    "opt": "opts opted opted opting",
    "drop": "drops dropped dropped dropping",
}

_REGULAR: Final = bag(
    "ratify accede join endorse support back adhere subscribe participate attend host conclude negotiate agree "
    "develop create design devise establish produce publish draft author prepare adopt launch enact pass approve "
    "promulgate introduce unveil denounce invite deposit lodge work partner collaborate cooperate co-operate help "
    "assist provide offer identify address assess review evaluate intend want hope expect aim consider decide "
    "refuse decline fail urge encourage ask call press advise recommend propose announce claim report confirm "
    "deny state note argue warn suggest allege believe explain declare promise pledge vow weigh explore "
    "contemplate discuss debate await wait accept affirm reaffirm implement apply promote enhance improve "
    "strengthen recognize recognise welcome praise criticise criticize thank require enable allow permit oblige "
    "include contain cover involve represent use deploy conduct complete finish start continue open close serve "
    "act belong remain seem appear enjoy enjoin succeed extend expand increase reduce target affect face share "
    "train organise organize co-organise co-organize convene chair co-chair sponsor co-sponsor fund finance visit "
    "receive issue release present table amend repeal replace update revise align harmonise harmonize transpose "
    "incorporate integrate embed name rank score list measure mark celebrate describe title entitle formulate "
    "compile administer maintain operate own found initiate spearhead champion advocate hail commend initial "
    "finalise finalize seal formalise formalize penalise criminalise criminalize renew terminate suspend exit "
    "quit reject abstain vote oppose resist delay postpone contribute engage demonstrate ensure protect defend "
    "combat counter tackle fight respond monitor investigate prosecute request grant lobby petition push edge "
    "move attempt try manage undertake appoint nominate select elect designate assign task enlist house "
    "accommodate stage rejoin affix append ink co-author codevelop co-develop pioneer coordinate co-ordinate "
    "facilitate aspire debut acknowledge outline detail emphasise emphasize stress underline highlight add follow "
    "precede mention quote cite pursue exclude prevent happen occur arrive return stay live link connect relate "
    "base locate regret lament cease doubt dismiss comprise consist compose unite complement reflect confuse mistake "
    "conflate signal cement raise authorise authorize empower mandate carry "
)


def _third(base: str) -> str:
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + "ed"


def _forms() -> dict[str, tuple[str, str]]:
    """Map each form to its lemma and part: base, s, ed (past or participle), past, en (participle alone), ing."""
    forms: dict[str, tuple[str, str]] = {}
    for base in _REGULAR:
        ing = (base[:-1] if base.endswith("e") and not base.endswith("ee") else base) + "ing"
        forms |= {base: (base, "base"), _third(base): (base, "s"), _past(base): (base, "ed"), ing: (base, "ing")}
    for base, listed in _IRREGULAR.items():
        third, past, participle, ing = listed.split()
        forms |= {base: (base, "base"), third: (base, "s"), past: (base, "past"), ing: (base, "ing")}
        if participle == past:
            forms[past] = (base, "ed")
        elif participle != base:
            forms[participle] = (base, "en")
    return forms


VERB_FORMS: Final = _forms()
NOUN_TOO: Final = bag(
    "sign signs plan plans host hosts report reports state states note notes work works help support review reviews "
    "call calls "
    "claim claims design designs draft drafts launch launches offer offers press pledge pledges promise promises "
    "hope hopes "
    "aim aims visit visits issue issues release releases present table title titles list lists name names rank "
    "ranks score scores "
    "share shares start use uses target targets train trains fund funds finance address addresses measure measures "
    "mark marks "
    "vote votes delay move moves attempt attempts chair partner partners sponsor sponsors need needs act acts exit "
    "link links base face "
    "back request requests grant grants push set sets lead run runs stage stages house contact contacts counter "
    "fight "
    "stand stay return detail details stress increase update updates close open debut pen ink seal author authors "
    "champion "
    "task mention quote follow read ask hold view test object sponsor press understanding meeting training hearing "
    "beginning "
    "building finding reading writing saying agreeing interest means found lost bound left set let cost question "
    "approach advocate "
    "contract exercise project program programme document conduct process function act pass passes initial initials "
    "cover covers co-sponsor co-sponsors co-host co-hosts"
)
"""Forms that are nouns as often as verbs: a verb only where the words beside them say so."""
WEEK: Final = bag("monday tuesday wednesday thursday friday saturday sunday")
PARTICIPLE_ADJECTIVES: Final = bag(
    "united increased related organised organized advanced proposed established based connected so-called named "
    "detailed renewed united "
    "growing ongoing existing leading developing underlying following binding emerging evolving increasing cutting- "
    "edge promising "
    "long-standing outstanding"
)
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
PLAN_NOUNS: Final = bag(
    "plan plans intention intentions decision desire wish need commitment effort efforts step steps readiness "
    "willingness pledge "
    "promise proposal offer bid campaign move ambition goal aim process procedure procedures preparations call "
    "calls invitation "
    "opportunity chance right ability failure refusal"
)
"""Nouns of what has not been done yet: “its plan to”, “Ghana’s decision to”."""
