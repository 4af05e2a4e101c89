/** What the process ends with. */
export const ExitCode = { good: 0, failed: 1, usage: 2, unknown: 3, interrupted: 130 } as const;
