import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for the built program of this run: `built-program.ts`. */
    readonly signalboxBuild: string;
  }
}

/** Vitest's global set-up: a place for the program, which is built when a test first asks for it, and anew when a watched run goes on. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-build-'));
  project.provide('signalboxBuild', folder);
  project.onTestsRerun(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  });
  return () => rmSync(folder, { recursive: true, force: true });
}
