/** The status page is HTML made of other people's words. */
import { statusPage } from '../../../forwarder/server/page';
import { readiness } from '../../../forwarder/server/readiness';
import { counts, destination, MINUTE, snapshot, stream } from './support';

const page = (given = snapshot()) => statusPage(given, readiness(given), '1.2.3');

test('says how it is, for every stream and destination, and refreshes without scripts or assets', () => {
	const html = page();
	expect(html).toContain('<strong class="ok">ready</strong>');
	expect(html).toContain('<tr><td>dr</td><td>arpio</td><td class="ok">ok</td><td>0 s</td>');
	expect(html).toContain(
		'<tr><td>siem</td><td class="ok">ok</td><td>2026-11-20T11:00:00Z</td><td class="number">18</td>',
	);
	expect(html).toContain('<meta http-equiv="refresh" content="10">');
	expect(html).toContain('audit-relay 1.2.3 · 2026-11-20T12:00:00Z');
	expect(html).not.toMatch(/<script|<img|<link|url\(|https?:/);
});

test('names what is wrong, with whom', () => {
	const html = page(
		snapshot({
			streams: [stream({ watermarkLagMs: 180 * MINUTE, lagMs: 170 * MINUTE, lastSuccessAgeMs: 90_000 })],
			destinations: [destination({ state: 'halted', waiting: 2, oldestUnacknowledgedMs: 5 * MINUTE, deadLetters: 4 })],
		}),
	);
	expect(html).toContain('<strong class="bad">not ready</strong>');
	expect(html).toContain('<li class="bad">source dr: watermark_frozen: the watermark is 10800 s behind');
	expect(html).toContain('<li class="bad">destination siem: destination_halted:');
	expect(html).toContain('<td>3 h</td><td>90 s ago</td>');
	expect(html).toContain('<td>5 min</td><td class="number">0</td><td class="warn">4</td><td>–</td>');
});

test('says since when a destination accepts nothing, and why', () => {
	const [at, since] = ['2026-11-20T11:59:55Z', '2026-11-20T11:22:00Z'].map((text) => Date.parse(text));
	const lastError = { at: at!, message: 'no answer (ECONNREFUSED)' };
	const html = page(snapshot({ destinations: [destination({ state: 'failing', since: since!, lastError })] }));
	expect(html).toContain('<td class="warn">failing</td><td>2026-11-20T11:22:00Z</td>');
	expect(html).toContain('<td>no answer (ECONNREFUSED) (5 s ago)</td>');
});

test('words of a provider stay text', () => {
	const message = `status 400 (<script>alert("1")</script> & 'more')`;
	const failure = { kind: 'refused' as const, message, waitMs: 1, sinceMs: 1, atMs: 1 };
	const html = page(snapshot({ streams: [stream({ counts: counts({ failure }) })] }));
	expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;');
	expect(html).not.toContain('<script');
});
