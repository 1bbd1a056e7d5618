import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a disk can refuse: to take more, to write, to make durable, to read. */
export type Fault = 'no space' | 'write' | 'fsync' | 'read';

const CALLS: Readonly<Record<Fault, string>> = { 'no space': 'w', write: 'e', fsync: 's', read: 'r' };
const CONTROL_BYTES = 256;
const COUNTER_AT = 1;
const NAME_AT = 2;

/** Whether faults can be made here: the preloaded library is compiled with `cc`, and knows Linux. */
export const canFail = (): boolean => {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** A disk that fails when told to, for a process that is started with `env`. */
export class FaultyDisk {
  private readonly control: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(folder: string) {
    const library = join(folder, 'faults.so');
    this.control = join(folder, 'faults.control');
    writeFileSync(this.control, Buffer.alloc(CONTROL_BYTES));
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, join('test', 'crash', 'faults.c'), '-ldl']);
    this.env = { LD_PRELOAD: library, FAULT_CONTROL: this.control };
  }

  /** From now on calls on the files with this in their path fail so. */
  fail(fault: Fault, path: string): void {
    const bytes = Buffer.alloc(CONTROL_BYTES);
    bytes.write(CALLS[fault], 0);
    bytes.write(path, NAME_AT);
    this.write(bytes);
  }

  recover(): void {
    this.write(Buffer.alloc(CONTROL_BYTES));
  }

  /** How many calls have failed since `fail`. */
  get failures(): number {
    const bytes = Buffer.alloc(CONTROL_BYTES);
    const file = openSync(this.control, 'r');
    readSync(file, bytes, 0, CONTROL_BYTES, 0);
    closeSync(file);
    return bytes.readUInt8(COUNTER_AT);
  }

  // In place: the process has these very bytes mapped.
  private write(bytes: Buffer): void {
    const file = openSync(this.control, 'r+');
    writeSync(file, bytes, 0, CONTROL_BYTES, 0);
    closeSync(file);
  }
}
