const SCANS = ['filter', 'find', 'findIndex', 'findLast', 'some', 'every', 'includes', 'indexOf'] as const;

type Scan = (this: readonly unknown[], ...given: unknown[]) => unknown;

/**
 * How many elements of lists are looked through while something is done, at most: work counted by its shape, whatever the
 * machine. What is looked through once for each of its own elements counts with its square.
 */
export const scannedBy = async (act: () => unknown): Promise<number> => {
  const prototype = Array.prototype as unknown as Record<string, Scan>;
  const own = SCANS.map((name) => [name, prototype[name] as Scan] as const);
  let scanned = 0;
  for (const [name, scan] of own)
    prototype[name] = function (...given) {
      scanned += this.length;
      return scan.apply(this, given);
    };
  try {
    await act();
  } finally {
    for (const [name, scan] of own) prototype[name] = scan;
  }
  return scanned;
};
