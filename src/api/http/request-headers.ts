import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FieldError, InvalidRequest } from './problem.js';

/** What is said once: of two, this server and a proxy before it may take different ones. */
const ONCE = ['Host', 'Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key'] as const;

/**
 * Refuses headers that could be read in two ways, and a body in a form that it is not read in.
 * @throws InvalidRequest, UnsupportedMediaTypeException
 */
export const refuseHeaders = ({ raw: { rawHeaders, httpVersion, headers } }: FastifyRequest): void => {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  for (const name of ONCE) {
    const said = names.filter((one) => one === name.toLowerCase()).length;
    if (said > 1) throw refused(name, 'This header stands here twice.');
    // The first HTTP has no such header.
    if (name === 'Host' && said === 0 && httpVersion !== '1.0')
      throw refused(name, 'This header is missing.');
  }
  if (headers['transfer-encoding'] === undefined && !Number(headers['content-length'])) return;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const charsets = [...(headers['content-type'] ?? '').matchAll(CHARSET)].map(([, charset]) => charset);
  if (encoding !== 'identity' || charsets.some((charset) => charset?.toLowerCase() !== 'utf-8'))
    throw new UnsupportedMediaTypeException();
};

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/gi;

const refused = (name: string, message: string): InvalidRequest =>
  new InvalidRequest([new FieldError(name, message)]);
