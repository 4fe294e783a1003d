import { homedir } from 'node:os';
import { type Configuration, loadConfiguration } from '@signalbox/config';

/** The configuration for a report: without the providers, whose facts take longer to load than a report. Throws RouterError. */
export async function reportConfiguration(file: string | undefined): Promise<Configuration> {
  const { configuration } = await loadConfiguration({ cwd: process.cwd(), home: homedir(), env: process.env, file });
  return configuration;
}
