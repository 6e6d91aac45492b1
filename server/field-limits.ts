/** The most characters that a field takes, counted as the database counts them. Read by the server and by the forms. */
export const FIELD_LIMITS = {
  message: 4_000,
  sessionTitle: 200,
  dreamTitle: 200,
  dreamDescription: 4_000,
  dreamCategory: 50,
  reflection: 10_000,
  reflectionTone: 40,
  accountName: 100,
  search: 200,
} as const;
