import type { Door } from '../../core/provider';

/** For providers that ask nothing of the door that they are used behind. */
export const door: Door = { clock: { now: () => 0 }, baseUrl: 'https://provider.test' };
