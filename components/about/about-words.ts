import type { Language } from "@/components/words/language";
import type { Plural } from "@/components/words/speech";

/** The texts of the page that says what this is. Only that page has them, so that no other page carries them along. */
export interface AboutWords {
  page: string;
  purpose: string;
  answers: { title: string; program: string; offline: string; model: string };
  words: { title: string; here: string; hosted: string; offline: string; model: string; copies: string };
  readers: { title: string; others: string; operator: string; provider: string; demo: string };
  learned: { title: string; yes: string; no: string; offRecord: string };
  leaving: { title: string; text: string; retention: Plural };
  help: { title: string; now: string; emergency: string; change: string; directory: string };
  back: string;
}

const en: AboutWords = {
  page: "About Clarify and your words",
  purpose: "What answers you, where your words go, who can read them, and where to find help.",
  answers: {
    title: "What answers you",
    program:
      "Clarify is a computer program, an AI. It is not a person, a therapist or a doctor. It can be wrong, and nobody watches over a conversation while you have it.",
    offline:
      "Right now the built-in voice answers. It picks from sentences that were written beforehand and puts some of your own words into them. It understands nothing of what you write.",
    model: "Right now a language model answers: {model}, run by {provider}.",
  },
  words: {
    title: "Where your words go",
    here: "What you write is stored on the computer that runs this Clarify.",
    hosted: "What you write is stored with whoever runs this Clarify, at the hosting company they use.",
    offline: "No company's AI gets any of it, because the built-in voice runs on the same computer.",
    model:
      "To answer you, this Clarify sends {provider} your message, the conversation, and what it knows about you: your name, dreams, patterns, reflections, the titles of other conversations, and older things you wrote that have to do with your message. What {provider} does with it is set out in its own terms.",
    copies:
      "Copies for speed are kept for up to about an hour, and a reply that could not be stored for up to a day. Your browser keeps the pages you read last and what you have not sent yet, until you sign out.",
  },
  readers: {
    title: "Who can read them",
    others: "Other people who use this Clarify can't.",
    operator:
      "Whoever runs it could, because it is stored with them. Clarify shows them no conversations, and its logs contain none of your words.",
    provider: "{provider} receives what is sent to it.",
    demo: "The demo is a made-up life. Don't write anything private in it.",
  },
  learned: {
    title: "What is learned about you",
    yes: "From time to time the model reads your messages and notes what keeps coming back. You see each of these patterns on your account page, where you can reword, pause or remove it. Nothing else is learned, and this Clarify trains no model with it.",
    no: "Nothing is learned about you here at the moment. What you wrote yourself is remembered: your dreams, reflections and conversations.",
    offRecord:
      "A conversation that is off the record is not used in any other conversation, and nothing is learned from it.",
  },
  leaving: {
    title: "Taking it back",
    text: "On your account page you can save a copy of everything, remove single things, or remove your whole account. What you remove can be restored there for 30 days. What you remove for good, what you forget, and a removed account are gone at once; backups may keep them for a while longer.",
    retention: {
      one: "Conversations are removed {count} day after their last message.",
      other: "Conversations are removed {count} days after their last message.",
    },
  },
  help: {
    title: "If you are in a crisis",
    now: "Talk to a person: somebody near you, or one of these lines. They are free or cost a local call, and most answer day and night. If there is danger right now, call the emergency number.",
    emergency: "emergency {number}",
    change: "Numbers change. If one does not work, or your country is missing, you find others at",
    directory: "findahelpline.com",
  },
  back: "Back to Clarify",
};

