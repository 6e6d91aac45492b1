import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./app-process";

export interface Nginx {
  url: string;
  stop(): Promise<void>;
}

const CONFIGURATION = fileURLToPath(new URL("../../ops/nginx/clarify.conf", import.meta.url));

/** Whether an nginx is installed. Where checks run for everybody (`CI`), there has to be one. */
export function hasNginx(): boolean {
  return Boolean(process.env.CI) || spawnSync("nginx", ["-v"]).error === undefined;
}

/** A real nginx with ops/nginx/clarify.conf in front of an app; only its two addresses are changed. */
export async function startNginx(appPort: number): Promise<Nginx> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "clarify-nginx-"));
  const shipped = await readFile(CONFIGURATION, "utf8");
  const server = replaced(
    replaced(shipped, "server 127.0.0.1:3000;", `server localhost:${appPort};`),
    "listen 80;",
    `listen 127.0.0.1:${port};`,
  );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, "nginx.conf"),
    `pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${temporary.join(" ")}\n${server}\n}`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", "nginx.conf", "-g", "daemon off; master_process off;"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`nginx cannot be run (apt-get install nginx): ${error.message}`));
    child.on("exit", (code) => resolve(`nginx ended with ${code}: ${said}`));
  });
  const url = `http://127.0.0.1:${port}`;
  const failure = await Promise.race([ended, answering(url)]);
  if (failure !== null) throw new Error(failure);
  return {
    url,
    async stop() {
      child.kill("SIGQUIT");
      setTimeout(() => child.kill("SIGKILL"), 2_000).unref();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Replaces a part of the text, which must occur once. */
function replaced(text: string, part: string, by: string): string {
  if (text.split(part).length !== 2) throw new Error(`ops/nginx/clarify.conf should have "${part}" once`);
  return text.replace(part, by);
}

async function answering(url: string): Promise<null> {
  for (;;) {
    const answered = await fetch(`${url}/api/health`).then(
      () => true,
      () => false,
    );
    if (answered) return null;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
