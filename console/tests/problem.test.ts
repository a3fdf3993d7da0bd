import { describe, expect, it } from "vitest";
import { ApiError, explain, toApiError } from "../src/api/problem.ts";

const problem = (status: number, code: string) => toApiError(status, JSON.stringify({ code, detail: "Because.", request_id: "r-1" }), null);

describe("toApiError", () => {
  it("reads a problem document", () => {
    const error = toApiError(429, '{"code": "throttled", "detail": "Slow down.", "request_id": "r-9"}', "7");
    expect([error.status, error.code, error.message, error.requestId, error.retryAfterSeconds]).toEqual([429, "throttled", "Slow down.", "r-9", 7]);
  });

  it.each(["", "<html>", "null", '"text"', "[1]", '{"code": 5}'])("stands an answer that is none: %j", (body) => {
    const error = toApiError(502, body, "soon");
    expect([error.code, error.retryAfterSeconds]).toEqual(["http_502", null]);
  });
});

describe("refusesKey", () => {
  it("tells a bad key from a role that is too low", () => {
    expect([problem(401, "key_missing"), problem(403, "key_refused"), problem(403, "role_forbidden"), problem(429, "throttled")].map((error) => error.refusesKey)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("explain", () => {
  it("says something else about each kind of trouble", () => {
    const errors = [
      new ApiError(0, "network", ""),
      problem(401, "key_missing"),
      problem(403, "key_refused"),
      problem(403, "role_forbidden"),
      problem(429, "throttled"),
      problem(429, "quota_exceeded"),
      problem(503, "unavailable"),
      problem(422, "phone_number_invalid"),
      new TypeError("bug"),
    ];
    const texts = errors.map(explain);
    expect(new Set(texts).size).toBe(errors.length);
    expect(texts[7]).toBe("Because.");
  });
});
