import { randomInt } from "node:crypto";
import { setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Agent, setGlobalDispatcher } from "undici";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import { signUpPerson } from "../support/database/person";
import { createSqlClient } from "../support/database/sql";
import type { Figures, StoredMessage } from "./checks";
import { areNormal, checkConversation, differing, Findings, grows } from "./checks";
import type { World } from "./faults";
import { startWorld } from "./faults";
import type { Counts } from "./people";
import { SimulatedPerson } from "./people";
import type { Schedule } from "./schedule";
import { plan, randomOf } from "./schedule";

// `npm run test:chaos [-- --long] [--seed N]`: people use two production processes while everything behind them fails.
// The same seed plans the same faults and acts again.

/** How soon after the last fault everything has to be as before, in milliseconds. */
const HEALED_MS = 10_000;
const SETTLE_MS = 60_000;
const SAMPLE_MS = 2_000;

const { values } = parseArgs({ options: { long: { type: "boolean", default: false }, seed: { type: "string" } } });
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new Error("--seed wants a whole number");

keepContentOutOfLogs();
// A busy machine may take longer to connect than the quarter of a second after which Node.js tries another address.
setDefaultAutoSelectFamilyAttemptTimeout(5_000);
// A connection that is used again may be just about to be closed, where a browser would ask again by itself.
setGlobalDispatcher(new Agent({ pipelining: 0 }));
process.env.DATABASE_URL ??= "postgres://root@127.0.0.1:5432/postgres";
console.log(`Chaos with seed ${seed}${values.long ? ", long" : ""}`);

const schedule = plan(seed, values);
const findings = new Findings(({ check, what }) => console.error(`✗ ${check}: ${what}`));
const world = await startWorld();
try {
  await run(schedule, world);
} finally {
  await world.stop();
}
if (findings.all.length > 0) {
  console.error(
    `\n${findings.all.length} findings. Again: npm run test:chaos -- ${values.long ? "--long " : ""}--seed ${seed}`,
  );
  process.exitCode = 1;
}
process.exit();

async function run({ people: count, faultsMs, faults }: Schedule, { stack, apps, ...around }: World): Promise<void> {
  const counts: Counts = { requests: 0, refused: new Map(), acts: new Map(), compared: 0 };
  const surroundings = { urls: [apps[0].url, apps[1].url] as const, findings, counts, isBusy, ...around };
  const people: SimulatedPerson[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await signUpPerson(stack.address, { name: `Person ${index}` });
    people.push(new SimulatedPerson(person, randomOf(seed, index), surroundings));
  }
  await measure(people);
  const before = await measure(people);
  console.log(`Before: ${shown(before)}`);

  const begun = around.now();
  const memory = [[], []] as [number[], number[]];
  const watching = new AbortController();
  const watched = watchProcesses(apps, memory, watching.signal);
  await Promise.all([around.cause(faults), ...people.map((person) => person.live(begun + faultsMs))]);
  const healed = await untilNormal(people, before, around.now() + HEALED_MS);
  await Promise.all(people.map((person) => person.settle(around.now() + SETTLE_MS)));
  watching.abort();
  await watched;
  await checkStored(people, stack);
  for (const samples of memory) if (grows(samples)) findings.add("memory grows", samples.map(Math.round).join(" "));

  console.log(`After: ${shown(healed)}`);
  const refused = [...counts.refused].map(([code, times]) => `${times} ${code}`).join(", ");
  const acts = [...counts.acts].map(([act, times]) => `${times} × ${act}`).join(", ");
  const messages = people
    .flatMap(({ conversations }) => conversations)
    .flatMap((conversation) => conversation.messages);
  console.log(`${count} people, ${Math.round((around.now() - begun) / 1_000)} s`);
  console.log(`${faults.length} faults`);
  console.log(`${counts.requests} requests, refused: ${refused}`);
  console.log(`${[...counts.acts.values()].reduce((sum, times) => sum + times, 0)} acts: ${acts}`);
  console.log(`${messages.length} messages, ${counts.compared} contexts compared`);
  console.log(
    `Memory in MB: ${memory.map((samples) => `${Math.round(samples[0] ?? 0)} to ${Math.round(samples.at(-1) ?? 0)}`).join(", ")}`,
  );
  console.log(`${findings.all.length} findings`);
  if (counts.compared === 0) throw new Error("No context was compared with what had been acknowledged");
}

async function measure(people: readonly SimulatedPerson[]): Promise<Figures> {
  const times = await Promise.all(
    people.map(async (person) => {
      const own: (number | null)[] = [];
      for (let round = 0; round < 5; round += 1) {
        own.push(await person.readContext());
        await pause(20);
      }
      return own;
    }),
  ).then((all) => all.flat());
  const answered = times.filter((time) => time !== null).toSorted((one, other) => one - other);
  return {
    p95: answered[Math.floor(answered.length * 0.95)] ?? Number.POSITIVE_INFINITY,
    failures: times.length - answered.length,
  };
}

async function untilNormal(people: readonly SimulatedPerson[], before: Figures, untilMs: number): Promise<Figures> {
  for (;;) {
    const figures = await measure(people);
    if (areNormal(figures, before, { busy: isBusy() })) return figures;
    if (world.now() > untilMs) {
      findings.add("figures stay bad after healing", `${shown(figures)}, before ${shown(before)}`);
      return figures;
    }
    await pause(500);
  }
}

function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > availableParallelism() * 1.5;
}

function shown({ p95, failures }: Figures): string {
  return `a context in ${Math.round(p95)} ms (P95), ${failures} without an answer`;
}

/** Notes that a process has ended, and what memory each takes. */
async function watchProcesses(apps: World["apps"], memory: [number[], number[]], until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    for (const [index, app] of apps.entries()) {
      const usedMb = await app.serverRssMb().catch(() => null);
      if (usedMb === null) findings.add("a process has ended", app.output().slice(-500));
      else memory[index]?.push(usedMb);
    }
    await pause(SAMPLE_MS, undefined, { signal: until }).catch(() => undefined);
  }
}

/** Compares what is stored of everybody with what they were told. */
async function checkStored(people: readonly SimulatedPerson[], stack: World["stack"]): Promise<void> {
  const sql = createSqlClient(stack.address);
  const textOf = async (query: string, id: string) =>
    new Map((await sql(query, [id])).map((row) => [String(row.id), String(row.text)]));
  for (const { person, dreams, reflections, conversations } of people) {
    const stored = {
      dreams: await textOf("select id, title as text from dreams where user_id = $1", person.id),
      reflections: await textOf("select id, content as text from reflections where user_id = $1", person.id),
      sessions: await textOf("select id, 'there' as text from clarify_sessions where user_id = $1", person.id),
    };
    const missing = [
      ...differing(dreams, stored.dreams),
      ...differing(reflections, stored.reflections),
      ...differing(
        conversations.map(({ item }) => item),
        stored.sessions,
      ),
    ];
    for (const what of missing) findings.add("an acknowledged write is missing", what);
    for (const { item, messages } of conversations) {
      if (item.certain !== "there") continue;
      const rows = await sql(
        "select id, role, content, reply_to from clarify_messages where session_id = $1 and user_id = $2",
        [item.id, person.id],
      );
      checkConversation(messages, rows.map(toMessage), findings);
    }
  }
}

function toMessage({ id, role, content, reply_to }: Record<string, unknown>): StoredMessage {
  return {
    id: String(id),
    role: String(role),
    content: String(content),
    replyTo: reply_to === null ? null : String(reply_to),
  };
}
