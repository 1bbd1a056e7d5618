/** Takes steps beside each other, and waits for all of them. @throws what the first of those that failed threw */
export const takeBeside = async (steps: readonly (() => Promise<unknown>)[]): Promise<void> => {
  for (const outcome of await Promise.allSettled(steps.map((step) => step())))
    if (outcome.status === 'rejected') throw outcome.reason;
};

/** Takes each step, whatever became of those before it. @throws what the first of those that failed threw */
export const takeEvery = async (steps: readonly (() => unknown)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const step of steps)
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
};
