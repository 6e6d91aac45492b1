/** The look of a link that stands alone among words. */
export const LINK = "inline-block py-1 font-medium text-water underline underline-offset-4 hover:text-water-deep";
