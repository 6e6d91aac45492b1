import { loadedBeside } from "@/components/ui/loaded-beside";

/** Where help is rather shown too often. */
const COARSE =
  /suicid|kill|\bdie\b|dying|dead|death|\blive\b|\blife\b|hurt|harm|\bcut\b|overdose|pills|להתאבד|אתאבד|אובדנ|למות|המוות|אמות|לחיות|החיים|חיי|לחתוך|כדורים/iu;

/**
 * Whether a message speaks of suicide or self-harm. The words of the check are not among the page's first scripts; if they cannot be
 * loaded, a coarse check stands in.
 */
export const useCrisisCheck = loadedBeside<(text: string) => boolean>(
  async () => (await import("@/server/safety/crisis-words")).speaksOfCrisis,
  (text) => COARSE.test(text),
);
