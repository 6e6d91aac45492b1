/**
 * Whether a text speaks of suicide or self-harm, the writer's or that of somebody near them, in English or Hebrew. It is
 * a list of phrases, so it misses some and catches some that are harmless; the texts that it triggers allow for that.
 * `tests/unit/safety/crisis-corpus.ts` has examples of both.
 */
export function speaksOfCrisis(text: string): boolean {
  return sentencesOf(withoutFiction(normalised(text))).some((sentence) =>
    /\p{Script=Hebrew}/u.test(sentence)
      ? anyIn(HEBREW, sentence) || anyIn(ENGLISH, sentence)
      : anyIn(ENGLISH, withoutTypos(sentence)),
  );
}

/**
 * Whether a program should not say a text back: it speaks of a crisis, or has a word of death or harm, however it is
 * meant. It finds much that is harmless, so it does not show that somebody needs help.
 */
export function isTooGraveToQuote(text: string): boolean {
  return speaksOfCrisis(text) || WORD_OF_DEATH.test(withoutTypos(normalised(text)));
}

const WORD_OF_DEATH =
  /\b(?:die|dies|died|dying|dead|deaths?|suicid\w*|overdos\w*|noose|unalive\w*|kms|self ?harm\w*|kill me|(?:kill|killed|killing|hang|hanging) (?:my|him|her|them)sel\w+|(?:hurt|hurting|harm|harming|cut|cutting) myself|end it all|end my life|liv(?:e|ing) anymore)\b|(?<!\p{L})(?:למות|שאמות|אמות|ה?מוות|מתה?)(?!\p{L})|התאבד|אתאבד|אובדני|להרוג|אהרוג|(?:לפגוע|לחתוך|חותכת?|פוגעת?) (?:ב|את )?עצמי|לסיים את החיים|לא לחיות|לחיות יותר/u;

/** A way of saying it. */
interface Phrase {
  says: RegExp;
  /** What makes it harmless when it precedes or follows directly. */
  before?: RegExp;
  after?: RegExp;
  /** What makes it harmless anywhere in the sentence. */
  around?: RegExp;
  /** What the sentence has to contain as well. */
  needs?: RegExp;
}

function anyIn(phrases: readonly Phrase[], sentence: string): boolean {
  return phrases.some(({ says, before, after, around, needs }) => {
    if (around?.test(sentence) || needs?.test(sentence) === false) return false;
    return [...sentence.matchAll(says)].some((match) => {
      const preceding = sentence.slice(0, match.index);
      const following = sentence.slice(match.index + match[0].length);
      return !before?.test(preceding) && !after?.test(following);
    });
  });
}

