/** Tries a declaration out: every reading of what it leaves open, and everything that goes wrong with such APIs. */
import { incidentsFor, type Incident } from './incidents';
import { isGood, play, type Outcome } from './play';
import type { Readings } from '../../sandbox/declared/readings';
import { variantsOf, type Subject } from './subject';
import { declaredReadings, openReadings, type Reading } from './unknown';

/** What a setting changes shows in any story: times, and how late events are. */
const FEW = 3;

export interface Finding {
	/** In which story: what happened, and how the API is read. */
	when: string;
	outcome: Outcome;
	reading?: Reading;
	/** What to declare instead, where that is known without a reading. */
	instead?: string;
}

export interface Proof {
	stories: number;
	findings: Finding[];
	/** Of a poll that finds nothing new. */
	quietRequests: number;
}

export async function prove(subject: Subject): Promise<Proof> {
	const { declaration } = subject;
	const incidents = incidentsFor(declaration);
	const findings: Finding[] = [];
	let stories = 0;
	let quietRequests = 1;

	async function tell(
		incident: Incident,
		readings: Partial<Readings>,
		reading?: Reading,
		of: Subject = subject,
	): Promise<boolean> {
		stories++;
		const outcome = await play(of, incident, { ...readings, ...reading?.readings }, reading);
		if (incident === incidents[0] && !reading) quietRequests = Math.max(quietRequests, outcome.quietRequests);
		if (isGood(outcome)) return true;
		const when = reading ? `if ${reading.name}` : incident === incidents[0] ? '' : `when ${incident.name}`;
		const { instead } = incident;
		findings.push({ when, outcome, ...(reading && { reading }), ...(instead !== undefined && { instead }) });
		return false;
	}

	const [base, ...others] = declaredReadings(declaration);
	const failing = new Set<Incident>();
	// what fails when nothing special happens fails in every other story too
	if (!(await tell(incidents[0]!, base!))) return { stories, findings, quietRequests };
	for (const incident of incidents.slice(1)) if (!(await tell(incident, base!))) failing.add(incident);
	const left = incidents.filter((incident) => !failing.has(incident));
	for (const readings of others) for (const incident of left) if (!(await tell(incident, readings))) break;
	for (const variant of variantsOf(subject)) {
		for (const incident of left.slice(0, FEW)) if (!(await tell(incident, base!, undefined, variant))) break;
	}
	const open = openReadings(declaration);
	for (const reading of open) {
		for (const incident of left) if (!(await tell(incident, base!, reading))) break;
	}
	// what is harmless alone may not be together
	const harmless = open.filter(
		(reading) => !reading.isBeyond && !findings.some((finding) => finding.reading === reading),
	);
	const [busy = incidents[0]!] = left.filter(({ name }) => name === BUSY);
	for (const several of combinations(harmless).slice(0, MOST_COMBINATIONS)) await tell(busy, base!, several);
	return { stories, findings, quietRequests };
}

const MOST_COMBINATIONS = 16;
/** Events at all times, and in every place of a list. */
const BUSY = 'events arrive between two pages';

/** One reading of each of several questions. */
function combinations(readings: readonly Reading[]): Reading[] {
	const questions = [...new Set(readings.flatMap(({ of }) => of ?? []))];
	const chosen = questions.reduce<Reading[][]>(
		(lists, of) =>
			lists.flatMap((list) => [list, ...readings.filter((one) => one.of === of).map((one) => [...list, one])]),
		[[]],
	);
	return chosen
		.filter(({ length }) => length > 1)
		.map((list) => ({
			name: list.map(({ name }) => name).join(', and '),
			readings: Object.assign({}, ...list.map((one) => one.readings)) as Partial<Readings>,
			instead: list.map(({ instead }) => instead).join('; or: '),
		}));
}
