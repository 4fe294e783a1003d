import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
const FOLDER =
  process.env.SIGNALBOX_CLIENT_REQUESTS ?? join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/clients');

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
