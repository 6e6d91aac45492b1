import { BlockList, isIP } from "node:net";

interface ProxySettings {
  TRUSTED_PROXIES: readonly string[];
  VERCEL?: string | undefined;
}

/** Whether the proxy with this address is believed about whom it speaks for. */
export type TrustsProxy = (address: string) => boolean;

/** Proxies of the machine itself and those that the settings name are believed; on Vercel, which writes the header, all are. */
export function trustedProxies({ TRUSTED_PROXIES, VERCEL }: ProxySettings): TrustsProxy {
  if (VERCEL !== undefined) return () => true;
  const list = new BlockList();
  for (const range of ["127.0.0.0/8", "::1", ...TRUSTED_PROXIES]) {
    const { address, bits, family } = parse(range);
    list.addSubnet(address, bits, family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

/** Whether this is an IP address, or a network as `10.0.0.0/8`. */
export function isRange(range: string): boolean {
  const [address = "", bits, ...rest] = range.split("/");
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widthOf(address));
}

/** Whether the network has every address in it. */
export function isEverything(range: string): boolean {
  return parse(range).bits === 0;
}

/**
 * The visitor's address: the nearest one on the way that is no trusted proxy. Everything farther away than that could be
 * made up.
 * @param peer the address of the socket
 * @param forwarded `X-Forwarded-For`, to which each proxy adds the address that it was asked from
 */
export function visitorAddress(peer: string, forwarded: string | undefined, trusts: TrustsProxy): string {
  let address = plain(peer);
  const entries = (forwarded ?? "").split(",").map((entry) => plain(entry.trim()));
  while (trusts(address)) {
    const next = entries.pop();
    if (next === undefined || isIP(next) === 0) break;
    address = next;
  }
  return address;
}

/** An IPv4 address in the form of IPv6 as the IPv4 address that it is. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function parse(range: string) {
  const [address = "", bits] = range.split("/");
  return { address, bits: bits === undefined ? widthOf(address) : Number(bits), family: familyOf(address) };
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

function widthOf(address: string): number {
  return isIP(address) === 4 ? 32 : 128;
}
