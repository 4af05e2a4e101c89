/** What is built in as data is proven as any declaration of a user is. */
import { check } from '../../../forwarder/prove/check';
import { exampleFiles } from '../../../forwarder/prove/exampleFiles';
import { declared } from '../../../providers/registry';

test.each(declared.map((declaration) => [declaration.name, declaration] as const))('%s', async (name, declaration) => {
	const results = await check(declaration, await exampleFiles(`providers/${name}/${name}.provider.yaml`));
	expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
});
