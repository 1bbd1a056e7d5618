import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** What a server says in its log, at every level, and the secrets that must not be among it. */
export class Logs {
  readonly lines: string[] = [];
  private readonly secrets = new Set<string>();

  /** Takes the place of Nest's own logger. */
  get logger(): LoggerService {
    const keep =
      (level: string) =>
      (...said: unknown[]): void => {
        this.lines.push(
          `${level} ${said.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' ')}`,
        );
      };
    return { log: keep('log'), error: keep('error'), warn: keep('warn'), debug: keep('debug') };
  }

  /** A token, or a key. Of a token the signature alone is one too: the rest can be told by anybody. */
  keepsSecret(secret: string): void {
    this.secrets.add(secret);
    const signature = secret.split('.')[2];
    if (signature) this.secrets.add(signature);
  }

  /** The lines that hold a secret. */
  leaked(text: readonly string[] = this.lines): string[] {
    return text.filter((line) => [...this.secrets].some((secret) => line.includes(secret)));
  }
}
