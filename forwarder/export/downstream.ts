/**
 * A Collector tells what its own destination answered only in words, and its status can say something else: the splunk_hec
 * exporter turns a wrong token (403) into 500, which may pass, and a request that is too large (413) into 503, which must be
 * repeated as it is, forever.
 */
const WORDS = [
	// splunk_hec; what stands before may be a length byte that looks like a letter
	/HTTP "[^"]*" (\d{3})\b/,
	// otlp_http
	/responded with HTTP Status Code (\d{3})\b/,
];
/** The splunk_hec exporter found an event too large and has sent the others: each repeat would send those again. */
const DROPPED = /dropped log event: error: event size|event size \d+ exceeds limit/;
/** What sending the same request again cannot change. For every other one the Collector's own status is right. */
const FINAL = [400, 401, 403, 404, 413];

/** The status that counts. */
export function statusBehind(status: number, message: string): number {
	if (status !== 500 && status !== 503) return status;
	if (DROPPED.test(message)) return 413;
	const code = WORDS.map((words) => Number(words.exec(message)?.[1])).find((found) => FINAL.includes(found));
	return code ?? status;
}
