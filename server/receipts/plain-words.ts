/**
 * Words that say little about what a text is about, in English and Hebrew. The first two lists are those by which related items are
 * found (`is_stop_word` and `common_lexemes` in the migration of the related items), and the words that its dictionary leaves out.
 */

const words = (list: string) => list.trim().split(/\s+/);

/** Words that say nothing. */
export const ENGLISH_STOP_WORDS = words(`
  i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
  it its itself they them their theirs themselves what which who whom this that these those am is are was were be
  been being have has had having do does did doing a an the and but if or because as until while of at by for with
  about against between into through during before after above below to from up down in out on off over under
  again further then once here there when where why how all any both each few more most other some such no nor not
  only own same so than too very s t can will just don should now
  able about above across actually against ago along almost alone already also although always another anymore
  anyone anything around away back bad become beautiful began begin believe best better big bit came cannot change
  come could couldn day days dear decide did didn different doesn don done dont else end enough even evening ever
  every everyone everything far feel feeling feels felt find first full gave get gets getting give go goes going
  gone gonna good got great happen happened hard hello help hey hi hour hours however idea im instead isn ive just
  keep kept kind knew know last late later least left less let life like little ll long look looking lot made make
  makes making many maybe mean might mind minute minutes moment month months morning much must myself need never
  new next nice night nobody nothing ok okay old often once one open people perhaps person place please point
  probably put quite rather re ready real realise realize really reason remember right said saw say saying says
  second see seem seems seen set shall short show simply since small somebody someone something sometimes
  somewhere soon sorry sort start started stay still stop sure take taken talk tell thank thanks thing things
  think thinking thought thoughts three time times today together told tomorrow tonight took toward towards tried
  true try trying turn two understand until upon us use used ve wait want wanted wants wasn way week weekend weeks
  well went whatever whether whole without won wonder would wouldn write wrong year years yes yesterday yet
`);
export const HEBREW_STOP_WORDS = words(`
  אבל או אולי אומר אומרת אותה אותו אותי אותך אותם אותנו אז אחד אחר אחרי אחת אי איזה איזו איך אין איפה איתה איתו
  איתי איתך איתם אל אלה אליה אליו אליי אלי אלו אם אמר אמרה אמרתי אנחנו אני אנשים אפילו אפשר אצל אצלי אשר את אתה
  אתם אתמול בא באה באמת בגלל בדיוק בו בה בוא בוקר בזה בי ביום בין בכלל בלי בכל בקשר בסוף בעצם בערב בשביל בשנה בתוך
  גדול גדולה גם דבר דברים דווקא די דרך הוא היא היה היו היום היית הייתה הייתי היינו הם הן הנה הרבה הרגשתי ואז וגם
  ולא זאת זה זהו זמן זו חבל חדש חדשה חודש חודשים חושב חושבת חשבתי טוב טובה יהיה יודע יודעת יום יותר יחד יכול יכולה
  ימים יש ישר כאילו כאן כבר כדאי כדי כולם כי כיף ככה כזאת כזה כך כל כלום כמה כמו כן כנראה כרגע כש לא לאן לגבי
  לגמרי לה להגיד להתחיל התחלתי מתחיל להיות להם לו לומר לזה לי לילה לך לכם לכל למה למרות לנו לעולם לפני לפעמים לקח
  לקחתי לקחת לראות מאוד מאז מה מהר מול מחר מי מיד מישהו מישהי מכל ממה ממנה ממנו ממני ממש מן מספיק מפה מצד מרגיש
  מרגישה משהו מתי נגד ניסיתי נכון נראה סוף סתם עד עדיין עוד עושה עושים על עלי עליי עליו עליה עם עצמי עצמו עצמה ערב
  עשה עשיתי עשתה עכשיו פה פחות פעם פעמיים פשוט צריך צריכה קודם קטן קטנה קצת קשה רגע רוצה רוצים רע רציתי רק שאלה
  שאני שאת שבוע שבועות שוב של שלא שלה שלהם שלו שלי שלך שלנו שם שנה שנים שעה שעות תמיד תודה תוך
`);

