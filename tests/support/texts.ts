/** A text as people write it, and the script of most of it. */
export interface SampleText {
  name: string;
  script: string;
  text: string;
}

const text = (script: string, name: string, ...lines: string[]): SampleText => ({
  name,
  script,
  text: lines.join("\n"),
});

/** The texts by which token counts are measured: 25 texts in 15 scripts. */
export const SAMPLE_TEXTS: readonly SampleText[] = [
  text(
    "latin",
    "English",
    "I keep thinking about the sea and whether I would still write if nobody read it. My sister says I have been",
    "circling this for two years; she is probably right. What stops me is not time, it's the fear that the finished",
    "book would be smaller than the one I carry around with me.",
  ),
  text(
    "latin",
    "English in lines of a context",
    "- Learn to sail before the children leave home · adventure · by 2027-06-01 · Two courses, then a week alone.",
    "- [8] returns to: wanting work that leaves a trace",
    "- 2026-11-03, hopeful: Walked home the long way and noticed I was not rehearsing anything for once.",
  ),
  text(
    "latin",
    "German",
    "Ich frage mich seit Wochen, ob ich die Werkstatt meines Vaters übernehmen soll. Eigentlich wollte ich immer",
    "weggehen, aber wenn ich das Holz rieche, weiß ich nicht mehr, warum. Vielleicht ist es auch nur Angst vor der Stadt.",
  ),
  text(
    "latin",
    "French",
    "Je voudrais apprendre à dire non sans m'excuser pendant dix minutes. Hier encore j'ai accepté un travail que je",
    "n'avais ni l'envie ni le temps de faire, et j'ai passé la soirée à m'en vouloir au lieu de jouer du piano.",
  ),
  text(
    "latin",
    "Spanish",
    "Mañana cumplo cuarenta años y me doy cuenta de que nunca he vivido solo. No sé si eso es un deseo o una",
    "pregunta. Cuando imagino una casa pequeña cerca del mar, lo primero que siento es silencio, y luego culpa.",
  ),
  text(
    "latin with marks",
    "Polish",
    "Od dłuższego czasu zastanawiam się, czy nie powinnam wrócić na studia. Boję się, że będę najstarsza w grupie,",
    "ale jeszcze bardziej boję się tego, że za dziesięć lat będę żałować, że nawet nie spróbowałam.",
  ),
  text(
    "latin with marks",
    "Turkish",
    "Bazen her şeyi bırakıp küçük bir kasabada fırın açmak istiyorum. Sonra çocukların okulunu, borçları ve annemi",
    "düşünüyorum. Ama sabahları ekmek kokusuyla uyanma fikri beni bir türlü bırakmıyor.",
  ),
  text(
    "latin with marks",
    "Vietnamese",
    "Tôi muốn dành nhiều thời gian hơn cho việc vẽ tranh, nhưng mỗi tối về nhà tôi đều quá mệt. Có lẽ điều tôi thật sự",
    "sợ không phải là thiếu thời gian mà là không còn biết mình muốn vẽ điều gì nữa.",
  ),
  text(
    "cyrillic",
    "Russian",
    "Я давно думаю о том, чтобы уехать к морю и писать. Но каждый раз, когда открываю чистую страницу, мне кажется, что",
    "всё важное уже сказали другие. Наверное, я просто боюсь, что никто этого не прочтёт.",
  ),
  text(
    "cyrillic",
    "Ukrainian",
    "Мені здається, що я весь час чекаю на правильну мить, щоб почати. Бабуся казала, що хліб не питає, чи ти готова.",
    "Я хочу нарешті посадити сад, навіть якщо житиму тут лише кілька років.",
  ),
  text(
    "greek",
    "Greek",
    "Σκέφτομαι συχνά να γυρίσω στο νησί όπου μεγάλωσα. Δεν ξέρω αν μου λείπει ο τόπος ή ο άνθρωπος που ήμουν εκεί.",
    "Η δουλειά μου εδώ είναι καλή, αλλά τα βράδια νιώθω πως ζω τη ζωή κάποιου άλλου.",
  ),
  text(
    "hebrew",
    "Hebrew",
    "אני חושבת הרבה על הים ועל השאלה אם הייתי כותבת גם בלי קוראים. אחותי אומרת שאני מסתובבת סביב זה כבר שנתיים,",
    "וכנראה שהיא צודקת. מה שעוצר אותי זה לא הזמן, אלא הפחד שהספר הגמור יהיה קטן מזה שאני נושאת בתוכי.",
  ),
  text(
    "hebrew",
    "Hebrew in a chat",
    "היי, אז היום סוף סוף דיברתי עם הבוס על מעבר לארבעה ימים בשבוע. הוא לא אמר לא! אני קצת בהלם ולא יודע מה לעשות",
    "עם עצמי. תמיד חשבתי שאם יהיה לי יום פנוי אלמד נגרות, ופתאום זה מפחיד אותי.",
  ),
  text(
    "arabic",
    "Arabic",
    "أفكر كثيرًا في العودة إلى قريتي وفتح مكتبة صغيرة للأطفال. كل من حولي يقول إن الفكرة جميلة ولكنها لن تطعم أحدًا.",
    "ومع ذلك، كلما تخيلت الرفوف والضوء في الصباح شعرت أنني أتنفس من جديد.",
  ),
  text(
    "arabic",
    "Persian",
    "مدتی است که می‌خواهم کارم را عوض کنم، اما نمی‌دانم از کجا شروع کنم. وقتی بچه بودم عاشق ستاره‌ها بودم و حالا",
    "سال‌هاست که به آسمان نگاه نکرده‌ام. شاید فقط دلم برای آن سکوت تنگ شده است.",
  ),
  text(
    "indic",
    "Hindi",
    "मैं कई महीनों से सोच रही हूँ कि नौकरी छोड़कर संगीत सीखूँ। घर में सब कहते हैं कि यह उम्र नहीं है, लेकिन जब भी",
    "तानपूरे की आवाज़ सुनती हूँ तो लगता है कि कुछ अधूरा रह गया है।",
  ),
  text(
    "indic",
    "Bengali",
    "আমি অনেক দিন ধরে ভাবছি গ্রামে ফিরে গিয়ে একটা ছোট স্কুল খুলব। শহরের কাজটা ভালো, কিন্তু প্রতিদিন সন্ধ্যায় মনে হয়",
    "সময় শুধু চলে যাচ্ছে আর আমি কিছুই রেখে যাচ্ছি না।",
  ),
  text(
    "indic",
    "Tamil",
    "நான் மீண்டும் நடனம் ஆட ஆரம்பிக்க வேண்டும் என்று நினைக்கிறேன். பதினைந்து வருடங்கள் ஆகிவிட்டன, ஆனால் இசை கேட்டவுடன்",
    "என் கால்கள் இன்னும் நினைவில் வைத்திருக்கின்றன.",
  ),
  text(
    "thai",
    "Thai",
    "ฉันคิดมานานแล้วว่าอยากกลับไปอยู่บ้านที่ต่างจังหวัดและเปิดร้านกาแฟเล็ก ๆ แต่ทุกครั้งที่คิดเรื่องเงิน ความกลัวก็กลับมา",
    "บางทีสิ่งที่ฉันต้องการจริง ๆ อาจเป็นแค่เวลาที่ช้าลงสักหน่อย",
  ),
  text(
    "han",
    "Chinese",
    "我一直在想大海，以及如果没有人读我是否还会写作。姐姐说这两年我总是绕着同一个问题打转，她大概是对的。",
    "让我停下来的不是时间，而是害怕写完的书会比我心里的那一本小。",
  ),
  text(
    "han",
    "Traditional Chinese",
    "我最近常常想，要不要離開現在的公司，去學做陶藝。父親生病之後，我才發現自己從來沒有問過他年輕時想做什麼。",
    "也許我害怕的不是失敗，而是太晚開始。",
  ),
  text(
    "kana and hangul",
    "Japanese",
    "最近、仕事を辞めて小さな本屋を開きたいと思うようになりました。子どもの頃から本の匂いが好きで、祖父の店を手伝っていた",
    "夏のことを何度も思い出します。でも、家族にどう話せばいいのかまだ分かりません。",
  ),
  text(
    "kana and hangul",
    "Korean",
    "요즘 회사를 그만두고 바닷가에서 작은 책방을 여는 꿈을 자주 꿉니다. 부모님은 현실을 보라고 하시지만, 저는 이미 너무",
    "오래 현실만 보고 살아온 것 같습니다. 올해 안에 한 번은 용기를 내고 싶어요.",
  ),
  text("emoji", "Emoji", "🌊🌊🌱🌱✨ 😅😅 👩🏽‍🚀🚀 ❤️‍🔥🙏🏼 🎹🎶🎻 ☀️🌧️🌈 🏔️🥾⛺ 👨‍👩‍👧‍👦🏡 🍞🥖☕ 😭😂🤷‍♀️"),
  text(
    "keys and addresses",
    "Keys and addresses",
    "https://example.org/r/2f6c1e0a-93b7-4c1d-8e55-0c9f7d21ab34?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmMxMjMifQ&u=77#k9Qz",
    "sk_live_51H8xYzKq7Vw2Lr0TnB4mJcD9aEoPfGi3uSxNyRhMbWkQvZt-AA91f0c77e2b4d8865_IL620108000000099999999",
  ),
];
