import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RouterError } from '@signalbox/core';
import { bundledProviders } from '../bundled-providers.ts';
import { EXIT } from '../exit-code.ts';

/** `signalbox config init`: a configuration to begin with, for the providers whose keys are in the environment. Overwrites nothing. */
export function configInit(): number {
  const folder = join(process.cwd(), '.claude-code');
  const file = join(folder, 'router-config.yml');
  const existing = ['router-config.yml', 'router-config.yaml', 'router-config.json']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (existing !== undefined) {
    throw new RouterError({ kind: 'usage', message: `${existing} is there already, and init overwrites nothing.` });
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, beginning(process.env), { flag: 'wx' });
  process.stdout.write(`Wrote ${file}.\n`);
  return EXIT.success;
}

function beginning(env: NodeJS.ProcessEnv): string {
  const clouds = Object.entries(bundledProviders).filter(([, definition]) => !definition.local);
  const withKey = clouds.filter(([, definition]) => definition.keyVariables.some((name) => env[name] !== undefined));
  const chosen = withKey.length > 0 ? withKey : clouds;
  const providers = chosen.map(([id, definition]) => {
    const variable = definition.keyVariables.find((name) => env[name] !== undefined) ?? definition.keyVariables[0];
    return `  ${id}:\n    api_key: \${${variable}}\n`;
  });
  return `# signalbox config show prints what holds; signalbox explain "prompt" who would answer. All keys: docs/configuration.md.
router:
  enabled: true

providers:
${providers.join('')}
routing:
  strategy: best_for_task # cost_optimized, performance_optimized, round_robin, fallback_chain, custom_rules, manual
  fallback_order: [${chosen.map(([id]) => id).join(', ')}]
  # rules:
  #   - { task_type: json_output, prefer: openai.gpt4 }
  #   - { pattern: '\\.sql\\b', model: anthropic.sonnet }
`;
}
