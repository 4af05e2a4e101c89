/** One record, readable at a glance. */
import type { AuditRecord } from '../../../core/provider';
import { actorIn, styleOf, targetIn } from '../record';
import { plain, type Ui } from '../ui';

const SHOWN_BODY = 200;

export function readableRecord(source: string, { time, ...record }: AuditRecord, ui: Ui): string {
	const { severityText, eventName, attributes, body } = record;
	const when = `${new Date(time[0] * 1000).toISOString().slice(0, 19)}.${String(time[1]).padStart(9, '0').slice(0, 6)}Z`;
	const alert = attributes['audit.alert'];
	const head = [
		ui.paint('dim', when),
		ui.paint(styleOf(severityText), severityText.padEnd(5)),
		ui.paint('bold', plain(eventName)),
		...(alert && alert !== 'none' ? [ui.paint(alert === 'page' ? 'red' : 'yellow', `[${String(alert)}]`)] : []),
	];
	const facts = [
		['source', source],
		['actor', actorIn(attributes)],
		['target', targetIn(attributes)],
		['outcome', attributes['audit.outcome']],
		['category', attributes['audit.category']],
		['id', attributes['log.record.uid']],
	].filter((fact): fact is [string, string] => Boolean(fact[1]));
	const line = facts.map(([name, value]) => `${ui.paint('dim', `${name}=`)}${plain(String(value))}`).join(' ');
	const text = plain(body.length > SHOWN_BODY ? `${body.slice(0, SHOWN_BODY)}…` : body);
	return `${head.join('  ')}\n    ${line}\n    ${ui.paint('dim', text)}\n`;
}
