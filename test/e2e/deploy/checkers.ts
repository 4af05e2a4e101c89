/** Programs that know the formats of deploy/ better than we do, built once through the Go module proxy. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { goProgram } from '../support/goProgram';

const VERSIONS = {
	'github.com/moby/buildkit': 'v0.34.2',
	'github.com/DataDog/datadog-api-client-go/v2': 'v2.67.0',
	'github.com/compose-spec/compose-go/v2': 'v2.16.2',
	'github.com/yannh/kubeconform': 'v0.8.0',
	'k8s.io/kubernetes': 'v1.36.3',
};
type Module = keyof typeof VERSIONS;

/** The exit code, and everything that it printed. */
export function check(
	program: string,
	args: readonly string[],
	options: { cwd?: string; env?: Record<string, string> } = {},
) {
	const { cwd, env } = options;
	try {
		const text = execFileSync(program, args, {
			cwd,
			env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		return { code: 0, text };
	} catch (error) {
		const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string };
		return { code: status, text: `${stdout}${stderr}` };
	}
}

/** BuildKit's parser and linter. */
export const containerfileCheck = () => ownProgram('containerfile', 'github.com/moby/buildkit');

/** Datadog's API client. */
export const datadogCheck = () => ownProgram('datadog', 'github.com/DataDog/datadog-api-client-go/v2');

/** What docker compose reads its files with. */
export const composeCheck = () => ownProgram('compose', 'github.com/compose-spec/compose-go/v2');

export function kubeconform(): string {
	const module: Module = 'github.com/yannh/kubeconform';
	return goProgram({
		name: 'kubeconform',
		text: VERSIONS[module],
		build: (folder, run) => run('go', ['install', `${module}/cmd/kubeconform@${VERSIONS[module]}`], { GOBIN: folder }),
	});
}

/** Kubernetes' own OpenAPI description. */
export function kubernetesApi(): string {
	const module: Module = 'k8s.io/kubernetes';
	return goProgram({
		name: 'kubernetes-api',
		text: VERSIONS[module],
		build: (folder, run) => {
			run('go', ['mod', 'download', `${module}@${VERSIONS[module]}`], { GOFLAGS: '', GOMODCACHE: join(folder, 'mod') });
			const api = join(folder, 'mod', `${module}@${VERSIONS[module]}`, 'api/openapi-spec/swagger.json');
			copyFileSync(api, join(folder, 'kubernetes-api'));
			run('go', ['clean', '-modcache'], { GOMODCACHE: join(folder, 'mod') });
		},
	});
}

function ownProgram(name: string, module: Module): string {
	const source = resolve(`test/e2e/deploy/checks/${name}.go`);
	return goProgram({
		name: `${name}-check`,
		text: readFileSync(source, 'utf8') + VERSIONS[module],
		build: (folder, run) => {
			copyFileSync(source, join(folder, 'main.go'));
			writeFileSync(join(folder, 'go.mod'), `module check\n\ngo 1.26\n`);
			run('go', ['get', `${module}@${VERSIONS[module]}`]);
			run('go', ['mod', 'tidy']);
			run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${name}-check`, 'main.go']);
		},
	});
}
