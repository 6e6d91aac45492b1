import { en } from "@/components/words/en";
import { createSpeech } from "@/components/words/speech";

/** What the page says where it speaks English. */
export const english = createSpeech("en", en);
