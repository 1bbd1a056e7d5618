import { type DynamicModule, Logger, Module, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AUTHENTICATOR, type Authenticator } from './api/auth/authenticator.js';
import { AccessController } from './api/controllers/access.controller.js';
import { AgenciesController } from './api/controllers/agencies.controller.js';
import { HealthController } from './api/controllers/health.controller.js';
import { ImportsController } from './api/controllers/imports.controller.js';
import { IndicatorsController } from './api/controllers/indicators.controller.js';
import { LogController } from './api/controllers/log.controller.js';
import { MeasurementsController } from './api/controllers/measurements.controller.js';
import { MetricsController, OpenMetricsController } from './api/controllers/metrics.controller.js';
import { PlansController } from './api/controllers/plans.controller.js';
import { ProjectionsController } from './api/controllers/projections.controller.js';
import { ReorganizationsController } from './api/controllers/reorganizations.controller.js';
import { StreamController } from './api/controllers/stream.controller.js';
import { TasksController } from './api/controllers/tasks.controller.js';
import { HTTP_PROVIDERS } from './api/http/providers.js';
import { RATES, type Rates } from './api/http/rates.js';
import { Metrics } from './api/metrics.js';
import { AgencyHandler } from './application/commands/agency.handler.js';
import { IndicatorHandler } from './application/commands/indicator.handler.js';
import { PlanHandler } from './application/commands/plan.handler.js';
import { ReorganizationHandler } from './application/commands/reorganization.handler.js';
import { TaskHandler } from './application/commands/task.handler.js';
import type { Writing } from './application/handle.js';
import { holdingsOf } from './application/holdings.js';
import { Progress } from './application/progress.js';
import { AccessHandler } from './application/queries/access.js';
import { AgenciesHandler, AgencyQueryHandler, PortfolioHandler } from './application/queries/agencies.js';
import { AuditHandler } from './application/queries/audit.js';
import { HistoryHandler, IndicatorQueryHandler } from './application/queries/indicators.js';
import { LogHandler, PlanEventsHandler } from './application/queries/log.js';
import { MeasurementQueryHandler, MeasurementsHandler } from './application/queries/measurements.js';
import { OverviewHandler } from './application/queries/overview.js';
import { PlanStatusHandler } from './application/queries/plan-status.js';
import { PlanQueryHandler, PlansHandler } from './application/queries/plans.js';
import {
  PreviewHandler,
  ReorganizationQueryHandler,
  ReorganizationsHandler,
} from './application/queries/reorganizations.js';
import { TaskQueryHandler, TasksHandler } from './application/queries/tasks.js';
import { Questions } from './application/questions.js';
import { workRebuilds } from './application/rebuild.js';
import { ReorganizationFollower } from './application/reorganization/follow.js';
import { HOLDINGS, WRITING } from './application/tokens.js';
import type { Config, ProcessRole } from './config.js';
import type { Ledger } from './ledger.js';
import { ACCESS_LOG, CLOCK, JOB_QUEUE } from './ports/tokens.js';

const COMMANDS = [PlanHandler, IndicatorHandler, TaskHandler, AgencyHandler, ReorganizationHandler];

const QUERIES = [
  PlansHandler,
  PlanQueryHandler,
  PlanStatusHandler,
  PlanEventsHandler,
  AuditHandler,
  IndicatorQueryHandler,
  HistoryHandler,
  TasksHandler,
  TaskQueryHandler,
  AgenciesHandler,
  AgencyQueryHandler,
  PortfolioHandler,
  MeasurementsHandler,
  MeasurementQueryHandler,
  OverviewHandler,
  ReorganizationsHandler,
  ReorganizationQueryHandler,
  PreviewHandler,
  LogHandler,
  AccessHandler,
];

/** What callers ask; every process answers for its health besides. */
const API = [
  PlansController,
  IndicatorsController,
  MeasurementsController,
  TasksController,
  AgenciesController,
  ReorganizationsController,
  LogController,
  AccessController,
  StreamController,
  ProjectionsController,
  ImportsController,
];

@Module({})
class AppModule {}

/** The application around an open ledger. */
export const appModule = (
  config: Pick<Config, 'metrics'>,
  ledger: Ledger,
  authenticator: Authenticator,
  rates: Rates,
): DynamicModule => {
  const does = (role: ProcessRole) => ledger.roles.includes(role);
  if (does('worker')) workRebuilds(ledger.jobs, ledger.projector);
  const { events, states, clock, ids, firstOf } = ledger;
  const writing: Writing = { events, states, clock, ids, firstOf };
  return {
    module: AppModule,
    imports: [CqrsModule.forRoot()],
    controllers: [
      ...(does('api') ? API : []),
      HealthController,
      config.metrics === 'open' ? OpenMetricsController : MetricsController,
    ],
    providers: [
      ...HTTP_PROVIDERS,
      ...COMMANDS,
      ...QUERIES,
      { provide: AUTHENTICATOR, useValue: authenticator },
      { provide: RATES, useValue: rates },
      { provide: WRITING, useValue: writing },
      { provide: HOLDINGS, useValue: holdingsOf(writing, ledger.questions) },
      { provide: Questions, useValue: ledger.questions },
      { provide: Progress, useValue: ledger.progress },
      { provide: ACCESS_LOG, useValue: ledger.access },
      { provide: CLOCK, useValue: ledger.clock },
      { provide: JOB_QUEUE, useValue: ledger.jobs },
      ...(does('worker') ? [follower(writing, ledger)] : []),
      { provide: Metrics, useValue: new Metrics(ledger) },
    ],
  };
};

const follower = (writing: Writing, { questions, jobs }: Ledger): Provider => ({
  provide: ReorganizationFollower,
  useValue: new ReorganizationFollower(writing, questions, jobs, (error) =>
    new Logger('Reorganizations').error(String(error)),
  ),
});
