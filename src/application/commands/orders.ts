import type { AgencyCommand } from '../../domain/agency/commands.js';
import type { IndicatorCommand } from '../../domain/indicator/commands.js';
import type { PlanCommand } from '../../domain/plan/commands.js';
import type { ReorganizationCommand } from '../../domain/reorganization/commands.js';
import type { TaskCommand } from '../../domain/task/commands.js';
import type { Request } from '../request.js';

/** A command as it is asked: what the decision needs of other streams is read by its handler. */
export type Ordered<C> = C extends { readonly type: infer T; readonly data: infer D }
  ? { readonly type: T; readonly data: D }
  : never;

/** What the bus carries: one class a noun, each with one handler. */
export class OrderPlan {
  constructor(
    readonly planId: string,
    readonly order: Ordered<PlanCommand>,
    readonly request: Request,
  ) {}
}

export class OrderIndicator {
  constructor(
    readonly indicatorId: string,
    readonly order: Ordered<IndicatorCommand>,
    readonly request: Request,
  ) {}
}

export class OrderTask {
  constructor(
    readonly taskId: string,
    readonly order: Ordered<TaskCommand>,
    readonly request: Request,
  ) {}
}

export class OrderAgency {
  constructor(
    readonly agencyId: string,
    readonly order: Ordered<AgencyCommand>,
    readonly request: Request,
  ) {}
}

export class OrderReorganization {
  constructor(
    readonly reorganizationId: string,
    readonly order: Exclude<
      Ordered<ReorganizationCommand>,
      { type: 'ApplyReorganization' | 'TurnBackReorganization' }
    >,
    readonly request: Request,
  ) {}
}
