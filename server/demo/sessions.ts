import type { DemoSession } from "./life";

export const sessions: DemoSession[] = [
  {
    key: "lease",
    title: "The room on Yefet Street",
    status: "active",
    dream: "studio",
    began: { daysAgo: 1, time: "19:20" },
    messages: [
      [
        0,
        "The owner of the room on Yefet Street called. I have until Sunday to say yes or no and I've been walking around the flat for an hour.",
      ],
      [
        1,
        "An hour of walking, and then you came here. Before the numbers: when the phone rang and you saw it was him, what was the first thing in your body?",
      ],
      [5, "Honestly? Joy. About two seconds of it. Then the rent."],
      [
        6,
        "Two seconds is long enough to count. The rent will still be there in ten minutes, so let it wait. What did those two seconds see?",
      ],
      [
        11,
        "The long table by the window. Children on both sides of it, up to the elbows. Somebody's grandmother waiting with a book. I wasn't even at the wheel, I was wiping the floor.",
      ],
      [
        12,
        "You were wiping the floor and it was still joy. In all the times you have described the studio to me, the jars come and go, but the children are always there. Is it possible that they are not one of the three things the room is for, but the thing?",
      ],
      [
        18,
        "I never put it that way. I always say 'my own work, and some classes to cover the rent'. As if they were the rent.",
      ],
      [
        19,
        "So the part that makes it a joy has been written down as the part that makes it affordable. What changes about Sunday if you turn the two around?",
      ],
      [
        26,
        "Then I don't need four wheels in the first year. I need the table, two wheels, and the kiln. And the afternoons start at three, which is possible with four days a week. It is smaller and it is also more honest. I could say yes to that on Sunday if the landlord takes six months instead of three years.",
      ],
      [
        27,
        "Listen to how that sentence went: it got smaller and it got more honest, and for once you did not apologise for either. You have one question for him, then, and it is a plain one. Would you like to find the words for it now, or sleep first?",
      ],
    ],
  },
  {
    key: "father",
    title: "אבא והשקט של יום שלישי",
    status: "active",
    began: { daysAgo: 3, time: "18:05" },
    messages: [
      [
        0,
        "חזרתי עכשיו מאבא. שלושה חודשים אחרי האירוע המוחי והוא מתחיל לדבר שוב במשפטים שלמים, ואני יוצאת משם בכל פעם מותשת ולא מבינה למה.",
      ],
      [1, "שלושה חודשים, ומשפטים שלמים. אני שומעת גם הקלה וגם עייפות. כשאת נכנסת אליו הביתה, מה הדבר הראשון שאת עושה?"],
      [7, "בודקת את קופסת התרופות. אחר כך את המקרר. אחר כך שואלת אם עשה את התרגילים. אני נכנסת כמו אחות מחוזית."],
      [8, "ומתי במהלך הביקור את נכנסת כמו הבת שלו?"],
      [
        15,
        "אולי בסוף, ליד הדלת. הוא אמר היום ״תישארי רגע״, והרדיו ניגן משהו ישן שהוא היה שר לי באוטו. ואמרתי לו שאני ממהרת. לא מיהרתי לשום מקום.",
      ],
      [16, "הוא ביקש רגע, ולך היה רגע. מה היה קשה כל כך בלהישאר בו?"],
      [
        24,
        "אם אני לא מתקנת משהו אני מתחילה לפחד. כשהידיים שלי עסוקות אני לא חושבת על זה שהוא יכול היה למות. אני רוצה פעם אחת לשבת איתו בלי לתקן כלום. כל יום שלישי. תה, רדיו, וזהו.",
      ],
      [
        25,
        "הידיים שלך יודעות לעבוד, ואת מבקשת מהן לנוח לידו. זה נשמע לי כמו משהו ששווה לכתוב: כל יום שלישי, בלי לתקן. מה תעשי ביום שלישי הקרוב כשהעין תלך לבד אל קופסת התרופות?",
      ],
    ],
  },
  {
    key: "four-days",
    title: "Asking Dana for Wednesdays",
    status: "active",
    dream: "four-days",
    began: { daysAgo: 6, time: "19:58" },
    messages: [
      [
        0,
        "I have the talk with Dana tomorrow at ten. About four days a week. I've rewritten the message to her nine times and each one is shorter and more sorry.",
      ],
      [1, "Shorter can be good. Where does the sorry come in? Give me the latest version as it stands."],
      [
        4,
        "'Hi Dana, I know this is really bad timing with the clinic launch, but I was wondering if there might be any chance we could just think about whether I could maybe try a slightly reduced schedule at some point?'",
      ],
      [
        5,
        "There are six doors out of that sentence, and you built all of them for her. What is the sentence underneath, the one you would say to Eitan in the kitchen?",
      ],
      [9, "I want to work four days. Wednesdays off. From January."],
      [10, "That one has no doors in it. Read it again slowly. Which word makes you most want to soften it?"],
      [
        14,
        "'Want.' I keep looking for a reason that isn't that. Noa, Dad, burnout. All of them true and none of them the reason.",
      ],
      [
        15,
        "You have good reasons standing in front of the true one, like people at a party. What would it cost you if Dana knew the true one?",
      ],
      [
        22,
        "She'd know I love something more than this job. And then I can't un-know it either. I think I decided in September, actually. I've just been waiting for somebody to say it's allowed.",
      ],
      [
        23,
        "In September. So tomorrow at ten you are not asking whether you may want it. You are telling her something you have known for two months, and asking how to do it well for the team. What have you already prepared that shows you mean the second part?",
      ],
      [
        33,
        "The handover is written. Omer takes the intake flow, I keep research, and nothing lands on a Wednesday until March. I could bring it printed. I'd open with the sentence and then put the page on the table.",
      ],
      [
        34,
        "The sentence, then the page, then stop talking. The silence after it will be hers to fill, not yours. How long do you think you could let it last?",
      ],
    ],
  },
  {
    key: "open-water",
    status: "active",
    dream: "open-water",
    began: { daysAgo: 12, time: "06:05" },
    messages: [
      [0, "I turned back at the second buoy again and I want to understand it, not push through it."],
      [1, "Understanding first, then. Take me to the second buoy: what do you see, just before you turn?"],
      [
        6,
        "The bottom disappears. It's green and I can see the ripples in the sand, and then one stroke later it's black. Nothing happened. I just couldn't see what was holding me up.",
      ],
      [
        7,
        "And yet something was holding you up, one stroke later as much as one stroke before. Where else these days are you being held by something that you cannot see the bottom of?",
      ],
      [15, "Ha. The studio. Dad. All of it. I'm fine as long as I can see the sand."],
      [
        17,
        "Then the second buoy may be a good teacher: it is the one black place in your week with a kayak next to it. What would a small visit look like, no crossing, only staying? Ten breaths, say, and then turn because you choose to.",
      ],
    ],
  },
  {
    key: "recipes",
    title: "Whose handful is it?",
    status: "active",
    dream: "recipes",
    began: { daysAgo: 20, time: "17:10" },
    messages: [
      [0, "I'm stuck on Grandmother Sol's book and it's a silly thing. Do I convert her measures into grams or not?"],
      [
        1,
        "It may not be silly: you have been collecting for months and this is what stopped you. What does the book lose in grams, and what does it lose in handfuls?",
      ],
      [
        8,
        "In grams it loses her. In handfuls nobody under forty can cook from it. My cousin in Lyon has never seen her hands.",
      ],
      [
        9,
        "So there are two readers: one who wants to cook, and one who wants to be in her kitchen for a minute. Which of them were you thinking of when you began?",
      ],
      [
        16,
        "Noa. She was four when Sol died. She remembers the bracelets and nothing else. I want her to have the kitchen.",
      ],
      [
        18,
        "A girl who remembers bracelets. What would a page look like that was made for her, and that the cousin in Lyon could still cook from?",
      ],
      [
        30,
        "A photograph of a hand holding the semolina. Mine, because I have Sol's hands, everyone says so. And the grams small, underneath, like a translation.",
      ],
      [
        32,
        "Like a translation: hers as the original, and grams as the subtitle. You came in asking which one to leave out. Which recipe do you want to make that page for first?",
      ],
    ],
  },
  {
    key: "berlin",
    title: "Letting Berlin go",
    status: "active",
    began: { daysAgo: 33, time: "20:05" },
    messages: [
      [
        0,
        "The residency opened again today. I looked at the form for the year in Berlin and for the first time I didn't want to fill it in. Is that giving up?",
      ],
      [
        2,
        "You might ask the dream itself. Who was the woman who wanted that year, and what was she hoping it would give her?",
      ],
      [
        12,
        "She wanted nobody to need her for a year. She wanted to make one thing without explaining it. That was before Noa started school and before I had a wheel of my own. I don't need another country for that any more, I need Wednesdays. And some day a garden with a lemon tree and room for a wood kiln, but that is for another evening.",
      ],
      [
        14,
        "Then nothing was given up: the wish moved house, and the old address can be released. Would you like to say something to it before you close the form? The lemon tree can wait, I have heard it.",
      ],
    ],
  },
  {
    key: "director",
    title: "The director role",
    status: "archived",
    began: { daysAgo: 64, time: "20:12" },
    messages: [
      [0, "They offered me director of design. Everyone is congratulating me and I feel like I swallowed a stone."],
      [1, "Congratulations and a stone. If the stone could finish the sentence 'I don't want to…', what would it say?"],
      [6, "'…spend my days in rooms where nothing is made.'"],
      [7, "That is a clear stone. What makes it hard to say to them in those words?"],
      [13, "It sounds ungrateful. And it's more money, and money is the studio sooner."],
      [
        15,
        "It could be the studio sooner, or a reason for it never. If you said one true sentence to them, with no sorry in it, what would it be? Write it here first, where nobody is congratulating you.",
      ],
    ],
  },
];