/** Words of everyday life. */
export const EVERYDAY_WORDS = words(`
  monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
  october november december spring summer autumn winter four five six seven eight nine ten eleven twelve fifteen
  twenty thirty forty fifty sixty hundred thousand half third twice several whole early afternoon midnight man men
  woman women child children boy girl friend friends mother father mum mom dad parents brother sister son daughter
  family husband wife uncle aunt neighbour neighbor boss teacher doctor team colleague guest name group company
  head hand face eye arm leg foot feet hair voice mouth body shoulder finger knee skin house home flat apartment
  room door window wall floor stairs roof table chair bed kitchen bathroom garden street road city town village
  country school office car bus train bike station shop supermarket park river sea box bag book paper letter page
  phone telephone picture photo line side top front middle corner part piece bottle glass cup bowl plate key shoe
  coat dress shirt clothes bin tree grass light job money price pound euro mile metre kilometre number question
  answer problem story news game music film party holiday birthday dinner lunch breakfast supper meal food water
  tea coffee milk fruit fish meat soup salad cake weather rain sun wind snow dog cat meeting report order list
  form plan trip visit present ticket ask call ring rang walk run ran stand stood sit sat lie lay sleep slept eat
  ate drink drank read hold held carry bring brought leave move meet met speak spoke play pay paid buy bought sell
  sold spend spent send sent watch listen follow cut throw threw break broke close fall fell grow grew build built
  count offer notice laugh smile shout hurt wash cook clean drive drove ride win lose lost forget forgot choose
  chose wear wore wake woke finish return arrive push pull drop hang clear check pass wrote pretend fill join
  shook high low hot cold warm dark heavy easy quick slow quiet loud fast deep wide thin thick white black red
  green blue grey bright dirty rich poor young empty busy free full angry proud strange wet dry
  ראשון שני שלישי רביעי חמישי שישי שבת ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
  אביב קיץ סתיו חורף שתיים שתים שניים שלוש שלושה ארבע ארבעה חמש חמישה שש שישה שבע שבעה שמונה תשע תשעה עשר עשרה
  עשרים שלושים ארבעים חמישים שישים מאה מאות אלף אלפים חצי שעתיים יומיים שבועיים חודשיים שנתיים צהריים חצות מוקדם
  מאוחר אחרון אחרונה איש אישה גבר נשים גברים ילד ילדה ילדים בן בת חבר חברה חברים אבא אמא הורים אח אחות משפחה בעל
  דוד דודה שכן שכנים בוס מורה רופא צוות מנהל אדם שם קבוצה ראש יד ידיים פנים עין עיניים רגל רגליים שיער קול פה גוף
  כתף אצבע ברך בית דירה חדר דלת חלון קיר רצפה מדרגות גג שולחן כיסא מיטה מטבח מקלחת שירותים גינה רחוב כביש עיר כפר
  ארץ ספר משרד מכונית אוטובוס רכבת אופניים תחנה חנות סופר פארק נהר ים ארגז תיק נייר מכתב דף טלפון תמונה קו צד קומה
  פינה חלק בקבוק כוס קערה צלחת מפתח נעליים מעיל שמלה חולצה בגדים עץ דשא אור עבודה כסף מחיר שקל קילומטר מטר מספר
  תשובה בעיה סיפור חדשות משחק מוזיקה סרט מסיבה חופשה הולדת ארוחה אוכל מים תה קפה חלב פירות דג בשר מרק סלט עוגה מזג
  אוויר גשם שמש רוח שלג כלב חתול חתולה ישיבה דוח רשימה תוכנית טיול ביקור מתנה כרטיס מקום שאל שאלתי ענה עניתי קרא
  קראתי קוראים התקשר התקשרתי הלך הלכתי הלכה רץ רצתי עמד עמדתי ישב ישבתי שכב ישן ישנתי אכל אכלתי שתה שתיתי החזיק
  החזקתי הביא הבאתי עזב עזבתי עבר עברתי פגש פגשתי דיבר דיברתי שיחק שילם שילמתי קנה קניתי מכר מכרתי שלח שלחתי ראה
  ראיתי הסתכל מסתכל הקשיב שבר שברתי סגר פתח פתחתי נפל נפלתי בנה ספרתי הציע הציעו שמתי לב צחק צחקתי חייך בכה בכיתי
  כאב כואב שטף בישל בישלתי ניקיתי נסע נסעתי ניצח הפסיד שכח שכחתי בחר בחרתי לבש התעורר התעוררתי סיים סיימתי חזר
  חזרתי הגיע הגעתי יצא יצאתי נכנס מצא מצאתי חיכה חיכיתי ליד קרוב רחוק גבוה נמוך חם קר חשוך כבד קל מהיר איטי שקט
  רועש עמוק רחב דק לבן שחור אדום ירוק כחול אפור נקי מלוכלך עשיר עני צעיר זקן ריק עסוק פנוי מלא עייף כועס יפה ארוך
  קצר
`);

/** Words with which replies speak, whatever they are about. */
export const REPLY_WORDS = words(`
  notice noticed noticing hear heard sense sensed wish wished fear afraid worry worried hesitate hesitation hope
  hoped hoping carry carrying carried weigh weight touch touched touches near nearer connect connection alive
  gentle gently quietly mention mentioned describe described dream dreams reflection reflections pattern patterns
  conversation conversations mirror pull pulled pulling pressure longing tension matter matters imagine sentence
  attention pause space belong belongs beside beneath underneath inside within happening reaching return returning
  returns kind care caring honest honestly exactly present lately recently earlier word words question curious
  voice speak
  שומע שומעת שמעתי לשמוע שם שמה לב חלום חלומות הרהור הרהורים דפוס שיחה שיחות מראה מזכיר מזכירה הזכרת כתבת נושא
  נושאת קרוב קרובה מחשבה מחשבות תוהה תחושה מורגש פחד מפחד חשש תקווה מקווה נוגע נוגעת כבד כבדה משקל מתח משיכה נשאר
  נשארת עולה חוזר חוזרת סיפרת אמרת דיברת תיארת מילה מילים משפט מסתתר מתחת כנות בכנות עדין עדינות לאחרונה קשר
  סקרנות
`);
