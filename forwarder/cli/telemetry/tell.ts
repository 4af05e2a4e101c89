/** What the log says of a receiver that does not take the process's own telemetry. */
import type { OtlpReceiver } from '../../config/types';
import type { Logger } from '../log';

export type Signal = 'metrics' | 'logs';

/** Told why when it begins to fail, and nothing when it is over. */
export type Tell = (trouble: string | undefined) => void;

/** Once for each outage. */
export function changesOf(tell: Tell): Tell {
	let failing = false;
	return (trouble) => {
		const isNew = failing !== (trouble !== undefined);
		failing = trouble !== undefined;
		if (isNew) tell(trouble);
	};
}

/** @param log for that of the log: one that does not come here */
export function tellOf({ endpoint }: OtlpReceiver, signal: Signal, log: Logger): Tell {
	const address = new URL(endpoint).origin;
	return (error) =>
		error === undefined
			? log.info({ address }, `own ${signal} are taken again`)
			: log.warn({ address, error }, `own ${signal} are not taken; events are shipped all the same`);
}
