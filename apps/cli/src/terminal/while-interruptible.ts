/**
 * Does work that its user can give up: the signal is aborted by Ctrl-C, by a request to end, and when the reader of our output goes away (`| head`), since
 * nobody needs the rest then. A second Ctrl-C ends the program as it does any other.
 *
 * @example
 * await whileInterruptible((signal) => router.generate(request, { signal }));
 */
export async function whileInterruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const given = new AbortController();
  const interrupt = () => given.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  process.stdout.on('error', interrupt);
  try {
    return await work(given.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    process.stdout.off('error', interrupt);
  }
}
