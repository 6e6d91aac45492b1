import type { SectionData } from "@/server/clarify/sections";
import { sectionItems } from "@/server/clarify/sections";
import type { Clock } from "@/server/clock";
import { isTimeout } from "@/server/database/errors";
import type { SectionInput } from "./assemble";
import { assembleContext } from "./assemble";
import type { ClarifyContext, SectionName } from "./context";

/** A section's rows as the cache handed them over. */
export interface SectionRead<Data> {
  value: Data;
  outcome: Exclude<SectionInput["source"], "missing">;
  ageMs: number;
}

/** Reads each section; all five are asked at once. */
export type SectionReaders = { [Name in SectionName]: () => Promise<SectionRead<SectionData<Name>>> };

export interface BuildRequest {
  readers: SectionReaders;
  currentSessionId: string | null;
  clock: Clock;
  /** Told about each section that could not be read. */
  onMissing(name: SectionName, error: unknown): void;
}

/** Reads the five sections in parallel and assembles them. A section that fails costs itself only. */
export async function buildContext(request: BuildRequest): Promise<ClarifyContext> {
  const startedAt = request.clock.elapsed();
  const [user, dreams, patterns, sessions, reflections] = await Promise.all([
    readSection("user", request),
    readSection("dreams", request),
    readSection("patterns", request),
    readSection("sessions", request),
    readSection("reflections", request),
  ]);
  const assembled = assembleContext({ user, dreams, patterns, sessions, reflections });
  return { ...assembled, buildMs: request.clock.elapsed() - startedAt };
}

async function readSection<Name extends SectionName>(name: Name, request: BuildRequest): Promise<SectionInput> {
  const { readers, currentSessionId, onMissing } = request;
  try {
    const read: SectionRead<SectionData<Name>> = await readers[name]();
    return {
      name,
      source: read.outcome,
      ageMs: read.ageMs,
      items: sectionItems(name, read.value, { currentSessionId }),
    };
  } catch (error) {
    onMissing(name, error);
    return { name, source: "missing", reason: timedOut(error) ? "timeout" : "unavailable" };
  }
}

/** A procedure wraps what its loader threw. */
function timedOut(error: unknown): boolean {
  return isTimeout(error) || (error instanceof Error && isTimeout(error.cause));
}
