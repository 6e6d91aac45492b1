import { run, runSuite, summarise } from "./run-vitest";

// `npm run test:upstash`, every night: contract, races and bench on a real Upstash database, with a few thousand
// commands. Its keys have a prefix of their own and are removed or expire.
const { UPSTASH_TEST_URL: url, UPSTASH_TEST_TOKEN: token } = process.env;

if (!url || !token) {
  console.info("Skipped: UPSTASH_TEST_URL and UPSTASH_TEST_TOKEN name no database.");
} else {
  const results = [await runSuite("upstash", { UPSTASH_TEST_URL: url, UPSTASH_TEST_TOKEN: token })];
  summarise(`Ran on ${new URL(url).host}:`, results);
  const bench = await run(["tsx", "tests/bench/run.ts", "--suite", "cache", "--quick"], { BENCH_REDIS: "upstash" });
  if (bench !== 0) process.exitCode = 1;
}
