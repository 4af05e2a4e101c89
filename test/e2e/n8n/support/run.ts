/** What `n8n execute --rawOutput` and an execution in the database tell about a run. */

export interface Item {
	readonly json: Record<string, unknown>;
	readonly pairedItem?: { readonly item: number } | number;
	readonly [part: string]: unknown;
}

export interface RunError {
	readonly name?: string;
	readonly message: string;
	readonly description?: string;
	readonly httpCode?: string;
	readonly failure?: { readonly cause: string; readonly [detail: string]: unknown };
	readonly [field: string]: unknown;
}

export interface Run {
	/** Of the node that stopped the run. */
	readonly error?: RunError;
	/** Names of the nodes that ran. */
	readonly nodes: readonly string[];
	/** Items that a node gave at its first run, by output. Throws when it did not run. */
	items(node: string, output?: number): Item[];
	/** The fields alone. */
	json(node: string, output?: number): Record<string, unknown>[];
	/** The error of a node, whether it stopped the run or not. */
	errorOf(node: string): RunError | undefined;
	/** Milliseconds that the node took. */
	took(node: string): number;
	readonly raw: RunData;
}

/** Of n8n's execution data the parts that are looked at. */
export interface RunData {
	readonly data: {
		readonly resultData: {
			readonly error?: RunError;
			readonly runData: Record<string, readonly NodeRun[]>;
		};
	};
}

interface NodeRun {
	readonly data?: { readonly main?: readonly (readonly Item[] | null)[] };
	readonly error?: RunError;
	readonly executionTime: number;
}

/** The JSON comes among lines of log. */
export function readRun(stdout: string, stderr: string): Run {
	const lines = stdout.split('\n');
	const json = lines.slice(lines.indexOf('{'), lines.lastIndexOf('}') + 1).join('\n');
	let raw: RunData;
	try {
		raw = JSON.parse(json) as RunData;
	} catch {
		throw new Error(`n8n printed no result of the run\n${(stdout + stderr).slice(-4000)}`);
	}
	return runOf(raw);
}

export function runOf(raw: RunData): Run {
	const { runData, error } = raw.data.resultData;
	const of = (node: string): NodeRun => {
		const found = runData[node]?.[0];
		if (!found)
			throw new Error(`${node} did not run; these did: ${Object.keys(runData).join(', ')}. ${error?.message}`);
		return found;
	};
	const items = (node: string, output = 0) => {
		const { data, error } = of(node);
		if (!data) throw new Error(`${node} gave nothing: ${error?.message} ${error?.description ?? ''}`);
		return [...(data.main?.[output] ?? [])];
	};
	return {
		raw,
		error,
		nodes: Object.keys(runData),
		items,
		json: (node, output) => items(node, output).map((item) => item.json),
		errorOf: (node) => of(node).error,
		took: (node) => of(node).executionTime,
	};
}
