/** Milliseconds of one sum: the offsets of all time zones are whole quarters of an hour, so every day is made of them. */
export const QUARTER = 900_000;

/** Days here are those of UTC: whole ones inside a longer time are read at once. */
export const QUARTERS_A_DAY = 96;

/**
 * What sums are kept by, with the number of each in the file: [dimension, expression over `attempts a` (a number of a name; 0: none), when
 * an attempt repeats one of the same decision under the same name]. Tags are one more, since an attempt may have several.
 */
export const DIMENSIONS = {
  all: [0, '0', 'a.attempt > 1'],
  provider: [1, 'a.provider', earlier('provider')],
  candidate: [2, 'a.candidate', earlier('candidate')],
  user: [3, 'coalesce(a.user, 0)', 'a.attempt > 1'],
  key: [4, 'coalesce(a.key, 0)', 'a.attempt > 1'],
  strategy: [5, 'a.strategy', 'a.attempt > 1'],
  taskType: [6, 'coalesce(a.task_type, 0)', 'a.attempt > 1'],
  tag: [7, 'coalesce((SELECT id FROM names WHERE name = tag.value), 0)', 'a.attempt > 1'],
  rule: [8, 'coalesce(a.rule, 0)', 'a.attempt > 1'],
} as const satisfies Readonly<Record<string, readonly [number: number, name: string, repeats: string]>>;

export type Dimension = keyof typeof DIMENSIONS;

/** What the third version of the schema kept sums by. */
export const FIRST_DIMENSIONS: readonly Dimension[] = [
  'all',
  'provider',
  'candidate',
  'user',
  'key',
  'strategy',
  'taskType',
  'tag',
];

/** An attempt's tags as rows; one row without a value where it has none. */
export const TAG_ROWS = `LEFT JOIN json_each(coalesce((SELECT name FROM names WHERE id = a.tags), '[]')) AS tag`;

function earlier(column: string): string {
  return `EXISTS (SELECT 1 FROM attempts e WHERE e.decision = a.decision AND e.attempt < a.attempt AND e.${column} = a.${column})`;
}

export const CREATE_SUMS = `
CREATE TABLE sums (
  dimension INTEGER NOT NULL,
  name INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  simulated INTEGER NOT NULL,
  provider INTEGER,
  model INTEGER,
  requests INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cost_nano_usd INTEGER NOT NULL,
  cost_provenance INTEGER,
  unknown_prices INTEGER NOT NULL,
  cache_hits INTEGER NOT NULL,
  saved_nano_usd INTEGER NOT NULL,
  PRIMARY KEY (dimension, name, quarter, simulated)
) STRICT, WITHOUT ROWID;`;

/** SQL that makes the sums of the attempts that fit a condition on `attempts a`, in some dimensions; their quarters must have none yet. */
export function fillSums(
  condition: string,
  dimensions: readonly Dimension[] = Object.keys(DIMENSIONS) as Dimension[],
): string {
  const names = `INSERT INTO names (name) SELECT DISTINCT tag.value FROM attempts a ${TAG_ROWS}
    WHERE tag.value IS NOT NULL AND ${condition} ON CONFLICT DO NOTHING;`;
  const inserts = dimensions.map((dimension) => {
    const [number, name, repeats] = DIMENSIONS[dimension];
    return `
INSERT INTO sums SELECT ${number}, ${name} AS name, a.started_at / ${QUARTER} AS quarter, a.simulated,
  ${dimension === 'candidate' ? 'min(a.provider), min(a.model)' : 'NULL, NULL'},
  count(*) FILTER (WHERE NOT (${repeats})), count(*), count(*) FILTER (WHERE a.outcome <> 4),
  coalesce(sum(a.input_tokens), 0), coalesce(sum(a.output_tokens), 0), coalesce(sum(a.cache_read_tokens), 0),
  coalesce(sum(a.cost_nano_usd), 0), min(a.cost_provenance) FILTER (WHERE a.cost_nano_usd IS NOT NULL),
  count(*) FILTER (WHERE a.cost_nano_usd IS NULL AND a.simulated = 0 AND
    (a.outcome = 4 OR coalesce(a.input_tokens, 0) + coalesce(a.output_tokens, 0) > 0)),
  count(*) FILTER (WHERE a.lane = (SELECT id FROM names WHERE name = 'cache')),
  coalesce(sum(a.saved_nano_usd), 0)
FROM attempts a ${dimension === 'tag' ? TAG_ROWS : ''} WHERE ${condition} GROUP BY name, quarter, a.simulated;`;
  });
  return [names, ...inserts].join('\n');
}

/** The sums of `sums` by days of UTC: a month is thirty rows and the quarters at its ends. */
export const CREATE_DAY_SUMS = CREATE_SUMS.replace('CREATE TABLE sums', 'CREATE TABLE day_sums').replaceAll(
  'quarter',
  'day',
);

/** SQL that makes them of the sums whose quarters fit a condition; their days must have none yet. */
export function fillDaySums(quarters: string): string {
  return `INSERT INTO day_sums SELECT dimension, name, quarter / ${QUARTERS_A_DAY} AS day, simulated, min(provider), min(model),
  sum(requests), sum(attempts), sum(failures), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
  sum(cost_nano_usd), min(cost_provenance), sum(unknown_prices), sum(cache_hits), sum(saved_nano_usd)
FROM sums WHERE ${quarters} GROUP BY dimension, name, day, simulated;`;
}
