/** The most tokens that the context takes in the prompt where `CONTEXT_TOKENS` does not say otherwise. The README says why. */
export const CONTEXT_BUDGET_TOKENS = 8_000;
