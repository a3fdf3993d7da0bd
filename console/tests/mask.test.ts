import { describe, expect, it } from "vitest";
import { maskPhone, maskText } from "../src/text/mask.ts";

describe("maskText", () => {
  it("leaves nothing to read, in any script", () => {
    expect(maskText("Pay 1.99 now, Käthe! 支付 🎉 e\u0301")).toBe("••• •.•• •••, •••••! •• • ••");
  });
});

describe("maskPhone", () => {
  it("keeps the country and the last two digits", () => {
    expect(maskPhone("+12025550143")).toBe("+12•••••••43");
  });

  it("keeps less of a short code", () => {
    expect(maskPhone("72727")).toBe("•••27");
  });
});
