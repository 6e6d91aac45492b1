import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBuildWatch } from "@/components/build/build-watch";
import { recoverFromOldBuild, reloadFor } from "@/components/build/page-build";
import { BUILD_HEADER } from "@/server/build-header";
import { storageWith } from "./storage";

const reload = vi.fn();
let fields: { value: string; dataset: Record<string, string> }[];
beforeEach(() => {
  reload.mockClear();
  fields = [];
  vi.stubGlobal("window", { sessionStorage: storageWith(), location: { reload } });
  vi.stubGlobal("document", { documentElement: { dataset: { build: "mine" } }, querySelectorAll: () => fields });
});
afterEach(() => vi.unstubAllGlobals());

const from = (build: string | null) => new Response("{}", { headers: build === null ? {} : { [BUILD_HEADER]: build } });
const serve = (build: string | null) => vi.stubGlobal("fetch", async () => from(build));

describe("a page of one build", () => {
  it("detects another build in any answer, and reports each one once", () => {
    const builds = createBuildWatch();
    const told = vi.fn();
    builds.subscribe(told);
    for (const build of ["mine", null]) builds.watch(from(build));
    expect([builds.newer(), told.mock.calls.length]).toEqual([null, 0]);
    for (const build of ["theirs", "mine", "theirs"]) builds.watch(from(build));
    expect([builds.newer(), told.mock.calls.length]).toEqual(["theirs", 1]);
  });

  it("is reloaded once for each build, so that two builds never reload it endlessly", () => {
    expect(["one", "two", "one", "two"].map(reloadFor)).toEqual([true, true, false, false]);
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it("is not reloaded if nothing can be stored", () => {
    vi.stubGlobal("window", {
      get sessionStorage() {
        throw new Error("forbidden");
      },
      location: { reload },
    });
    expect(reloadFor("theirs")).toBe(false);
    expect(reload).not.toHaveBeenCalled();
  });
});

describe("when something of the page could not be loaded", () => {
  it("it is reloaded if the server has another build", async () => {
    serve("theirs");
    expect(await recoverFromOldBuild()).toBe("reloading");
    expect(await recoverFromOldBuild()).toBe("outdated");
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it.each(["mine", null])("it stays if the server answers %s", async (build) => {
    serve(build);
    expect(await recoverFromOldBuild()).toBe("current");
  });

  it("it stays if the server cannot be asked", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await recoverFromOldBuild()).toBe("current");
  });

  it("it stays while a field holds text that is stored nowhere else", async () => {
    serve("theirs");
    fields = [{ value: "Half a dream", dataset: {} }];
    expect(await recoverFromOldBuild()).toBe("outdated");
    fields = [{ value: "A message", dataset: { kept: "" } }];
    expect(await recoverFromOldBuild()).toBe("reloading");
  });
});
