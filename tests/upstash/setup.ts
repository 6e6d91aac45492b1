import type { TestProject } from "vitest/node";
import "./real-upstash";

export default function setup({ provide }: TestProject): void {
  const { UPSTASH_TEST_URL: url, UPSTASH_TEST_TOKEN: token } = process.env;
  if (!url || !token)
    throw new Error("Run these by `npm run test:upstash`, with UPSTASH_TEST_URL and UPSTASH_TEST_TOKEN");
  provide("upstash", { url, token });
}
