/** Ten thousand sources: the process sorts and filters, and only what is seen is asked for and drawn. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SourcePage, SourceRow } from '../../api/types';
import { sentences } from '../../format';
import { useLive, useMedia } from '../../hooks';
import { orderOf, searchOf, turned, type SourceQuery } from '../../route';
import { COLUMNS } from './sourceColumns';
import { askedFor, extentOf, type Extent } from './window';

/** In pixels, as in tables.css. */
const ROW = 46;
const NARROW_ROW = 132;

interface Given {
	query: SourceQuery;
	now: number;
	onSort: (some: Partial<SourceQuery>) => void;
	onTotal: (total: number) => void;
}

export function SourceTable({ query, now, onSort, onTotal }: Given) {
	const rowHeight = useMedia('(max-width: 720px)') ? NARROW_ROW : ROW;
	const body = useRef<HTMLTableSectionElement>(null);
	const search = searchOf(query).toString();
	const known = useRef({ search, total: 0, rows: new Map<number, SourceRow>() });
	if (known.current.search !== search) known.current = { ...known.current, search, rows: new Map() };
	const [seen, setSeen] = useState<Extent>({ from: 0, to: 40 });

	const { offset, limit } = askedFor(seen);
	const { body: page, failure } = useLive<SourcePage>(
		`/api/v1/sources?${search}${search && '&'}offset=${offset}&limit=${limit}`,
	);
	if (page) {
		known.current.total = page.total;
		page.rows.forEach((row, i) => known.current.rows.set(page.offset + i, row));
	}
	const { total, rows } = known.current;
	useEffect(() => onTotal(total), [total]);

	useLayoutEffect(() => {
		const look = () => {
			const next = extentOf(-body.current!.getBoundingClientRect().top, innerHeight, rowHeight, total);
			setSeen((last) => (last.from === next.from && last.to === next.to ? last : next));
		};
		look();
		addEventListener('scroll', look, { passive: true });
		addEventListener('resize', look);
		return () => {
			removeEventListener('scroll', look);
			removeEventListener('resize', look);
		};
	}, [rowHeight, total]);

	const from = Math.min(seen.from, total);
	const to = Math.min(seen.to, total);
	return (
		<>
			<table class="sources" role="table" aria-label="Sources" aria-rowcount={total + 1}>
				<Head query={query} onSort={onSort} />
				<tbody ref={body} role="rowgroup">
					<Space height={from * rowHeight} />
					{Array.from({ length: to - from }, (_, i) => (
						<Row key={from + i} row={rows.get(from + i)} index={from + i} now={now} />
					))}
					<Space height={(total - to) * rowHeight} />
				</tbody>
			</table>
			{failure && <p class="quiet">{sentences(failure.what, failure.fix)}</p>}
			{page?.total === 0 && <p class="quiet">No source fits.</p>}
		</>
	);
}

function Head({ query, onSort }: Pick<Given, 'query' | 'onSort'>) {
	const order = orderOf(query);
	return (
		<thead role="rowgroup">
			<tr role="row" aria-rowindex={1}>
				{COLUMNS.map((column) => {
					const isSorted = column.sort !== undefined && column.sort === query.sort;
					return (
						<th
							key={column.title}
							role="columnheader"
							scope="col"
							class={column.isNumber ? 'number' : undefined}
							aria-sort={isSorted ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
						>
							{column.sort ? (
								<button onClick={() => onSort({ sort: column.sort, order: isSorted ? turned(order) : '' })}>
									{column.title}
								</button>
							) : (
								column.title
							)}
						</th>
					);
				})}
			</tr>
		</thead>
	);
}

function Row({ row, index, now }: { row: SourceRow | undefined; index: number; now: number }) {
	return (
		<tr role="row" aria-rowindex={index + 2} class={row?.severity}>
			{COLUMNS.map(({ title, cell, isNumber }) => (
				<td key={title} role="cell" data-title={title} class={isNumber ? 'number' : undefined}>
					{row ? cell(row, now) : '…'}
				</td>
			))}
		</tr>
	);
}

/** Where the rows would be that nobody sees. */
const Space = ({ height }: { height: number }) =>
	height > 0 ? <tr class="space" aria-hidden="true" style={{ height: `${height}px` }} /> : null;
