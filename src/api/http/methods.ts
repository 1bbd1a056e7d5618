import { MethodNotAllowedException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Tells an address where a method is not possible from one where there is nothing at all. */
export class Methods {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** Learns the routes that a server is given from now on. */
  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ url, method }) => {
      const path = url
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replaceAll('*', '.*');
      this.routes.push({ pattern: new RegExp(`^${path}$`), methods: [method].flat() });
    });
  }

  /** For a request that no route takes. @throws MethodNotAllowedException where other methods are taken, which `Allow` names */
  refuse({ url }: FastifyRequest, reply: FastifyReply): void {
    const path = url.replace(/\?.*/s, '');
    const known = this.routes.filter(({ pattern }) => pattern.test(path));
    if (known.length === 0) return;
    const methods = new Set(known.flatMap(({ methods: taken }) => taken));
    void reply.header('allow', [...methods].sort().join(', '));
    throw new MethodNotAllowedException();
  }
}
