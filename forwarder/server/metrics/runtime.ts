/** Node's process, under the names that dashboards for Prometheus know: `process_…`, `nodejs_…`. */
import { readdir, readFile } from 'node:fs/promises';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { seconds, type Instrument } from './instrument';

export interface Runtime {
	cpu: NodeJS.CpuUsage;
	memory: NodeJS.MemoryUsage;
	startedAt: number;
	/** Since the last look, in milliseconds. */
	delay: { mean: number; p50: number; p99: number; max: number };
	/** Absent where there is no /proc. */
	files?: { open: number; most?: number };
}

/** Where the timer of the measurement ends; Node counts it in. */
const RESOLUTION_MS = 20;

export interface RuntimeWatch {
	look(): Promise<Runtime>;
	end(): void;
}

export function watchRuntime(): RuntimeWatch {
	const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
	histogram.enable();
	const startedAt = performance.timeOrigin;
	const late = (nanos: number) => (Number.isFinite(nanos) ? Math.max(0, nanos / 1e6 - RESOLUTION_MS) : 0);
	return {
		async look() {
			const delay = {
				mean: late(histogram.mean),
				p50: late(histogram.percentile(50)),
				p99: late(histogram.percentile(99)),
				max: late(histogram.max),
			};
			histogram.reset();
			return { cpu: process.cpuUsage(), memory: process.memoryUsage(), startedAt, delay, ...(await openFiles()) };
		},
		end: () => histogram.disable(),
	};
}

async function openFiles(): Promise<Pick<Runtime, 'files'>> {
	try {
		const [open, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')]);
		const [, most] = /^Max open files +(\d+)/m.exec(limits) ?? [];
		return { files: { open: open.length, ...(most !== undefined && { most: Number(most) }) } };
	} catch {
		return {};
	}
}

export const RUNTIME: readonly Instrument<Runtime>[] = [
	{
		name: 'process.cpu',
		counter: true,
		unit: 's',
		description: 'Computing time of the process, its threads included',
		read: ({ cpu }) => (cpu.user + cpu.system) / 1e6,
	},
	{
		name: 'process.start_time',
		unit: 's',
		description: 'When the process began, in seconds since the epoch',
		read: ({ startedAt }) => seconds(startedAt),
	},
	{
		name: 'process.resident_memory',
		unit: 'By',
		description: 'Memory of the process that is in RAM',
		read: ({ memory }) => memory.rss,
	},
	{
		name: 'process.open_fds',
		description: 'Open files and connections',
		read: ({ files }) => files?.open,
	},
	{
		name: 'process.max_fds',
		description: 'How many files and connections it may open',
		read: ({ files }) => files?.most,
	},
	{
		name: 'nodejs.heap_size.total',
		unit: 'By',
		description: 'Heap of V8 as it is',
		read: ({ memory }) => memory.heapTotal,
	},
	{
		name: 'nodejs.heap_size.used',
		unit: 'By',
		description: 'What objects take of it',
		read: ({ memory }) => memory.heapUsed,
	},
	{
		name: 'nodejs.external_memory',
		unit: 'By',
		description: 'Memory outside of the heap that objects hold: buffers',
		read: ({ memory }) => memory.external,
	},
	...(['mean', 'p50', 'p99', 'max'] as const).map((which): Instrument<Runtime> => ({
		name: `nodejs.eventloop.lag${which === 'mean' ? '' : `.${which}`}`,
		unit: 's',
		description: `How late timers were since the last scrape: ${which}`,
		read: ({ delay }) => seconds(delay[which]),
	})),
];
