import { z } from "zod";

/** In US dollars. */
export interface Prices {
  /** 100,000 Redis commands. */
  redis: number;
  /** A million tokens each. */
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
}

/** The defaults: pay as you go, and a mid-sized model. */
const DEFAULT_PRICES: Prices = { redis: 0.2, input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 };

const amounts = z
  .object({
    redis: z.coerce.number().nonnegative(),
    input: z.coerce.number().nonnegative(),
    output: z.coerce.number().nonnegative(),
    cache_read: z.coerce.number().nonnegative(),
    cache_write: z.coerce.number().nonnegative(),
  })
  .partial()
  .strict();

/** Prices in the form `input=3,output=15`. A price that is not named keeps its default. */
export const pricesSchema = z
  .string()
  .transform((list): unknown => Object.fromEntries(list.split(",").filter(Boolean).map(readPair)))
  .pipe(amounts)
  .transform(
    ({ redis, input, output, cache_read, cache_write }): Prices => ({
      redis: redis ?? DEFAULT_PRICES.redis,
      input: input ?? DEFAULT_PRICES.input,
      output: output ?? DEFAULT_PRICES.output,
      cache_read: cache_read ?? DEFAULT_PRICES.cache_read,
      cache_write: cache_write ?? DEFAULT_PRICES.cache_write,
    }),
  );

function readPair(pair: string): [name: string, amount: string] {
  const [name = "", amount = ""] = pair.split("=").map((part) => part.trim());
  // An empty amount would count as 0.
  return [name, amount === "" ? "missing" : amount];
}
