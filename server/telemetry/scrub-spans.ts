import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";

const ADDRESSES = ["http.target", "http.url", "url.full", "next.span_name"];

/**
 * Takes out of spans that others make (Next.js, libraries) what can hold something of a person: the query of an address,
 * and the words of an exception. Has to come before whatever sends them.
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
