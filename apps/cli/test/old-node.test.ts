import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { whyNotNode } from '../src/old-node.ts';

describe('the version of Node', () => {
  it.each(['22.19.0', '22.20.1', '24.0.0', '100.1.0'])('%s is enough', (running) => {
    expect(whyNotNode(running, '>=22.19')).toBeUndefined();
  });

  it.each(['18.20.8', '20.20.2', '22.18.9'])('%s is not, and a sentence says what is', (running) => {
    expect(whyNotNode(running, '>=22.19')).toBe(
      `signalbox needs Node 22.19 or newer, and this is Node ${running}: install a newer one from https://nodejs.org.`,
    );
  });

  it('is read from the package as it is written there', () => {
    expect(whyNotNode('20.20.2', manifest.engines.node)).toContain('needs Node 22.19 or newer');
    expect(whyNotNode(process.versions.node, manifest.engines.node)).toBeUndefined();
  });
});
