import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Standing } from "@/components/insights/standing";

const render = (kind: "redis" | "memory", reachable: boolean, lost = false) =>
  renderToStaticMarkup(<Standing report={{ range: "1h", at: 0, store: { kind, reachable } }} lost={lost} />);

describe("the source of the figures", () => {
  it("are those of all processes if they share a store", () => {
    expect(render("redis", true)).toContain("of all processes together");
    expect(render("redis", true)).toContain("the last hour");
    expect(render("redis", true)).toMatch(/\d\d:\d\d:\d\d [A-Z]{3}/);
  });

  it("are those of one process otherwise, and how to change that", () => {
    expect(render("memory", true)).toContain("of this process");
    expect(render("memory", true)).toContain("With a Redis they outlive it");
  });

  it("are marked as incomplete, loudly, while the store cannot be reached", () => {
    expect(render("redis", false)).toMatch(/role="alert".*cannot be reached/);
    expect(render("redis", true)).not.toContain("alert");
  });

  it("are not called live when the server could not be asked again", () => {
    expect(render("redis", true, true)).toContain("connection was lost");
    expect(render("redis", true, true)).not.toContain("Live");
  });
});
