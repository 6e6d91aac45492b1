import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const keysSchema = z.object({
  jwtSecret: z.string().min(32),
  publishableKey: z.string().startsWith("sb_publishable_"),
  secretKey: z.string().startsWith("sb_secret_"),
});

/** The keys that sign the embedded stack's tokens and give access to its API. */
export type StackKeys = z.infer<typeof keysSchema>;

/** New keys, in the form that hosted Supabase gives out. */
export function generateKeys(): StackKeys {
  return {
    jwtSecret: randomBytes(48).toString("base64url"),
    publishableKey: `sb_publishable_${randomBytes(24).toString("base64url")}`,
    secretKey: `sb_secret_${randomBytes(24).toString("base64url")}`,
  };
}

/** The keys in a data directory. The first call creates them, readable only by their owner. */
export async function loadKeys(dataDir: string): Promise<StackKeys> {
  const file = join(dataDir, "keys.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text !== null) return parseKeys(text, file);
  const keys = generateKeys();
  // Written to another file and renamed, so that an interrupted start leaves no incomplete file.
  await writeFile(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
}

function parseKeys(text: string, file: string): StackKeys {
  try {
    return keysSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} does not hold the stack's keys. Remove it to have new ones made.`, { cause });
  }
}
