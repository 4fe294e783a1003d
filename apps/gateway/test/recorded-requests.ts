import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request as a real client sent it. Keys are masked, and long texts are cut. */
export interface RecordedRequest {
  readonly name: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Where recorded requests lie: beside the checkout, or where the variable says. They are nobody's to publish, so they are no part of the repository. */
const FOLDER = join(process.env.SIGNALBOX_SHARED ?? join(import.meta.dirname, '../../../../shared'), 'clients');

/** The recorded requests; none where there are none: say so in the test's name, and skip. */
export function recordedRequests(): readonly RecordedRequest[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const request = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Omit<RecordedRequest, 'name'>;
      return { name: file.replace(/\.json$/, ''), ...request };
    });
}
