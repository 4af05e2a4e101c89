/** What a running process has used, as Linux counts it. */
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

/** CPU time of all threads, milliseconds, in steps of 10. */
export function cpuMs(pid: number): number {
	// the name in parentheses may hold spaces
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory, megabytes. */
export function rssMb(pid: number): number {
	return kilobytes(pid, 'VmRSS') / 1024;
}

export function peakRssMb(pid: number): number {
	return kilobytes(pid, 'VmHWM') / 1024;
}

function kilobytes(pid: number, name: string): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN);
}

/** Resident memory while it works. */
export function watchRss(pid: number): { settled(): number; stop(): void } {
	const samples: number[] = [];
	const timer = setInterval(() => {
		try {
			samples.push(rssMb(pid));
		} catch {
			// it has ended
		}
	}, 50);
	return {
		// the second half: by then buffers and heap have the size that they need
		settled: () => median(samples.slice(Math.floor(samples.length / 2))),
		stop: () => clearInterval(timer),
	};
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return (
		((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2
	);
}
