/**
 * What n8n's package scan does with a published tarball: all strict rules on every .js file and on package.json, comments that
 * switch rules off ignored. Prints what it finds. Usage: node scan.mjs <folder>
 */
import { ESLint } from 'eslint';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import tseslint from 'typescript-eslint';

const strict = {
	plugins: { '@n8n/community-nodes': n8nCommunityNodesPlugin },
	rules: n8nCommunityNodesPlugin.configs.recommended.rules,
	linterOptions: { noInlineConfig: true },
};

const eslint = new ESLint({
	cwd: process.argv[2],
	overrideConfigFile: true,
	overrideConfig: [
		{ ...strict, files: ['**/*.js'] },
		{
			...strict,
			files: ['package.json'],
			languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		},
	],
	ignore: false,
});

const results = await eslint.lintFiles(['**/*.js', 'package.json']);
const findings = results.flatMap(({ filePath, messages }) =>
	// a comment of a library that switches off a rule that is not there is no finding
	messages
		.filter(({ ruleId, severity }) => ruleId !== null || severity > 1)
		.map(({ ruleId, line, message }) => `${filePath}:${line} ${ruleId}: ${message}`),
);
console.log(JSON.stringify({ files: results.length, findings }));
