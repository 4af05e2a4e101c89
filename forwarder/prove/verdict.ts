/** What was found about a declaration, for people and machines. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { Difference } from './examples';
import type { Outcome } from './play';
import type { Finding, Proof } from './prove';
import { openReadings } from './unknown';

export interface Result {
	check: 'form' | 'examples' | 'proof' | 'unknown' | 'promise' | 'limits';
	status: 'ok' | 'warning' | 'failed';
	detail: string;
	/** What to declare instead. */
	fix?: string;
}

export function exampleResults(differences: readonly Difference[], pages: number, events: number): Result[] {
	if (differences.length === 0)
		return [{ check: 'examples', status: 'ok', detail: `${pages} pages, ${events} events: records as expected` }];
	return differences.map(({ what, fix }) => ({
		check: 'examples',
		status: 'failed',
		detail: what,
		...(fix && { fix }),
	}));
}

export function proofResults(declaration: Declaration, { stories, findings }: Proof): Result[] {
	const failed = findings.filter(({ reading }) => !reading?.isBeyond);
	const beyond = findings.filter(({ reading }) => reading?.isBeyond);
	const good: Result = { check: 'proof', status: 'ok', detail: `${stories} stories: no event lost, none repeated` };
	return [
		...(failed.length === 0 ? [good] : failed.map((finding) => resultOf(finding, 'proof', 'failed'))),
		...beyond.map((finding) => resultOf(finding, 'unknown', 'warning')),
		...unplayed(declaration),
		...lowered(declaration),
	];
}

function resultOf(
	{ when, outcome, reading, instead }: Finding,
	check: Result['check'],
	status: Result['status'],
): Result {
	const fix = reading?.instead ?? instead;
	return { check, status, detail: `${when ? `${when}, ` : ''}${wordsOf(outcome)}`, ...(fix && { fix }) };
}

function wordsOf({ lost, repeated, isEndless, readsHistory, isGivenUp, failure, complaint }: Outcome): string {
	const because = complaint === undefined ? '' : ` (the API refuses: ${complaint})`;
	if (isEndless) return `the list is never read to its end${because}`;
	if (failure !== undefined) return `it cannot be read any more: ${failure}`;
	if (isGivenUp && lost === 0) return `a poll fails where a request should be repeated${because}`;
	if (readsHistory && lost === 0) return `events from long before the range are read, again and again${because}`;
	const parts = [lost > 0 && `${events(lost)} lost`, repeated > 0 && `${events(repeated)} repeated`];
	return `${parts.filter(Boolean).join(' and ') || 'requests are refused'}${because}`;
}

const events = (count: number) => (count === 1 ? '1 event is' : `${count} events are`);

/** What no simulation can tell. */
function unplayed(declaration: Declaration): Result[] {
	const played = new Set(openReadings(declaration).map(({ of }) => of));
	const open = (declaration.unknown ?? []).filter((name) => !played.has(name));
	if (open.length === 0) return [];
	return [{ check: 'unknown', status: 'ok', detail: `not known, and not to be simulated: ${open.join(', ')}` }];
}

function lowered({ lossy }: Declaration): Result[] {
	return lossy === undefined
		? []
		: [{ check: 'promise', status: 'failed', detail: `not lossless, as declared: ${lossy}` }];
}
