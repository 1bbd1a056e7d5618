import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InProgress } from '../../application/errors.js';
import { requestOf } from './request.js';

/**
 * Lets one request with an Idempotency-Key through at a time: a second one while the first is being answered is 409, as
 * nothing can be said yet of what became of it. Reads the headers of every POST, so that a malformed one is refused
 * everywhere alike.
 */
@Injectable()
export class OnceGuard implements CanActivate, OnModuleInit {
  /** The command of each request that is being answered. */
  private readonly commands = new WeakMap<FastifyRequest, string>();
  private readonly running = new Set<string>();

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'POST') return true;
    const { repeatable } = requestOf(request);
    if (repeatable === null) return true;
    const { commandId } = repeatable;
    if (this.running.has(commandId)) throw new InProgress('a request with this key is being answered');
    this.commands.set(request, commandId);
    this.running.add(commandId);
    return true;
  }

  /** Lets the next one through once an answer is made, whether or not anybody still waits for it. */
  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addHook('onSend', (request, _reply, payload, done) => {
      this.running.delete(this.commands.get(request) ?? '');
      done(null, payload);
    });
  }
}