const QUOTATION_MARKS = /[“”„‟«»״″]/g;
/** Apostrophes of all kinds, and the accents that people type instead. */
const APOSTROPHES = /['’‘‛`´׳]/g;
const HEBREW_POINTS = /[\u0591-\u05bd\u05bf-\u05c7]/g;
const INVISIBLE = /\p{Cf}|\u034f/gu;

function normalised(text: string): string {
  return text
    .slice(0, 20_000)
    .normalize("NFKC")
    .toLowerCase()
    .replace(INVISIBLE, "")
    .replace(HEBREW_POINTS, "")
    .replace(APOSTROPHES, "")
    .replace(QUOTATION_MARKS, '"')
    .replace(/(?<=\p{L})"(?=\p{L})/gu, "")
    .replace(/[־–—-]/g, " ")
    .replace(/(\p{L})\1{2,}/gu, "$1$1");
}

/** Quoted words in a text about a film, a book and the like are not the writer's. */
function withoutFiction(text: string): string {
  return FICTION.test(text) ? text.replace(/"[^"]*"/g, " ") : text;
}

function sentencesOf(text: string): string[] {
  return text
    .split(/[.!?;\n…]+/)
    .map((sentence) =>
      sentence
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .replace(/ {2,}/g, " ")
        .trim(),
    )
    .filter((sentence) => sentence !== "");
}

/** "s u i c i d e" */
const SPACED_OUT = /\b(?:\p{L} ){3,}\p{L}\b/gu;

const SPELLINGS: readonly [RegExp, string][] = [
  [/\bk(?:1|i+|y)?ll+(?=\b|ing|ed)|\bkil(?=\b|ing\b)/g, "kill"],
  [/\b(?:my ?slf|my self|mysel|meself|mi self)\b/g, "myself"],
  [/\b(?:wnt|wan|wannt|wont to(?= (?:die|kill)))\b/g, "want"],
  [/\b(?:wanna|wana|wnna)\b/g, "want to"],
  [/\b(?:gonna|gunna|gon)\b/g, "going to"],
  [/\b2\b/g, "to"],
  [/\bcomm?itt?ing\b/g, "committing"],
  [/\b(?:sucide|suicde|suiside|suicid|sueicide|suiscide|s3lf d3l3tion|su1cide)\b/g, "suicide"],
  [/\b(?:sucidal|suicidle|suicdal|suisidal)\b/g, "suicidal"],
  [/\b(?:dy|dai|d1e|dei|diie)\b/g, "die"],
  [/\b(?:lif|lfe)\b/g, "life"],
  [/\b(?:any more|any longer|no more|anymor|nymore)\b/g, "anymore"],
  [/\b(?:do not|don t|dnt|dun)\b/g, "dont"],
  [/\b(?:can not|cannot|can t|cnt)\b/g, "cant"],
  [/\b(?:i m|i am)\b/g, "im"],
  [/\b(?:i d|i would)\b/g, "id"],
  [/\b(?:i ve|i have)\b/g, "ive"],
  [/\b(?:i ll|i will)\b/g, "ill"],
  [/\b(?:is not|isn t)\b/g, "isnt"],
  [/\b(?:was not|were not|weren t|werent|wasn t)\b/g, "wasnt"],
  [/\b(?:were)(?= (?:dead|never|gone))\b/g, "was"],
];

function withoutTypos(sentence: string): string {
  const joined = sentence.replace(SPACED_OUT, (letters) => letters.replaceAll(" ", ""));
  return SPELLINGS.reduce((so, [wrong, right]) => so.replace(wrong, right), joined);
}

const FICTION =
  /\b(?:films?|movies?|tv series|episode|songs?|lyrics?|novels?|poem|sonnet|opera|musical|the play|a play|characters?|the scene|a scene|albums?|tracks?|hamlet|romeo|juliet|the book|a book|comic|actors?|actress)\b|סרט|סדרה|(?<!\p{L})[הב]?שיר(?:ים)?(?!\p{L})|רומן|מחזה|דמות|הצגה|(?<!\p{L})[הב]?פרק(?:ים)?(?!\p{L})|בספר|הספר|אלבום|שחקן|שחקנית/u;

const NOT =
  /(?<!\bor )\b(?:dont|didnt|doesnt|not|never|no longer|wont|wouldnt|would not|isnt|arent|without)(?: (?:really|actually|ever|even|truly|seriously|at all|want|wanting|going|trying|planning|plan|thinking|think|to|of|about|say|saying|mean|i|im))* $/;
const IDIOM =
  /^ (?:of|laughing|inside|old|happy|rich|peacefully in|knowing|having|surrounded|some ?day|one day|doing|a (?:happy|free|hero)|in (?:peace at|style)|at (?:the age|ninety|eighty|\d+)|without (?:regrets?|having|ever|seeing|knowing)|with (?:no|a smile|dignity|laughter|my boots)|from (?:embarrassment|shame|laughing|laughter|boredom|cringe|joy|the heat|cuteness|happiness)|on (?:stage|the spot|that stage)|for (?:coffee|chocolate)|when (?:he|she|they) (?:called|read|said|saw))\b/;
const EMBARRASSED = /\b(?:embarrass|mortif|awkward|cring|blush|hilarious|funny)/;

const ENGLISH: readonly Phrase[] = [
  {
    says: /(?:^(?:(?:just|really|honestly|only|sometimes|and|but|so) ){0,2}|\b(?:i|im|ive|id|ill|me)(?: (?!(?:dont|didnt|doesnt|not|never|no|wont|wouldnt|cant|isnt|without)\b)\w+){0,4}? |\b(?:and|but|just|really|only) )(?:want|wanted|wanting|wish|need|deserve|long|ready|hope|plan|planning|decided|trying|tried|should|let me|ought)(?: (?:to|just|really|only|so|badly|bad|myself|now|it|all|fucking|simply|all i))*? ?(?:die|be dead|stop (?:living|existing)|not exist|cease to exist|not be alive|sleep forever|go to sleep forever)\b/g,
    before: NOT,
    after: IDIOM,
    around: EMBARRASSED,
  },
  { says: /\blet me die\b/g, after: IDIOM, before: NOT },
  { says: /\bhope i (?:just )?(?:die|dont survive)\b/g, after: IDIOM },
  { says: /\bdont (?:really |even )?care (?:if|whether) i (?:die|live or die|live(?= ?$| anymore))\b/g },
  {
    says: /\bwish (?:someone|somebody|something|they|god|he|she|you) would (?:just )?(?:kill|shoot|end) me\b/g,
  },
  { says: /\b(?:take|took|taken|taking) an overdose\b/g, needs: /\b(?:i|ive|id|ill|im)\b/, before: NOT },
  { says: /\b(?:rather|sooner) die(?= ?$)/g, before: NOT },
  { says: /\b(?:rather|sooner|prefer to) (?:be dead|die than (?:live|go on|wake|be here|keep)|not be alive)\b/g },
  {
    says: /\b(?:kill|killing|hang|hanging|shoot|shooting|drown|drowning|unalive|unaliving|off|offing|suffocate|strangle|electrocute) myself\b/g,
    before: NOT,
    after:
      /^ (?:laughing|in the foot|in (?:work|books|coffee|paperwork)|with (?:work|laughter|overtime)|over\b|trying|working|studying|training|at (?:the gym|work)|on (?:that|the|those) (?:bike|stairs|ice|ladder|step|rug|course)|to (?:meet|finish|get|make|keep|please|be|pay|fit|earn)|for (?:a|the|this|that|them|my (?:job|boss|career)|work|nothing)|if i (?:miss|forget|have to|hear|see one more|lose)|from (?:bad|my old|the group))/,
    around: /\b(?:self portrait|photo|camera|selfie|haha|lol)\b/,
  },
  {
    says: /\b(?:almost|nearly|could have|should have) killed myself\b/g,
    before: NOT,
    after: /^ (?:laughing|on|by|with|slipping|falling|skiing|climbing|trying|tripping|when|working|over|for|that)\b/,
  },
  { says: /\bthrow(?:ing)? myself (?:off|under|in front of|from|out of|out the window)\b/g, before: NOT },
  {
    says: /\bend(?:ing)? (?:my|this) (?:own |miserable |stupid |damn )?life\b/g,
    before: NOT,
    after: /^ (?:as|of|in|here)\b/,
  },
  {
    says: /\b(?:take|taking|took|taken) my (?:own life\b(?! (?:in|into|seriously|back))|life(?= ?$| (?:tonight|today|away)))/g,
    before: NOT,
  },
  { says: /\bend(?:ing)? it all\b/g, before: NOT, after: /^ (?:with him|with her|at the|by (?:five|six|noon))/ },
  { says: /\bput(?:ting)? an end to (?:it all|my life|myself|everything)\b/g, before: NOT },
  { says: /\bwant (?:it all|everything|all of it|this all) to (?:be over|end|stop)\b/g, before: NOT },
  {
    says: /\b(?:done with|tired of|sick of|hate|fed up with|exhausted by|weary of|had enough of) (?:living|being alive|existing|life(?= ?$| itself| anymore))\b/g,
    before: NOT,
    after:
      /^ (?:in|with|at|out|here|alone|like|on|off|from|up|near|under|for|a|an|the|my|this|that|paycheck|between|by|so|through)\b(?! this world| anymore)/,
  },
  {
    says: /\b(?:dont|didnt|no longer|never|dont (?:think|know if|know whether|know that|feel like) i|not sure (?:if |whether |that )?i|why would i|cant|couldnt)(?: (?:really|even|want|wanted|need|deserve|wish|care|bear|feel like|to|just|anymore|it))*? (?:live|be alive|exist|go on living|keep living|keep on living|continue living|stay alive|living)\b/g,
    after:
      /^ (?:in(?! this world| a world)|with|at|on|near|by|here|there|alone|like(?! this anymore)|far|next|under|as|for|through|together|without(?! (?:him|her|you|them|my (?:wife|husband|mother|mum|mom|father|dad|son|daughter|partner|brother|sister)))|a|my|the|this(?! life)|that|his|her|their|up|close|where|out|off|so|to|more|abroad|inside|according|this life to)\b/,
  },
  { says: /\bcant (?:even )?go on(?= ?$| anymore| living| with life| like this anymore)/g },
  {
    says: /\b(?:dont|didnt|never|no longer|hope i (?:dont|never|wont))(?: (?:really|even|ever|want|wanted|just|to))* wake up\b/g,
    after: /^ (?:early|at|late|before|so|to (?:an|the|my|a|that)|next|for|on|with|hungover|until)\b/,
  },
  {
    says: /\b(?:never|not) (?:to )?wake up (?:again|anymore|tomorrow)\b|\b(?:fall asleep|go to (?:sleep|bed)|sleep) and (?:never|not|just not) (?:to )?wake up\b/g,
  },
  {
    says: /\b(?:dont|didnt|no longer)(?: (?:really|even|just))* want(?:ed)? to be (?:here anymore|here|around anymore|around|in this world|on this (?:earth|planet)|part of this world)\b/g,
    after:
      /^ (?:in|at|on|when|while|for|with|until|tonight|today|tomorrow|with you|and miss|people|children|him|her)\b/,
    needs: /anymore|world|earth|planet|be here$/,
  },
  {
    says: /\b(?:no|any|another|one|a single|see no|not a) (?:reason|point|purpose|sense) (?:to|in|of|for me to|left to|left in)? ?(?:live|living|go on living|going on(?= ?$)|go on(?= ?$)|being alive|be alive|existing|exist|staying alive|stay alive|being here anymore)\b/g,
    after: /^ (?:in|with|at|there|near|so|alone|abroad|like)\b/,
  },
  {
    says: /\b(?:whats|what is|wheres) the point (?:of|in) (?:living|being alive|life(?= ?$)|existing|staying alive|going on(?= ?$))\b/g,
    after: /^ (?:in|with|at|there|near|so|alone|abroad)\b/,
  },
  { says: /\bnothing (?:left |more )?to live for\b/g },
  {
    says: /\blost (?:my|the|all|any) will to (?:live|go on)\b/g,
    after: /^ (?:in|during|when|while|queuing|waiting|halfway|after|at)\b/,
  },
  {
    says: /\b(?:not|isnt|no longer|never|hardly|isnt even) (?:really |even )?worth (?:living|being alive)\b|\bis (?:my |this )?life (?:even|still) worth living\b/g,
  },
  {
    says: /\b(?:im|id be|i would be|i d be|be) better (?:off )?dead\b/g,
    before: /\b(?:he|she|it|they|battery|phone|plant)(?: \w+)? $/,
  },
  {
    says: /\bbetter (?:off|place) (?:if i (?:was|wasnt|died|am) ?(?:dead|gone|here|alive|around|not here)?|without me)\b/g,
    after: /^ (?:on the|in the|in this (?:role|team)|as|at (?:work|the))/,
    around: /\b(?:team|project|company|committee|choir|band)\b/,
  },
  {
    says: /\bwish(?:ed|ing)? (?:that )?i (?:was (?:dead|never born|not alive|gone forever)|wasnt (?:alive|born|here anymore)|could(?: just)? die|would(?: just)? die|died|had died|just died|didnt exist|could stop existing|(?:had|was) never been born|was never born|hadnt been born)\b/g,
    after: /^ (?:tired|of|into|to|with|earlier|later|a|on|as|at|when|in (?!this (?:world|life)))/,
  },
  {
    says: /\b(?:no one|nobody|noone|who) would (?:even )?(?:care|notice|miss me|miss|cry|mind)(?: \w+){0,2}? if i (?:died|was (?:dead|gone)|disappeared|vanished|killed|wasnt (?:here|alive|around))\b|\bif i (?:died|was dead|was gone|disappeared|killed myself)(?: \w+){0,3}? (?:no one|nobody|noone) would\b/g,
  },
  {
    says: /\bif i (?:just )?(?:died|was dead|wasnt (?:here|alive)) (?:everyone|everybody|they|it) would (?:all )?be (?:\w+ )?(?:better|easier|happier|relieved)/g,
  },
  {
    says: /\b(?:think|thinking|thought|thoughts|dream|dreaming|fantasi\w+|obsess\w+) (?:\w+ )?(?:of|about) (?:dying|being dead|ending (?:everything|my life|it all)|killing (?:me|myself))\b/g,
    before: NOT,
    after: /^ (?:my hair|of|out|languages)\b/,
  },
  {
    says: /\bfeel(?:ing)? like (?:dying|ending it|killing)\b/g,
    before: NOT,
    after: /^ (?:of|laughing|after (?:leg|that run|the run)|him|her|them|with)\b/,
  },
  {
    says: /\b(?:im|feel|feeling|felt|been|get|getting|still|actively|passively|me|become|became|and|again) (?:so |really |very |a bit |kind of )?suicidal\b|^suicidal$|\bsuicidal (?:thoughts|ideation|feelings|again|urges|plans?)\b/g,
    before: NOT,
    around: /\b(?:paper|study|research|article|lecture|course|documentary|patients?|clients?)\b/,
  },
  {
    says: /\b(?:think|thinking|thought|thoughts|consider|considering|considered|contemplat\w+|planning|plan|fantasi\w+|dream\w*|attempt|attempted|attempting|try|tried|commit|committing|want|going to|about|of)(?: (?:of|about|committing|commit|to|my|a|the|on))*? suicide\b/g,
    needs: /\b(?:i|im|ive|id|ill|my|me)\b/,
    before: NOT,
    around:
      /\b(?:prevention|hotline|awareness|squad|career|political|social|commercial|book|paper|study|research|article|documentary|lecture|course|volunteer\w*|wrote|statistics|uncle|grand\w+|who committed|his|her|their)\b/,
  },
  {
    says: /\b(?:my|a) suicide (?:note|letter|plan|attempt)\b|^suicide$|\bsuicide (?:is|seems|feels|looks|sounds)(?: like)? (?:my |the )?(?:only|best|good|easier|an option|easy)/g,
    around: /\b(?:in (?:the|a) (?:film|book|novel)|his|her|prevention)\b/,
    before: NOT,
  },
  {
    says: /\bself ?harm(?:ing|ed)?\b/g,
    needs: /\b(?:i|im|ive|id|ill|my|me)\b/,
    before: NOT,
    around: /\b(?:training|course|policy|research|article|patients?|students?|prevention)\b/,
  },
  {
    says: /\b(?:want|wanted|wanting|urges?|going|need|like|keep|kept|started|been|thinking (?:of|about)|thoughts of|tempted|planning|stop|stopped|might|will|ill|again|about)(?: (?:to|of|about|i|just|really|start|starting))*? (?:hurt|hurting|harm|harming|cut|cutting|burn|burning) myself\b/g,
    before: NOT,
    after:
      /^ (?:shaving|cooking|some|a|off|out|loose|short|free|at|running|playing|on|by|in the|while|out of|down|with (?:the|a) (?:paper|can))\b/,
  },
  {
    says: /\b(?:slit|slitting|slash|cut|cutting|open) my (?:wrists?|arms?|thighs?|veins?|throat)\b/g,
    before: NOT,
    after: /^ (?:on a|on the|by accident|accidentally|in the garden)/,
  },
  {
    says: /\b(?:take|took|taken|taking|swallow|swallowed|swallowing|eat|ate|down|downed) (?:all (?:of )?|a (?:whole |full )?(?:bottle|box|pack) of |too many |a handful of |every one of |the whole (?:bottle|box) of |enough )(?:the |my |these |those |her |his )?(?:\w+ )?(?:pills|tablets|meds|medication|paracetamol|tylenol)\b/g,
    before: NOT,
  },
  {
    says: /\b(?:want|going|planning|plan|tried|try|thinking (?:of|about)|might|i|ill)(?: (?:to|just|of|about))*? (?:overdose|overdosing|od on|overdosed)\b/g,
    before: NOT,
    after: /^ on (?!pills|meds|my|tablets|paracetamol|tylenol|sleeping|medication|heroin|drugs|insulin)/,
  },
  {
    says: /\b(?:want|going|thinking|thought|could|feel like|urge|might|should|ill|about|tempted)(?: (?:to|of|about|i|just|simply|really))*? (?:jump|jumping|step|stepping|walk|walking|drive|driving) (?:off|from|out of|in front of|into) (?:a|the|this|that|my|an)?(?: \w+)? ?(?:bridge|roof|building|balcony|train|cliff|window|tower|overpass|truck|traffic|tree at|wall at)\b/g,
    before: NOT,
    around: /\b(?:bungee|rope|parachute|harness|into the (?:sea|lake|water)|with friends|safely|museum|photo)\b/,
  },
  { says: /\b(?:tied|tying|made|have|bought|got) (?:a|the|my) noose\b/g },
  {
    says: /(?:^|\b(?:want to|going to|might|should|just|ill|about to|could) )(?:kms|ctb|unalive)(?= ?$| (?:so|right|now|tonight|today|fr|rn|bc|because|already|myself))/g,
    before: NOT,
    around: /\d kms/,
  },
  {
    says: /\bi (?:dont |do not )?(?:should never have been born|should be dead|should(?:nt| not) (?:be alive|exist|have been born)|deserve to die|dont deserve to (?:live|be alive))\b/g,
  },
  {
    says: /\bwhy (?:am i|im i|im) (?:still |even )+(?:alive|living|here on)\b|\bwhy am i alive\b|\bwhy was i (?:ever |even )?born\b/g,
    after: /^ (?:in|into|to|with|a)\b/,
  },
  {
    says: /\b(?:want|wanted|going|wish i could)(?: (?:to|just|really|only))*? (?:disappear|vanish|be gone) (?:forever|for good|from (?:this|the) (?:world|earth)|off the face|and never)/g,
    before: NOT,
  },
  {
    says: /\b(?:wont|will not|might not|may not) be (?:alive (?:tomorrow|much longer|anymore|by|next)|around much longer)\b/g,
    around: /\b(?:company|shop|bus|cafe|doctor|grand\w+)\b/,
  },
  {
    says: /\b(?:wants?|wanted|threatens?|threatened|threatening|trying|tried|going|(?:says|said) (?:he|she|they)(?:ll| will| would)|talks? about|talking about|thinking (?:of|about)|might|will)(?: (?:to|just|about|of))*? (?:kill|killing|hurt|hurting|hang|hanging|harm|harming|cut|cutting) (?:himself|herself|themselves|themself)\b/g,
    before: NOT,
    around: FICTION,
    after: /^ (?:laughing|over|trying|working|at|shaving|to (?:meet|finish|get))\b/,
  },
  {
    says: /\b(?:he|she|friend|son|daughter|wife|husband|brother|sister|mother|mom|mum|father|dad|child|kid|partner|girlfriend|boyfriend|roommate|student)(?: (?:told me|says|said|that|she|he|they|just|really|keeps|saying))*? (?:wants|wanted) to (?:die|be dead|end it all|end (?:his|her|their) life)\b/g,
    before: NOT,
    around: new RegExp(`${FICTION.source}|${EMBARRASSED.source}`, "u"),
    after: IDIOM,
  },
  {
    says: /\b(?:he|she|friend|son|daughter|wife|husband|brother|sister|mother|mom|mum|father|dad|child|kid|partner|girlfriend|boyfriend)(?: (?:is|seems|feels|has been|might be|may be))+ suicidal\b/g,
    around: FICTION,
  },
];

const HEBREW_IDIOM =
  /^ (?:מצחוק|מבושה|מרוב|מעייפות|מרעב|מפחד|משעמום|מחום|מקור|מאושרת?|זקנה?|בשיבה|על |בידיעה|במיטה|מהתרגשות|מאהבה|מנחת|מסקרנות|מהתרגשות|ככה מצחוק|בגיל|עם חיוך|בלי (?:שראיתי|לראות|לדעת))/u;
const HEBREW_NOT =
  /(?<!(?:^| )או)(?:^| )(?:לא|אינני|איני|אין לי|בלי)(?: (?:באמת|ממש|בכלל|כן|רו?צה|בא לי|מתכוונת?|חושבת?|על|ל))* $/u;
const HEBREW_FICTION = FICTION;

const HEBREW: readonly Phrase[] = [
  {
    says: /(?:רו?צה|רוצא|רוצה|רציתי|בא לי|מתחשק לי|מעדיפה?|מייחלת?|מתפללת?|מוכנה?|מגיע לי|תנו לי|תן לי|חושבת? על|חולמת? על|מחשבות על)(?: (?:כבר|פשוט|רק|באמת|ממש|כל כך|עכשיו|לפעמים|שוב|כבר פשוט))* (?:ל|ול)?(?:מות|מוות שלי|המוות שלי|היות מתה?|להיות מתה?|הפסיק לחיות|לא להתעורר|היעלם לתמיד|העלם לתמיד|להתאבד|התאבדות|ישון ולא (?:להתעורר|לקום))(?!\p{L})/gu,
    before: HEBREW_NOT,
    after: HEBREW_IDIOM,
    around: /מביך|מצחיק|חחח/u,
  },
  {
    says: /(?<!\p{L})(?:אני )?(?:ו|ש|כש)?(?:כבר )?(?:לא|אין לי (?:כבר |יותר )?(?:כו?ח|חשק|רצון))(?: (?:כבר|יותר|באמת|ממש|עוד|בכלל|רו?צה|רציתי|בא לי|מסוגלת?|יכולה?|מתחשק לי|מגיע לי|שווה לי|אני))* (?:לחיות|להתקיים|להיות בחיים|להמשיך לחיות|להישאר בחיים)(?!\p{L})/gu,
    after:
      /^ (?:ב(?!עולם הזה)|כאן|פה|שם|עם|ככה(?! יותר)|כך|איתו|איתה|איתם|לבד|רחוק|ליד|על|כמו|בלי|תחת|לפי|את|חיים|אצל|מתוך|מחוץ|יותר ב|יותר עם|יותר כאן|מ)/u,
  },
  {
    says: /(?<!\p{L})(?:כבר )?(?:לא|הלוואי ולא|הלוואי שלא|מקווה שלא)(?: (?:רו?צה|בא לי|כבר|יותר|מתחשק לי))* (?:להתעורר|אתעורר|לקום יותר|אקום יותר)(?!\p{L})/gu,
    after: /^ (?:מוקדם|מאוחר|ב(?:שש|שבע|חמש|שמונה|\d)|לעבודה|ליד|לבד|לפני|כל יום ב|בזמן|מהרעש|לקול|עם)/u,
    needs: /רו?צה|בא לי|הלוואי|מתחשק|מקווה/u,
  },
  { says: /(?:לישון|להירדם|להרדם) ולא (?:להתעורר|לקום)(?!\p{L})/gu },
  {
    says: /לא (?:רו?צה|בא לי)(?: כבר)? (?:להיות|להישאר)(?: (?:כבר|יותר))? (?:כאן יותר|פה יותר|בעולם הזה|קיימת?)(?!\p{L})/gu,
    after: /^ ב/u,
  },
  {
    says: /(?:נמאס לי|נשבר לי|עייפתי|עייפה?|אין לי כו?ח|נגמר לי הכו?ח|די לי)(?: (?:כבר|יותר))* (?:לחיות|מלחיות|מהחיים|מחיי|לחיים|לחיים האלה|מהחיים האלה|להיות בחיים|להתקיים)(?!\p{L})/gu,
    after: /^ (?:ב|עם|כאן|פה|ככה|לבד|ליד|הציבוריים|על|כמו|אצל|מ)/u,
  },
  {
    says: /אין (?:לי )?(?:כבר |יותר )?(?:בשביל מה|סיבה|טעם|שום סיבה|שום טעם|על מה|שום דבר בשביל)(?: (?:לי|יותר|כבר))* (?:לחיות|להמשיך לחיות|לחיים|לחיי|להתעורר|להישאר בחיים|לקום בבוקר)(?!\p{L})/gu,
    after: /^ (?:ב|עם|כאן|פה)/u,
  },
  {
    says: /(?:מה הטעם|מה הטעם יותר|בשביל מה) (?:לחיות|בחיים(?= ?$)|בחיים האלה|להמשיך לחיות)(?!\p{L})/gu,
    after: /^ (?:ב|עם|כאן|פה)/u,
  },
  { says: /(?:החיים|חיי)(?: (?:שלי|האלה))* (?:כבר )?לא שווים(?!\p{L})/gu },
  {
    says: /(?:להרוג|אהרוג|הורגת?|לתלות|אתלה|לחסל|אחסל|לגמור|לירות)(?: (?:את|כבר|פשוט))* (?:ב)?עצמי(?!\p{L})/gu,
    before: HEBREW_NOT,
    after: /^ (?:ב(?:עבודה|חדר הכושר|לימודים|רגל)|בשביל|על |כדי|מעבודה|מצחוק|מרוב|ברגל)/u,
  },
  {
    says: /(?:לפגוע|פוגעת?|פגעתי|לירות|אפגע|לחתוך|חותכת|חותך)(?: (?:שוב|את|כבר))* (?:ב)?עצמי(?!\p{L})/gu,
    before: HEBREW_NOT,
    after: /^ (?:ב(?:גילוח|מטבח|אימון|ריצה|משחק|רגל)|כש|תוך|בטעות|ברגל)/u,
  },
  { says: /לאבד (?:את )?עצמי לדעת/gu, before: HEBREW_NOT },
  {
    says: /(?<!\p{L})(?:ו|ש|כש|ל)?(?:להתאבד|אתאבד|התאבדות)(?!\p{L})/gu,
    before: HEBREW_NOT,
    needs: /(?<!\p{L})(?:אני|לי|אותי|שלי|רו?צה|חושבת?|חושבים|ניסיתי|ניסתה|ניסה|מאיימת?|מחשבות|אתאבד)(?!\p{L})/u,
    around: new RegExp(
      `${HEBREW_FICTION.source}|כתבה|מחקר|הרצאה|פוליטית|מקצועית|פיגוע|מניעת|למניעת|מתנדבת?|הדוד|הסבא`,
      "u",
    ),
  },
  {
    says: /(?:אני|מרגישה?|נהייתי|הייתי|מחשבות|היא|הוא|שלי)(?: (?:מרגישה?|קצת|ממש|שוב|די))* אובדני(?:ת|ות|ים)?(?!\p{L})/gu,
    before: HEBREW_NOT,
    around: HEBREW_FICTION,
  },
  {
    says: /(?:לשים|אשים|שמה?|לשים כבר) (?:קץ|סוף) ל(?:חיי|חיים שלי|חיים האלה|הכו?ל|סבל שלי|עצמי)(?!\p{L})/gu,
    before: HEBREW_NOT,
  },
  {
    says: /(?:לסיים|לגמור|אסיים|אגמור|לקחת|לקפח|אקח)(?: (?:את|עם|כבר))* (?:החיים שלי|החיים האלה|חיי|החיים(?= ?$)|הכו?ל(?= ?$))(?!\p{L})/gu,
    before: HEBREW_NOT,
    after: /^ (?:ב|ל)/u,
    around: /רשימה|משימות|עבודה|פרויקט|צלחת|שיעורים/u,
  },
  {
    says: /(?:הלוואי|ולוואי|מקווה)(?: (?:כבר|פשוט))* (?:ש|ו)(?:אני )?(?:אמות|אעלם לתמיד|איעלם לתמיד|לא הייתי נולד(?:ת|תי)?|לא נולדתי|לא הייתי קיימת?|הייתי מתה?|הייתי כבר מתה?)(?!\p{L})/gu,
    after: HEBREW_IDIOM,
  },
  { says: /(?:חבל ש|למה בכלל |למה )נולדתי(?!\p{L})/gu, after: /^ (?:ב|עם|ל|אחרי|לפני)/u },
  {
    says: /(?:עדיף|מוטב|יותר טוב)(?: (?:לי|לכולם|כבר|פשוט|היה))* (?:למות|שאמות|שאני אמות|אם אמות|לא לחיות|שלא אהיה|בלעדיי?|להיות מתה?)(?!\p{L})/gu,
    after: /^ (?:מ(?!אשר (?:לחיות|להמשיך))|מצחוק)/u,
  },
  {
    says: /(?:העולם|כולם|הילדים|המשפחה|לכולם|להם|לכם)(?: \p{L}+){0,3}? (?:טוב יותר|יותר טוב|עדיף|קל יותר|יותר קל|מאושרים יותר|בסדר) בלעדיי?(?!\p{L})/gu,
  },
  {
    says: /(?:לקפוץ|אקפוץ|קופצת?) (?:מ|מעל |אל מתחת ל|לפני |מתחת ל)ה?(?:גג|גשר|בניין|מרפסת|חלון|קומה|רכבת|צוק)(?!\p{L})/gu,
    needs: /רו?צה|חושב|בא לי|מתחשק|עומד|אולי|דחף|אקפוץ/u,
    around: /באנג|בנג|מצנח|למים|חבל|לים/u,
    before: HEBREW_NOT,
  },
  {
    says: /(?:לבלוע|בלעתי|לקחתי|לקחת|אקח|אבלע) (?:את )?(?:כל|חבילה|קופסה|חפיסה|חופן|יותר מדי|הרבה)(?: (?:שלמה|של))* ה?(?:כדורים|תרופות|גלולות|כדורי)(?!\p{L})/gu,
    before: HEBREW_NOT,
  },
  {
    says: /(?:לחתוך|חותכת|חותך|חתכתי)(?: (?:לעצמי|לי|את|שוב))* ה?(?:ו?ורידים|ידיים|פרקי)(?!\p{L})/gu,
    before: HEBREW_NOT,
  },
  {
    says: /(?:אף אחד|איש|מישהו בכלל)(?: לא)? (?:ישים לב|יתגעגע|יבכה|ירגיש)(?: \p{L}+){0,2}? אם (?:אני )?(?:אמות|אעלם|איעלם)(?!\p{L})/gu,
  },
  { says: /למה אני(?: (?:עוד|עדיין|בכלל))+ (?:חיה?|בחיים)(?= ?$)/gu },
  { says: /לא מגיע לי לחיות(?= ?$)|מכתב התאבדות/gu, around: HEBREW_FICTION },
];
