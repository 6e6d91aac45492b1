import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";

const ADDRESSES = ["http.target", "http.url", "url.full", "next.span_name"];

/**
 * Removes from the spans of Next.js and libraries what can reveal something about a person: the query of a URL and the
 * message of an exception. Must come before every exporter.
 */
export class ScrubSpans implements SpanProcessor {
  onStart(): void {}

  onEnding(span: Span): void {
    if (span.name.includes("?")) span.updateName(withoutQuery(span.name));
    for (const name of ADDRESSES) {
      const address = span.attributes[name];
      if (typeof address === "string") span.setAttribute(name, withoutQuery(address));
    }
    if (span.attributes["url.query"] !== undefined) span.setAttribute("url.query", "");
  }

  onEnd({ events, status }: ReadableSpan): void {
    for (const { attributes } of events) {
      if (attributes === undefined) continue;
      delete attributes["exception.message"];
      delete attributes["exception.stacktrace"];
    }
    if (status.message !== undefined && !/^\w{1,40}$/.test(status.message)) status.message = "";
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

function withoutQuery(address: string): string {
  return address.replace(/\?.*$/s, "");
}
