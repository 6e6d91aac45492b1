import { connect } from "node:net";
import { runSuite, summarise } from "./run-vitest";

// `npm run test:services`: the integration suite on a real PostgreSQL and a real Redis. Both are required.
const services = {
  DATABASE_URL: process.env.DATABASE_URL ?? "postgres://root@127.0.0.1:5432/postgres",
  REDIS_URL: process.env.REDIS_URL ?? "redis://127.0.0.1:6379",
};

const unreachable = (
  await Promise.all(Object.entries(services).map(async ([name, url]) => ((await accepts(url)) ? [] : [{ name, url }])))
).flat();

for (const { name, url } of unreachable) {
  const { host } = new URL(url);
  console.error(`Nothing answers at ${host}. Start the service there, or set ${name} to where it is.`);
}

if (unreachable.length > 0) process.exitCode = 1;
else {
  const results = [await runSuite("integration", { ...services, CLARIFY_HAMMER_SECONDS: "20" })];
  summarise("Ran on PostgreSQL and Redis:", results);
}

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3_000, () => settle(false));
    socket.on("connect", () => settle(true));
    socket.on("error", () => settle(false));
  });
}
