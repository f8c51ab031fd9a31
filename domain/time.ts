/**
 * Time as data: ISO 8601 instants in UTC, and calendar dates in China (UTC+8, no daylight saving), which customs dates
 * and credit months are counted in (R32). Nothing here reads a clock.
 */
import { z } from 'zod';

/** An instant: `2026-04-01T08:00:00.000Z`. Before the year 9999, so that its date in China has four digits, too. */
export const instant = z.iso.datetime().refine((at) => at < '9999', 'a year before 9999');

/** A calendar date: `2026-04-01`. */
export const calendarDate = z.iso.date();

const dayMs = 24 * 60 * 60 * 1000;
const chinaOffsetMs = 8 * 60 * 60 * 1000;

/** `at` plus `days` × 24 hours. */
export const addDays = (at: string, days: number): string => new Date(Date.parse(at) + days * dayMs).toISOString();

/** `at` plus `hours`. */
export const addHours = (at: string, hours: number): string => addDays(at, hours / 24);

/** The calendar date in China at this instant. */
export const chinaDate = (at: string): string => new Date(Date.parse(at) + chinaOffsetMs).toISOString().slice(0, 10);

/** The minute in China at this instant, for people: `2026-04-01 16:00`. */
export const chinaDateTime = (at: string): string =>
  new Date(Date.parse(at) + chinaOffsetMs).toISOString().slice(0, 16).replace('T', ' ');

/** The first instant of a calendar date in China. */
export const startOfChinaDate = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00.000Z`) - chinaOffsetMs).toISOString();

/** Whole days from one calendar date to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

/** A date in days since 1970. */
export const dayOf = (date: string): number => daysBetween('1970-01-01', date);

/** The date of a day since 1970. */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The calendar month in China at this instant: `2026-04`. */
export const monthOf = (at: string): string => chinaDate(at).slice(0, 7);

/** `2026-05` after `2026-04`. */
export const monthAfter = (month: string): string => dateOf(dayOf(`${month}-01`) + 31).slice(0, 7);

/** R56: of versions with a date the newest that is in force at an instant, if any is. */
export const newestInForce = <Version extends { effectiveFrom: string }>(
  versions: readonly Version[],
  at: string,
): Version | undefined =>
  versions
    .filter(({ effectiveFrom }) => Date.parse(effectiveFrom) <= Date.parse(at))
    .sort((a, b) => Date.parse(b.effectiveFrom) - Date.parse(a.effectiveFrom))[0];
