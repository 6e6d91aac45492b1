import { en } from "@/components/words/en";
import { createSpeech } from "@/components/words/speech";

/** The English texts of the page. */
export const english = createSpeech("en", en);
