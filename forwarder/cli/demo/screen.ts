/** What the demo shows: where it runs, what goes wrong, some records, and the count at the end. */
import type { DecodedRecord } from '../../../sandbox/otlpDecode';
import { sandboxNames } from '../../../sandbox/entries';
import type { Sandbox } from '../../../sandbox/scenario';
import { formatInstant } from '../../../core/time';
import type { Context } from '../context';
import type { Io } from '../io';
import { createProgress, plain, type Style } from '../ui';

export type Tally = { source: string; produced: number; arrived: number; repeats: number }[];

export interface DemoScreen {
	/** @param url of the console */
	begin(sandbox: Sandbox, url?: string): void;
	trouble(what: string): void;
	update(tally: Tally): void;
	end(tally: Tally, seconds: number, complete: boolean): void;
}

const SAMPLES_PER_SOURCE = 6;
/** Columns that a record needs with all its details. */
const ROOMY = 140;
const COLORS: Record<string, Style> = { page: 'red', notify: 'yellow' };

export function demoScreen({ ui, json }: Context, io: Io): DemoScreen {
	const progress = createProgress(io, 2000);
	const columns = io.stdout.isTTY ? io.stdout.columns || Infinity : Infinity;
	let sandbox: Sandbox;
	let looked = 0;
	const shown: Record<string, number> = {};
	const line = (text: string) => {
		progress.done();
		if (!json) io.stdout.write(`${text}\n`);
	};

	function samples(): void {
		for (const record of sandbox.receiver!.stored.slice(looked)) {
			looked++;
			const alert = textOf(record, 'audit.alert');
			const source = textOf(record, 'audit.source');
			// what somebody would be woken for, and a few others
			if ((shown[source] ?? 0) >= SAMPLES_PER_SOURCE || (alert !== 'page' && looked % 6 !== 0)) continue;
			shown[source] = (shown[source] ?? 0) + 1;
			line(sample(record, columns, (text) => (COLORS[alert] ? ui.paint(COLORS[alert], text) : text)));
		}
	}

	return {
		begin(given, url) {
			sandbox = given;
			line(ui.paint('bold', 'Audit Relay demo: simulated providers → forwarder → OTLP receiver'));
			const urls = sandboxNames.map((name) => given[name].url);
			line(`  providers  ${urls.join(columns < ROOMY ? '\n             ' : '  ')}`);
			line(`  receiver   ${given.receiver!.url}/v1/logs`);
			if (url !== undefined) line(`  console    ${ui.paint('bold', url)}`);
			line(
				`  Events go on happening${url === undefined ? ' for a few seconds' : ''}, and some requests fail on purpose.\n`,
			);
			line(ui.paint('bold', 'Some of the records, as the receiver decoded them:'));
		},
		trouble: (what) => line(ui.paint('magenta', `  ! ${what}`)),
		update(tally) {
			samples();
			progress.update(tally.map(({ source, produced, arrived }) => `${source} ${arrived}/${produced}`).join('   '));
		},
		end(tally, seconds, complete) {
			samples();
			progress.done();
			const gaps = sandbox.receiver!.stored.filter(({ eventName }) => eventName === 'audit_relay.gap').length;
			if (json) {
				io.stdout.write(`${JSON.stringify({ complete, seconds, sources: tally, gapRecords: gaps })}\n`);
				return;
			}
			const rows = tally.map(({ source, produced, arrived, repeats }) => [
				source,
				String(produced),
				String(arrived),
				produced === arrived ? ui.paint('green', '0') : ui.paint('red', String(produced - arrived)),
				String(repeats),
			]);
			line(`\n${ui.table(rows, ['SOURCE', 'HAPPENED', 'ARRIVED', 'LOST', 'REPEATS'])}`);
			line(`Besides, ${gaps} gap records say from when on each source is collected.`);
			line(
				complete
					? ui.paint('green', `✓ every event arrived, ${seconds.toFixed(1)} s`)
					: ui.paint('red', `✗ not every event arrived within ${seconds.toFixed(0)} s`),
			);
			line(`
Next, with your own accounts:
  audit-relay init       write a starter configuration
  audit-relay check      try out credentials and destination
  audit-relay preview    see your events as they would be shipped
  audit-relay run        ship them

audit-relay demo --keep goes on until Ctrl-C, and has a console for your browser.`);
		},
	};
}

function textOf({ attributes }: DecodedRecord, name: string): string {
	const value = attributes[name];
	return typeof value === 'string' ? plain(value) : '';
}

function sample(record: DecodedRecord, columns: number, paint: (text: string) => string): string {
	const { time, severityText, eventName } = record;
	const text = (name: string) => textOf(record, name);
	const who = text('user.full_name') || text('audit.actor.label') || text('audit.actor.id') || '-';
	const what = [text('audit.target.type'), text('audit.target.name') || text('audit.target.id')]
		.filter(Boolean)
		.join(' ');
	const alert = text('audit.alert') === 'none' ? '' : `→ ${text('audit.alert')}`;
	const instant = formatInstant(time, 6).slice(0, -1).replace('T', ' ');
	const narrow = columns < ROOMY;
	const cells = [
		narrow ? instant.slice(11, 19) : instant,
		severityText.padEnd(5),
		eventName.padEnd(34).slice(0, 34),
		...(narrow ? [] : [who.slice(0, 22).padEnd(22)]),
		[!narrow && what.slice(0, 40), text('audit.category') && `[${text('audit.category')}]`, alert]
			.filter(Boolean)
			.join(' '),
	];
	return paint(`  ${cells.join('  ')}`.slice(0, columns));
}
