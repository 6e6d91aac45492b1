/** As many dreams as a reflection can be about: one page of them, newest updated first. */
export const DREAMS_TO_CHOOSE_FROM = { limit: 100 };
