import "./late-deadlines.mjs";

// Loaded first into a process that is to end. Until it is asked to, its timers are late, so that it can wait for an answer
// to each of its calls at the same time; from then on they take DRAINING_LATENESS times as long, because a busy machine is
// late as well. With SIGHUP five minutes pass, and it looks at its schedules often. With SIGUSR2 it uses more and more
// memory, as a leak would.

let lateness = 100;
/** Every timer that is late, with what it does and when it should have done it. */
const late = new Map();
const setOnTime = setTimeout;
globalThis.setTimeout = new Proxy(setTimeout, {
  apply(_timer, _self, [task, ms, ...rest]) {
    const run = () => late.delete(timer) && task(...rest);
    const timer = setOnTime(run, ms * lateness);
    late.set(timer, { run, ms });
    return timer;
  },
});
globalThis.clearTimeout = new Proxy(clearTimeout, {
  apply(clear, self, [timer]) {
    late.delete(timer);
    Reflect.apply(clear, self, [timer]);
  },
});
process.on("SIGTERM", () => {
  lateness = Number(process.env.DRAINING_LATENESS);
  for (const [timer, { run, ms }] of late) {
    const sooner = setOnTime(run, ms * lateness);
    if (!timer.hasRef()) sooner.unref();
  }
});

const SCHEDULES_LOOK_MS = 15_000;
globalThis.setInterval = new Proxy(setInterval, {
  apply: (timer, self, [task, ms, ...rest]) =>
    Reflect.apply(timer, self, [task, ms === SCHEDULES_LOOK_MS ? 100 : ms, ...rest]),
});
let aheadMs = 0;
process.on("SIGHUP", () => {
  aheadMs += 5 * 60_000;
});
Date.now = new Proxy(Date.now, { apply: (now) => now() + aheadMs });

process.on("SIGUSR2", () => {
  const all = [];
  for (;;) all.push(Array(100_000).fill(0).map(String));
});
