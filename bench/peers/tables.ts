import { textTable } from '../text-table.ts';
import { FLOOR, OWN } from './all-peers.ts';
import type { AtRest } from './at-rest.ts';
import type { PeerCostRow } from './cpu-per-request.ts';
import type { FirstToken } from './first-token.ts';
import type { Growth } from './keys-and-models.ts';
import type { OpenStreams } from './open-streams.ts';
import type { RoutedRow } from './routed.ts';

const whole = (value: number) => value.toFixed(0);
const times = (value: number) => `${value.toFixed(2)} x`;

/** Microseconds of each, and what it is beside ours. */
export function costTable(title: string, rows: readonly PeerCostRow[]): string {
  const names = rows[0]?.costs.map((one) => one.peer) ?? [];
  const cells = rows.map(({ workload, costs }) => [
    workload,
    ...costs.map(({ peer, microseconds, besideOwn }) =>
      peer === OWN.name ? whole(microseconds) : `${whole(microseconds)} (${times(besideOwn)})`,
    ),
  ]);
  return `${title}\n${textTable(['CPU µs a request (beside signalbox)', ...names], cells)}`;
}

export function routedTable(rows: readonly RoutedRow[]): string {
  const cells = rows.map((row) => [
    row.workload,
    ...[row.exact, row.routed, row.difference, row.decisionAlone, row.samePrompt].map(whole),
  ]);
  const head = [
    'CPU µs a request',
    'by name',
    'best_for_task',
    'difference',
    'parse + analysis + decision alone',
    'same prompt',
  ];
  return `Routed by best_for_task among eight models, beside the same model by its name\n${textTable(head, cells)}`;
}

export function firstTokenTable(rows: readonly FirstToken[]): string {
  const floor = rows.find((one) => one.peer === FLOOR.name)?.addedMs ?? Number.NaN;
  const cells = rows.map(({ peer, medianMs, addedMs }) => [
    peer,
    medianMs.toFixed(2),
    addedMs.toFixed(2),
    times(addedMs / floor),
  ]);
  return `Time to the first piece of a stream, one request after the other, median\n${textTable(['', 'ms', 'added ms', 'beside the bare proxy'], cells)}`;
}

export function atRestTable(rows: readonly AtRest[]): string {
  const floor = rows.find((one) => one.peer === FLOOR.name);
  const cells = rows.map((row) => [
    row.peer,
    row.megabytes.toFixed(1),
    times(row.megabytes / (floor?.megabytes ?? Number.NaN)),
    whole(row.firstAnswerMs),
    times(row.firstAnswerMs / (floor?.firstAnswerMs ?? Number.NaN)),
    whole(row.firstAnswerCpuMs),
    times(row.firstAnswerCpuMs / (floor?.firstAnswerCpuMs ?? Number.NaN)),
    String(row.starts),
  ]);
  const head = ['', 'idle MB', 'of bare', 'first answer ms', 'of bare', 'CPU ms', 'of bare', 'starts'];
  return `Just started: memory a second after the first answer, and the time from the start to that answer, median\n${textTable(head, cells)}`;
}

export function openStreamsTable(rows: readonly OpenStreams[]): string {
  const cells = rows.map((row) => [
    row.peer,
    String(row.streams),
    row.megabytes.toFixed(1),
    Number.isFinite(row.kilobytesEach) ? row.kilobytesEach.toFixed(1) : '',
    whole(row.microsecondsEach),
  ]);
  const head = ['', 'streams at once', 'MB', 'KB a stream', 'CPU µs a stream'];
  return `Streams at once: memory while all are open, and CPU of a stream of 50 events, 5 ms apart\n${textTable(head, cells)}`;
}

export function growthTable(rows: readonly Growth[]): string {
  const what = rows[0]?.what ?? '';
  const cells = rows.map((row) => [
    String(row.count),
    whole(row.one),
    whole(row.all),
    row.megabytes.toFixed(1),
    whole(row.firstAnswerMs),
  ]);
  const [one, all] = what === 'keys' ? ['one key asks', 'all in turn'] : ['by name', 'best_for_task among all'];
  return `More ${what}: CPU µs of a request of 1 KB\n${textTable([what, one, all, 'MB at the start', 'first answer ms'], cells)}`;
}
