/** What a handler asks of whoever comes, before it does anything. */
import { Refused, type Asked, type Handler } from './exchange';

const HOW =
	'Run the command on that machine, as the user of the process; or set server.auth, and send what it asks for';

/** Only for those who may see what events say, and change things. */
export function authorized(handler: Handler): Handler {
	return (asked) => {
		if (asked.authority !== 'full') throw new Refused(403, 'whoever asks here may only look', HOW);
		return handler(asked);
	};
}

/** The same for what is kept with who it was: a page of somebody else must not have a browser do it that knows the password. */
export function onRecord(handler: Handler): Handler {
	return authorized((asked) => {
		if (asked.isForeign) {
			const fix = 'Ask from the console itself; behind a proxy, add its name to server.hosts';
			throw new Refused(403, 'a page of another origin asks', fix);
		}
		return handler(asked);
	});
}

/** The same for what changes something. */
export function changing(handler: Handler): Handler {
	return onRecord((asked) => {
		if (!isJson(asked)) throw new Refused(415, 'the body is not called JSON', 'Send content-type: application/json');
		return handler(asked);
	});
}

/** A form of a page can be sent anywhere, and cannot say that it is JSON. */
function isJson({ method, headers }: Asked): boolean {
	return method === 'DELETE' || /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}
