/** What came of an action, said once and read out by screen readers. */
import { useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 8000;

let show: (text: string) => void = () => undefined;

export const tell = (text: string) => show(text);

export function Notice() {
	const [text, setText] = useState('');
	useEffect(() => {
		show = setText;
	}, []);
	useEffect(() => {
		if (!text) return;
		const timer = setTimeout(() => setText(''), SHOWN_MS);
		return () => clearTimeout(timer);
	}, [text]);
	return (
		<div class="notice" role="status">
			{text}
		</div>
	);
}
