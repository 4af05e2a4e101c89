/** A verification as people read it. */
import type { Verdict } from '../../store/verified';
import type { Counts, Place, Verification } from '../../verify/result';
import { formatInstant } from '../../../core/time';
import { plain, type Ui } from '../ui';

/** The rest is in the JSON. */
const SHOWN_PLACES = 10;

export function verificationText({ source, verdict, reason, from, to, findings, counts, gaps }: Verification, ui: Ui) {
	const marks: Record<Verdict, string> = {
		proven: ui.paint('green', '✓'),
		unknown: ui.paint('yellow', '?'),
		broken: ui.paint('red', '✗'),
	};
	const span = from !== undefined && to !== undefined ? ` ${formatInstant(from, 0)} to ${formatInstant(to, 0)}` : '';
	const why = findings.length === 0 && reason ? `: ${plain(reason)}` : '';
	const lines = [`${marks[verdict]} ${ui.paint('bold', source)} ${verdict}${span}${why}`];
	for (const finding of findings) {
		lines.push(`  ${marks[finding.verdict]} ${finding.check.padEnd(8)}  ${plain(finding.detail)}`);
		const places = finding.where ?? [];
		lines.push(...places.slice(0, SHOWN_PLACES).map((place) => `      ${placeText(place)}`));
		if (places.length > SHOWN_PLACES) lines.push(`      and ${places.length - SHOWN_PLACES} more (--json)`);
	}
	if (counts) lines.push(`    ${countsText(counts)}`);
	for (const gap of gaps) lines.push(`    known gap, ${gap.reason}: ${plain(gap.detail)}`);
	return `${lines.join('\n')}\n`;
}

function placeText({ id, time, why }: Place): string {
	return [time === undefined ? undefined : formatInstant(time), id && plain(id), plain(why)].filter(Boolean).join('  ');
}

function countsText(counts: Counts): string {
	const { listed, acknowledged, waiting, deadLettered, dropped, missing, gone, unreadable } = counts;
	const parts = [
		`${listed} listed`,
		`${acknowledged} acknowledged`,
		waiting && `${waiting} in the outbox`,
		deadLettered && `${deadLettered} dead letters`,
		dropped && `${dropped} dropped by filter`,
		missing && `${missing} missing`,
		unreadable && `${unreadable} no events`,
		gone && `${gone} shipped and no longer listed`,
	];
	return parts.filter(Boolean).join(', ');
}
