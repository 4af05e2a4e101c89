/** One line of the log, as code writes it: short names. What becomes of them outside is up to `names.ts`. */
export interface Entry {
	level: string;
	/** ISO 8601. */
	time: string;
	msg: string;
	[field: string]: unknown;
}

/** What an error says of itself; the stack for those who ask for it. */
export interface Described {
	type: string;
	message: string;
	stack?: string;
}

export type Sink = (entry: Entry) => void;

/** `level`, `time` and `msg` are not among them. */
export function fieldsOf({ level: _level, time: _time, msg: _msg, ...fields }: Entry): Record<string, unknown> {
	return fields;
}
