import { duration, isoOf, moment, words } from '../format';

export type Tone = 'ok' | 'warn' | 'bad' | 'quiet';

const TONES: Record<string, Tone> = {
	ok: 'ok',
	ready: 'ok',
	complete: 'ok',
	refused: 'bad',
	halted: 'bad',
	broken: 'bad',
	misconfigured: 'bad',
	not_ready: 'bad',
	starting: 'quiet',
};

export const toneOf = (state: string): Tone => TONES[state] ?? 'warn';

/** A word and a sign: colour alone says nothing to some. */
export function State({ state, tone = toneOf(state) }: { state: string; tone?: Tone }) {
	return <span class={`state ${tone}`}>{words(state)}</span>;
}

/** When, and how long ago. */
export function Since({ at, now }: { at: number; now: number }) {
	return (
		<time dateTime={isoOf(at)} title={isoOf(at)}>
			{moment(at, now)} <span class="quiet">({ago(now - at)})</span>
		</time>
	);
}

/** In a row of a table: how long ago, with the instant for whoever points at it. */
export function Ago({ at, now, before = '' }: { at: number; now: number; before?: string }) {
	return (
		<time dateTime={isoOf(at)} title={isoOf(at)}>
			{before}
			{ago(now - at)}
		</time>
	);
}

/** What is to come is counted down. */
const ago = (ms: number) => (ms >= 0 ? `${duration(ms)} ago` : `in ${duration(-ms)}`);
