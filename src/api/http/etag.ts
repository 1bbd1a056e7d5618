import type { FastifyReply } from 'fastify';

/** The strong entity tag of a revision: `"12"`. */
export const etagOf = (revision: number): string => `"${revision}"`;

/** An answer about what has a revision, with the ETag that a later write can name as the one it has seen. */
export const seenAt = <Answer extends { readonly revision: number }>(
  reply: FastifyReply,
  answer: Answer,
): Answer => {
  void reply.header('etag', etagOf(answer.revision));
  return answer;
};
