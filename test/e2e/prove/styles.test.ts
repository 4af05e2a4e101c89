/** Each style of paging, read through the real walk against the simulated API of its declaration. */
import { readDeclaration } from '../../../providers/declared/read';
import { prove } from '../../../forwarder/prove/prove';
import { subjectOf } from '../../../forwarder/prove/subject';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { example, others, styles } from '../../forwarder/prove/styles';

describe('a declaration that fits its API is proven', () => {
	test.each(Object.entries<Declaration>({ ...styles, ...others }))('%s', async (_style, declaration) => {
		expect(readDeclaration(JSON.parse(JSON.stringify(declaration)))).toMatchObject({ kind: 'declaration' });
		const { stories, findings } = await prove(subjectOf(declaration, [example]));
		expect(findings.filter(({ reading }) => !reading?.isBeyond)).toEqual([]);
		expect(stories).toBeGreaterThan(10);
	});
});
