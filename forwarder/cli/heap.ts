/** Settings of V8 that `NODE_OPTIONS` does not take. */
import { setFlagsFromString } from 'node:v8';

/**
 * To be called before anything is loaded. V8 may decide, in one run and not in the next, that what is made at some place of the
 * program lives long, and makes it in old space at once. All that hangs on such an object, here whole pages of events, then stays
 * until old garbage is collected.
 */
export function setHeapFlags(): void {
	setFlagsFromString('--no-allocation-site-pretenuring');
}
