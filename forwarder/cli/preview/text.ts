/** One record, readable at a glance. */
import type { AuditRecord } from '../../../core/provider';
import { plain, type Style, type Ui } from '../ui';

const SHOWN_BODY = 200;

export function readableRecord(source: string, { time, ...record }: AuditRecord, ui: Ui): string {
	const { severityNumber, severityText, eventName, attributes, body } = record;
	const when = `${new Date(time[0] * 1000).toISOString().slice(0, 19)}.${String(time[1]).padStart(9, '0').slice(0, 6)}Z`;
	const style: Style = severityNumber >= 17 ? 'red' : severityNumber >= 13 ? 'yellow' : 'green';
	const alert = attributes['audit.alert'];
	const head = [
		ui.paint('dim', when),
		ui.paint(style, severityText.padEnd(5)),
		ui.paint('bold', plain(eventName)),
		...(alert && alert !== 'none' ? [ui.paint(alert === 'page' ? 'red' : 'yellow', `[${String(alert)}]`)] : []),
	];
	const first = (...names: string[]) => names.map((name) => attributes[name]).find((value) => value !== undefined);
	const type = first('audit.target.type');
	const target = first('audit.target.name', 'audit.target.id');
	const facts = [
		['source', source],
		['actor', first('user.email', 'user.full_name', 'audit.actor.label', 'audit.actor.id', 'user.id')],
		['target', [type, target].filter(Boolean).join(' ')],
		['outcome', first('audit.outcome')],
		['category', first('audit.category')],
		['id', first('log.record.uid')],
	].filter((fact): fact is [string, string] => Boolean(fact[1]));
	const line = facts.map(([name, value]) => `${ui.paint('dim', `${name}=`)}${plain(String(value))}`).join(' ');
	const text = plain(body.length > SHOWN_BODY ? `${body.slice(0, SHOWN_BODY)}…` : body);
	return `${head.join('  ')}\n    ${line}\n    ${ui.paint('dim', text)}\n`;
}
