/** What a process costs, as Linux counts it: what others do on the machine does not count. */
import { readFileSync } from 'node:fs';

/** Computing time since its start, its threads included. */
export function computingMs(pid: number): number {
	// in hundredths of a second
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What of it is in RAM. */
export function residentBytes(pid: number): number {
	return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}
