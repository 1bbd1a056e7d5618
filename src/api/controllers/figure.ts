import type { Figure } from '../../domain/indicator/events.js';
import type { FigureBody } from '../bodies/indicator.js';

export const figureOf = (body: FigureBody): Figure => ({
  value: body.value ?? null,
  met: body.met ?? null,
  components: body.components?.map(({ name, value }) => ({ name, value })) ?? null,
  qualifier: body.qualifier ?? null,
  source: body.source ?? null,
  evidence: body.evidence ?? null,
  note: body.note ?? null,
});
