import type { KnownPattern, ObservedPattern } from "./merge-patterns";

export interface ExtractionRequest {
  /** What the person wrote, oldest first. */
  messages: readonly string[];
  /** Patterns that were seen before, strongest first. */
  known: readonly KnownPattern[];
}

/** Finds patterns in what a person wrote. */
export interface PatternExtractor {
  /** @throws {ExtractionError} when there is no answer, or no usable one. */
  extract(request: ExtractionRequest): Promise<ObservedPattern[]>;
}

export type ExtractionErrorCode = "unreachable" | "overloaded" | "rejected" | "refused" | "truncated" | "malformed";

/**
 * Why an extraction failed. It carries only a code, because the provider's own errors can quote what the person wrote.
 */
export class ExtractionError extends Error {
  override name = "ExtractionError";

  constructor(readonly code: ExtractionErrorCode) {
    super(`No patterns were extracted: ${code}`);
  }
}
