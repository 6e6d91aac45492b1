/** Several servers, as a URL names them. */
export interface RedisServers {
  kind: "cluster" | "sentinel";
  nodes: { host: string; port: number }[];
  /** The name of the group of servers that the sentinels watch. */
  group: string;
  username: string;
  password: string;
  tls: boolean;
}

const FORM = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(.+)$/;
const DEFAULT_PORTS = { cluster: 6379, sentinel: 26379 };

/**
 * The servers of `redis+cluster://[user:password@]host[:port][,host[:port]…]` or `redis+sentinel://…/group`, both also
 * with `rediss` for TLS; undefined for the URL of a single server, `redis://…` or `rediss://…`.
 * @throws {TypeError} for any other URL.
 */
export function serversOf(url: string): RedisServers | undefined {
  const [, tls, kind, hosts = ""] = FORM.exec(url) ?? [];
  const parts = hosts.split(",").map((part) => `redis://${part}`);
  if (tls === undefined || !parts.every((part) => URL.canParse(part))) {
    throw new TypeError(
      "The URL of a Redis begins with redis://, redis+cluster:// or redis+sentinel://, or with rediss",
    );
  }
  if (kind !== "cluster" && kind !== "sentinel") {
    if (parts.length === 1) return undefined;
    throw new TypeError("Several hosts are a cluster or sentinels: redis+cluster:// or redis+sentinel://");
  }
  const urls = parts.map((part) => new URL(part));
  const group = decodeURIComponent(urls.at(-1)?.pathname.slice(1) ?? "");
  if ((kind === "sentinel") !== (group !== "")) {
    throw new TypeError(
      "Sentinels are asked for a group by its name, as in redis+sentinel://host/mymaster; a cluster has none",
    );
  }
  return {
    kind,
    nodes: urls.map(({ hostname, port }) => ({
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(port || DEFAULT_PORTS[kind]),
    })),
    group,
    username: decodeURIComponent(urls[0]?.username ?? ""),
    password: decodeURIComponent(urls[0]?.password ?? ""),
    tls: tls === "s",
  };
}
