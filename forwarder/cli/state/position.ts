/** `audit-relay state reset` and `adopt`: what to do when a source's settings have changed. */
import type { Command } from 'commander';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { formatInstant, fromMillis } from '../../../core/time';
import { fingerprint, kept } from '../../config/fingerprint';
import type { SourceConfig } from '../../config/types';
import type { StreamPosition } from '../../store/inspection';
import { confirmed } from '../confirm';
import { contextOf, examples } from '../context';
import { CommandFailed, ExitCode } from '../exit';
import type { Io } from '../io';
import { differences, isAnotherLog } from './settingsDiff';
import { owning, placeName } from './file';
import { plain } from '../ui';

export function addReset(group: Command, io: Io): void {
	group
		.command('reset')
		.description('forget the position of a source, so that it begins again at its configured start')
		.argument('<source>', 'name in the configuration')
		.option('-y, --yes', 'do not ask')
		.addHelpText(
			'after',
			'\nEvents since the start are shipped again, with the same ids. What waits in the outbox and the dead letters stay.\n' +
				examples(['audit-relay state reset dr', 'asks first'], ['audit-relay state reset dr --yes', 'from a script']),
		)
		.action(async (name: string, options: { yes?: boolean }, command: Command) => {
			const { config: load, json } = contextOf(command, io);
			const config = await load();
			const source = config.sources.find((one) => one.name === name);
			await owning(config, io, async (state) => {
				const stream = found(await state.positions(), name, placeName(config));
				const plan = resetPlan(stream, source);
				if (!options.yes && !(await confirmed(io, plan))) {
					io.stderr.write('nothing was changed\n');
					return io.exit(ExitCode.failed);
				}
				const now = fromMillis(io.clock.now());
				const gap: Gap = {
					reason: 'skipped',
					from: stream.watermark ?? now,
					detail: `reset by operator: ${plan}`,
				};
				await state.reset(name, gap, { destinations: source?.destinations ?? [], now });
				const from = stream.watermark === undefined ? null : formatInstant(stream.watermark, 9);
				const start = source ? formatInstant(source.start, 9) : null;
				io.stdout.write(
					json
						? `${JSON.stringify({ source: name, watermark: from, start })}\n`
						: `${plan}\nreset; a gap record says so\n`,
				);
			});
		});
}

function resetPlan({ name, watermark }: StreamPosition, source: SourceConfig | undefined): string {
	const at = (instant: Nanos) => formatInstant(instant, 0);
	const was = watermark === undefined ? 'was never read' : `has been read up to ${at(watermark)}`;
	if (!source) return `${plain(name)} ${was}; no source of this name is configured, so it is forgotten`;
	const begins = `it begins again at ${at(source.start)}`;
	if (watermark === undefined) return `${name} ${was}; ${begins}`;
	const then =
		source.start > watermark
			? `events between are not collected`
			: `events since then are shipped again, with the same ids`;
	return `${name} ${was}; ${begins}: ${then}`;
}

export function addAdopt(group: Command, io: Io): void {
	group
		.command('adopt')
		.description('continue from the stored position of a source with its present settings')
		.argument('<source>', 'name in the configuration')
		.addHelpText(
			'after',
			'\nFor the same audit log at another address, or after a change of filter. For another log `state reset` is right.\n' +
				examples(['audit-relay state adopt dr', 'after a change of baseUrl or filter']),
		)
		.action(async (name: string, _options: unknown, command: Command) => {
			const { config: load, json } = contextOf(command, io);
			const config = await load();
			await owning(config, io, async (state) => {
				const stream = found(await state.positions(), name, placeName(config));
				const source = config.sources.find((one) => one.name === name);
				if (!source) throw new CommandFailed(`no source "${name}" is configured; its new settings are not known`);
				const identity = { name, fingerprint: fingerprint(source), settings: kept(source) };
				const changed = differences(stream.settings, identity.settings);
				const same = identity.fingerprint === stream.fingerprint;
				const gap = same ? undefined : adoptionGap(stream, changed);
				const now = fromMillis(io.clock.now());
				if (!same) await state.adopt(identity, gap, { destinations: source.destinations, now });
				const watermark = stream.watermark === undefined ? null : formatInstant(stream.watermark, 9);
				if (json)
					return void io.stdout.write(
						`${JSON.stringify({ source: name, adopted: !same, watermark, changed: changed ?? null })}\n`,
					);
				if (same)
					return void io.stdout.write(`${name}: the settings are those of the stored position; nothing to adopt\n`);
				const lines = changed?.map(({ setting, from, to }) => `  ${setting}: ${plain(from)} → ${plain(to)}\n`);
				const position = watermark === null ? 'at its start: it was never read' : `from ${watermark}`;
				io.stdout.write(
					`${name} continues ${position}, with new settings\n${lines?.join('') ?? '  the former ones are not known\n'}` +
						(gap ? 'a gap record says that what the new log holds before that is not collected\n' : ''),
				);
			});
		});
}

/** Another account is another log: what it holds below the watermark was never read. */
function adoptionGap({ watermark }: StreamPosition, changed: ReturnType<typeof differences>): Gap | undefined {
	if (watermark === undefined || !isAnotherLog(changed)) return undefined;
	const what =
		changed?.map(({ setting, from, to }) => `${setting} ${from} → ${to}`).join(', ') ?? 'former settings unknown';
	return {
		reason: 'collection_start',
		to: watermark,
		detail: `settings adopted by operator (${what}); events of the new log before ${formatInstant(watermark)} are not collected`,
	};
}

function found(streams: readonly StreamPosition[], name: string, path: string): StreamPosition {
	const stream = streams.find((one) => one.name === name);
	if (stream) return stream;
	const known = streams.map((one) => plain(one.name)).join(', ') || 'none';
	throw new CommandFailed(`${path} holds no source "${plain(name)}"; known: ${known}`);
}
