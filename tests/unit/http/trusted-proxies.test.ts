import { describe, expect, it } from "vitest";
import { trustedProxies, visitorAddress } from "@/server/trusted-proxies";

const VISITOR = "192.0.2.1";
const FORGED = "203.0.113.9";

function addressOf(peer: string, forwarded: string | undefined, TRUSTED_PROXIES: string[] = []): string {
  return visitorAddress(peer, forwarded, trustedProxies({ TRUSTED_PROXIES }));
}

describe("the address of a visitor", () => {
  it.each([
    ["without a proxy", VISITOR, undefined, []],
    ["without a proxy, whatever they claim", VISITOR, FORGED, []],
    ["behind a proxy on the machine", "127.0.0.1", VISITOR, []],
    ["behind one that listens by IPv6", "::1", VISITOR, []],
    ["behind one, whatever they claim", "::ffff:127.0.0.1", `${FORGED}, ${VISITOR}`, []],
    ["behind a named proxy", "10.1.2.3", `${FORGED}, ${VISITOR}`, ["10.0.0.0/8"]],
    ["behind a named proxy of IPv6", "2001:db8::7", VISITOR, ["2001:db8::/32"]],
    ["behind two of them", "127.0.0.1", `${FORGED}, ${VISITOR}, 198.51.100.7`, ["198.51.100.7"]],
  ])("is found %s", (_where, peer, forwarded, proxies) => {
    expect(addressOf(peer, forwarded, proxies)).toBe(VISITOR);
  });

  it("is the proxy's own where nobody named the proxy, or where it says nothing that is an address", () => {
    expect(addressOf("10.1.2.3", VISITOR)).toBe("10.1.2.3");
    expect(addressOf("127.0.0.1", undefined)).toBe("127.0.0.1");
    expect(addressOf("127.0.0.1", "unknown")).toBe("127.0.0.1");
  });

  it("is what the platform says on Vercel", () => {
    expect(visitorAddress("10.1.2.3", VISITOR, trustedProxies({ TRUSTED_PROXIES: [], VERCEL: "1" }))).toBe(VISITOR);
  });
});