const he: AboutWords = {
  page: "על Clarify ועל המילים שלך",
  purpose: "מי משיב כאן, לאן המילים שלך הולכות, מי יכול לקרוא אותן, ואיפה מוצאים עזרה.",
  answers: {
    title: "מי משיב כאן",
    program:
      "Clarify היא תוכנת מחשב, בינה מלאכותית. היא לא אדם, לא מטפלת ולא רופאה. היא יכולה לטעות, ואף אחד לא משגיח על השיחה בזמן שהיא מתנהלת.",
    offline:
      "כרגע משיב הקול המובנה. הוא בוחר ממשפטים שנכתבו מראש ומשבץ בהם כמה מהמילים שלך. הוא לא מבין דבר ממה שכתבת.",
    model: "כרגע משיב מודל שפה: {model}, של {provider}.",
  },
  words: {
    title: "לאן המילים שלך הולכות",
    here: "מה שכתבת נשמר במחשב שמריץ את Clarify הזאת.",
    hosted: "מה שכתבת נשמר אצל מי שמפעיל את Clarify הזאת, בחברת האחסון שלו.",
    offline: "שום בינה מלאכותית של חברה אחרת לא מקבלת את זה, כי הקול המובנה פועל על אותו מחשב.",
    model:
      "כדי להשיב לך, Clarify שולחת אל {provider} את ההודעה, את השיחה ואת מה שידוע עליך: השם, החלומות, הדפוסים, ההרהורים, הכותרות של שיחות אחרות, ודברים קודמים שכתבת וקשורים להודעה. מה ש־{provider} עושה עם זה כתוב בתנאים שלה.",
    copies:
      "עותקים לשם מהירות נשמרים עד שעה בערך, ותשובה שלא ניתן היה לשמור נשמרת עד יממה. הדפדפן שלך שומר את הדפים האחרונים שקראת ומה שעוד לא נשלח, עד שיוצאים מהחשבון.",
  },
  readers: {
    title: "מי יכול לקרוא אותן",
    others: "אנשים אחרים שמשתמשים כאן לא יכולים.",
    operator: "מי שמפעיל את המקום היה יכול, כי זה שמור אצלו. Clarify לא מראה לו שיחות, וביומנים שלה אין אף מילה שלך.",
    provider: "{provider} מקבלת את מה שנשלח אליה.",
    demo: "ההדגמה היא חיים בדויים. לא כדאי לכתוב בה דברים פרטיים.",
  },
  learned: {
    title: "מה נלמד עליך",
    yes: "מדי פעם המודל קורא את ההודעות שלך ורושם מה חוזר בהן. כל דפוס כזה מופיע בדף החשבון, ושם אפשר לנסח אותו אחרת, להשהות או למחוק. דבר אחר לא נלמד, ו־Clarify הזאת לא מאמנת בזה שום מודל.",
    no: "כרגע לא נלמד כאן עליך דבר. מה שכתבת בעצמך נזכר: החלומות, ההרהורים והשיחות.",
    offRecord: "שיחה שאינה לפרוטוקול לא משמשת שום שיחה אחרת, ושום דבר לא נלמד ממנה.",
  },
  leaving: {
    title: "לקחת את זה בחזרה",
    text: "בדף החשבון אפשר לשמור עותק של הכול, למחוק דברים בודדים, או למחוק את כל החשבון. את מה שנמחק אפשר להחזיר משם במשך 30 יום. מה שנמחק לתמיד, מה שנשכח וחשבון שנמחק נעלמים מיד; בגיבויים הם עשויים להישאר עוד זמן מה.",
    retention: {
      one: "שיחות נמחקות יום אחד אחרי ההודעה האחרונה שלהן.",
      two: "שיחות נמחקות יומיים אחרי ההודעה האחרונה שלהן.",
      other: "שיחות נמחקות {count} ימים אחרי ההודעה האחרונה שלהן.",
    },
  },
  help: {
    title: "אם קשה עכשיו מאוד",
    now: "חשוב לדבר עם אדם: מישהו קרוב, או אחד מהקווים האלה. הם בחינם או במחיר שיחה מקומית, ורובם עונים יום ולילה. אם יש סכנה ברגע זה, להתקשר למספר החירום.",
    emergency: "חירום {number}",
    change: "מספרים משתנים. אם אחד מהם לא עונה, או אם המדינה שלך חסרה, אפשר למצוא אחרים באתר",
    directory: "findahelpline.com",
  },
  back: "חזרה אל Clarify",
};

export const ABOUT_WORDS: Record<Language, AboutWords> = { en, he };
