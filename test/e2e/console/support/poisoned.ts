/** Events that end as dead letters. */
import type { Sandbox } from '../../../../sandbox/scenario';

/** So many events of the first source, which the receiver does not take. */
export function poisoned({ arpio, receiver }: Sandbox, count: number): { ids: string[]; poison: string[] } {
	const ids = arpio.api.log
		.all()
		.slice(4, 4 + count)
		.map(({ id }) => id);
	const poison = ids.map((id) => `arpio:${id}`);
	receiver!.setAnswers((_number, { records }) => {
		const isBad = records.some(({ attributes }) => poison.includes(attributes['log.record.uid'] as string));
		return isBad ? { kind: 'status', status: 400, body: 'bad record' } : undefined;
	});
	return { ids, poison };
}
