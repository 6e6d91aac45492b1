/** A telephone line for people in a crisis. */
export interface CrisisLine {
  /** ISO 3166-1. */
  country: string;
  name: string;
  /** Free or at the local rate, as it is dialled in that country. */
  number: string;
  /** The country's emergency number. */
  emergency: string;
}

/**
 * The published numbers of national lines. Numbers change, so wherever they are shown it says so, and how to find others.
 */
export const CRISIS_LINES: readonly CrisisLine[] = [
  { country: "AU", name: "Lifeline", number: "13 11 14", emergency: "000" },
  { country: "AT", name: "TelefonSeelsorge", number: "142", emergency: "112" },
  { country: "CA", name: "9-8-8 Suicide Crisis Helpline", number: "988", emergency: "911" },
  { country: "FR", name: "Souffrance Prévention Suicide", number: "3114", emergency: "112" },
  { country: "DE", name: "TelefonSeelsorge", number: "0800 111 0 111", emergency: "112" },
  { country: "IN", name: "Tele-MANAS", number: "14416", emergency: "112" },
  { country: "IE", name: "Samaritans", number: "116 123", emergency: "112" },
  { country: "IL", name: "ער״ן · ERAN", number: "1201", emergency: "101" },
  { country: "NL", name: "113 Zelfmoordpreventie", number: "113", emergency: "112" },
  { country: "NZ", name: "1737, Need to talk?", number: "1737", emergency: "111" },
  { country: "ZA", name: "SADAG Suicide Crisis Helpline", number: "0800 567 567", emergency: "112" },
  { country: "ES", name: "Línea 024", number: "024", emergency: "112" },
  { country: "CH", name: "Die Dargebotene Hand", number: "143", emergency: "112" },
  { country: "GB", name: "Samaritans", number: "116 123", emergency: "999" },
  { country: "US", name: "988 Suicide & Crisis Lifeline", number: "988", emergency: "911" },
];

/** A directory of lines in all countries. */
export const LINE_DIRECTORY = "https://findahelpline.com";

/** Time zones that belong to one of the countries above. */
const ZONES: Readonly<Record<string, RegExp>> = {
  AU: /^Australia\//,
  AT: /^Europe\/Vienna$/,
  CA: /^America\/(?:Toronto|Vancouver|Montreal|Edmonton|Winnipeg|Halifax|Regina|St_Johns|Moncton|Whitehorse|Yellowknife|Iqaluit)$|^Canada\//,
  FR: /^Europe\/Paris$/,
  DE: /^Europe\/Berlin$/,
  IN: /^Asia\/(?:Kolkata|Calcutta)$/,
  IE: /^Europe\/Dublin$/,
  IL: /^Asia\/(?:Jerusalem|Tel_Aviv)$|^Israel$/,
  NL: /^Europe\/Amsterdam$/,
  NZ: /^Pacific\/(?:Auckland|Chatham)$/,
  ZA: /^Africa\/Johannesburg$/,
  ES: /^Europe\/Madrid$|^Atlantic\/Canary$/,
  CH: /^Europe\/Zurich$/,
  GB: /^Europe\/London$/,
  US: /^America\/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Anchorage|Boise|Indiana\/.+|Kentucky\/.+|North_Dakota\/.+)$|^US\/|^Pacific\/Honolulu$/,
};

interface Place {
  /** An IANA name. */
  timeZone?: string | undefined;
  /** Language tags, the preferred first; a region in them says less than the time zone. */
  languages: readonly string[];
}

/** The lines, with those of the country where somebody seems to be first. */
export function linesFor(place: Place): readonly CrisisLine[] {
  const country = countryOf(place);
  return [...CRISIS_LINES].sort((one, other) => Number(other.country === country) - Number(one.country === country));
}

/** The line of the country where somebody seems to be; undefined if the list has none. */
export function lineFor(place: Place): CrisisLine | undefined {
  const country = countryOf(place);
  return CRISIS_LINES.find((line) => line.country === country);
}

function countryOf({ timeZone, languages }: Place): string | undefined {
  const byZone = Object.keys(ZONES).find((country) => ZONES[country]?.test(timeZone ?? ""));
  return byZone ?? languages.map(regionOf).find((region) => CRISIS_LINES.some(({ country }) => country === region));
}

function regionOf(tag: string): string | undefined {
  // Hebrew is spoken in one country of the list, whether or not the browser names it.
  if (/^(?:he|iw)(?:-|$)/i.test(tag)) return "IL";
  return /-([a-z]{2})(?:-|$)/i.exec(tag)?.[1]?.toUpperCase();
}
