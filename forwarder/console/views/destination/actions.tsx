import { act, outcomeOf } from '../../api/act';
import type { DestinationRow } from '../../api/types';
import { tell } from '../../parts/notice';

/** @param path of the destination */
export function DestinationActions({ row: { name, state }, path }: { row: DestinationRow; path: string }) {
	if (state === 'ok') return null;
	const probe = async () => {
		const acted = await act('POST', `${path}/probe`);
		tell(outcomeOf(acted, `${name} is tried now.`));
	};
	return (
		<div class="buttons">
			<button class="main" onClick={() => void probe()}>
				Try it now
			</button>
		</div>
	);
}
