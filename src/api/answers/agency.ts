import type {
  AgencyAnswer,
  AgencyItem,
  PortfolioAnswer,
  PortfolioItem,
} from '../../application/queries/agencies.js';
import type {
  LeftAlone,
  PreviewAnswer,
  PreviewMove,
  PreviewRegrouping,
  ReorganizationAnswer,
  ReorganizationItem,
} from '../../application/queries/reorganizations.js';
import type { Agency, AgencyDissolution } from '../../domain/agency/agency.js';
import { AGENCY_LEVELS, type AgencyName } from '../../domain/agency/events.js';
import {
  type Allocation,
  type Establishment,
  REORGANIZATION_KINDS,
  type Scope,
} from '../../domain/reorganization/events.js';
import {
  ENDED,
  LEGAL_BASIS,
  type Listed,
  MOVE,
  pageOf,
  REVISION,
  ROLE,
  STALE,
  type Stale,
  SUBJECT_REF,
  timelineOf,
  WHEN,
} from './common.js';
import { STATUS_OF_TASK } from './plan.js';
import {
  counts,
  day,
  described,
  integer,
  kindOf,
  listOf,
  named,
  nullable,
  objectOf,
  oneOf,
  type Properties,
  position,
  text,
} from './schema.js';
import { STATUS_OF_ONE } from './status.js';
import { ENTRY_OF_DECREE } from './trail.js';

const LEVEL = oneOf(...AGENCY_LEVELS);
const NAME: Properties<AgencyName> = { name: text, shortName: nullable(text) };

const AGENCY_ITEM: Properties<AgencyItem> = {
  id: text,
  kind: oneOf('agency', 'group'),
  ...NAME,
  level: LEVEL,
  aliases: listOf(text),
  members: listOf(text),
  establishedOn: described('Null for before all records', nullable(day)),
  dissolvedOn: nullable(day),
  successors: listOf(text),
};

const ITEM = named('AgencyItem', objectOf<AgencyItem>(AGENCY_ITEM));

export const AGENCY_PAGE = objectOf(pageOf(ITEM));

const FACTS = objectOf<Agency & Stale>({
  id: text,
  kind: oneOf('agency', 'group'),
  level: LEVEL,
  names: timelineOf(objectOf<AgencyName>(NAME)),
  aliases: listOf(text),
  establishedOn: nullable(day),
  members: timelineOf(listOf(text)),
  dissolutions: listOf(
    objectOf<AgencyDissolution>({
      ...ENDED,
      successors: listOf(text),
      restoredOn: described('The day from which it was taken back', nullable(day)),
      reorganizationId: nullable(text),
    }),
  ),
  ...STALE,
});

export const AGENCY = named(
  'Agency',
  objectOf<AgencyAnswer>({ ...AGENCY_ITEM, facts: FACTS, revision: REVISION, ...WHEN }),
);

const HELD = named(
  'PortfolioItem',
  objectOf<PortfolioItem>({
    role: ROLE,
    via: described('The collective, or the row above, through which it is held', nullable(text)),
    subject: SUBJECT_REF,
    indicator: nullable(STATUS_OF_ONE),
    task: nullable(STATUS_OF_TASK),
  }),
);

export const PORTFOLIO = named(
  'Portfolio',
  objectOf<Listed<PortfolioAnswer>>({
    ...pageOf(HELD),
    agency: ITEM,
    counts: described(
      'How many subjects stand at each status, without those of plans that another took the place of',
      counts,
    ),
    standingStill: described(
      'How many of them stand still, since an event of theirs cannot be read',
      integer,
    ),
  }),
);

const SCOPE = kindOf<Scope>('Scope', {
  all: {},
  plan: { planId: text },
  section: { planId: text, section: text },
  indicator: { id: text },
  task: { id: text },
});

