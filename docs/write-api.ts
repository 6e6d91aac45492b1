import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderApi } from "./api-reference";

// `npm run docs:api`
writeFileSync(fileURLToPath(new URL("api.md", import.meta.url)), renderApi());
