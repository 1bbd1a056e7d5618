import type { JobStatus } from '../../ports/job-queue.js';

export type Progress = NonNullable<JobStatus['progress']>;

/** Tells a job's progress one after the other; what is overtaken while another is being told is left out. */
export class ProgressTeller {
  #next: Progress | undefined;
  #telling: Promise<void> | undefined;

  constructor(private readonly send: (progress: Progress) => Promise<void>) {}

  tell(progress: Progress): void {
    this.#next = progress;
    this.#telling ??= this.#tellAll();
  }

  /** Resolves when the last has been told, or could not be: progress is of interest, never of consequence. */
  async told(): Promise<void> {
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    while (this.#next) {
      const progress = this.#next;
      this.#next = undefined;
      await this.send(progress).catch(() => undefined);
    }
    this.#telling = undefined;
  }
}
