import { resolve } from "node:path";
import nextEnv from "@next/env";
import { backUp, restore } from "./backup";
import { DirectoryInUseError } from "./lock";
import { dataDirectory, root, setting } from "./settings";
import { StartError } from "./start-error";

// `npm run backup -- FILE` and `npm run restore -- FILE`, for the embedded database while the app does not run.

async function run(command: string | undefined, name: string | undefined): Promise<string> {
  if (name === undefined) throw new StartError(`Say which file: npm run ${command} -- FILE`);
  if (setting("SUPABASE_URL") !== undefined) {
    throw new StartError("SUPABASE_URL is set, so the data is in that project. OPERATIONS.md says how to back it up.");
  }
  const dataDir = dataDirectory();
  // npm changes to the project's folder, and says where it was called.
  const file = resolve(setting("INIT_CWD") ?? process.cwd(), name);
  if (command === "backup") {
    await backUp(dataDir, file);
    return `${file} holds the database in ${dataDir} and the keys that sign sessions. Keep it safe.`;
  }
  const kept = await restore(dataDir, file);
  return `${dataDir} now holds what ${file} does.${kept === null ? "" : ` The former data is in ${kept}.`}`;
}

nextEnv.loadEnvConfig(root, false, { info: () => undefined, error: console.error });
const [command, name] = process.argv.slice(2);
try {
  console.log(await run(command, name));
} catch (error) {
  const forPeople = error instanceof StartError || error instanceof DirectoryInUseError;
  console.error(forPeople ? error.message : error);
  process.exitCode = 1;
}
