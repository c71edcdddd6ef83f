import { describe, expect, test } from "vitest";
import { AgentSettings, changedSettings, HandoverRules, isOpenAt, isSame, OfficeHours } from "./schema";

const settings: AgentSettings = {
  instructions: "",
  tone: "neutral",
  model: null,
  temperature: 0.2,
  welcomeMessage: "Hi",
  suggestedQuestions: [],
  fallbackMessage: "I do not know.",
  fallbackMessages: {},
  confidenceThreshold: 0.2,
  languages: [],
  hours: null,
  handover: { onRequest: true, onLowConfidence: false, keywords: [] },
};
const week = (...monday: { from: string; to: string }[]) => [monday, [], [], [], [], [], []];

describe("settings", () => {
  test("empty and repeated questions and words fall away", () => {
    expect(
      AgentSettings.parse({ ...settings, suggestedQuestions: [" Hours? ", "", "Hours?"] }).suggestedQuestions,
    ).toEqual(["Hours?"]);
    expect(HandoverRules.parse({ ...settings.handover, keywords: [" refund ", "refund", ""] }).keywords).toEqual([
      "refund",
    ]);
  });

  test.each([
    { fallbackMessage: " " },
    { confidenceThreshold: 1.01 },
    { temperature: -0.1 },
    { temperature: "0.5" },
    { tone: "angry" },
    { suggestedQuestions: ["1", "2", "3", "4", "5", "6", "7"] },
    { instructions: "x".repeat(8_001) },
    { languages: ["english"] },
    { model: "gpt" },
    { model: "openai/with space" },
    { hours: {} },
    { handover: null },
  ])("%j is refused", (patch) => expect(AgentSettings.safeParse({ ...settings, ...patch }).success).toBe(false));

  test.each([null, "SLM_A", "LLM", "openai/gpt-6-luna", "compatible/org/model:7b"])("model %j is taken", (model) =>
    expect(AgentSettings.parse({ ...settings, model }).model).toBe(model),
  );

  test("are compared field by field, whatever the order of their keys", () => {
    const other = { ...settings, handover: { keywords: [], onLowConfidence: false, onRequest: true } };
    expect(isSame(settings, other)).toBe(true);
    expect(changedSettings(settings, { ...other, tone: "brief", languages: ["de"] })).toEqual(["tone", "languages"]);
    expect(isSame(["a", "b"], { 0: "a", 1: "b" })).toBe(false);
    expect(isSame(null, {})).toBe(false);
  });
});

describe("opening hours", () => {
  const hours = (timeZone: string, ...monday: { from: string; to: string }[]) =>
    OfficeHours.parse({ timeZone, week: week(...monday), note: "" });
  /** A Monday; New York is four hours behind. */
  const at = (utc: string) => new Date(`2026-06-01T${utc}:00Z`);

  test("are read by the clock of their zone", () => {
    const office = hours("America/New_York", { from: "09:00", to: "17:00" });
    expect(isOpenAt(office, at("12:59"))).toBe(false);
    expect(isOpenAt(office, at("13:00"))).toBe(true);
    expect(isOpenAt(office, at("20:59"))).toBe(true);
    expect(isOpenAt(office, at("21:00"))).toBe(false);
  });

  test("follow summer time", () => {
    const office = hours("Europe/Berlin", { from: "09:00", to: "17:00" });
    expect(isOpenAt(office, new Date("2026-06-01T07:30:00Z"))).toBe(true);
    expect(isOpenAt(office, new Date("2026-12-07T07:30:00Z"))).toBe(false);
  });

  test("the day is the zone's too, and ends at 24:00", () => {
    const office = hours("Asia/Tokyo", { from: "00:00", to: "24:00" });
    expect(isOpenAt(office, new Date("2026-05-31T15:00:00Z"))).toBe(true);
    expect(isOpenAt(office, at("14:59"))).toBe(true);
    expect(isOpenAt(office, at("15:00"))).toBe(false);
  });

  test("may have a break", () => {
    const office = hours("UTC", { from: "13:00", to: "17:00" }, { from: "08:00", to: "12:00" });
    expect(["07:59", "08:00", "12:30", "13:00"].map((utc) => isOpenAt(office, at(utc)))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test.each([
    ["no such zone", { timeZone: "Mars/Olympus", week: week(), note: "" }],
    ["six days", { timeZone: "UTC", week: week().slice(1), note: "" }],
    ["closing before opening", { timeZone: "UTC", week: week({ from: "17:00", to: "09:00" }), note: "" }],
    ["no such time", { timeZone: "UTC", week: week({ from: "25:00", to: "26:00" }), note: "" }],
    [
      "times that overlap",
      { timeZone: "UTC", week: week({ from: "08:00", to: "12:00" }, { from: "11:00", to: "14:00" }), note: "" },
    ],
  ])("%s is refused", (_what, value) => expect(OfficeHours.safeParse(value).success).toBe(false));
});
