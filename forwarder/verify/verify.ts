/**
 * Whether everything that the provider lists was stored, and whether what it lists is everything.
 * Reads only: the stream's own position, its walk and its ids stay as they are, so it may run beside a poll or a daemon.
 */
import { merged, type Interval } from '../../core/walk/intervals';
import type { Clock, Nanos, Source } from '../../core/contract';
import type { Integrity } from '../../core/provider';
import { formatInstant, SECOND } from '../../core/time';
import type { Ledger } from '../store/ledger';
import { chainChecker } from './chain';
import { chainFinding } from './chainFinding';
import { comparer } from './compare';
import { chainWalker, counter, unlessRefused } from './provider';
import { verdictOf, type Finding, type Verification } from './result';
import { otherElements } from './elements';
import { rewalk, type Slice } from './rewalk';

export interface VerifyDeps {
	name: string;
	/** Its requests should let those of others go first. */
	source: Source;
	/** Absent: the provider offers nothing to check its own log with. */
	integrity?: Integrity;
	ledger: Ledger;
	clock: Clock;
	latenessMs: number;
	/** Told after every slice: how far it is. */
	onSlice?: (done: Nanos, span: Interval) => void;
}

const TEN_MINUTES: Nanos = 600n * SECOND;

/**
 * Without bounds: as far back as events are remembered, up to the watermark. Throws what the source throws while the list is
 * read again, and the reason of `signal`.
 */
export async function verify(
	{ name, source, integrity, ledger, clock, latenessMs, onSlice }: VerifyDeps,
	asked: Partial<Interval>,
	signal: AbortSignal,
): Promise<Verification> {
	const claim = await ledger.spans();
	const nothing = (reason: string): Verification => ({
		source: name,
		verdict: 'unknown',
		reason,
		findings: [],
		gaps: [],
	});
	if (!claim) return nothing('it was never polled');
	const { from = claim.spans[0]?.from ?? claim.watermark, to = claim.watermark } = asked;
	const wanted = claim.spans
		.map((one) => ({ from: one.from > from ? one.from : from, to: one.to < to ? one.to : to }))
		.filter((one) => one.from < one.to);
	const first = wanted[0];
	if (!first) return nothing(`nothing of this span can be compared: ${described(claim.spans)}`);

	const compared = comparer(ledger);
	const chain = integrity && chainChecker(integrity.link);
	const counted = counter(wanted);
	const elements = otherElements();
	const walker = integrity && chainWalker(integrity.maxRows);
	const whole = { from: first.from, to: wanted.at(-1)!.to };
	const read: Interval[] = [];
	for (const span of wanted) {
		const end = await rewalk(span, { source, ledger, clock, signal }, async (slice: Slice) => {
			await compared.slice(slice);
			// to the provider they are entries like the others
			const others = elements(slice);
			chain?.add([...slice.events, ...others]);
			counted.slice(slice, others);
			walker?.slice(slice, others.length);
			onSlice?.(slice.to, whole);
		});
		chain?.cut();
		if (end > span.from) read.push({ from: span.from, to: end });
	}

	const { counts, finding } = await compared.end(read);
	const gaps = await ledger.gaps(whole);
	const isWhole = merged(read).length === 1 && read[0]!.from <= from && read.at(-1)!.to >= to;
	const findings = [
		limited(finding, { isWhole, read, lost: gaps.filter(({ reason }) => reason === 'retention').length }),
	];
	if (integrity && chain && walker) {
		const around = BigInt(latenessMs) * 2_000_000n;
		const deps = { source, link: integrity.link, around: around > TEN_MINUTES ? around : TEN_MINUTES, signal };
		const state = chain.state();
		findings.push(await unlessRefused('chain', chainFinding(state, deps)));
		const count = await unlessRefused('count', counted.end(integrity, signal));
		// the count may be that of everybody's entries
		findings.push(state.oneActor && count.verdict === 'broken' ? { ...count, verdict: 'unknown', where: [] } : count);
		findings.push(await unlessRefused('provider', walker.end(integrity, signal)));
	}
	return { source: name, ...verdictOf(findings), ...whole, findings, counts, gaps };
}

/** What was asked for and could not be compared is not proven. */
function limited(
	finding: Finding,
	{ isWhole, read, lost }: { isWhole: boolean; read: readonly Interval[]; lost: number },
): Finding {
	if (finding.verdict !== 'proven' || (isWhole && lost === 0)) return finding;
	const why = lost > 0 ? 'the provider had already deleted a part of this span' : described(read);
	return { ...finding, verdict: 'unknown', detail: `${finding.detail}, but ${why}` };
}

function described(spans: readonly Interval[]): string {
	const [first] = spans;
	if (!first) return 'no event is final yet';
	const texts = spans.map(({ from, to }) => `${formatInstant(from, 0)} to ${formatInstant(to, 0)}`);
	return `events are known from ${texts.join(', ')} only`;
}
