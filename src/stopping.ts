/** How long a stop may take before the process ends all the same, in milliseconds. */
const MAX_STOP_MS = 10_000;

/** Is aborted once the process is told to stop, which from then on no longer ends it by itself. */
export const stopSignal = (): AbortSignal => {
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) return;
    globalThis.setTimeout(() => process.exit(1), MAX_STOP_MS).unref();
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  return stopping.signal;
};

/** Does something as soon as a signal is aborted, also where it is by now. */
export const onAbort = (signal: AbortSignal, work: () => void): void => {
  if (signal.aborted) work();
  else signal.addEventListener('abort', work, { once: true });
};
