import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderConfiguration } from '../src/index.ts';
import { makeFolders, PROJECT_FILE } from './folders.ts';
import { parse } from './parse.ts';

test('each value has its source beside it, and no secret is shown', async () => {
  const folders = makeFolders();
  folders.write(
    PROJECT_FILE,
    `router:
  strategy: intelligent
providers:
  anthropic:
    api_key: \${ANTHROPIC_API_KEY}
  openai:
    api_key: sk-abcdefghijkl
    headers:
      X-Anything: whatever-secret
    endpoint: https://user:password@proxy.example/v1?key=query-secret
    models:
      gpt4:
        name: gpt-4-turbo
        max_tokens: 128000
  google:
    api_key: \${NOT_SET}
  local:
routing:
  rules:
    - pattern: '.*\\.ts: #'
      model: anthropic.sonnet
`,
  );
  const loaded = await folders.load({
    env: { ANTHROPIC_API_KEY: 'a-very-secret-key', CLAUDE_CODE_DEFAULT_MODEL: 'claude-sonnet-4' },
    overrides: { streaming: false },
  });
  const place = '.claude-code/router-config.yml';
  expect(renderConfiguration(loaded)).toBe(`router:
  default_model: claude-sonnet-4 # environment CLAUDE_CODE_DEFAULT_MODEL
  enabled: true # default
  cost_tracking:
    enabled: true # default
  monitoring:
    enabled: true # default
    track_latency: true # default
    track_token_usage: true # default
providers:
  anthropic:
    api_key: "\${ANTHROPIC_API_KEY}" # ${place}:5:14
  openai:
    api_key: "<hidden>" # ${place}:7:14
    endpoint: "https://hidden@proxy.example/v1?key=hidden" # ${place}:10:15
    models: # ${place}:12:7
      gpt4:
        name: gpt-4-turbo
        max_tokens: 128000
    headers: # ${place}:9:7
      X-Anything: "<hidden>"
  google:
    api_key: "\${NOT_SET}" # ${place}:16:14, not set
  local: {}
routing:
  strategy: intelligent # ${place}:2:13
  rules: # ${place}:20:5
    - pattern: ".*\\\\.ts: #"
      model: anthropic.sonnet
  apply_to: auto # default
  background: cheapest # default
  learning:
    outcomes: true # default
    features: true # default
  keep_warm: true # default
gateway:
  count_tokens: estimate # default
fallback:
  enabled: true # default
caching:
  enabled: false # default
  semantic:
    enabled: false # default
streaming:
  enabled: false # flag
chat:
  store: false # default
auto_detect_complexity: true # default
strict: false # default
`);
});

const FOLDER = join(import.meta.dirname, 'seed-blocks');

test.each(readdirSync(FOLDER).filter((name) => /^(?:0[4-9]|1[0-6]|18|19|2\d)/.test(name)))(
  '%s means the same after it was rendered',
  (name) => {
    const env = { ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'o', GOOGLE_API_KEY: 'g' };
    const first = parse(readFileSync(join(FOLDER, name), 'utf8'), { env });
    const second = parse(renderConfiguration(first), { env });
    expect(second.configuration).toEqual(first.configuration);
  },
);

test('a secret behind a variable in another place is not shown either', () => {
  const { entries } = parse(
    'router: {default_model: "${MY_TOKEN:-sk-abcdefghijkl}"}\nspeed_priority: ["sk-abcdefghijkl"]',
  );
  const text = renderConfiguration({ entries });
  expect(text).toContain('default_model: "${MY_TOKEN}"');
  expect(text).not.toContain('abcdefghijkl');
});
