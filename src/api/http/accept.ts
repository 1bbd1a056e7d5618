import { NotAcceptableException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const JSON_TYPE = 'application/json';
const CSV_TYPE = 'text/csv';

/**
 * Whether Accept asks for CSV rather than JSON; JSON where both are as welcome.
 * @throws NotAcceptableException when it takes neither
 */
export const wantsCsv = (request: Pick<FastifyRequest, 'headers'>): boolean => {
  const accept = request.headers.accept;
  if (accept === undefined || accept.trim() === '') return false;
  const ranges = accept.split(',').map(read);
  const [json, csv] = [qualityOf(JSON_TYPE, ranges), qualityOf(CSV_TYPE, ranges)];
  if (json === 0 && csv === 0) throw new NotAcceptableException();
  return csv > json;
};

interface Range {
  readonly type: string;
  readonly quality: number;
}

const read = (text: string): Range => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = q === undefined ? 1 : Number(q);
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
};

// The most specific range that matches decides (RFC 9110, 12.5.1), so `*/*, text/csv;q=0` takes no CSV.
const qualityOf = (type: string, ranges: readonly Range[]): number => {
  for (const range of [type, type.replace(/\/.*/, '/*'), '*/*']) {
    const found = ranges.find((one) => one.type === range);
    if (found) return found.quality;
  }
  return 0;
};
