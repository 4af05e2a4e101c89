/** Settings of V8 that `NODE_OPTIONS` does not take. */
import { setFlagsFromString } from 'node:v8';

/**
 * To be called before anything is loaded. V8 may decide that what is made at some place of the program lives long, and then makes
 * it in old space at once; it is right once, while a destination is slow, and wrong from then on. All that hangs on such an object,
 * a whole page of events, stays until old garbage is collected: a third more time, and a tenth more memory.
 */
export function setHeapFlags(): void {
	setFlagsFromString('--no-allocation-site-pretenuring');
}
