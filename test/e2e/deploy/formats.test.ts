/** Every file of deploy/ that another program reads, read by the code of that program, strictly. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../../support/scratch';
import { check, composeCheck, containerfileCheck, datadogCheck, kubeconform, kubernetesApi } from './checkers';

const BUILD_MS = 900_000;
const deployed = (path: string) => resolve('deploy', path);

/** The file with something changed, in a folder of its own. */
function changed(path: string, from: string, to: string): string {
	const text = readFileSync(deployed(path), 'utf8');
	if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
	const file = join(scratchFolder(), path.split('/').at(-1)!);
	writeFileSync(file, text.replace(from, to));
	return file;
}

test(
	'Containerfile: BuildKit reads it and its linter has nothing to say',
	() => {
		const program = containerfileCheck();
		expect(check(program, [deployed('container/Containerfile')])).toEqual({ code: 0, text: '' });
		expect(check(program, [changed('container/Containerfile', 'WORKDIR', 'WORKIDR')]).text).toMatch(/WORKIDR/i);
		expect(
			check(program, [changed('container/Containerfile', 'FROM node:24-slim AS', 'FROM node:24-slim as')]).text,
		).toMatch(/FromAsCasing/);
	},
	BUILD_MS,
);

test(
	'compose.yaml: docker compose’s own library accepts it',
	() => {
		const program = composeCheck();
		const env = { SPLUNK_HEC_URL: 'https://splunk.example.com:8088/services/collector', SPLUNK_HEC_TOKEN: 'token' };
		const options = { cwd: deployed('container'), env };
		const { code, text } = check(program, [deployed('container/compose.yaml')], options);
		expect([code, text]).toEqual([0, expect.stringContaining('read_only: true')]);
		expect(check(program, [changed('container/compose.yaml', 'read_only:', 'readonly:')], options)).toMatchObject({
			code: 1,
			text: expect.stringMatching(/readonly/) as string,
		});
		expect(check(program, [deployed('container/compose.yaml')], { cwd: deployed('container') }).text).toMatch(
			/SPLUNK_HEC/,
		);
	},
	BUILD_MS,
);

test(
	'Kubernetes: every object fits the API’s own schema, and unknown fields are refused',
	() => {
		const program = kubeconform();
		const folder = scratchFolder();
		const kinds = writeSchemas(folder);
		const args = [
			'-strict',
			'-summary',
			'-verbose',
			'-schema-location',
			join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json'),
		];
		const result = check(program, [...args, deployed('kubernetes/audit-relay.yaml')]);
		expect(result).toMatchObject({
			code: 0,
			text: expect.stringMatching(/Valid: 4, Invalid: 0, Errors: 0, Skipped: 0/) as string,
		});
		expect(check(program, [...args, deployed('kubernetes/cluster.yaml')])).toMatchObject({
			code: 0,
			text: expect.stringMatching(/Valid: 5, Invalid: 0, Errors: 0, Skipped: 0/) as string,
		});
		expect(kinds).toHaveLength(6);
		expect(check(program, [...args, changed('kubernetes/cluster.yaml', 'maxSurge', 'maxSurges')])).toMatchObject({
			code: 1,
			text: expect.stringMatching(/Invalid: 1/) as string,
		});
		for (const [from, to] of [
			['readOnlyRootFilesystem', 'readOnlyRootFileSystem'],
			['replicas: 1', 'replicas: one'],
			['containerPort: 9464', 'protocol: TCP'],
		] as const) {
			expect(check(program, [...args, changed('kubernetes/audit-relay.yaml', from, to)])).toMatchObject({
				code: 1,
				text: expect.stringMatching(/Invalid: 1/) as string,
			});
		}
	},
	BUILD_MS,
);

test(
	'Datadog: its own API client knows every key, type and value',
	() => {
		const program = datadogCheck();
		const [pipeline, monitors] = [deployed('datadog/pipeline.json'), deployed('datadog/monitors.json')];
		expect(check(program, [pipeline, monitors])).toEqual({ code: 0, text: '' });
		expect(check(program, [changed('datadog/pipeline.json', 'preserve_source', 'keep_source'), monitors]).text).toMatch(
			/keep_source/,
		);
		expect(check(program, [pipeline, changed('datadog/monitors.json', '"log alert"', '"logs alert"')]).text).toMatch(
			/logs alert/,
		);
		expect(check(program, [changed('datadog/pipeline.json', 'status-remapper', 'level-remapper'), monitors]).code).toBe(
			1,
		);
	},
	BUILD_MS,
);

/** One schema for each kind that we use, made of Kubernetes' OpenAPI description; kubeconform looks for them by name. */
function writeSchemas(folder: string): string[] {
	const api = JSON.parse(readFileSync(kubernetesApi(), 'utf8')) as { definitions: Record<string, Definition> };
	for (const definition of Object.values(api.definitions)) {
		if (definition.properties) definition.additionalProperties ??= false;
		// OpenAPI 2 cannot say "text or number"
		if (definition.format === 'int-or-string')
			Object.assign(definition, { type: ['string', 'integer'], format: undefined });
	}
	api.definitions['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number'] };
	mkdirSync(folder, { recursive: true });
	const kinds = { 'configmap-v1': 'core.v1.ConfigMap', 'service-v1': 'core.v1.Service' };
	const grouped = {
		'statefulset-apps-v1': 'apps.v1.StatefulSet',
		'deployment-apps-v1': 'apps.v1.Deployment',
		'poddisruptionbudget-policy-v1': 'policy.v1.PodDisruptionBudget',
		'networkpolicy-networking-v1': 'networking.v1.NetworkPolicy',
	};
	return Object.entries({ ...kinds, ...grouped }).map(([name, kind]) => {
		const schema = { $ref: `#/definitions/io.k8s.api.${kind}`, definitions: api.definitions };
		writeFileSync(join(folder, `${name}.json`), JSON.stringify(schema));
		return name;
	});
}

interface Definition {
	type?: string | string[];
	format?: string | undefined;
	properties?: Record<string, unknown>;
	additionalProperties?: unknown;
}
