import { plusDays } from '../../src/domain/time.js';
import type { Random } from './random.js';

/** The first quarter that is reported: the plans were entered as it began. */
const FIRST_YEAR = 2025;
const FIRST_QUARTER = 3;

/** A quarter, and the day on which it has ended. */
export interface Quarter {
  readonly period: string;
  readonly year: number;
  readonly quarter: number;
  /** The day after its last. */
  readonly over: string;
}

/** The n-th quarter that is reported, from 0. */
export const quarterAt = (n: number): Quarter => {
  const count = FIRST_QUARTER - 1 + n;
  const year = FIRST_YEAR + Math.floor(count / 4);
  const quarter = (count % 4) + 1;
  const next = new Date(Date.UTC(year, quarter * 3, 1)).toISOString().slice(0, 10);
  return { period: `${year}-Q${quarter}`, year, quarter, over: next };
};

/** An instant in the working hours of the day so many days after one. */
export const workingHours = (day: string, after: number, random: Random): string => {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hour, minute, second] = [random.between(1, 9), random.between(0, 59), random.between(0, 59)];
  return `${plusDays(day, after)}T${two(hour)}:${two(minute)}:${two(second)}.${String(random.between(0, 999)).padStart(3, '0')}Z`;
};
