import { describeProvider } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { ollama } from '../src/index.ts';

describeProvider({ describe, it, expect }, ollama);
