import { useEffect, useRef } from 'preact/hooks';
import type { StreamState } from './api/stream';
import type { Overview } from './api/types';
import { moment, words } from './format';
import { useLink, useLive, useRoute } from './hooks';
import { Notice } from './parts/notice';
import { Problem } from './parts/problem';
import { State } from './parts/state';
import { sourceHash, destinationHash, type Route } from './route';
import { DestinationView } from './views/destination';
import { OverviewView } from './views/overview';
import { SourceView } from './views/source';

export function App() {
	const route = useRoute();
	const link = useLink();
	const { body: overview } = useLive<Overview>('/api/v1/overview');
	const main = useRef<HTMLElement>(null);
	const place = placeOf(route);
	const state = overview?.process.state;
	useEffect(() => {
		document.title = ['Audit Relay', state && words(state), place.name].filter(Boolean).join(' · ');
	}, [state, place.name]);
	const version = overview?.process.version;
	const loaded = useRef(version);
	loaded.current ??= version;
	const isFirst = useRef(true);
	useEffect(() => {
		// a screen reader begins to read where the new view begins
		if (!isFirst.current) main.current!.focus();
		isFirst.current = false;
		scrollTo(0, 0);
	}, [place.hash]);

	return (
		<>
			<header class="top">
				<button class="skip" onClick={() => main.current!.focus()}>
					To the content
				</button>
				<a class="brand" href="#/">
					Audit Relay
				</a>
				{state && <State state={state} />}
				<Connection link={link} />
			</header>
			<main ref={main} tabIndex={-1} aria-label={place.name ?? 'Overview'}>
				{version !== loaded.current && (
					<Problem
						tone="warn"
						title="This page is of another version than the process"
						message={`It is of ${loaded.current}, the process of ${version}: what it shows may be wrong.`}
						fix="load this page again"
					/>
				)}
				<View route={route} overview={overview} />
			</main>
			<footer>
				{overview && `audit-relay ${overview.process.version} · `}
				<a href="plain">without scripts</a> · <a href="readyz">readyz</a> · <a href="livez">livez</a> ·{' '}
				<a href="metrics">metrics</a>
			</footer>
			<Notice />
		</>
	);
}

function View({ route, overview }: { route: Route; overview: Overview | undefined }) {
	if (!overview) return <p class="quiet">Loading…</p>;
	const { authority, at: now } = overview.process;
	const mayAct = authority === 'full';
	switch (route.view) {
		case 'overview':
			return <OverviewView overview={overview} query={route.query} />;
		case 'source':
			return <SourceView key={route.name} name={route.name} mayAct={mayAct} now={now} />;
		case 'destination':
			return <DestinationView key={route.name} name={route.name} mayAct={mayAct} now={now} />;
		case 'unknown':
			return (
				<p>
					There is no such page. <a href="#/">To the overview</a>
				</p>
			);
	}
}

/** The query of the overview is not a place of its own. */
function placeOf(route: Route): { hash: string; name?: string } {
	switch (route.view) {
		case 'source':
			return { hash: sourceHash(route.name), name: route.name };
		case 'destination':
			return { hash: destinationHash(route.name), name: route.name };
		default:
			return { hash: '#/' };
	}
}

function Connection({ link }: { link: StreamState }) {
	return (
		<span role="status" class="link">
			{link.state === 'lost' ? (
				<span class="state bad">
					Connection lost at {moment(link.since, Date.now())}: {link.why}. What you see is as it was then
					{link.isOver ? '.' : '; trying again…'}
				</span>
			) : link.state === 'live' ? (
				<span class="state ok">Live</span>
			) : (
				<span class="state quiet">Connecting…</span>
			)}
		</span>
	);
}
