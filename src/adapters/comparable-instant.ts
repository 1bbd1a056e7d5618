import { instant } from '../domain/time.js';

/** An instant as stores compare them: ISO UTC with milliseconds. @throws RangeError */
export const comparableInstant = (text: string): string => {
  const comparable = instant(text);
  if (comparable === null) throw new RangeError(`${text} is not an instant`);
  return comparable;
};
