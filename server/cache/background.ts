/**
 * Where work goes that no request waits for. The engine starts such work at once and hands it over so that it is not
 * lost when the request ends: `after()` in Next.js, a list in tests. Tasks never reject.
 */
export interface BackgroundRunner {
  run(name: string, task: () => Promise<void>): void;
}
