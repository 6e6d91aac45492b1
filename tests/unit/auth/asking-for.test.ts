import { expect, it } from "vitest";
import { askingFor } from "@/server/auth/asking-for";

const settings = {
  FORWARD_ADDRESSES: "on",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_key",
  SUPABASE_SECRET_KEY: "sb_secret_key",
} as const;
const from = (address: string) => new Headers({ "x-forwarded-for": address });

it("tells the address that the nearest proxy saw, with the key that is believed", () => {
  expect(askingFor(from("10.0.0.1, 192.0.2.1"), settings)).toEqual({
    apiKey: "sb_secret_key",
    headers: { "sb-forwarded-for": "192.0.2.1" },
  });
});

it.each([
  ["it is not asked to", "192.0.2.1", { FORWARD_ADDRESSES: "off" as const }],
  ["there is no secret key", "192.0.2.1", { SUPABASE_SECRET_KEY: undefined }],
  ["the address is none", "unknown", {}],
])("tells nothing, and shows no secret, where %s", (_where, address, changed) => {
  expect(askingFor(from(address), { ...settings, ...changed })).toEqual({ apiKey: "sb_publishable_key", headers: {} });
});
