import type { DemoReflection } from "./life";

export const reflections: DemoReflection[] = [
  {
    key: "keys",
    tone: "hopeful",
    content:
      "Stood in the empty room on Yefet Street again this morning. The light comes from the north and stays. I caught myself deciding where the drying shelves go, and did not tell myself off for it.",
    written: { daysAgo: 1, time: "06:10" },
    dream: "studio",
  },
  {
    key: "tea",
    tone: "tender",
    content:
      "Dad poured the tea himself. It took four minutes and half of it was in the saucer and I sat on my hands. He was so pleased. So was I, mostly about the hands.",
    written: { daysAgo: 4, time: "20:45" },
    dream: "tuesdays",
  },
  {
    key: "asked",
    tone: "proud",
    content:
      "I asked for four days. Out loud, in a meeting, without the word 'just'. Dana said she needs a week to think. I have been light ever since, and it is not because of the answer.",
    written: { daysAgo: 5, time: "17:30" },
    dream: "four-days",
  },
  {
    key: "buoy",
    tone: "anxious",
    content:
      "Turned round at the second buoy. The water under me went from green to black and my breath went with it. Swam back on my side, counting. Coffee with the group afterwards; nobody asked, everybody knew.",
    written: { daysAgo: 13, time: "07:20" },
    dream: "open-water",
  },
  {
    key: "handful",
    tone: "curious",
    content:
      "Aunt Mazal measured a handful of semolina for me: 41 grams. Her daughter's handful: 58. So whose book is it? Perhaps the measures should stay as they are and the page should show the hand.",
    written: { daysAgo: 21, time: "19:15" },
    dream: "recipes",
  },
  {
    key: "let-go",
    tone: "calm",
    content:
      "Took the Berlin residency page out of my bookmarks. I expected grief. What I felt was a room with one piece of furniture less in it.",
    written: { daysAgo: 33, time: "21:00" },
  },
  {
    key: "seventh",
    tone: "amused",
    content:
      "Seventh jar. The two halves held for almost an hour and then sat down slowly, like somebody tired. I laughed. Why can I not laugh like that about a spreadsheet?",
    written: { daysAgo: 38, time: "10:30" },
    dream: "moon-jar",
  },
  {
    key: "director",
    tone: "relieved",
    content:
      "Said no. One sentence, as practised: I want to make things, not to run the people who make them. He nodded as if it were the most ordinary thing in the world.",
    written: { daysAgo: 58, time: "14:10" },
  },
];
