import { describe, expect, it } from "vitest";
import { isFromElsewhere, isSecure, publicOrigin, trustedHost } from "@/server/auth/own-origin";

describe("trustedHost", () => {
  const settings = { APP_URL: "https://clarify.example", TRUSTED_ORIGINS: ["https://old.example:8443"] };

  it.each([
    ["https://clarify.example", "clarify.example"],
    ["https://old.example:8443", "old.example:8443"],
    ["http://clarify.example", null],
    ["https://clarify.example:444", null],
    ["https://clarify.example.evil.example", null],
    ["https://old.example", null],
    ["null", null],
    ["", null],
  ])("of a form from %j it is %j", (origin, host) => {
    expect(trustedHost(new Headers({ origin }), settings)).toBe(host);
  });

  it("matches none if none is named or no origin is sent", () => {
    const origin = "https://clarify.example";
    expect(trustedHost(new Headers({ origin }), { APP_URL: undefined, TRUSTED_ORIGINS: [] })).toBeNull();
    expect(trustedHost(new Headers(), settings)).toBeNull();
  });
});

describe("isSecure", () => {
  it.each([
    [{ "x-forwarded-proto": "https" }, "http:", true],
    [{ "x-forwarded-proto": "https, http" }, "http:", true],
    [{ "x-forwarded-proto": "http,https" }, "https:", false],
    [{ "x-forwarded-proto": "HTTPS" }, "http:", true],
    [{ "x-forwarded-proto": "" }, "https:", true],
    [{}, "https:", true],
    [{}, "http:", false],
    [{}, undefined, false],
  ])("%j over %s: %s", (headers, protocol, secure) => {
    expect(isSecure(new Headers(headers), { APP_URL: undefined, protocol })).toBe(secure);
  });

  it("is APP_URL's, whatever the proxies report", () => {
    const headers = new Headers({ "x-forwarded-proto": "http" });
    expect(isSecure(headers, { APP_URL: "https://clarify.example", protocol: "http:" })).toBe(true);
  });
});

describe("publicOrigin", () => {
  it.each([
    [{ host: "localhost:3000" }, "http://localhost:3000"],
    [
      { host: "app:3000", "x-forwarded-host": "clarify.example", "x-forwarded-proto": "https" },
      "https://clarify.example",
    ],
    [{ host: "app:3000", "x-forwarded-host": "clarify.example, app" }, "http://clarify.example"],
  ])("of %j is %s", (headers, origin) => {
    expect(publicOrigin(new Headers(headers), { APP_URL: undefined })).toBe(origin);
  });

  it("is as APP_URL says, whatever was asked for", () => {
    const headers = new Headers({ host: "evil.example", "x-forwarded-host": "evil.example" });
    expect(publicOrigin(headers, { APP_URL: "https://clarify.example" })).toBe("https://clarify.example");
  });
});

describe("isFromElsewhere", () => {
  it.each([
    ["cross-site", true],
    ["same-site", true],
    ["same-origin", false],
    ["none", false],
    [null, false],
  ])("of a request that the browser calls %s is %s", (site, elsewhere) => {
    expect(isFromElsewhere(new Headers(site === null ? {} : { "sec-fetch-site": site }))).toBe(elsewhere);
  });
});
