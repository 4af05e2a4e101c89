/** Headers beside the example pages, as `curl --dump-header` writes them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleFiles } from '../../../forwarder/prove/exampleFiles';
import { differences, readPages } from '../../../forwarder/prove/examples';
import { subjectOf } from '../../../forwarder/prove/subject';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { scratchFolder } from '../../support/scratch';
import { pageOf, styles } from './styles';

const declaration: Declaration = {
	...styles.link,
	limits: { perMinute: 60, remaining: 'x-left', reset: 'x-reset', resetAs: 'epoch' },
};
const good = `HTTP/2 200
date: Mon, 02 Mar 2026 08:00:00 GMT
Link: <https://api.acme.test/v2/events?cursor=c1>; rel="prev"
link: <https://api.acme.test/v2/events?cursor=c2>; rel="next"
X-Left: 59
X-Reset: ${Date.UTC(2026, 2, 2, 8, 1) / 1000}
`;

async function said(headers: string | undefined): Promise<string> {
	const folder = scratchFolder();
	writeFileSync(join(folder, 'acme.page.json'), pageOf('link').body);
	if (headers !== undefined) writeFileSync(join(folder, 'acme.page.headers'), headers.replaceAll('\n', '\r\n'));
	const read = await readPages(subjectOf(declaration), await exampleFiles(join(folder, 'acme.provider.yaml')));
	const expected = JSON.stringify(read.flatMap(({ records }) => records));
	return differences(declaration, read, expected)
		.map(({ what, fix }) => `${what} → ${fix}`)
		.join('\n');
}

test.each<[string, string | undefined, string]>([
	['say what is declared', good, ''],
	['are not there', undefined, ''],
	['lead to no next page', good.replace('rel="next"', 'rel="last"'), 'no example answer has a link to a next page'],
	['have another name for the position', good.replace('cursor=c2', 'after=c2'), 'the next address has no cursor'],
	['lack the one for the rest', good.replace('X-Left', 'X-Rest'), 'no example answer has the header x-left'],
	['say the reset otherwise', good.replace(/X-Reset.*/, 'X-Reset: soon'), 'x-reset is soon, which is not a time'],
	['say the reset in milliseconds', good.replace(/X-Reset: .*/, '$&000'), 'days away → Look at limits.resetAs'],
])('headers that %s', async (_what, headers, says) => {
	if (says === '') expect(await said(headers)).toBe('');
	else expect(await said(headers)).toContain(says);
});
