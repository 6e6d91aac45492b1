import { expect, it } from "vitest";
import { createItemActions } from "@/components/lists/item-actions";
import { createTaskQueues } from "@/components/trpc/task-queues";

interface Note {
  id: string;
  text: string;
}

function actionsOn(shown: Map<string, string>) {
  const calls: string[] = [];
  const actions = createItemActions<Note>(createTaskQueues(), {
    show: ({ id, text }) => shown.set(id, text),
    hide: (id) => shown.delete(id),
    refresh: () => calls.push("refresh"),
    onChanged: () => calls.push("changed"),
  });
  return { actions, calls };
}

const refused = () => Promise.reject(new Error("refused"));

it("shows a new item at once, and afterwards as the server stored it", async () => {
  const shown = new Map<string, string>();
  const { actions, calls } = actionsOn(shown);
  const creating = actions.create({ id: "a", text: "as typed" }, async () => ({ id: "a", text: "as stored" }));
  expect(shown.get("a")).toBe("as typed");
  await creating;
  expect(shown.get("a")).toBe("as stored");
  expect(calls).toEqual(["changed"]);
});

it("hides a new item that the server refuses", async () => {
  const shown = new Map<string, string>();
  const { actions, calls } = actionsOn(shown);
  await expect(actions.create({ id: "a", text: "new" }, refused)).rejects.toThrow("refused");
  expect([...shown]).toEqual([]);
  expect(calls).toEqual([]);
});

it("reverts an item, and reads again, when the server refuses a change", async () => {
  const shown = new Map([["a", "before"]]);
  const { actions, calls } = actionsOn(shown);
  const updating = actions.update({ id: "a", text: "before" }, { id: "a", text: "after" }, refused);
  expect(shown.get("a")).toBe("after");
  await expect(updating).rejects.toThrow("refused");
  expect(shown.get("a")).toBe("before");
  expect(calls).toEqual(["refresh"]);
});

it("keeps showing the later of two changes when the earlier one is answered", async () => {
  const shown = new Map([["a", "0"]]);
  const { actions } = actionsOn(shown);
  const note = (text: string): Note => ({ id: "a", text });
  const [before, first, second] = [note("0"), note("1"), note("2")];
  const { promise, resolve } = Promise.withResolvers<Note>();
  const updating = actions.update(before, first, async () => first);
  const later = actions.update(first, second, () => promise);
  await updating;
  expect(shown.get("a")).toBe("2");
  resolve(second);
  await later;
  expect(shown.get("a")).toBe("2");
});

it("hides a removed item only once the server has removed it", async () => {
  const shown = new Map([["a", "text"]]);
  const { actions, calls } = actionsOn(shown);
  await expect(actions.remove("a", refused)).rejects.toThrow("refused");
  expect(shown.has("a")).toBe(true);
  await actions.remove("a", async () => {});
  expect(shown.has("a")).toBe(false);
  expect(calls).toEqual(["changed"]);
});
