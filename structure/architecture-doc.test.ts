import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root, workspacePackages } from './workspace.ts';

const doc = readFileSync(`${root}docs/architecture.md`, 'utf8');
const rooms = new Map(workspacePackages().map(({ name, path }) => [name, path]));

describe('docs/architecture.md', () => {
  const named = [...new Set([...doc.matchAll(/`([a-z-]+)\/([a-z/-]+\.ts)`/g)].map((match) => match[0].slice(1, -1)))];

  it('names many files', () => expect(named.length).toBeGreaterThan(20));

  it.each(named)('%s is there', (path) => {
    const [room = '', ...file] = path.split('/');
    const places = [`${root}${path}`, `${rooms.get(room)}/src/${file.join('/')}`];
    expect(places.some((place) => existsSync(place))).toBe(true);
  });

  it.each([...rooms.keys()])('has a place for %s', (room) => {
    const family = room.replace(/^(format|provider|store)-.*$/, '$1-*');
    expect(
      [room, family].some((name) => new RegExp(`(?<![\\w-])${name.replace('*', '\\*')}(?![\\w-])`).test(doc)),
    ).toBe(true);
  });

  it('names every folder at the root that holds work', () => {
    const folders = globSync('*/', { cwd: root }).map((path) => path.replace(/\/$/, ''));
    const work = folders.filter((folder) => !['node_modules', 'packages', 'apps', 'docs', 'coverage'].includes(folder));
    expect(work.filter((folder) => !doc.includes(`${folder}/`))).toEqual([]);
  });
});