const DECREE: Properties<ReorganizationItem> = {
  id: text,
  reorganizationId: text,
  kind: oneOf(...REORGANIZATION_KINDS),
  predecessors: listOf(text),
  successors: listOf(text),
  establishes: listOf(objectOf<Establishment>({ ...NAME, agencyId: text, level: LEVEL })),
  renaming: nullable(objectOf<AgencyName>(NAME)),
  allocations: listOf(
    objectOf<Allocation>({ predecessor: text, successor: text, scope: SCOPE, role: nullable(ROLE) }),
  ),
  effectiveOn: day,
  reason: text,
  legalBasis: LEGAL_BASIS,
  state: described(
    '`applying` and `revoking` until everything that follows from the decree, or its revocation, is recorded',
    oneOf('applying', 'applied', 'revoking', 'revoked'),
  ),
};

export const REORGANIZATION_PAGE = objectOf(
  pageOf(named('ReorganizationItem', objectOf<ReorganizationItem>(DECREE))),
);

const ENTRIES = listOf(ENTRY_OF_DECREE);

const DONE = objectOf<NonNullable<ReorganizationAnswer['applied']>>({
  ...{ reorganizationId: text, effectiveOn: day, indicators: integer, tasks: integer },
});

export const REORGANIZATION = named(
  'Reorganization',
  objectOf<ReorganizationAnswer>({
    ...DECREE,
    applied: described('Once it is applied: how many it moved', nullable(DONE)),
    revoked: nullable(
      objectOf<NonNullable<ReorganizationAnswer['revoked']>>({
        reorganizationId: text,
        effectiveOn: day,
        reason: text,
        legalBasis: LEGAL_BASIS,
      }),
    ),
    turnedBack: described('Once it is revoked: how many were given back', nullable(DONE)),
    caused: described('Everything that was done because of the decree, in order', ENTRIES),
    givenBack: described('What a revocation gave back', ENTRIES),
    leftAlone: described(
      'Of a revoked decree: what it changed and nothing gave back, since it was stated anew or has ended; null while it ' +
        'is `revoking`',
      nullable(
        listOf(
          objectOf<LeftAlone>({
            subject: objectOf<LeftAlone['subject']>({ kind: oneOf('indicator', 'task', 'agency'), id: text }),
            role: described('Null for the members or the name of an agency', nullable(ROLE)),
            effectiveOn: day,
          }),
        ),
      ),
    ),
    revision: REVISION,
    position: nullable(position),
  }),
);

const WOULD_MOVE = objectOf<PreviewMove>({
  subject: SUBJECT_REF,
  title: text,
  role: ROLE,
  effectiveOn: day,
  moves: listOf(MOVE),
  allocation: described('Which allocation decides: `default`, or the scope of an exception', nullable(text)),
});

/** What a decree would do. */
export const PREVIEW = named(
  'Preview',
  objectOf<PreviewAnswer>({
    plans: listOf(objectOf<PreviewAnswer['plans'][number]>({ planId: text, moves: listOf(WOULD_MOVE) })),
    unallocated: described(
      'What nobody is said to take over',
      listOf(
        objectOf<PreviewAnswer['unallocated'][number]>({
          subject: SUBJECT_REF,
          role: ROLE,
          agency: text,
        }),
      ),
    ),
    ending: described('The agencies that end with it', listOf(text)),
    collectives: described(
      'Who leaves a collective and who comes into it, from which day, and how many indicators and tasks it leads then',
      listOf(
        objectOf<PreviewRegrouping>({
          group: text,
          effectiveOn: day,
          leaves: listOf(text),
          joins: listOf(text),
          leads: integer,
        }),
      ),
    ),
    reporting: described(
      'How many leads each agency gains and hands over, itself or through a collective, and from which day that counts for its reporters',
      listOf(
        objectOf<PreviewAnswer['reporting'][number]>({
          agency: text,
          gains: integer,
          handsOver: integer,
          from: day,
        }),
      ),
    ),
  }),
);
