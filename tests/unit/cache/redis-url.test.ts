import { describe, expect, test } from "vitest";
import { hashTagged, hashTagOf } from "@/server/cache/protocol/hash-tag";
import { serversOf } from "@/server/cache/redis/redis-url";

describe("the URL of a Redis", () => {
  test.each(["redis://localhost", "rediss://user:secret@host:6380/2"])("%s is one server", (url) => {
    expect(serversOf(url)).toBeUndefined();
  });

  test("names the hosts of a cluster, and one login for all", () => {
    expect(serversOf("rediss+cluster://me:s%40fe@a.example:7000,b.example,[::1]:7002")).toEqual({
      kind: "cluster",
      nodes: [
        { host: "a.example", port: 7000 },
        { host: "b.example", port: 6379 },
        { host: "::1", port: 7002 },
      ],
      group: "",
      username: "me",
      password: "s@fe",
      tls: true,
    });
  });

  test("names sentinels, and the group that they watch", () => {
    expect(serversOf("redis+sentinel://:secret@one,two:26380/mymaster")).toMatchObject({
      kind: "sentinel",
      nodes: [
        { host: "one", port: 26379 },
        { host: "two", port: 26380 },
      ],
      group: "mymaster",
      password: "secret",
      tls: false,
    });
  });

  test.each([
    ["https://eu1.upstash.io", /begins with redis/],
    ["redis+cluster://", /begins with redis/],
    ["redis+cluster://a:b:c", /begins with redis/],
    ["redis://one,two", /cluster or sentinels/],
    ["redis+sentinel://one,two", /group by its name/],
    ["redis+cluster://one,two/mymaster", /group by its name/],
  ])("%s is refused with a sentence", (url, sentence) => {
    expect(() => serversOf(url)).toThrow(sentence);
  });
});

describe("the part of a key that decides its slot", () => {
  test.each([
    ["ctx:dreams:{42}", "ctx:dreams:{42}", "42"],
    ["ctx:dreams:{42}:hash", "ctx:dreams:{42}:hash", "42"],
    ["plain", "{plain}", "plain"],
    ["{x}", "{{x}}", "{x"],
    ["{}", "{{}}", "{"],
    ["}", "{%7D}", "%7D"],
    ["%7D", "{%257D}", "%257D"],
    ["a{}b", "{a{}b}", "a{"],
    ["", "{}", "{}"],
  ])("of %j it is the tag of %j", (key, tagged, tag) => {
    expect(hashTagged(key)).toBe(tagged);
    expect(hashTagOf(tagged)).toBe(tag);
  });
});
