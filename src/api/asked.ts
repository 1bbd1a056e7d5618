/** A part that has not answered by then counts as down, in milliseconds: who asks how it goes does not wait long. */
const ANSWER_MS = 2_000;

export interface Asked<T> {
  readonly state: 'up' | 'down';
  readonly answer?: T;
}

/** What a part of the ledger answers, unless it fails, or takes too long. */
export const asked = async <T>(ask: () => Promise<T>): Promise<Asked<T>> => {
  let timer: NodeJS.Timeout | undefined;
  const mute = new Promise<Asked<T>>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'down' }), ANSWER_MS);
  });
  const answer = Promise.resolve()
    .then(ask)
    .then(
      (given): Asked<T> => ({ state: 'up', answer: given }),
      (): Asked<T> => ({ state: 'down' }),
    );
  try {
    return await Promise.race([answer, mute]);
  } finally {
    clearTimeout(timer);
  }
};
