/** Counts the bytes that are looked at: one by one, encoded, decoded and parsed. */
export function countingBytes() {
	let count = 0;
	const spies = [
		spy(TextDecoder.prototype, 'decode', (decode, [bytes, ...rest]) => {
			count += (bytes as Uint8Array).length;
			return decode(bytes, ...rest);
		}),
		spy(JSON, 'parse', (parse, [text, ...rest]) => {
			count += (text as string).length;
			return parse(text, ...rest);
		}),
		spy(TextEncoder.prototype, 'encode', (encode, [text]) => {
			count += (text as string).length;
			return watched(encode(text) as Uint8Array);
		}),
	];

	function watched(bytes: Uint8Array): Uint8Array {
		return new Proxy(bytes, {
			get(target, name) {
				const index = typeof name === 'string' ? Number(name) : NaN;
				if (Number.isInteger(index)) {
					count++;
					return target[index];
				}
				const value: unknown = Reflect.get(target, name, target);
				return typeof value === 'function' ? (value.bind(target) as unknown) : value;
			},
		});
	}

	return { at: watched, count: () => count, end: () => spies.forEach((one) => one.mockRestore()) };
}

type Method = (...given: unknown[]) => unknown;

function spy(of: object, name: string, replacement: (original: Method, given: unknown[]) => unknown) {
	const original = (of as Record<string, Method>)[name]!;
	return jest.spyOn(of as Record<string, Method>, name).mockImplementation(function (this: unknown, ...given) {
		return replacement(original.bind(this), given);
	});
}
