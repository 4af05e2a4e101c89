/** What needs a person, in the words of /readyz. Those who have the same share a line. */
import { formatInstant, fromMillis } from '../../../core/time';
import { grouped } from '../../grouped';
import { pausedText } from '../../run/paused';
import { mattersOf } from '../../run/unseen';
import { plain } from '../ui';
import { isDown } from './condition';
import type { StatusView } from './view';

/** Those who were paused together share a line. */
const RESUME = 'run audit-relay resume with its name';
const LOOK = 'audit-relay check says what to do';
/** More names than this are counted. */
const FEW = 5;

/** Who it is about, and what. */
export function attention(view: StatusView): string[][] {
	const { sources, destinations, unseen, paused, notifications, mistakes, fixes } = view;
	const down = destinations.filter(isDown).map(({ name, lastError = 'no answer' }) => ({
		name,
		what: `accepts nothing, events wait: ${plain(lastError)}; ${plain(fixes.destination.get(name) ?? LOOK)}`,
	}));
	const failing = sources
		.filter(({ condition }) => condition === 'failing')
		.map(({ name, lastError }) => ({
			name,
			what: `the last poll failed: ${plain(lastError!)}; ${plain(fixes.source.get(name) ?? LOOK)}`,
		}));
	const matters = mattersOf(unseen).map(({ source, message, sinceMs, fix }) => ({
		name: source,
		what: `${plain(message)}; since ${formatInstant(fromMillis(sinceMs), 0)}; ${plain(fix)}`,
	}));
	const silent = notifications.map(({ name, message, since, fix }) => ({
		name,
		what: [message, since && `since ${since}`, fix].flatMap((part) => (part ? plain(part) : [])).join('; '),
	}));
	const wrong = mistakes.map(({ source = 'configuration', message, since, cause }) => ({
		name: source,
		...(cause !== undefined && { cause }),
		what: [message.replace(/\.$/, ''), since && `since ${since}`]
			.flatMap((part) => (part ? plain(part) : []))
			.join('; '),
	}));
	const stopped = paused.map(({ source, since, ...by }) => ({
		name: source,
		what: `${plain(pausedText(by))}; since ${formatInstant(since, 0)}; ${RESUME}`,
	}));
	const all: { name: string; what: string; cause?: string }[] = [
		...[...down, ...failing, ...wrong],
		...[...stopped, ...matters, ...silent],
	];
	const alike = grouped(all, ({ what, cause }) => cause ?? what);
	return [...alike.values()].map((some) => [listed(some.map(({ name }) => name)), some[0]!.what]);
}

function listed(names: readonly string[]): string {
	const rest = names.length - FEW;
	return names.slice(0, FEW).map(plain).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
