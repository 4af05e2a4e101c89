/** The providers that the sandbox simulates. */
import { arcus } from './arcus/entry';
import { arpio } from './arpio/entry';
import { auditapi } from './auditapi/entry';

export const entries = { arpio, arcus, auditapi } as const;

export type SandboxName = keyof typeof entries;

export const sandboxNames = Object.keys(entries) as SandboxName[];
