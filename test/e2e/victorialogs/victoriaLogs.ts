/** A real VictoriaLogs: built once, started on loopback, queried as an analyst would. */
import { goProgram } from '../support/goProgram';
import { freePort } from '../support/port';
import { startProgram, type Program } from '../support/program';

// A release that is part of the VictoriaMetrics module: the module of its own, which newer releases have, could not
// be had through the Go module proxy.
const MODULE = 'github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-logs';
const VERSION = 'v1.121.0';

export function victoriaLogs(): string {
	return goProgram({
		name: 'victoria-logs',
		text: `${MODULE}@${VERSION}`,
		build: (_, run) => {
			run('go', ['mod', 'init', 'audit-relay.test/victoria-logs']);
			run('go', ['get', `${MODULE}@${VERSION}`]);
			run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', 'victoria-logs', MODULE]);
		},
	});
}

export interface LogDatabase extends Program {
	/** For a destination's `endpoint`. */
	otlp: string;
	/** What is written can be found about a second later; after this it can. */
	flush(): Promise<void>;
	/** Runs a LogsQL query. */
	query(logsql: string): Promise<Record<string, string>[]>;
	/** The same data again, after `kill` or `stop`. */
	again(): Promise<LogDatabase>;
}

/** @param retention older events are dropped although the answer is 200; its default is seven days */
export async function startVictoriaLogs(data: string, retention = '100y'): Promise<LogDatabase> {
	const address = `127.0.0.1:${await freePort()}`;
	const url = `http://${address}`;
	const program = await startProgram(
		victoriaLogs(),
		[`-storageDataPath=${data}`, `-httpListenAddr=${address}`, `-retentionPeriod=${retention}`],
		{},
		async () => {
			const health = await fetch(`${url}/health`).catch(() => undefined);
			return health?.ok === true;
		},
	);
	return {
		...program,
		otlp: `${url}/insert/opentelemetry`,
		flush: async () => {
			const response = await fetch(`${url}/internal/force_flush`);
			if (!response.ok) throw new Error(`no flush: ${response.status}`);
		},
		query: async (logsql) => {
			const response = await fetch(`${url}/select/logsql/query`, {
				method: 'POST',
				body: new URLSearchParams({ query: logsql }),
			});
			const text = await response.text();
			if (!response.ok) throw new Error(`${response.status} for ${logsql}: ${text}`);
			return text
				.split('\n')
				.filter(Boolean)
				.map((line) => JSON.parse(line) as Record<string, string>);
		},
		again: () => startVictoriaLogs(data, retention),
	};
}
