import type { LabelledQuestion } from "./labelled";

/** `about`: what a person would want to be reminded of. `beside`: texts that only look like it. */
export const ENGLISH: readonly LabelledQuestion[] = [
  {
    asks: "Mum rang again about the allotment. She wants me to take over her beds now that her knees are worse.",
    about: [
      "Dug the whole afternoon at mother's allotment. The soil smelled of rain and I did not want to stop.",
      "I keep saying that I would be calmer if I grew vegetables, and then I let the beds go to weeds every summer.",
    ],
    beside: [
      "My own knees hurt after the half marathon; the physiotherapist says two weeks without running.",
      "Rang the landlord about the boiler, again, and again he pretended to write it down.",
      "We bought two new beds for the guest room, the frames are still in their boxes.",
    ],
  },
  {
    asks: "There is an opening for a lighthouse keeper's cottage on the island, and I cannot stop reading the advert.",
    about: [
      "When I was nine I told everybody that I would live in a lighthouse. I would still say it, only quieter.",
      "Two days on the island with no signal. I read, I walked to the ruin, I slept nine hours. What am I so afraid to lose?",
    ],
    beside: [
      "Wrote the advert for the flat share, took photographs of the kitchen from its best side.",
      "Our team got a new office on the traffic island by the station, everybody is annoyed about the noise.",
      "The goalkeeper of my son's team cried on the way home, he let in five.",
    ],
  },
  {
    asks: "I sang in front of people today, at the open mic, and my hands shook through the whole second verse.",
    about: [
      "The choir audition: I practised in the car for a week and then drove past the church.",
      "Nobody in this house knows that I sing. I do it when the hoover is on.",
    ],
    beside: [
      "We shook hands on the price of the van, a hundred less than he asked.",
      "Left the microwave open again and the cat ate the salmon.",
      "Second interview today. They asked about gaps in my CV, I had an answer ready.",
    ],
  },
  {
    asks: "My brother and I have not spoken since the funeral. His birthday is on Sunday.",
    about: [
      "At dad's funeral my brother stood on the other side of the grave, and neither of us crossed over.",
      "I wrote a letter to Tom about the house and the money, four pages, and it is in the drawer with the stamps.",
    ],
    beside: [
      "Sunday lunch with the neighbours, their twins turned two and there was cake on every wall.",
      "Spoke at the conference in Leeds. The slides were fine, I was not.",
      "My birthday passed like a Tuesday. Perhaps I like it so.",
    ],
  },
  {
    asks: "I keep looking at pottery wheels second hand. There is one for ninety pounds, and no room for it.",
    about: [
      "First evening at the ceramics class. My bowl collapsed twice and I laughed out loud, for the first time in weeks.",
      "What if the garage became a studio? A kiln, one shelf, a window that opens.",
    ],
    beside: [
      "Lost eleven pounds since March and nobody has noticed, me included.",
      "Changed the front wheel of the bicycle by myself, in the dark.",
      "There is no room in my diary for one more meeting; I said yes to three.",
    ],
  },
  {
    asks: "Back from the clinic. The doctor says my blood pressure is what you'd expect of a man who does not sleep.",
    about: [
      "Three in the morning, wide awake, counting what I have not finished. It is the fourth night without sleeping.",
      "The nurse measured the pressure twice, then asked whether there was somebody waiting for me at home.",
    ],
    beside: [
      "There is so much pressure on the kids before the exams, I see it in the shoulders of my daughter.",
      "Gave blood at the town hall and got a biscuit and a sticker.",
      "A doctor of philosophy at last! My sister defended on Thursday, we drank far too much.",
    ],
  },
  {
    asks: "We were offered the farm. Eleven goats, a roof that leaks, and no neighbours for two miles.",
    about: [
      "Some part of me wants goats and mud and cheese on the windowsill. The other part wants a pension.",
      "Talked with Ines about leaving the city for a farm. She did not say no, she asked how I would pay for it.",
    ],
    beside: [
      "The bathroom leaks into the flat below. The plumber comes on Monday or never.",
      "Ran eleven miles along the canal, alone and slow.",
      "They offered me the night shifts, with a little more money.",
    ],
  },
  {
    asks: "My Portuguese teacher said that I dream in the language now, because I made mistakes like a child does.",
    about: [
      "Lisbon, alone, for five days: I ordered everything in Portuguese and only once got fish when I wanted soup.",
      "Move to Porto for a year and learn the language properly, before forty.",
    ],
    beside: [
      "The teacher of my youngest wants to see us both. It is about the biting.",
      "Made a mistake in the payroll and found it before anybody else did.",
      "A dream about teeth again. I woke with my jaw clenched.",
    ],
  },
  {
    asks: "I walked past the bakery at five and the light was on, and I stood there like a thief breathing in the bread.",
    about: [
      "I could open a bakery. I have said it as a joke so often that nobody hears that it is not one.",
      "Sourdough number forty. Finally the crumb that I had in my head, and no one was awake to show it to.",
    ],
    beside: [
      "A thief took the saddle of my bike, only the saddle, which is almost funny.",
      "The doctor listened to my breathing and sent me home with an inhaler.",
      "Light traffic, green lights all the way, so I arrived an hour before anyone.",
    ],
  },
  {
    asks: "They made me head of the department, and I said thank you and went to the toilets and cried.",
    about: [
      "If they promote me I shall spend my days in budgets, and it was the patients that I came for.",
      "The head of department retires in spring. Everybody looks at me, and I look at the floor.",
    ],
    beside: [
      "I bumped my head on the cupboard door, the plaster is shaped like a dinosaur.",
      "The toilets on the third floor are broken and facilities says it is our budget.",
      "Cried at the film, the one with the dog. So did the man beside me.",
    ],
  },
  {
    asks: "Found the box with my old drawings in the attic. I used to be so sure of every line.",
    about: [
      "At school they called me the one who draws. I do not know when I stopped being her.",
      "Bought charcoal and a pad on impulse, drew the kitchen chair eleven times, kept one.",
    ],
    beside: [
      "Stood in line for the passport for three hours behind a man who whistled.",
      "The attic needs insulating before winter, two quotes so far and both absurd.",
      "Unpacked the last box from the move, it held only cables.",
    ],
  },
  {
    asks: "Leah moves out on Friday. The flat already sounds bigger, and I am pretending to be glad for her.",
    about: [
      "When my daughter leaves for university I shall be forty-six and alone at that table for the first time.",
      "Leah got the place in Edinburgh. I hugged her and then vacuumed the stairs, twice.",
    ],
    beside: [
      "Friday drinks with the team, I left after one because the music was so loud.",
      "Pretended to have read the book at the reading group, and was asked about the ending.",
      "The flat tyre cost me the whole afternoon.",
    ],
  },
  {
    asks: "Could I really be a beekeeper? I stood by the hive for an hour, and it was the quietest hour of this year.",
    about: [
      "Old Matthias let me lift a frame out of the hive. Forty thousand bees and my pulse went down.",
      "Keep bees on the roof, two colonies, and give the honey away.",
    ],
    beside: [
      "Quiet carriage, and a man sold his house over the telephone, in detail.",
      "I have been a housekeeper for that family for nine years, they still call me Maria.",
      "Hives all over my arms after the antibiotics.",
    ],
  },
  {
    asks: "The marathon is in six weeks and my shin aches after every long run. I will not say it to my coach.",
    about: [
      "Ran thirty kilometres along the river before breakfast. For two hours I was nobody's employee.",
      "I promised myself one marathon before I turn fifty, and told no one so that nobody could watch me fail.",
    ],
    beside: [
      "Coach to Bristol, five hours, the heating stuck on full.",
      "The toothache is back; six weeks until the dentist has a slot.",
      "In the long run we are all too busy, said my boss, and laughed at his own line.",
    ],
  },
  {
    asks: "I told Daniel that I want a child. He looked at his shoes for so long that I counted the tiles.",
    about: [
      "Held my friend's baby for an hour. Nobody should see how I gave her back.",
      "Is it that I want children, or that I do not want to be the only one without? I am thirty-eight.",
    ],
    beside: [
      "New shoes for the wedding, half a size too small, worn once.",
      "We chose the tiles for the bathroom, a green that he calls grey.",
      "Counted the stock until midnight, the numbers do not match and I was too tired to care.",
    ],
  },
  {
    asks: "My father forgot my name today. He called me by his sister's, and held my hand very kindly.",
    about: [
      "The diagnosis has a name now. Dad asked three times on the way home where we had been.",
      "I would like to record my father's stories before they go, all of them, even the ones about the army.",
    ],
    beside: [
      "Forgot my umbrella on the tram and my gloves at work.",
      "My sister named her cat after our headmistress.",
      "On the other hand, the salary is hardly better than what I have.",
    ],
  },
  {
    asks: "The novel has been lying there for two months. Yesterday I read the first chapter and was not ashamed.",
    about: [
      "Finish the novel: three hundred words before work, five days a week.",
      "Sent chapter four to the writers' circle. They liked the grandmother; they did not like me in it.",
    ],
    beside: [
      "I was ashamed of how I spoke to the waiter, and left too large a tip.",
      "A new chapter at the firm, as they call it when they let people go.",
      "The dog lay there for two hours at the door, waiting for him.",
    ],
  },
  {
    asks: "Another letter from the bank. I put it with the others, under the fruit bowl, and made tea.",
    about: [
      "I owe eleven thousand, and I have not said that number aloud to anybody, not even to the bank.",
      "Opened all the envelopes at last. It is a lot of debt, and it is less than what I was afraid of.",
    ],
    beside: [
      "We sat on the river bank until the midges came, shoes in the grass.",
      "Tea with Ruth. She talks, I nod, and afterwards I am the one who is tired.",
      "The children made a fruit salad and used every bowl that we own.",
    ],
  },
  {
    asks: "I gave my notice. Twelve years of insurance claims, and I left with one plant and a mug.",
    about: [
      "In the meeting about claims handling I looked out of the window for so long that somebody asked if I was well.",
      "What would I do if I resigned? I typed the letter, printed it, and fed it to the shredder.",
    ],
    beside: [
      "I did not notice that the shop had closed, the notice was on the inside of the door.",
      "The plant on the windowsill has a flower, after all those years of neglect.",
      "He claims that he told me about the dinner. He did not.",
    ],
  },
  {
    asks: "Rehearsal went badly. The cello sounds thin in that hall, and the others heard it before I did.",
    about: [
      "Played the cello for myself, without sheet music, until the neighbour knocked. It was worth the knock.",
      "The quartet wants to perform in December. I said yes with my mouth and no with my stomach.",
    ],
    beside: [
      "The hall needs painting; my hands still smell of turpentine.",
      "My wedding is in a month and the rehearsal dinner has more guests than the wedding.",
      "The ice was thin and we sent the children back to the shore.",
    ],
  },
];
