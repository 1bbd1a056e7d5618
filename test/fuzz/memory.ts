const METRIC = /^nodejs_heap_size_used_bytes (\d+)/m;

/** Bytes that the server's objects take now, garbage included. */
export const sampled = async (url: string, token: string): Promise<number> => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  return Number(METRIC.exec(await response.text())?.[1]);
};

/** How much more the least of the last samples may be than the least of those after warming up, in bytes. */
const MAX_GROWTH = 48 * 2 ** 20;

/** Why memory is not bounded, or null. The least of many samples is what is left when the garbage is gone. */
export const memoryFault = (samples: readonly number[]): string | null => {
  const quarter = Math.floor(samples.length / 4);
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)].map((part) =>
    Math.min(...part),
  );
  if (early === undefined || late === undefined || !Number.isFinite(late)) return 'too few requests to tell';
  return late - early > MAX_GROWTH ? `the heap grew from ${early} to ${late} bytes` : null;
};
