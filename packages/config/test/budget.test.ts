import { expect, test } from 'vitest';
import { renderConfiguration, untrustedUses } from '../src/index.ts';
import { parse } from './parse.ts';

const WHOLE = `
budget:
  daily: 50
  monthly: 1000.00
  per_request: 0.10
  per_user: { default: 10, users: { ann: 20 } }
  per_key: { build: { daily: 5 } }
  per_tag: { nightly: { monthly: 30 } }
  per_model: { anthropic.opus: { daily: 8, max_daily_uses: 10 } }
  alerts:
    - { threshold: 95%, action: deny }
    - { threshold: 50%, action: notify, release_margin: 10% }
  notify: { webhook: "https://hooks.example/budget?key=abc", command: [notify-send, Signalbox] }
  time_zone: Europe/Lisbon
  hard: false
  unknown_price: allow
`;

test('everything that a budget can say', () => {
  const { configuration, warnings } = parse(WHOLE);
  expect(warnings).toEqual([]);
  expect(configuration.budget).toEqual({
    daily: 50_000_000_000,
    monthly: 1_000_000_000_000,
    perRequest: 100_000_000,
    perUser: { enabled: true, default: 10_000_000_000, users: { ann: 20_000_000_000 } },
    perKey: { build: { daily: 5_000_000_000 } },
    perTag: { nightly: { monthly: 30_000_000_000 } },
    perModel: { 'anthropic.opus': { daily: 8_000_000_000, maxDailyUses: 10 } },
    alerts: [
      { threshold: 0.5, action: 'notify', releaseMargin: 0.1 },
      { threshold: 0.95, action: 'deny' },
    ],
    notify: { webhook: 'https://hooks.example/budget?key=abc', command: ['notify-send', 'Signalbox'] },
    timeZone: 'Europe/Lisbon',
    hard: false,
    unknownPrice: 'allow',
  });
});

test('is shown without what the address of a webhook hides, and with the limits of keys', () => {
  const shown = renderConfiguration(parse(WHOLE));
  expect(shown).not.toContain('abc');
  expect(shown).toMatch(/per_key:\n\s+build:\n\s+daily: 5 #/);
  expect(shown).toMatch(/- threshold: "50%"\n\s+action: notify\n\s+release_margin: "10%"/);
});

test.each([
  ['budget: {time_zone: Europe/Lissabon}', 'expected a time zone such as Europe/Lisbon or UTC'],
  ['budget: {notify: {webhook: "ftp://x"}}', 'expected an http(s) address'],
  [
    'budget: {alerts: [{threshold: 50%, action: deny, release_margin: 60%}]}',
    'alerts[0].release_margin: expected a share that is no larger than the threshold, 50%, found the text "60%"',
  ],
  ['budget: {alerts: [{threshold: 50%, action: deny, release_margin: -1}]}', 'expected a share such as 80'],
  ['budget: {per_model: {opus: {max_daily_uses: 0}}}', 'expected a whole number above 0'],
  ['budget: {per_key: {build: {dialy: 5}}}', 'Did you mean "daily"?'],
])('%s is a mistake: %s', (text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
});

test('what a project tells others of is a matter of trust: commands, and hosts that are not this machine', () => {
  const usesOf = (notify: string) => {
    const { entries } = parse(`budget: { notify: ${notify} }`);
    const own = entries.map((entry) =>
      entry.source.kind === 'file' ? { ...entry, source: { ...entry.source, scope: 'project' as const } } : entry,
    );
    const uses = untrustedUses({ entries: own, projectVariables: new Map(), projectScript: undefined }, {});
    return uses.map(({ path, reason }) => [path, reason]);
  };
  expect(usesOf('{ webhook: "http://127.0.0.1:9/x" }')).toEqual([]);
  expect(usesOf('{ webhook: "https://hooks.example/x?k=1" }')).toEqual([
    ['budget.notify.webhook', 'tells hooks.example what is spent'],
  ]);
  expect(usesOf('{ command: "mail ann" }')).toEqual([
    ['budget.notify.command', 'runs the command "mail ann" for alerts'],
  ]);
});

test.each([
  ['90d', 90],
  ['12w', 84],
  ['6mo', 180],
  ['2Y', 730],
  ['36h', 1.5],
  [86_400, 1],
])('the ledger is kept for %s', (keep, days) => {
  const { configuration } = parse(`cost_tracking: { keep: ${keep} }`);
  expect(configuration.costTracking.keepMs).toBe(days * 86_400_000);
});

test.each(['6m', '23h', '3600', '0d', '6moons'])('%s is no time that a ledger is kept for', (keep) => {
  expect(() => parse(`cost_tracking: { keep: ${keep} }`)).toThrow(
    /cost_tracking\.keep: expected a time such as 90d, 12w, 6mo .*one day at least/,
  );
});
